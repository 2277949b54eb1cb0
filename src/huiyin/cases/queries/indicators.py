"""The dictionary's figures of a window: their sums, and the list of exactly the cases behind each number."""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from huiyin.cases.models import Case
from huiyin.cases.queries.facts import Asked, Statement, bounds, facts, limits_of, on_sqlite, tenths_of_hours
from huiyin.cases.queries.measures import MEASURES, SOLVED, SPREADS
from huiyin.kit.statistics import quantile, wilson

SMALL = 100  # bases below this show how little they may say
Window = tuple[datetime, datetime]
BOUND = re.compile(r"%\(((?:first|end)(?:_\d+)?)\)s")  # a value that names the window
# Lines whose amounts are sums over what of a case lies in the window.
OF_THEIR_DAY = frozenset({"unreached", "followed_up_in_time", "scored", "satisfied", "dissatisfied"})
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
    """Every number of the dictionary for a window of any length: one statement, and two for what the handbooks allow.

    Each case is looked at once, however many months its dates lie in; months add up to their year all the same, for every
    line counts by one date of a case, or sums what lies in the window.
    """
    return _reckoned(asked, [(asked.first, asked.end)], [*MEASURES, *SPREADS])[0]


def reckon_each(asked: Asked, windows: Sequence[Window], lines: Collection[str]) -> list[Reckoning]:
    """These lines of the dictionary for each of the windows, all of them within the one `asked` for: together as one costs.

    What sums calls and duties by their own day is counted window by window.
    """
    if OF_THEIR_DAY.intersection(lines):
        return [_reckoned(asked.within(*one), [one], lines)[0] for one in windows]
    return _reckoned(asked, windows, lines)


def _reckoned(asked: Asked, windows: Sequence[Window], lines: Collection[str]) -> list[Reckoning]:
    base = facts(asked, limits_of(asked))
    measures, spreads = [name for name in MEASURES if name in lines], [name for name in SPREADS if name in lines]
    selects = [select for select in (_sums(measures), *map(_spread, spreads)) if select]
    values, parts = dict(base.values), []
    for place, window in enumerate(windows):
        values |= {f"w{place}_{name}": value for name, value in bounds(asked.within(*window)).items()}
        parts += [BOUND.sub(rf"%(w{place}_\1)s", select).replace("PLACE", f"{place}") for select in selects]
    hands = f", {HANDS}" if "hand_offs" in spreads else ""
    rows = Statement(f"{base.text}{hands} " + " UNION ALL ".join(parts), values).rows()
    return [_read([row[1:] for row in rows if row[0] == place], measures, spreads) for place in range(len(windows))]


def _read(rows: list[tuple[Any, ...]], measures: Sequence[str], spreads: Sequence[str]) -> Reckoning:
    counts: dict[str, dict[int, int]] = {name: {} for name in spreads}
    sums: list[int] = []
    for name, value, count in rows:
        if name in counts:
            counts[name][int(value)] = count
        else:
            sums = [int(one) for one in json.loads(value)]
    shares = {name: Share(*pair) for name, pair in zip(measures, zip(sums[::2], sums[1::2], strict=True), strict=True)}
    return Reckoning(shares, {name: Spread(found) for name, found in counts.items()})


def _sums(measures: Sequence[str]) -> str:
    """All numerators and bases in one row, as an array: the other rows of the statement have fewer columns."""
    wanted = []
    for measure in map(MEASURES.__getitem__, measures):
        wanted += [(measure.numerator(), measure.hit_n), (measure.base, measure.base_n)]
    if not wanted:
        return ""
    picked = ", ".join(f"COALESCE(SUM(CASE WHEN {when} THEN {amount} ELSE 0 END), 0)" for when, amount in wanted)
    array = f"json_array({picked})" if on_sqlite() else f"json_build_array({picked})::text"
    return f"SELECT PLACE AS place, 'sums' AS name, {array} AS value, 0 AS n FROM facts"  # noqa: S608 - our own text alone


def _spread(name: str) -> str:
    """How long first words took, how late solutions were, or how often cases changed hands: each value with its number."""
    value, source = {
        "first_word": (tenths_of_hours("COALESCE(first_word, closed_at, %(now)s)", "received_at"), "facts"),
        "overdue": (tenths_of_hours(SOLVED, "first_due_at"), "facts"),
        "hand_offs": ("COALESCE(hand_offs, 0)", "facts LEFT JOIN hands ON hands.case_id = id"),
    }[name]
    return (
        f"SELECT PLACE AS place, '{name}' AS name, CAST({value} AS TEXT) AS value, COUNT(*) AS n "  # noqa: S608
        f"FROM {source} WHERE {SPREADS[name]} GROUP BY 3"
    )


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
