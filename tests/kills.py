"""R1: what was acknowledged is there once, whatever process dies: python -m tests.kills sqlite|postgres [kills] [acknowledged] [seed].

A real server, a real worker, a real database, four people at the form and four programs at the API who send again under the
same key until they are answered, and SIGKILL at random moments: to the web server with all it forked, to its one process that
answers, to the worker, on PostgreSQL to the postmaster and to single backends. At the end every acknowledged marker is looked
for. A kill shows what a dying process loses; that power loss loses no more rests on synchronous=FULL and fsync, which are on.
"""

import hashlib
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from tests.callers import Caller, Said
from tests.servers import House, house

CALLERS = 4  # of each kind
LONGEST = 40 * 60  # seconds


class Load:
    """Callers who never stop, and what they were told."""

    def __init__(self, made: House, tokens: list[str], seed: int) -> None:
        self.stop, self.lock, self.acknowledged = threading.Event(), threading.Lock(), list[Said]()
        self.lost_patience, self.refused, self.seed = list[Said](), list[str](), seed
        callers = [Caller(made.port, token) for token in ("", tokens[0]) for _n in range(CALLERS)]
        self.threads = [threading.Thread(target=self.talk, args=(n, one)) for n, one in enumerate(callers)]

    def talk(self, place: int, caller: Caller) -> None:
        chance, number = random.Random(self.seed * 100 + place), 0
        while not self.stop.is_set():
            number += 1
            said = caller.words(f"MK-{place}-{number}", photo=not caller.token and number % 10 == 0)
            done = caller.send(said)
            if done and chance.random() < 0.05:  # the answer did not reach the person: once more
                first, said.answer = said.answer, ""
                done = caller.send(said) and said.answer == first
            with self.lock:
                (self.acknowledged if done else self.lost_patience).append(said)
                self.refused += caller.refused
            caller.refused.clear()

    def wait_for_one_more(self, made: House, seconds: float) -> None:
        """Until something was acknowledged anew, so that each kill strikes a house at work.

        A web server whose processes die twice in five seconds gives up; whoever supervises it starts it again.
        """
        before, ends = len(self.acknowledged), time.monotonic() + 60
        while len(self.acknowledged) == before and time.monotonic() < ends:
            _supervise(made)
        time.sleep(seconds)

    def let_them_finish(self, made: House) -> None:
        """Nobody begins anew; what was begun is sent until it is acknowledged, with the house supervised as before."""
        self.stop.set()
        while any(thread.is_alive() for thread in self.threads):
            _supervise(made)


def _supervise(made: House) -> None:
    if not made.programs["web"].is_alive():
        made.start("web")
    time.sleep(0.02)


def strike(made: House, whom: str, chance: random.Random) -> None:
    """Kill and start again what does not come back by itself."""
    web = made.programs["web"]
    if whom == "answering process":
        _kill_one(web.children(), chance)  # the server starts another
    elif whom == "backend":
        _kill_one(made.programs["database"].children(), chance)  # PostgreSQL recovers
    else:
        made.programs[whom].kill()
        made.start(whom)


def _kill_one(processes: list[int], chance: random.Random) -> None:
    if processes:
        with suppress(ProcessLookupError):
            os.kill(chance.choice(processes), signal.SIGKILL)


def run(made: House, kills: int, wanted: int, seed: int) -> dict[str, Any]:
    chance, struck, began = random.Random(seed), Counter[str](), time.monotonic()
    targets = ["web", "answering process", "worker"] + (["database", "backend"] if made.database == "postgres" else [])
    load = Load(made, made.told("-m", "tests.books", "town")["tokens"], seed)
    for name in ("web", "worker"):
        made.start(name)
    for thread in load.threads:
        thread.start()
    while struck.total() < kills or len(load.acknowledged) < wanted:
        load.wait_for_one_more(made, chance.uniform(0, 1.5))
        if struck.total() < kills:
            whom = chance.choice(targets)
            struck[whom] += 1
            strike(made, whom, chance)
        if time.monotonic() - began > LONGEST:
            break
    load.let_them_finish(made)
    return judged(made, load) | {"kills": dict(struck), "minutes": round((time.monotonic() - began) / 60, 1)}


def judged(made: House, load: Load) -> dict[str, Any]:
    """Everything stopped in peace, the books opened."""
    time.sleep(3)  # the worker seals what is left
    for name in ("web", "worker"):
        made.programs[name].end()
    books, journal = made.told("-m", "tests.books", "count"), made.told("-m", "huiyin", "journal", "--json")
    found = books["found"]
    lost = [one.marker for one in load.acknowledged if not _is_this(one, found.get(one.marker, []))]
    return {
        "acknowledged": len(load.acknowledged),
        "by": dict(Counter(one.by for one in load.acknowledged)),
        "sent more than once": sum(one.tries > 1 for one in load.acknowledged),
        "lost": lost[:20],
        "doubled": [marker for marker, rows in found.items() if len(rows) > 1][:20],
        "refused": load.refused[:5],
        "lost patience": [one.marker for one in load.lost_patience][:20],
        "wrong": books["wrong"],
        "database": made.is_sound(),
        "journal": journal["fault"],
        "links": journal["links"],
    }


def _is_this(said: Said, rows: list[dict[str, str]]) -> bool:
    """Whether the answer that came back names what is kept: the API tells the number, the form the link."""
    digest = hashlib.sha256(said.answer.encode()).hexdigest()
    return any(said.answer == row["number"] or digest == row["hash"] for row in rows)


def main(database: str, kills: int, wanted: int, seed: int) -> int:
    with house(database) as made:
        told = run(made, kills, wanted, seed)
    for name, value in told.items():
        print(f"{name:20} {value}")
    findings = [
        name for name in ("lost", "doubled", "refused", "lost patience", "wrong", "database", "journal") if told[name]
    ]
    short = told["acknowledged"] < wanted or sum(told["kills"].values()) < kills
    print("FINDINGS: " + ", ".join(findings) if findings else "not enough" if short else "sound")
    return 1 if findings or short else 0


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[2:]]
    sys.exit(main(sys.argv[1], *(numbers + [200, 10_000, 1][len(numbers) :])))
