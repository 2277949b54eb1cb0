"""R2: sending again is safe, over a real server: python -m tests.repeats sqlite|postgres [unanswered] [seed].

By the form and the API alike: one key five times in a row; twenty times at once; before and after the server was killed; under
another body; by another account. Then so many submissions whose sender cuts the line before an answer came, each sent again
until it is answered, while the server is killed now and then. Three workers run all the while. At last fifty creators at once (R7).
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.callers import Caller, Said
from tests.servers import WORKERS, House, house

AT_ONCE = 20
CLIENTS = 8


def another(said: Said) -> Said:
    """The same submission as another one sends it: nothing known of the first answer."""
    return Said(said.marker, said.key, said.by, said.body, said.headers, said.path)


def answers(caller: Callable[[], Caller], said: Said, times: int) -> list[str]:
    """What so many sendings of one submission at the same moment are answered."""
    gate = threading.Barrier(times)

    def one(_number: int) -> str:
        mine, same = caller(), another(said)
        gate.wait()
        mine.send(same)
        return same.answer or (mine.refused or ["nothing"])[0]

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def ordinary(made: House, tokens: list[str]) -> list[str]:
    """What does not hold of one key sent in every way; markers MK-a-…"""
    wrong = []
    for by, token in (("form", ""), ("api", tokens[0])):
        caller = Caller(made.port, token)
        said = caller.words(f"MK-a-row-{by}")
        row = {caller.send(same) and same.answer for same in (another(said) for _time in range(5))}
        at_once = set(answers(lambda token=token: Caller(made.port, token), caller.words(f"MK-a-once-{by}"), AT_ONCE))
        killed = caller.words(f"MK-a-killed-{by}")
        caller.send(killed)
        made.programs["web"].kill()
        made.start("web")
        after = set(answers(lambda token=token: Caller(made.port, token), killed, AT_ONCE))
        other = caller.words(f"MK-a-other-{by}", said.key)
        refused = not caller.send(other) and [one[:3] for one in caller.refused] == ["409" if token else "422"]
        checks = {"five in a row": len(row) == 1, "twenty at once": len(at_once) == 1}
        checks |= {"after a kill": after == {killed.answer}, "another body": refused}
        wrong += [f"{by}: {name}" for name, holds in checks.items() if not holds]
    mine, theirs = Caller(made.port, tokens[0]), Caller(made.port, tokens[1])
    first = mine.words("MK-a-mine")
    second = theirs.words("MK-a-theirs", first.key)
    mine.send(first)
    theirs.send(second)
    return wrong + (
        ["another account"] if not (first.answer and second.answer and first.answer != second.answer) else []
    )


def unanswered(made: House, tokens: list[str], count: int, seed: int) -> list[Said]:
    """So many submissions cut off by their sender, each sent again until it is answered; markers MK-u-…"""
    sent, lock = list[Said](), threading.Lock()

    def client(place: int) -> None:
        chance, caller = random.Random(seed * 100 + place), Caller(made.port, tokens[0] if place % 2 else "")
        for number in range(place, count, CLIENTS):
            said = caller.words(f"MK-u-{number}")
            for _time in range(chance.choice((1, 1, 2, 3))):
                caller.send_and_hang_up(another(said), chance.choice((1, 1, 1, chance.random())))
                time.sleep(chance.choice((0, 0, chance.random() / 20)))
            caller.send(said)
            with lock:
                sent.append(said)

    def killer() -> None:
        chance = random.Random(seed)
        while len(sent) < count:
            time.sleep(chance.uniform(4, 8))
            made.programs["web"].kill()
            made.start("web")

    threads = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    threads.append(threading.Thread(target=killer))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


def main(database: str, count: int, seed: int) -> int:
    with house(database) as made:
        tokens = made.told("-m", "tests.books", "town")["tokens"]
        for name in ("web", *WORKERS):
            made.start(name)
        wrong = ordinary(made, tokens)
        sent = unanswered(made, tokens, count, seed)
        crowd = made.told("-m", "tests.books", "crowd")
        for name in ("web", *WORKERS):
            made.programs[name].end()
        books, journal = made.told("-m", "tests.books", "count"), made.told("-m", "huiyin", "journal", "--json")
    told: dict[str, Any] = {
        "wrong answers": wrong,
        "unanswered, then sent again": len(sent),
        "never answered": [one.marker for one in sent if not one.answer],
        "doubled": [marker for marker, rows in books["found"].items() if len(rows) > 1],
        "lost": sorted({one.marker for one in sent} - set(books["found"]))[:20],
        "halves": books["wrong"],
        "fifty creators": crowd["wrong"],
        "journal": journal["fault"],
    }
    for name, value in told.items():
        print(f"{name:28} {json.dumps(value)}")
    findings = [name for name in told if name != "unanswered, then sent again" and told[name]]
    print("FINDINGS: " + ", ".join(findings) if findings else "sound")
    return 1 if findings else 0


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[2:]]
    sys.exit(main(sys.argv[1], *(numbers + [1000, 1][len(numbers) :])))
