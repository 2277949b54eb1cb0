"""Who may ask for what: every route, every method, every post, its own, another site's and a missing thing (S1, S2).

The routes come from the URL configuration, the posts from the town. What is answered to the owner stands in access.txt, one line a
route and method; HUIYIN_WRITE_ACCESS=1 writes it anew, and the difference is to be read. Everything else is a rule:
foreign and missing are one answer, byte for byte, and no word of another site is in any of them.
"""

import os
import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.organization.actions import issue_token
from huiyin.organization.rules import SYSTEM
from tests.conftest import NOW
from tests.house.access_world import ACTORS, Address, addresses, canary, marked, routes
from tests.house.test_sight import OPEN
from tests.town import settled

GOLDEN = Path(__file__).with_name("access.txt")
NO_METHOD = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ENDS_SESSION = {"log_out"}
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip
LIVE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=[\"']|javascript:|<style", re.I)


@pytest.fixture
def town(db: None, media: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr("huiyin.access.clock.now", lambda: NOW)
    return settled(now=NOW - timedelta(days=300), households=1)


@pytest.fixture
def things(town: Cast) -> dict[str, dict[str, dict[str, object]]]:
    return {code: marked(town, site, NOW) for code, site in town.sites.items()}


class Caller:
    """Somebody of the staff, in a browser and with a key for the API; nobody where the name is empty."""

    def __init__(self, town: Cast, username: str) -> None:
        self.client, self.user = Client(raise_request_exception=True), town.users.get(username)
        self.key = issue_token(self.user, label="x", by=SYSTEM, now=NOW) if self.user else ""
        self.log_in()

    def log_in(self) -> None:
        if self.user:
            self.user.refresh_from_db()
            self.client.force_login(self.user)

    def ask(self, method: str, address: Address) -> HttpResponse:
        if address.path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
            body = b"{}" if method != "GET" else b""
            return self.client.generic(method, address.path, body, "application/json", headers=headers)  # type: ignore[return-value]
        if method == "POST":
            answer = self.client.post(address.path, {"text": "x", "reason": "x"})
            if address.route in ENDS_SESSION or address.path.startswith("/me/"):
                self.log_in()
            return answer  # type: ignore[return-value]
        return self.client.generic(method, address.path)  # type: ignore[return-value]


def plain(answer: HttpResponse, path: str) -> bytes:
    """The answer without what differs between any two: the address asked for and the form's token."""
    body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    body = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)
    tail = path.encode().rpartition(b"/")[2]
    body = body.replace(path.encode(), b"")
    return body if tail.isdigit() else body.replace(tail or b"\0", b"")  # customer 404 is not the code 404


def check_headers(answer: HttpResponse, where: str) -> None:
    """The strict policy on every answer; nothing live in any page (H3)."""
    policy = {one.strip() for one in answer.headers.get("Content-Security-Policy", "").split(";") if one.strip()}
    assert (where, policy in (CSP, {"default-src 'none'", "sandbox"})) == (where, True)
    assert (where, answer.headers.get("X-Content-Type-Options")) == (where, "nosniff")
    assert (where, answer.headers.get("X-Frame-Options")) == (where, "DENY")
    assert (where, answer.headers.get("Referrer-Policy") in {"same-origin", "no-referrer"}) == (where, True)
    assert (where, "Permissions-Policy" in answer.headers) == (where, True)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert (where, LIVE.findall(answer.content.decode())) == (where, [])


def golden() -> dict[str, dict[str, int]]:
    """What access.txt tells: route and method -> actor -> status."""
    told: dict[str, dict[str, int]] = {}
    for line in GOLDEN.read_text().splitlines() if GOLDEN.exists() else []:
        if line and not line.startswith("#"):
            head, _colon, rest = line.partition(":")
            told[head] = {
                actor: int(part.split("=")[0]) for part in rest.split() for actor in part.split("=")[1].split(",")
            }
    return told


def write_golden(actor: str, seen: dict[str, int]) -> None:
    told = golden()
    for head, status in seen.items():
        told.setdefault(head, {})[actor] = status
    lines = ["# route method: status=who,… as the owner's post is answered (tests/house/test_access.py)"]
    for head in sorted(told):
        by_status = defaultdict(list)
        for who, status in sorted(told[head].items()):
            by_status[status].append(who)
        lines.append(f"{head}: " + " ".join(f"{status}={','.join(by_status[status])}" for status in sorted(by_status)))
    GOLDEN.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("actor", [*ACTORS, "nobody"])
def test_every_route_for(actor: str, town: Cast, things) -> None:
    home = ACTORS.get(actor, "yulan")
    caller, all_of_it = Caller(town, actor), addresses(things, home)
    hidden = [canary(code) for code in town.sites if home and code != home] if actor != "nobody" else []
    seen: dict[str, int] = {}
    for method in ("GET", "POST"):
        answers: dict[tuple[str, str], bytes] = {}
        ordered = sorted(all_of_it, key=lambda one: (one.which in {"own", "plain"}, one.route in ENDS_SESSION))
        for address in ordered:
            answer = caller.ask(method, address)
            where = f"{method} {address.path} by {actor}"
            check_headers(answer, where)
            body = plain(answer, address.path)
            assert (where, answer.status_code < 500 or address.route == "readyz") == (where, True)
            assert (where, [word for word in hidden if word.encode() in body]) == (where, [])
            if address.which in {"own", "plain"}:
                seen[f"{address.route} {method}"] = answer.status_code
            else:
                answers[(address.route, address.which)] = b"%d " % answer.status_code + body
        for (route, which), told in answers.items():
            if which == "foreign":
                assert (method, route, told) == (method, route, answers[(route, "missing")])
    if os.environ.get("HUIYIN_WRITE_ACCESS"):
        write_golden(actor, seen)
    assert {head: status for head, status in seen.items() if golden().get(head, {}).get(actor) != status} == {}


def test_nobody_gets_past_the_log_in(town: Cast, things) -> None:
    caller = Caller(town, "")
    for address in addresses(things, "yulan"):
        if address.route in OPEN:
            continue
        answer = caller.ask("GET", address)
        if address.path.startswith("/api/"):
            assert (address.path, answer.status_code in {401, 405}) == (address.path, True)
        elif answer.status_code != 405:
            assert (address.path, answer.status_code, answer.headers["Location"].split("?")[0]) == (
                address.path,
                302,
                "/log-in",
            )


@pytest.mark.parametrize("actor", ["nobody", "zhou", "shen"])
def test_other_methods_do_nothing(actor: str, town: Cast, things) -> None:
    caller = Caller(town, actor)
    for address in addresses(things, ACTORS.get(actor, "yulan")):
        for method in NO_METHOD:
            answer = caller.ask(method, address)
            done = answer.status_code < 300 and not (method == "OPTIONS" and "Allow" in answer.headers)
            assert (method, address.path, done, answer.status_code < 500 or address.route == "readyz") == (
                method,
                address.path,
                False,
                True,
            )


def test_whose_golden_lines_are_there() -> None:
    """A new route without a line fails, and so does a line without a route."""
    assert {head.split()[0] for head in golden()} == {name for name, _address in routes()}


def test_no_other_host_is_answered(client: Client, db: None) -> None:
    assert [client.get("/log-in", HTTP_HOST=host).status_code for host in ("evil.example", "127.0.0.1.evil")] == [
        400,
        400,
    ]
    assert (configured.DEBUG, "*" in configured.ALLOWED_HOSTS) == (False, False)
