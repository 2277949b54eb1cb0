"""Asking all the rules."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from huiyin.handbook.linter.between import BETWEEN_BOOKS
from huiyin.handbook.linter.dates import IN_TIME
from huiyin.handbook.linter.findings import Finding
from huiyin.handbook.linter.own import OF_ONE_BOOK
from huiyin.handbook.linter.sources import Asking, Source
from huiyin.handbook.linter.words import SEVERITIES
from huiyin.kit.workdays import Calendar

__all__ = ["Source", "ahead", "findings", "impossible", "worst_first"]

A_YEAR = timedelta(days=364)

RULES = (*IN_TIME, *BETWEEN_BOOKS, *OF_ONE_BOOK)


def findings(
    sources: Sequence[Source], site_kind: str | None, calendar: Calendar, first: date, last: date
) -> list[Finding]:
    """What is wrong with handbooks followed together, worst first.

    Days are judged from `first` to `last`, both included; a month whose year's schedule is not published yet is judged
    by the same month of the published years. Without a kind of site every kind that a handbook is made for is looked at.
    """
    return list(_findings(tuple(sources), site_kind, calendar, first, last))


@lru_cache(maxsize=128)
def _findings(
    sources: tuple[Source, ...], site_kind: str | None, calendar: Calendar, first: date, last: date
) -> tuple[Finding, ...]:
    """Sites alike in all of this have the same findings."""
    made_for = dict.fromkeys(kind for source in sources for kind in source.book.site_kinds)
    kinds = (site_kind,) if site_kind else tuple(made_for)
    fitting = tuple(source for source in sources if set(kinds) & set(source.book.site_kinds))
    fitting = tuple(sorted(fitting, key=lambda source: source.book.id))  # the same finding whatever the order
    asking = Asking(fitting, kinds, calendar, first, last)
    found = dict.fromkeys(finding for rule in RULES for finding in rule(asking))
    return tuple(worst_first(found))


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """By severity, then by handbook and line."""
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.handbook, one.line, one.code))


def impossible(found: Iterable[Finding]) -> list[Finding]:
    """Those that nobody can keep as written: they need a decision before a handbook is adopted."""
    return [finding for finding in found if finding.severity == "impossible"]


def ahead(calendar: Calendar, first: date) -> date:
    """How far to look: twelve months, and to the end of the first year whose schedule is not published.

    Whoever follows a handbook follows it beyond the published schedules: an October that went wrong before is in sight.
    """
    unknown = max((*calendar.published, first.year - 1)) + 1
    return max(first + A_YEAR, date(unknown, 12, 31))
