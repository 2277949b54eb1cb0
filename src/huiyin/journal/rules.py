"""How an entry is turned into bytes and hashed, and how a chain is walked. Pure: an export is verified without the database."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

GENESIS = "0" * 64


def salted(value: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}\x1f{value}".encode()).hexdigest()


@dataclass(frozen=True)
class Act:
    """The chained part of one entry."""

    entry: int
    at: datetime
    verb: str
    reference: str
    actor: str
    facts: Mapping[str, Any]
    digests: Mapping[str, str]

    def as_bytes(self) -> bytes:
        parts = [
            self.entry,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.verb,
            self.reference,
            self.actor,
            dict(self.facts),
            dict(self.digests),
        ]
        return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(previous: str, seq: int, act: Act) -> str:
    """SHA-256 (hex) of the previous hash, the sequence number and the act."""
    return hashlib.sha256(f"{previous}:{seq}:".encode() + act.as_bytes()).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """One link as it is found, with its entry and the day it says it was sealed on."""

    seq: int
    previous: str
    hash: str
    act: Act
    on: date


@dataclass(frozen=True)
class Day:
    """日封: what was sealed on one day, from `first_seq` to `last_seq` (both included; none when last is before first)."""

    on: date
    first_seq: int
    last_seq: int
    previous_root: str
    root: str

    @property
    def count(self) -> int:
        return self.last_seq - self.first_seq + 1


class Rooting:
    """A day's root while its hashes come in: SHA-256 of `previous:day:first:last:` and the day's link hashes in order."""

    def __init__(self, previous: str, on: date, first_seq: int, last_seq: int) -> None:
        self._sum = hashlib.sha256(f"{previous}:{on.isoformat()}:{first_seq}:{last_seq}:".encode())

    def add(self, link_hash: str) -> None:
        self._sum.update(link_hash.encode())

    @property
    def root(self) -> str:
        return self._sum.hexdigest()


def rooted(previous: str, on: date, first_seq: int, last_seq: int, hashes: Iterable[str]) -> str:
    """The root (hex) of one day."""
    rooting = Rooting(previous, on, first_seq, last_seq)
    for one in hashes:
        rooting.add(one)
    return rooting.root


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found.

    `broken_at` is the first wrong or missing link's number where one can be named, `broken_on` the day it was sealed,
    `fault` one of changed, missing, moved, cut, root, paper ("" = whole). `days` closed days were checked.
    """

    links: int
    unlinked: int
    root: str
    broken_at: int | None = None
    broken_on: str | None = None
    fault: str = ""
    days: int = 0

    @property
    def whole(self) -> bool:
        return not self.fault


@dataclass
class _Walk:
    """How far a walk has come."""

    days: Sequence[Day]
    seq: int = 0
    previous: str = GENESIS
    closed: int = 0  # days whose root was found right
    root: str = GENESIS
    rooting: Rooting | None = field(default=None)

    def day_of(self, seq: int) -> date | None:
        return next((day.on for day in self.days if day.first_seq <= seq <= day.last_seq), None)

    def broken(self, fault: str, seq: int | None, on: date | None) -> Verdict:
        day = on.isoformat() if on else None
        return Verdict(self.seq, 0, self.previous, seq, day, fault, self.closed)

    def step(self, link: Sealed) -> Verdict | None:
        """Take the next link, or say what is wrong with it."""
        wanted = self.seq + 1
        if link.seq != wanted:
            return self.broken("missing", wanted, self.day_of(wanted) or link.on)
        open_day = self.days[self.closed] if self.closed < len(self.days) else None
        if link.previous != self.previous or link.hash != chained(self.previous, wanted, link.act):
            return self.broken("changed", wanted, open_day.on if open_day else link.on)
        if (open_day and link.on != open_day.on) or (self.days and not open_day and link.on <= self.days[-1].on):
            return self.broken("moved", wanted, open_day.on if open_day else link.on)
        self.seq, self.previous = wanted, link.hash
        if self.rooting:
            self.rooting.add(link.hash)
        return self.close()

    def close(self) -> Verdict | None:
        """Compare the roots of the days that end here, and begin the next day."""
        while self.closed < len(self.days):
            day = self.days[self.closed]
            before = self.days[self.closed - 1] if self.closed else None
            if self.rooting is None:
                if before and (day.on - before.on).days != 1:
                    return self.broken("root", None, date.fromordinal(before.on.toordinal() + 1))
                if day.first_seq != self.seq + 1 or day.previous_root != self.root:
                    return self.broken("root", None, day.on)
                self.rooting = Rooting(self.root, day.on, day.first_seq, day.last_seq)
            if self.seq < day.last_seq:
                return None
            if self.rooting.root != day.root or self.seq > day.last_seq:
                return self.broken("root", None, day.on)
            self.root, self.rooting, self.closed = day.root, None, self.closed + 1
        return None

    def end(self) -> Verdict | None:
        """A day that was closed with more than there is: its tail was cut off."""
        if self.closed < len(self.days):
            return self.broken("cut", self.seq + 1, self.days[self.closed].on)
        return None


def walked(links: Iterable[Sealed], days: Sequence[Day], *, printed: Mapping[date, str] | None = None) -> Verdict:
    """Walk a whole chain beside its closed days and beside roots that stand on paper. Names the first wrong day."""
    walk = _Walk(days)
    wrong = walk.close()
    for link in links if wrong is None else ():
        wrong = walk.step(link)
        if wrong:
            break
    wrong = wrong or walk.end()
    on_paper = _on_paper(days, printed or {})
    if on_paper and (wrong is None or (wrong.broken_on and on_paper.isoformat() < wrong.broken_on)):
        return walk.broken("paper", None, on_paper)
    return wrong or Verdict(walk.seq, 0, walk.previous, days=walk.closed)


def _on_paper(days: Sequence[Day], printed: Mapping[date, str]) -> date | None:
    """The first day whose printed root is not the one kept, or for which none is kept."""
    kept = {day.on: day.root for day in days}
    return next((on for on in sorted(printed) if kept.get(on) != printed[on]), None)
