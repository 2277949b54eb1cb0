"""R10: a disk that is really full, under callers: python -m tests.full_disk sqlite|postgres [seconds] (as root: it mounts a tmpfs).

Database, photos and journal stand on a file system of 200 MB. Callers send by form (with a photo) and API without a pause; a file
takes all room that is left; it goes away again; the database server is started anew where it had to stop. Nothing acknowledged
may be lost, nothing doubled or half. Then the same with the web processes' memory cut down to what they hold.
"""

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.callers import PICTURE, Caller, Said
from tests.hostile_files import drawn
from tests.servers import House

SIZE, CLIENTS = "200m", 4
FULL = "磁盘满了，这一次没有登记上"
LARGE = drawn("JPEG", (6_000, 4_000), quality=10, progressive=True)


@dataclass
class Teller(Caller):
    """Counts what it was answered."""

    answers: Counter[str] = field(default_factory=Counter)

    def send_once(self, said: Said) -> bool:
        said.tries += 1
        try:
            asked = self._connected()
            asked.request("POST", said.path, said.body, said.headers)
            answer = asked.getresponse()
            body = answer.read().decode(errors="replace")
        except OSError as silence:
            self.answers[f"no answer ({type(silence).__name__})"] += 1
            self.hang_up()
            return False
        except Exception as broken:
            self.answers[f"no answer ({type(broken).__name__})"] += 1
            self.hang_up()
            return False
        if answer.status in {201, 303}:
            said.answer = "taken"
        words = " in words" if FULL in body else ""
        self.answers[f"{answer.status}{words}"] += 1
        return bool(said.answer)


@contextmanager
def small_disk() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="huiyin-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False)
        with suppress(OSError):
            place.rmdir()


def filled(place: Path) -> Path:
    """A file that takes what room there is."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while out.write(bytes(size)):
                    pass
    return ballast


class Crowd:
    """Callers who come until they are told to stop; `told` by stretch of time."""

    def __init__(self, made: House, tokens: list[str]) -> None:
        self.made, self.tokens = made, tokens
        self.stretch, self.told, self.sent = "", dict[str, Counter[str]](), list[Said]()
        self.stop, self.lock = threading.Event(), threading.Lock()
        self.threads = [threading.Thread(target=self.come, args=(place,)) for place in range(CLIENTS)]

    def come(self, place: int) -> None:
        teller, number = Teller(self.made.port, self.tokens[0] if place % 2 else ""), 0
        while not self.stop.is_set():
            number += 1
            said = teller.words(f"MK-{place}-{number}", photo=not teller.token)
            stretch = self.stretch
            if stretch == "no memory":  # a photo of 24 million pixels: its drawing needs more than there is
                said.body = said.body.replace(PICTURE, LARGE)
            teller.send_once(said)
            with self.lock:
                self.told.setdefault(stretch, Counter()).update(teller.answers)
                self.sent.append(said)
            teller.answers.clear()
            time.sleep(0.02)


def restarted(made: House) -> bool:
    """Start the database server where it had to stop; whether it had to."""
    program = made.programs.get("database")
    if program is None or (program.is_alive() and made.takes_connections()):
        return False
    program.end(seconds=5)
    made.start("database")
    return True


def cut(pids: list[int], megabytes: int | None) -> None:
    """Let these processes have so much memory more than they hold; None lifts it."""
    for pid in pids:
        with suppress(OSError):
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
            most = resource.RLIM_INFINITY if megabytes is None else pages * 4096 + megabytes * 1024 * 1024
            resource.prlimit(pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def main(database: str, seconds: float) -> int:
    with small_disk() as place:
        made = House(database, {}, place)
        try:
            made.open()
            tokens = made.told("-m", "tests.books", "town")["tokens"]
            for name in ("web", "worker"):
                made.start(name)
            crowd = Crowd(made, tokens)
            crowd.stretch = "before"
            for thread in crowd.threads:
                thread.start()
            time.sleep(seconds)
            ballast = filled(place)
            crowd.stretch = "full"
            time.sleep(seconds)
            ballast.unlink()
            again = restarted(made)
            crowd.stretch = "room again"
            time.sleep(seconds)
            pids = made.programs["web"].children()
            cut(pids, 1)
            crowd.stretch = "no memory"
            time.sleep(seconds)
            cut(made.programs["web"].children(), None)
            crowd.stretch = "memory again"
            time.sleep(seconds)
            crowd.stop.set()
            for thread in crowd.threads:
                thread.join()
            for name in ("web", "worker"):
                made.programs[name].end()
            books, journal = (
                made.told("-m", "tests.books", "count"),
                made.told("-m", "huiyin", "journal", "--json"),
            )
            sound = made.is_sound()
        finally:
            made.close()
    for stretch, answers in crowd.told.items():
        print(f"{stretch:12} {dict(answers)}")
    taken = {one.marker for one in crowd.sent if one.answer}
    wrong = {
        "lost": sorted(taken - set(books["found"]))[:20],
        "doubled": [marker for marker, rows in books["found"].items() if len(rows) > 1],
        "halves": books["wrong"],
        "journal": journal["fault"],
        "database": sound,
    }
    print(
        f"{database}: {len(taken)} acknowledged, database started again: {again}, {json.dumps(wrong, ensure_ascii=False)}"
    )
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 15))
