"""The clocks of a case, worked out from its log, the rules of its site and the working calendar. Pure: nothing is counted up.

Acknowledgement, first answer in substance, the next word, the solution; and the reply to whoever writes again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from huiyin.cases.states import FACE_TO_FACE, LAST_WORDS, SOLUTIONS, SUBSTANCE, WORDS, EventKind, Look
from huiyin.duties.rules import Asked
from huiyin.handbook.rules import Matter, Rulebook
from huiyin.kit.counting import Reason
from huiyin.kit.workdays import Calendar

CLOCKS = ("acknowledgement", "first_answer", "reply", "update", "solution")
PEOPLE = frozenset({"staff", "service"})  # a person, or a system that a person speaks through


@dataclass(frozen=True)
class Happened:
    """An event as the clocks hear it. `signature` says who: only people are heard."""

    kind: str
    at: datetime
    signature: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_human(self) -> bool:
        return self.signature.partition(":")[0] in PEOPLE


@dataclass(frozen=True)
class Clock:
    """One dated obligation. `due_at` is the date as first counted, `moved_to` where pauses and extensions put it.

    `rests_since` = standing still; `met_at` = done; `given_up` = no longer asked for.
    """

    name: str
    starts_at: datetime
    due_at: datetime
    handbook: str = ""
    clause: str = ""
    why: tuple[Reason, ...] = ()
    provisional: bool = False
    moved_to: datetime | None = None
    rests_since: datetime | None = None
    met_at: datetime | None = None
    given_up: bool = False

    @classmethod
    def of(cls, asked: Asked) -> "Clock":
        counted = (asked.kind, asked.opens_at, asked.due_at, asked.handbook, asked.clause, asked.why)
        return cls(*counted, asked.provisional)

    @property
    def runs_until(self) -> datetime:
        return self.moved_to or self.due_at

    @property
    def is_open(self) -> bool:
        return self.met_at is None and not self.given_up

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed, or had passed when it was met."""
        return self.rests_since is None and (self.met_at or now) > self.runs_until


def is_sooner(fresh: Asked, running: list[datetime], *, is_quiet: bool) -> bool:
    """Whether a graver assessment asks for something sooner than what runs; a word in between also where none was owed."""
    if not running:
        return fresh.kind == "update" and not is_quiet
    return fresh.due_at < min(running)


def pushed(runs_until: datetime, days: int, calendar: Calendar) -> datetime:
    """A local instant so many whole days of rest later, off named days off as any last day. No rest: the same."""
    later = runs_until + timedelta(days=days)
    on = calendar.next_not_holiday(later.date()) if days else later.date()
    return datetime.combine(on, later.timetz())


def rested(days: int, until: datetime) -> Reason:
    return Reason.of("rested", n=days, day=until.date())


def extended(until: datetime) -> Reason:
    return Reason.of("extended", day=until.date())


def whole_days(first: datetime, last: datetime) -> int:
    """How many midnights lie between two local instants: pausing and going on the same day is none."""
    return max((last.date() - first.date()).days, 0)


def end_of(day: date, like: datetime) -> datetime:
    """The last second of a day, in the zone of another instant."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=like.tzinfo)


def is_heard(happened: Happened) -> bool:
    """Whether it is a person's word to the customer. The automatic receipt is none; a slip in the hand is one."""
    if happened.kind == EventKind.TAKEN:
        return happened.signature.startswith("staff:") and happened.values.get("channel") in FACE_TO_FACE
    return happened.kind in WORDS and happened.is_human


def is_solution(happened: Happened) -> bool:
    """Whether the customer has a solution by it. A second look that upholds the answer gives it once more."""
    return happened.kind in SOLUTIONS or _upholds(happened)


def _upholds(happened: Happened) -> bool:
    return happened.kind == EventKind.SECOND_LOOK and happened.values.get("verdict") == Look.UPHELD


def ended(happened: Happened) -> tuple[str, ...]:
    """The clocks that nobody waits for any more. What goes into another case still waits for its solution, which comes there."""
    if happened.kind == EventKind.CLOSED:
        return CLOCKS
    if happened.kind == EventKind.MERGED and "into" in happened.values:
        return tuple(name for name in CLOCKS if name != "solution")
    return ()


def opening(matter: Matter, start: datetime, rules: Rulebook, calendar: Calendar, *, is_heard: bool) -> list[Asked]:
    """What a case owes from the first second, the earliest date for the solution first; owed by nobody yet."""
    names = ["solution", "first_answer", "update"] + ([] if is_heard else ["acknowledgement"])
    return [one for name in names for one in rules.strands(name, matter, start, calendar)]


def clocks(log: Iterable[Happened], kind: str, rules_on: Callable[[date], Rulebook], calendar: Calendar) -> list[Clock]:
    """Every clock of a case of that kind, in the order they started. `log` is in order of time, in local time."""
    worked = _Working(kind, rules_on, calendar)
    for happened in log:
        worked.hear(happened)
    return worked.clocks


