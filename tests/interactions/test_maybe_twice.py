"""R4: a message that the addressee may have twice is told as such, with the times of its tries. Over real sockets."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.clockwork.queries import status
from huiyin.demo.cast import Cast
from huiyin.interactions.actions import LEASE, deliver_due
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery, Doubt
from huiyin.interactions.queries import maybe_twice
from tests import acts

MINUTE = timedelta(minutes=1)


class Silent(socketserver.StreamRequestHandler):
    """A mail server that breaks off at a word of the client's, or answers it so."""

    at, says = b"", b""
    taken: list[bytes]

    def handle(self) -> None:
        self.say(b"220 here")
        while line := self.rfile.readline():
            word = line.strip().upper()[:4]
            if word == self.at and not self.answered():
                return
            if word == b"DATA":
                self.say(b"354 go on")
                self.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                if self.at == b"." and not self.answered():
                    return
            self.say(b"221 bye" if word == b"QUIT" else b"250 OK")
            if word == b"QUIT":
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def answered(self) -> bool:
        """Whether something is said at that word at all."""
        if self.says:
            self.say(self.says)
        return bool(self.says)


@contextmanager
def serving(settings: Any, at: bytes, says: bytes = b"") -> Iterator[list[bytes]]:
    taken: list[bytes] = []
    handler = type("Here", (Silent,), {"at": at, "says": says, "taken": taken})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        settings.MAIL_OUT = f"smtp://127.0.0.1:{server.server_address[1]}?from=service@house.example"
        yield taken
        server.shutdown()
        thread.join()


def told() -> list[tuple[datetime, bool]]:
    return list(Doubt.objects.order_by("at").values_list("at", "worker_died"))


def test_a_server_that_takes_it_and_falls_silent(cast: Cast, settings: Any, now: datetime) -> None:
    settings.MAIL_OUT = "smtp://127.0.0.1:9"
    acts.take(cast, now, email="zhang@example.com")
    with serving(settings, b".") as taken:
        assert [deliver_due(now=now), len(taken), told(), maybe_twice().count()] == [0, 1, [(now, False)], 0]
    with serving(settings, b"-") as taken:
        assert [deliver_due(now=now + MINUTE), len(taken)] == [1, 1]
    mail = Delivery.objects.get(gateway="mail")
    assert [list(maybe_twice()), mail.state, mail.sent_at, told()] == [[mail], "sent", now + MINUTE, [(now, False)]]
    assert status(now)["queues"]["maybe_twice"] == 1


NO = [(b".", b"451 later"), (b".", b"554 no"), (b"RCPT", b"450 later"), (b"MAIL", b"421 busy")]


@pytest.mark.parametrize(("at", "says"), NO)
def test_a_server_that_says_no_leaves_no_doubt(
    at: bytes, says: bytes, cast: Cast, settings: Any, now: datetime
) -> None:
    settings.MAIL_OUT = "smtp://127.0.0.1:9"
    acts.take(cast, now, email="zhang@example.com")
    with serving(settings, at, says):
        assert [deliver_due(now=now), told()] == [0, []]
    with serving(settings, b"-"):
        assert [deliver_due(now=now + MINUTE), told(), maybe_twice().count()] == [1, [], 0]


@pytest.mark.parametrize("says", [b"", b"500 what"])
def test_a_goodbye_that_goes_wrong_sends_nothing_again(says: bytes, cast: Cast, settings: Any, now: datetime) -> None:
    settings.MAIL_OUT = "smtp://127.0.0.1:9"
    acts.take(cast, now, email="zhang@example.com")
    with serving(settings, b"QUIT", says) as taken:
        sent = [deliver_due(now=now + turn * MINUTE) for turn in range(3)]
    assert [sent, len(taken), told()] == [[1, 0, 0], 1, []]


def test_a_worker_that_died_at_it(cast: Cast, post: Memory, now: datetime) -> None:
    acts.take(cast, now, email="zhang@example.com")
    post.troubles.append(KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        deliver_due(now=now)
    assert [deliver_due(now=now + LEASE), told(), maybe_twice().count()] == [1, [(now, True)], 1]


def test_a_person_sees_it_with_the_times(
    cast: Cast, client: Client, post: Memory, now: datetime, still_clock: None, plain_static_files: None
) -> None:
    case, other = (acts.take(cast, now - timedelta(hours=1), by=cast.clerk) for _turn in range(2))
    acts.doubtful_mail(case, now)
    client.force_login(cast.users["chen"])
    pages = ["/letters/?show=twice", "/letters/?show=unsent"]
    pages += [f"/cases/{one.reference.number}/" for one in (case, other)]
    seen = [client.get(page).content.decode() for page in pages]
    assert ["交给了发信服务器" in page for page in seen] == [True, False, True, False]
    assert [[time in page for time in ("09:30", "09:40", "10:00")] for page in (seen[0], seen[2])] == [[True] * 3] * 2
    assert "1 封可能发出两次" in client.get("/letters/").content.decode()
    client.force_login(cast.users["yang"])  # of another site
    assert "交给了发信服务器" not in client.get("/letters/?show=twice").content.decode()


def test_one_that_ended_in_doubt_says_that_it_may_have_arrived(
    cast: Cast, client: Client, now: datetime, still_clock: None, plain_static_files: None
) -> None:
    mail = acts.dead_mail(acts.take(cast, now, by=cast.clerk), now)
    Doubt.objects.create(delivery=mail, at=now - MINUTE, worker_died=False)
    client.force_login(cast.users["chen"])
    assert ["也许已经寄到" in client.get("/letters/?show=unsent").content.decode(), maybe_twice().count()] == [True, 0]
