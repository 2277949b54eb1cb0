"""Real mail servers for the tests, on this machine: SMTP by aiosmtpd, IMAP by the handful of commands a client uses."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller

USER, PASSWORD = "box", "p@ss word"
Hook = Callable[[str, int], None]


@dataclass
class Folder:
    """One folder of a mailbox: letters by number, with flags. `before` is called with (command, uid) and may raise OSError."""

    letters: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 1
    refused: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    before: Hook | None = None
    at: datetime | None = None

    def put(self, raw: bytes) -> int:
        uid = max(self.letters, default=0) + 1
        self.letters[uid] = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return uid

    def asked(self, text: str) -> list[int]:
        """UIDs of a set such as 3, 2:7, 5:* or *."""
        highest = max(self.letters, default=0)
        first, _colon, last = text.replace("*", str(highest)).partition(":")
        ends = sorted((int(first), int(last or first)))
        return [uid for uid in sorted(self.letters) if ends[0] <= uid <= ends[1]]


class _Talk(socketserver.StreamRequestHandler):
    folder: Folder

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, rest = line.decode().strip().partition(" ")
            if not rest:
                return
            try:
                self.answer(tag, rest)
            except OSError:
                return  # the connection breaks
            if rest.upper().startswith("LOGOUT"):
                return

    def answer(self, tag: str, rest: str) -> None:
        word = rest.split(" ", 1)[0].upper()
        self.folder.commands.append(rest if word != "LOGIN" else "LOGIN")
        if word == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1 ID UIDPLUS")
        elif word == "LOGIN" and rest != f'LOGIN "{USER}" "{PASSWORD}"':
            self.say(f"{tag} NO wrong")
            return
        elif word == "ID":
            self.say("* ID NIL")
        elif word == "SELECT":
            self.say(f"* {len(self.folder.letters)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {self.folder.validity}] valid")
        elif word == "LOGOUT":
            self.say("* BYE")
        elif word == "UID" and not self.uid(tag, rest.split(" ", 3)[1:]):
            return
        self.say(f"{tag} OK done")

    def uid(self, tag: str, words: list[str]) -> bool:
        command, what = words[0].upper(), words[1]
        if command == "SEARCH":
            self.search(" ".join(words[1:]))
            return True
        for uid in self.folder.asked(what):
            if self.folder.before:
                self.folder.before(command, uid)
            if command == "FETCH" and uid in self.folder.refused:
                self.say(f"{tag} NO cannot")
                return False
            if command == "FETCH":
                self.fetch(uid, words[2])
            elif command == "STORE":
                self.folder.seen.add(uid)
        return True

    def search(self, asked: str) -> None:
        if asked.upper() == "UNSEEN":
            found = [uid for uid in sorted(self.folder.letters) if uid not in self.folder.seen]
        else:
            found = self.folder.asked(asked.split()[1]) if self.folder.letters else []
        self.say("* SEARCH " + " ".join(map(str, found)))

    def fetch(self, uid: int, what: str) -> None:
        raw = self.folder.letters[uid]
        if "RFC822.SIZE" in what:
            at = f' INTERNALDATE "{self.folder.at:%d-%b-%Y %H:%M:%S %z}"' if self.folder.at else ""
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)}{at})")
            return
        data = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else raw
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(data)}}}\r\n".encode() + data + b")\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def imap_server(folder: Folder) -> Iterator[int]:
    """An IMAP server with one folder; gives its port."""
    handler = type("Talk", (_Talk,), {"folder": folder})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Post:
    """What an SMTP server took. `refuse` answers for an address, `takes` sees each letter."""

    raw: list[tuple[list[str], bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    takes: Callable[[str, list[str], bytes], None] | None = None
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append((list(envelope.rcpt_tos), envelope.content))
        if self.takes:
            self.takes(envelope.mail_from, list(envelope.rcpt_tos), envelope.content)
        return "250 OK"

    @property
    def letters(self) -> list[Message]:
        return [BytesParser(policy=default).parsebytes(raw) for _to, raw in self.raw]


class SmtpServer:
    """`with SmtpServer() as post:` a real SMTP server whose letters are in `post`."""

    def __init__(self) -> None:
        self.post = Post()
        self.controller = Controller(self.post, hostname="127.0.0.1", port=0)

    def __enter__(self) -> Post:
        self.controller.port = _free_port()
        self.controller.start()
        self.post.port = self.controller.port
        return self.post

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.controller.stop()


def _free_port() -> int:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as probe:
        return int(probe.server_address[1])


def header(raw: bytes, name: str) -> str:
    found = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*([^\r\n]*)", raw)
    return found[1].decode() if found else ""
