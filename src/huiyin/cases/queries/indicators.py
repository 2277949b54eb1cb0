"""The dictionary's figures of a window: their sums, and the list of exactly the cases behind each number."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.cases.queries.facts import Asked, Statement, facts, limits_of, tenths_of_hours
from huiyin.cases.queries.measures import MEASURES, OVERDUE, RECEIVED, SOLVED, SPREADS
from huiyin.cases.queries.promises import Promises
from huiyin.kit.periods import Period
from huiyin.kit.statistics import quantile, wilson

SMALL = 100  # bases below this show how little they may say
# A case handed on: accepted by somebody other than whoever was accountable before (K23).
HANDS = """
    hands AS (SELECT case_id, COUNT(*) AS hand_offs FROM (
        SELECT e.case_id, e.kind, e.by_id, COALESCE(
            LAG(e.by_id) OVER (PARTITION BY e.case_id ORDER BY e.at, e.id), s.first_contact_owner_id) AS before
        FROM cases_event e JOIN scope s ON s.id = e.case_id WHERE e.kind IN ('accepted', 'taken_over')) passed
        WHERE kind = 'accepted' AND by_id <> before GROUP BY case_id)"""


@dataclass(frozen=True)
class Share:
    """A numerator that never travels without its base."""

    part: int
    whole: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares the truth lies with 95 % confidence, where the base is small."""
        return wilson(self.part, self.whole) if 0 < self.whole < SMALL and self.part <= self.whole else None

    def as_json(self) -> dict[str, int]:
        return {"numerator": self.part, "denominator": self.whole}


@dataclass(frozen=True)
class Spread:
    """How often each value occurs; times are in tenths of hours, hand-offs in times."""

    counts: Mapping[int, int]

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        return sum(value * count for value, count in self.counts.items())

    @property
    def mean(self) -> float | None:
        return self.total / self.number if self.number else None

    @property
    def median(self) -> float | None:
        return quantile(self.counts, 0.5)

    @property
    def p90(self) -> float | None:
        return quantile(self.counts, 0.9)


@dataclass(frozen=True)
class Reckoning:
    """The numbers of a window by the names of the dictionary's lines. Those of months add up to those of their year."""

    shares: Mapping[str, Share] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)

    def __add__(self, other: "Reckoning") -> "Reckoning":
        shares = dict(self.shares)
        for name, share in other.shares.items():
            there = shares.get(name, Share(0, 0))
            shares[name] = Share(there.part + share.part, there.whole + share.whole)
        spreads = dict(self.spreads)
        for name, spread in other.spreads.items():
            there_too = spreads.get(name, Spread({}))
            spreads[name] = Spread(Counter(there_too.counts) + Counter(spread.counts))
        return Reckoning(shares, spreads)


def reckon(asked: Asked) -> Reckoning:
    """Every number of the dictionary for a window, at most a month at a time: two statements a month."""
    total, limits = Reckoning(), limits_of(asked)
    for first, end in months_in(asked.first, asked.end):
        total += _reckon(asked.within(first, end), limits)
    return total


def months_in(first: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A window cut at the beginnings of months: each piece lies in one."""
    while first < end:
        following = Period.month_of(timezone.localdate(first)).next().first
        cut = datetime.combine(following, datetime.min.time(), tzinfo=timezone.get_default_timezone())
        yield first, min(cut, end)
        first = cut


def _reckon(asked: Asked, limits: Promises) -> Reckoning:
    base = facts(asked, limits)
    sums = []
    for measure in MEASURES.values():
        sums += [(measure.numerator(), measure.hit_n), (measure.base, measure.base_n)]
    picked = ", ".join(f"COALESCE(SUM(CASE WHEN {when} THEN {amount} ELSE 0 END), 0)" for when, amount in sums)
    row = [int(one) for one in Statement(f"{base.text} SELECT {picked} FROM facts", base.values).rows()[0]]  # noqa: S608
    shares = {name: Share(*pair) for name, pair in zip(MEASURES, zip(row[::2], row[1::2], strict=True), strict=True)}
    return Reckoning(shares, _spreads(base))


def _spreads(base: Statement) -> dict[str, Spread]:
    """How long first words took, how late solutions were, how often cases changed hands."""
    word = tenths_of_hours("COALESCE(first_word, closed_at, %(now)s)", "received_at")
    late = tenths_of_hours(SOLVED, "first_due_at")
    statement = (
        f"{base.text}, {HANDS} SELECT 'first_word', {word}, COUNT(*) "  # noqa: S608
        f"FROM scope LEFT JOIN words ON words.case_id = id WHERE {RECEIVED} GROUP BY 2 "
        f"UNION ALL SELECT 'overdue', {late}, COUNT(*) FROM scope WHERE {OVERDUE} GROUP BY 2 "
        f"UNION ALL SELECT 'hand_offs', COALESCE(hand_offs, 0), COUNT(*) "
        f"FROM scope LEFT JOIN hands ON hands.case_id = id WHERE {RECEIVED} GROUP BY 2"
    )
    counts: dict[str, dict[int, int]] = {name: {} for name in SPREADS}
    for name, value, count in Statement(statement, base.values).rows():
        counts[name][int(value)] = count
    return {name: Spread(found) for name, found in counts.items()}


def behind(asked: Asked, line: str, *, whole: bool) -> QuerySet[Case]:
    """Exactly the cases that a line's base (`whole`), or else its numerator, counts."""
    if line in SPREADS:
        condition = SPREADS[line]
    else:
        measure = MEASURES[line]
        condition = measure.base if whole else measure.numerator()
    base = facts(asked, limits_of(asked))
    text, given = Statement(f"{base.text} SELECT id FROM facts WHERE {condition}", base.values).positional()  # noqa: S608
    return asked.cases.filter(pk__in=RawSQL(text, given))  # noqa: S611 - our own text, values apart
