"""What the dates of a site's duties hang on beside its handbooks: terms, phases, parts under warranty, clusters. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from huiyin.kit.periods import Period

# Where a site has no academic calendar of its own: the days on which terms usually begin and end.
USUAL_TERMS = (((9, 1), (1, 20)), ((2, 20), (7, 10)))


@dataclass(frozen=True)
class Span:
    """Days a duty is about, both included. `name` is the period's: 2026Q1, 2025-2026-1; empty for an occasion."""

    name: str
    first: date
    last: date

    def meets(self, other: "Span") -> bool:
        return self.first <= other.last and other.first <= self.last

    def within(self, other: "Span") -> "Span":
        """The days both have. Only for spans that meet."""
        return Span(self.name, max(self.first, other.first), min(self.last, other.last))


@dataclass(frozen=True)
class Facts:
    """Facts of one site. A span of `terms` is named by its semester, of `phases` by the phase, of `parts` by the part.

    A semester not among the `terms` has the usual days; `phases` None = every phase at every time.
    `lacking` pairs what is not there with why.
    """

    terms: tuple[Span, ...] = ()
    phases: tuple[Span, ...] | None = None
    parts: tuple[Span, ...] = ()
    clusters: tuple[str, ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()

    def why_not(self, need: str | None) -> str:
        """Why what a duty needs is not there; empty where it is."""
        return dict(self.lacking).get(need or "", "")

    def semesters(self, first: date, last: date) -> Iterator[Span]:
        """The terms from well before `first` up to those that begin on `last`; the usual days where none are stated."""
        stated = {term.name: term for term in self.terms}
        period = Period("semester", first.year - 2, 1)
        while period.year <= last.year:
            term = stated.get(str(period)) or usual_term(period)
            if term.first <= last:
                yield term
            period = period.next()


def usual_term(period: Period) -> Span:
    """A semester where the site has not said when it begins and ends."""
    (first_month, first_day), (last_month, last_day) = USUAL_TERMS[period.number - 1]
    year = period.year + period.number - 1
    return Span(str(period), date(year, first_month, first_day), date(period.year + 1, last_month, last_day))


NOTHING_KNOWN = Facts()
