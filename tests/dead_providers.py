"""R5: how fast contacts are taken while every provider is dead, beside the same run's minutes in which they live.

python -m tests.dead_providers sqlite|postgres [seconds of a turn] [turns]: the product with its worker and four clients, half at
the form, half at the API with a mail address to answer to. Mail server and mailbox answer and hang in turns (living, dead,
dead, living, …): dead means that a connection is taken and nothing is ever said. At last both live until the outbox is empty.
Prints figures and asserts nothing about time; ends with 1 where anything was not taken.
"""

import json
import socketserver
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.callers import Caller
from tests.mailserver import PASSWORD, USER, Folder, _Server, _Talk
from tests.servers import House, house

CLIENTS = 4


@dataclass
class Providers:
    """A mail server and a mailbox that can be dead together."""

    alive: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    taken: int = 0

    def waits(self) -> bool:
        """Whether a caller is left hanging; then it is until the end."""
        if self.alive.is_set():
            return False
        self.over.wait(60)
        return True


def smtp_of(providers: Providers) -> type[socketserver.BaseRequestHandler]:
    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if providers.waits():
                return
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line.strip().upper()[:4]
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    while self.rfile.readline() not in {b".\r\n", b""}:
                        pass
                    providers.taken += 1
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
                if word == b"QUIT":
                    return

    return Talk


def imap_of(providers: Providers) -> type[socketserver.BaseRequestHandler]:
    class Talk(_Talk):
        folder = Folder()

        def handle(self) -> None:
            if not providers.waits():
                super().handle()

    return Talk


@dataclass
class Turn:
    """What one stretch of time gave: seconds of each submission that was taken, and what was said otherwise."""

    alive: bool
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Client:
    """One of those who come without a pause."""

    def __init__(self, port: int, token: str, place: int) -> None:
        self.caller, self.place, self.count = Caller(port, token), place, 0

    def submission(self) -> Any:
        self.count += 1
        said = self.caller.words(f"MK-{self.place}-{self.count}")
        if self.caller.token:
            number = f"139{self.place}{self.count:07}"
            asked = json.loads(said.body) | {
                "customer": {"name": "张三", "phone": number, "email": f"z{number}@example.com"}
            }
            said.body = json.dumps(asked).encode()
        return said

    def run(self, turn: Turn, ends: float) -> None:
        while time.monotonic() < ends:
            said = self.submission()
            began = time.monotonic()
            if self.caller.send_once(said):
                turn.took.append(time.monotonic() - began)
            else:
                turn.refused += self.caller.refused or ["nothing or 500"]
                self.caller.refused.clear()


def turned(clients: list[Client], seconds: float, *, alive: bool) -> Turn:
    turn, began = Turn(alive), time.monotonic()
    threads = [threading.Thread(target=one.run, args=(turn, began + seconds)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turn.seconds = time.monotonic() - began
    return turn


def emptied(made: House) -> float:
    """Seconds until no message waits any more."""
    began = time.monotonic()
    while made.told("-m", "huiyin", "status", "--json")["queues"]["outbox"]["waiting"]:
        time.sleep(1)
    return time.monotonic() - began


def told(name: str, turns: list[Turn]) -> dict[str, float]:
    took = sorted(one for turn in turns for one in turn.took)
    found = {
        "median": statistics.median(took) * 1000,
        "p95": took[int(len(took) * 0.95)] * 1000,
        "a second": len(took) / sum(turn.seconds for turn in turns),
    }
    print(f"{name:7} {len(took):6} taken, " + ", ".join(f"{what} {value:.1f}" for what, value in found.items()))
    return found


def main(database: str, seconds: float, count: int) -> int:
    providers = Providers()
    providers.alive.set()
    with (
        _Server(("127.0.0.1", 0), smtp_of(providers)) as smtp,
        _Server(("127.0.0.1", 0), imap_of(providers)) as imap,
    ):
        for server in (smtp, imap):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        ways = {
            "HUIYIN_MAIL_OUT": f"smtp://127.0.0.1:{smtp.server_address[1]}?from=service@house.example",
            "HUIYIN_MAIL_IN": f"imap://{USER}:{quote(PASSWORD)}@127.0.0.1:{imap.server_address[1]}/INBOX?site=yulan",
        }
        with house(database, **ways) as made:
            tokens = made.told("-m", "tests.books", "town")["tokens"]
            for name in ("web", "worker"):
                made.start(name)
            clients = [Client(made.port, tokens[0] if place % 2 else "", place) for place in range(CLIENTS)]
            turned(clients, 5, alive=True)  # warm
            turns = []
            for place in range(count):
                alive = place % 4 in {0, 3}
                (providers.alive.set if alive else providers.alive.clear)()
                turns.append(turned(clients, seconds, alive=alive))
            providers.alive.set()
            providers.over.set()
            waiting = made.told("-m", "huiyin", "status", "--json")["queues"]["outbox"]
            after = emptied(made)
            end = made.told("-m", "huiyin", "status", "--json")["queues"]
        for server in (smtp, imap):
            server.shutdown()
    living, dead = (told(name, [one for one in turns if one.alive is is_so]) for name, is_so in (("living", True), ("dead", False)))  # fmt: skip  # noqa: E501
    print("dead to living: " + ", ".join(f"{name} {dead[name] / living[name]:.2f}" for name in living))
    print(f"waiting at the end {waiting}, empty after {after:.0f} s, then {end['outbox']}, {providers.taken} mails left, maybe twice {end['maybe_twice']}")  # fmt: skip  # noqa: E501
    refused = [one for turn in turns for one in turn.refused]
    print("FINDINGS: " + ", ".join(refused[:5]) if refused else "sound")
    return 1 if refused or end["outbox"]["dead"] else 0


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main(asked[0], float(asked[1]) if len(asked) > 1 else 15, int(asked[2]) if len(asked) > 2 else 8))