class _Working:
    """The clocks as they stand after what was heard so far."""

    def __init__(self, kind: str, rules_on: Callable[[date], Rulebook], calendar: Calendar) -> None:
        self.matter, self.rules_on, self.calendar = Matter(kind), rules_on, calendar
        self.clocks: list[Clock] = []
        self.is_answered = False

    def hear(self, one: Happened) -> None:
        if one.kind == EventKind.TAKEN:
            self._taken(one)
        elif one.kind == EventKind.TRIAGED:
            self._assessed(one)
        elif one.kind == EventKind.REOPENED:
            self.is_answered = False
            self._start("solution", one.at)
            self._start_update(one.at)
        elif one.kind == EventKind.JOINED:
            self._written_again(one)
        elif names := ended(one):
            self.is_answered = True
            self._change(lambda clock: replace(clock, given_up=True), *names)
        if one.kind != EventKind.TAKEN and is_heard(one):
            self._heard(one)
        self._moved(one)

    def _taken(self, one: Happened) -> None:
        self.matter = replace(self.matter, channel=str(one.values.get("channel", "")))
        asked = opening(self.matter, one.at, self.rules_on(one.at.date()), self.calendar, is_heard=is_heard(one))
        self.clocks += [Clock.of(each) for each in asked]

    def _assessed(self, one: Happened) -> None:
        self.matter = replace(self.matter, urgency=str(one.values.get("urgency", "")))
        for name in CLOCKS:
            running = [clock for clock in self.clocks if clock.name == name and clock.is_open]
            fresh = self.rules_on(one.at.date()).hastened(name, self.matter, one.at, self.calendar)
            if fresh and is_sooner(fresh, [clock.runs_until for clock in running], is_quiet=self.is_answered):
                self._change(_gives_way(one.at), name)
                self.clocks.append(Clock.of(fresh))

    def _heard(self, one: Happened) -> None:
        met = {"acknowledgement", "reply", "update"}
        met |= {"first_answer"} if one.kind in SUBSTANCE else set()
        met |= {"solution"} if is_solution(one) else set()
        self._change(lambda clock: replace(clock, met_at=one.at, rests_since=None), *met)
        self.is_answered = self.is_answered or one.kind in LAST_WORDS or _upholds(one)
        self._start_update(one.at)

    def _written_again(self, one: Happened) -> None:
        channel = str(one.values.get("channel", ""))
        if not any(clock.is_open for clock in self.clocks if clock.name == "reply"):
            promised = self.rules_on(one.at.date()).promised(channel, one.at, self.calendar)
            self.clocks += [Clock.of(each) for each in promised]

    def _moved(self, one: Happened) -> None:
        """What stops and moves the solution's date, and nothing else's."""
        if one.kind == EventKind.PAUSED:
            self._change(lambda clock: _rested(clock, one.at), "solution")
        elif one.kind == EventKind.RESUMED:
            self._change(lambda clock: _awake(clock, one.at, self.calendar), "solution")
        elif one.kind == EventKind.EXTENDED:
            until = end_of(date.fromisoformat(str(one.values["until"])), one.at)
            self._change(lambda clock: _later(clock, until, extended(until)), "solution")

    def _start(self, name: str, at: datetime) -> None:
        self.clocks += [Clock.of(one) for one in self.rules_on(at.date()).strands(name, self.matter, at, self.calendar)]

    def _start_update(self, at: datetime) -> None:
        if not self.is_answered and not any(clock.is_open for clock in self.clocks if clock.name == "update"):
            self._start("update", at)

    def _change(self, change: Callable[[Clock], Clock], *names: str) -> None:
        """Every open clock of these names, or of all."""
        self.clocks = [
            change(clock) if clock.is_open and (not names or clock.name in names) else clock for clock in self.clocks
        ]


def _gives_way(at: datetime) -> Callable[[Clock], Clock]:
    """A longer date of ours gives way to a shorter one; a clause's stays, and what is late stays late."""
    return lambda clock: clock if clock.clause or clock.due_at < at else replace(clock, given_up=True)


def _rested(clock: Clock, at: datetime) -> Clock:
    """Stands still from now on; what is late already does not."""
    return clock if clock.rests_since or clock.runs_until < at else replace(clock, rests_since=at)


def _awake(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    if clock.rests_since is None:
        return clock
    days = whole_days(clock.rests_since, at)
    until = pushed(clock.runs_until, days, calendar)
    awake = replace(clock, rests_since=None)
    return _later(awake, until, rested(days, until)) if days else awake


def _later(clock: Clock, until: datetime, why: Reason) -> Clock:
    return replace(clock, moved_to=until, why=(*clock.why, why)) if until > clock.runs_until else clock
