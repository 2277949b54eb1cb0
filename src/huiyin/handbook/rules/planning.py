"""Turning recurring duties into dated ones, each with the reasons of its date. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.duties.rules import Asked
from huiyin.handbook.schema import Handbook, Recurring, Step, When
from huiyin.kit.counting import Due, Reason, by_day_of_month, by_nth_working_day
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import Calendar

FIRST_YEAR, LAST_YEAR = 2001, 2099
LAST_SECOND = time(23, 59, 59)


class WrongSiteKind(Refusal):
    """A handbook made for other kinds of site."""

    def __init__(self, book: Handbook) -> None:
        super().__init__(_("“%(title)s”不适用于这类站点。") % {"title": book.title}, "handbook")


class ImpossibleSpan(Refusal):
    def __init__(self) -> None:
        values = {"first": FIRST_YEAR, "last": LAST_YEAR}
        super().__init__(_("起止日期不对：要先起后止，在 %(first)s 年到 %(last)s 年之间。") % values, "from")


@dataclass(frozen=True)
class Planned:
    """One dated step that one clause asks for. `opens` and `due` are days, both included; `why` explains `due`."""

    handbook: str
    clause: str
    kind: str
    step: str
    period: str
    opens: date
    due: date
    provisional: bool
    why: tuple[Reason, ...]
    owner: str
    evidence: tuple[str, ...]

    def asked(self) -> Asked:
        """The duty to open: from the first second of `opens` to the last of `due`."""
        zone = timezone.get_default_timezone()
        return Asked(
            kind=self.kind,
            step=self.step,
            period=self.period,
            opens_at=datetime.combine(self.opens, time.min, tzinfo=zone),
            due_at=datetime.combine(self.due, LAST_SECOND, tzinfo=zone),
            handbook=self.handbook,
            clause=self.clause,
            why=self.why,
            provisional=self.provisional,
            owner_role=self.owner,
        )


class _Line(NamedTuple):
    book: Handbook
    duty: Recurring
    step: Step


def planned(
    handbooks: Iterable[Handbook], site_kind: str, calendar: Calendar, first: date, last: date
) -> list[Planned]:
    """Every dated step due from `first` to `last`, both included, in order of due day.

    A clause gives one row per period, carrying the step that it states; helper steps without a clause give none.
    Handbooks are not merged: where two ask for the same, each clause keeps its row. Refuses a handbook made for other
    kinds of site and days outside 2001 to 2099.
    """
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR or first > last:
        raise ImpossibleSpan
    rows = [row for line in _stated(handbooks, site_kind) for row in _dated(line, calendar, first, last)]
    return sorted(rows, key=lambda row: (row.due, row.handbook, row.clause, row.step, row.period))


def _stated(handbooks: Iterable[Handbook], site_kind: str) -> Iterator[_Line]:
    """Each step that a clause states, for this kind of site."""
    for book in handbooks:
        if site_kind not in book.site_kinds:
            raise WrongSiteKind(book)
        for duty in book.recurring:
            if site_kind in (duty.site_kinds or book.site_kinds):
                yield from (_Line(book, duty, step) for step in duty.steps if step.clauses and step.due)


def _dated(line: _Line, calendar: Calendar, first: date, last: date) -> Iterator[Planned]:
    book, duty, step = line
    rule = step.due or When()
    period = _earliest(duty, rule, first)
    while period.first <= last:
        due = due_of(period, rule, calendar)
        if first <= due.day <= last:
            opens = min(due_of(period, step.opens, calendar).day, due.day)
            why = (*due.reasons, Reason.of("ours")) if step.ours else due.reasons
            marks = (opens, due.day, due.provisional, why, book.post_of(step.owner), step.evidence)
            yield from (Planned(book.id, clause, duty.kind, step.step, str(period), *marks) for clause in step.clauses)
        period = period.next()


def _earliest(duty: Recurring, rule: When, first: date) -> Period:
    """A period early enough that nothing due on `first` or later is missed, rolling included."""
    reach = timedelta(days=31 * (rule.month + 2) + (rule.days_after or 0))
    return _period(duty.every, first - reach).previous()


def _period(every: str, day: date) -> Period:
    of = {
        "week": Period.week_of,
        "month": Period.month_of,
        "quarter": Period.quarter_of,
        "half": Period.half_of,
        "year": Period.year_of,
    }
    return of[every](day)


def due_of(period: Period, rule: When, calendar: Calendar) -> Due:
    """The day a rule names for a period, counted from the period's end."""
    if rule.days_after is not None:
        day = period.last + timedelta(days=rule.days_after)
        return _rolled(
            Due(day, (Reason.of("days_after", end=period.last, n=rule.days_after, day=day),)), rule, calendar
        )
    month = Period.month_of(period.last)
    for _month in range(rule.month):
        month = month.next()
    if rule.nth_working_day is not None:
        return by_nth_working_day(month.year, month.number, rule.nth_working_day, calendar)
    return _rolled(by_day_of_month(month, rule.day or 1, inclusive=rule.inclusive), rule, calendar)


def _rolled(due: Due, rule: When, calendar: Calendar) -> Due:
    """A fixed date moved off a named day off, where the handbook says so."""
    if rule.roll == "none":
        return due
    to = calendar.next_not_holiday(due.day) if rule.roll == "following" else calendar.last_not_holiday(due.day)
    reasons = list(due.reasons)
    if to != due.day:
        reasons.append(Reason.of("rolled_on" if to > due.day else "rolled_back", day=due.day, to=to))
    provisional = calendar.is_provisional(to)
    if provisional:
        reasons.append(Reason.of("provisional", year=to.year))
    return Due(to, tuple(reasons), provisional)
