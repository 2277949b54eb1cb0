"""People at the form and programs at the API of a real server, who send again until they are answered."""

import http.client
import json
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE = 180  # seconds until a caller gives up; no kill takes that long
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PICTURE = bytes.fromhex(  # the smallest PNG there is: one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360606000000004000127340a"
    "f10000000049454e44ae426082"
)


@dataclass
class Said:
    """One submission: what its words are known by, under which key, what came back. `answer` names what it became."""

    marker: str
    key: str
    by: str
    body: bytes
    headers: dict[str, str]
    path: str
    answer: str = ""
    tries: int = 0


@dataclass
class Caller:
    """Somebody with a connection to the server; `token` for the API, none for the form."""

    port: int
    token: str = ""
    connection: http.client.HTTPConnection | None = None
    cookie: str = ""
    csrf: str = ""
    refused: list[str] = field(default_factory=list)

    def words(self, marker: str, key: str = "", *, photo: bool = False) -> Said:
        key = key or secrets.token_urlsafe(16)
        text = f"三号楼电梯又停了，老人上不去楼。{marker}"
        if self.token:
            body = {"site": "yulan", "channel": "phone", "kind": "complaint", "situation": text, "category": "elevator"}
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}  # fmt: skip
            return Said(marker, key, "api", json.dumps(body).encode(), headers, "/api/v1/contacts")
        self.open_form()
        said = {"csrfmiddlewaretoken": self.csrf, "situation": text, "kind": "complaint", "category": "elevator", "key": key}  # fmt: skip
        body, kind = _multipart(said | {"place": "", "remedy_sought": "", "name": "", "phone": ""}, photo=photo)
        headers = {"Content-Type": kind, "Cookie": self.cookie, "Referer": f"http://127.0.0.1:{self.port}/"}
        return Said(marker, key, "form", body, headers, "/s/yulan/report")

    def open_form(self) -> None:
        """The page of the form with its token, once."""
        ends = time.monotonic() + PATIENCE
        while not self.csrf and time.monotonic() < ends:
            with suppress(OSError, http.client.HTTPException):
                asked = self._connected()
                asked.request("GET", "/s/yulan/report")
                answer = asked.getresponse()
                page = answer.read().decode()
                self.cookie = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", []))
                self.csrf = TOKEN.findall(page)[0]
                return
            self.hang_up()
            time.sleep(0.2)

    def send_once(self, said: Said) -> bool:
        """Whether it was acknowledged. Anything but success and silence is a finding, kept in `refused`."""
        said.tries += 1
        try:
            asked = self._connected()
            asked.request("POST", said.path, said.body, said.headers)
            answer = asked.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return False
        if answer.status == 201:
            said.answer = json.loads(body)["reference"]
        elif answer.status == 303:
            said.answer = urlsplit(answer.headers["Location"]).path.split("/")[2]
        elif answer.status < 500:
            self.refused.append(f"{answer.status} {body[:300].decode(errors='replace')}")
        return bool(said.answer)

    def send(self, said: Said) -> bool:
        """Send again and again until it is acknowledged, as a person or a program with a key does."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if self.send_once(said) or self.refused:
                return bool(said.answer)
            time.sleep(0.1)
        return False

    def send_and_hang_up(self, said: Said, part: float) -> None:
        """Send this part of the request (1 = all of it) and close the line without listening."""
        said.tries += 1
        with suppress(OSError, http.client.HTTPException):
            asked = self._connected()
            asked.putrequest("POST", said.path)
            for name, value in {**said.headers, "Content-Length": str(len(said.body))}.items():
                asked.putheader(name, value)
            asked.endheaders()
            asked.send(said.body[: round(len(said.body) * part)])
        self.hang_up()

    def _connected(self) -> http.client.HTTPConnection:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        return self.connection

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _multipart(fields: dict[str, str], *, photo: bool) -> tuple[bytes, str]:
    edge = "----edge" + secrets.token_hex(8)
    part = f"--{edge}\r\nContent-Disposition: form-data; name="
    text = "".join(f'{part}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    body = text.encode()
    if photo:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="x.png"\r\n'
        head += "Content-Type: image/png\r\n\r\n"
        body += head.encode() + PICTURE + b"\r\n"
    return body + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
