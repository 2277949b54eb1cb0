"""Phases and warranty ends, counted by the law: Quality Management Regulation §40, Civil Code §201-202. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from huiyin.engineering.states import LEAST, PartKind, Phase
from huiyin.kit.counting import months_after
from huiyin.kit.refusal import Refusal

DAY = timedelta(days=1)
YEARS = range(1950, 2101)
MOST_YEARS = 100
MOST_SEASONS = 20
NOTICE_DAYS = 60  # ours: so long before the end owners are told
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})", re.ASCII)


class WrongPhase(Refusal):
    """Days of a project that cannot follow one another."""


class WrongPart(Refusal):
    """A part whose warranty cannot begin, or ends sooner than the law allows."""


class WrongSeason(Refusal):
    """No season of the year."""


@dataclass(frozen=True)
class Season:
    """A yearly season from its first to its last day (month, day), over New Year where the last comes before the first."""

    first: tuple[int, int]
    last: tuple[int, int]

    @classmethod
    def parse(cls, text: str, field: str = "season") -> "Season":
        """`11-15/03-15`. Refuses what is no season."""
        found = _MONTH_DAY.fullmatch(text.strip())
        try:
            if found is None:
                raise ValueError(text)
            first, last = (date(2001, int(found[place]), int(found[place + 1])) for place in (1, 3))
        except ValueError:
            raise WrongSeason(_("写成“月-日/月-日”，例如 11-15/03-15。"), field) from None
        return cls((first.month, first.day), (last.month, last.day))

    def end_of_nth_whole(self, day: date, count: int) -> date:
        """Last day of the `count`-th season that lies whole on or after `day`: one already running does not count."""
        year = day.year if date(day.year, *self.first) >= day else day.year + 1
        last_year = year + count - 1 + (1 if self.last < self.first else 0)
        return date(last_year, *self.last)


HEATING = "11-15/03-15"  # ours, for the north; the town's own season is written with the project
COOLING = "06-15/09-15"


@dataclass(frozen=True)
class PhaseSpan:
    """A phase as a half-open span of days; `end` None = not ended yet."""

    phase: str
    first: date
    end: date | None

    @property
    def last(self) -> date | None:
        """The last day that belongs to it."""
        return self.end - DAY if self.end else None

    def contains(self, day: date) -> bool:
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class PartFacts:
    """A part under warranty. `ends_on` is the last day covered, till 24:00."""

    id: int
    kind: str
    name: str
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Milestones:
    """The four days of a project, as far as they are known."""

    bidding_from: date | None = None
    construction_from: date | None = None
    completed_on: date | None = None
    handed_over_on: date | None = None


@dataclass(frozen=True)
class ProjectFacts:
    """What planning needs of a project: phases as half-open spans in the order of time, parts with their ends."""

    phases: tuple[PhaseSpan, ...]
    parts: tuple[PartFacts, ...]
    completed_on: date | None
    handed_over_on: date | None

    def phase_on(self, day: date) -> str | None:
        """bidding, construction, completion or warranty; None before, after, and where nothing is known."""
        return next((span.phase for span in self.phases if span.contains(day)), None)


def check_milestones(days: Milestones, *, today: date) -> None:
    """Refuses days out of order, a hand-over without acceptance, and an acceptance or hand-over still to come."""
    known = [
        (name, value)
        for name in ("bidding_from", "construction_from", "completed_on", "handed_over_on")
        if (value := getattr(days, name))
    ]
    for name, value in known:
        if value.year not in YEARS:
            raise WrongPhase(_("请看看年份对不对。"), name)
    for (_before, earlier), (name, later) in pairwise(known):
        if later < earlier:
            raise WrongPhase(_("不能早于前一个阶段（%(day)s）。") % {"day": earlier}, name)
    if days.handed_over_on and not days.completed_on:
        raise WrongPhase(_("先写竣工验收合格的日子，再写交付。"), "completed_on")
    for name in ("completed_on", "handed_over_on"):
        value = getattr(days, name)
        if value and value > today:
            raise WrongPhase(_("还没有到的日子，到了再记。"), name)


def phases(days: Milestones, parts: Iterable[PartFacts]) -> tuple[PhaseSpan, ...]:
    """The phases known so far, each up to the next; the warranty up to the last part's end.

    The main structure is left out of that end: its warranty lasts as long as the building, and nobody is in the
    warranty phase for fifty years. Without other parts the phase stays open.
    """
    starts = [
        (Phase.BIDDING, days.bidding_from),
        (Phase.CONSTRUCTION, days.construction_from),
        (Phase.COMPLETION, days.completed_on),
        (Phase.WARRANTY, days.handed_over_on),
    ]
    known = [(phase, first) for phase, first in starts if first]
    ends: list[date | None] = [first for _phase, first in known[1:]]
    last = max((part.ends_on for part in parts if part.kind != PartKind.STRUCTURE), default=None)
    ends.append(last + DAY if last and days.handed_over_on else None)
    spans = (PhaseSpan(phase.value, first, end) for (phase, first), end in zip(known, ends, strict=False))
    return tuple(span for span in spans if span.end is None or span.first < span.end)


def years_later(day: date, years: int) -> date:
    """The corresponding day some years on, 28 February for the 29th (Civil Code §202)."""
    return months_after(day, 12 * years)


def warranty_end(kind: str, starts_on: date, amount: int, season: Season | None) -> date:
    """The last day covered: `amount` years after the start, or whole seasons of the kind's season."""
    if LEAST[kind].seasons and season:
        return season.end_of_nth_whole(starts_on, amount)
    return years_later(starts_on, amount)


def check_part(kind: str, starts_on: date, amount: int, *, completed_on: date | None, today: date) -> None:
    """Refuses a warranty before the acceptance, one that begins in the future, and one shorter than the law's least."""
    least = LEAST[kind]
    if completed_on is None:
        raise WrongPart(_("竣工验收合格以后才有保修：先写竣工的日子。"), "starts_on")
    if starts_on < completed_on:
        raise WrongPart(_("保修从竣工验收合格（%(day)s）起算，不能更早。") % {"day": completed_on}, "starts_on")
    if starts_on > today:
        raise WrongPart(_("还没有到的日子，到了再记。"), "starts_on")
    values = {"n": least.seasons or least.years, "source": least.source}
    if amount < (least.seasons or least.years):
        words = _("至少 %(n)s 个季（%(source)s）。") if least.seasons else _("至少 %(n)s 年（%(source)s）。")
        raise WrongPart(words % values, "amount")
    if amount > (MOST_SEASONS if least.seasons else MOST_YEARS):
        raise WrongPart(_("数字太大了。"), "amount")
