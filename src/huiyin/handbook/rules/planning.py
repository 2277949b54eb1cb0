"""Turning recurring duties into dated ones, each with the reasons of its date. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.duties.rules import Asked
from huiyin.handbook.rules.facts import NOTHING_KNOWN, Facts, Span
from huiyin.handbook.schema import Handbook, Recurring, Step, When
from huiyin.kit.counting import Due, Reason, by_day_of_month, by_nth_working_day, within_working_days
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


@dataclass(frozen=True, slots=True)
class Planned:
    """One dated step that one clause asks for. `opens` and `due` are days, both included; `why` explains `due`.

    `ends` is the last day of the period it is about. `scope` names the cluster or part it is owed for, `quota` the one
    that says how many, `lacking` why it does not apply.
    """

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
    papers: tuple[str, ...]
    ends: date
    scope: str = ""
    quota: str = ""
    lacking: str = ""

    def is_owed_from(self, first_day: date) -> bool:
        """Whether a site that follows the handbook from `first_day` on owes this: what begins then, and what is under way."""
        return first_day <= self.opens or first_day <= min(self.ends, self.due)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it this duty and no other of its site."""
        return (self.handbook, self.clause, self.kind, self.step, self.period, self.scope)

    def asked(self, edition: str = "") -> Asked:
        """The duty to open, judged by an edition: from the first second of `opens` to the last of `due`."""
        zone = timezone.get_default_timezone()
        return Asked(
            kind=self.kind,
            step=self.step,
            period=self.period,
            scope=self.scope,
            opens_at=datetime.combine(self.opens, time.min, tzinfo=zone),
            due_at=datetime.combine(self.due, LAST_SECOND, tzinfo=zone),
            handbook=self.handbook,
            clause=self.clause,
            edition=edition,
            why=self.why,
            provisional=self.provisional,
            owner_role=self.owner,
            papers=self.papers,
            not_applicable=self.lacking,
        )


class _Line(NamedTuple):
    book: Handbook
    duty: Recurring
    step: Step


class _Ground(NamedTuple):
    """What dates hang on beside the handbooks."""

    site_kind: str
    calendar: Calendar
    facts: Facts


def planned(
    handbooks: Iterable[Handbook],
    site_kind: str,
    calendar: Calendar,
    first: date,
    last: date,
    *,
    facts: Facts = NOTHING_KNOWN,
) -> list[Planned]:
    """Every dated step due from `first` to `last`, both included, in order of due day.

    A clause gives one row per period (and cluster or part), carrying the step that it states; helper steps without a
    clause give none. Handbooks are not merged: where two ask for the same, each clause keeps its row. Refuses a handbook
    made for other kinds of site and days outside 2001 to 2099.
    """
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR or first > last:
        raise ImpossibleSpan
    return _planned(tuple(handbooks), _Ground(site_kind, calendar, facts), first, last)


def _planned(handbooks: tuple[Handbook, ...], ground: _Ground, first: date, last: date) -> list[Planned]:
    """What is alike at every site of a kind is counted once; only what hangs on the site's own facts is counted anew."""
    rows = list(_alike(handbooks, ground._replace(facts=NOTHING_KNOWN), first, last))
    own = (line for line in _stated(handbooks, ground.site_kind) if _hangs_on_facts(line.duty))
    rows += [row for line in own for row in _dated(line, ground, first, last)]
    return sorted(rows, key=lambda row: (row.due, row.key))


@lru_cache(maxsize=256)
def _alike(handbooks: tuple[Handbook, ...], ground: _Ground, first: date, last: date) -> tuple[Planned, ...]:
    lines = (line for line in _stated(handbooks, ground.site_kind) if not _hangs_on_facts(line.duty))
    return tuple(row for line in lines for row in _dated(line, ground, first, last))


def _hangs_on_facts(duty: Recurring) -> bool:
    return duty.every == "semester" or duty.per != "site" or bool(duty.needs or duty.phases)


def upon(
    handbooks: Iterable[Handbook],
    site_kind: str,
    occasion: str,
    day: date,
    *,
    calendar: Calendar,
    facts: Facts = NOTHING_KNOWN,
) -> list[Planned]:
    """The steps that an occasion sets off, counted from its day: minutes after a meeting, a record after an event."""
    ground, span = _Ground(site_kind, calendar, facts), Span("", day, day)
    lines = (line for line in _stated(handbooks, site_kind) if line.duty.on == occasion)
    rows = [row for line in lines for row in _rows(line, span, "", ground)]
    return sorted(rows, key=lambda row: (row.due, row.key))


def _stated(handbooks: Iterable[Handbook], site_kind: str) -> Iterator[_Line]:
    """Each step that a clause states, for this kind of site."""
    for book in handbooks:
        if site_kind not in book.site_kinds:
            raise WrongSiteKind(book)
        for duty in book.recurring:
            if site_kind in (duty.site_kinds or book.site_kinds):
                yield from (_Line(book, duty, step) for step in duty.steps if step.clauses and step.due)


def _dated(line: _Line, ground: _Ground, first: date, last: date) -> Iterator[Planned]:
    for span, scope in _owed(line, first, last, ground.facts):
        yield from (row for row in _rows(line, span, scope, ground) if first <= row.due <= last)


def _rows(line: _Line, span: Span, scope: str, ground: _Ground) -> Iterator[Planned]:
    """The rows of one step for one span: one per clause."""
    (book, duty, step), (_kind, calendar, facts) = line, ground
    due = due_of(span, step.due or When(), calendar)
    opens = min(due_of(span, step.opens or _beginning(duty), calendar).day, due.day)
    why = (*due.reasons, Reason.of("ours")) if step.ours else due.reasons
    if duty.every == "semester" and span not in facts.terms:
        why = (*why, Reason.of("usual_terms"))
    marks = (opens, due.day, due.provisional, why, book.post_of(step.owner), step.evidence, span.last)
    more = (scope, duty.quota or "", facts.why_not(duty.needs))
    yield from (Planned(book.id, clause, duty.kind, step.step, span.name, *marks, *more) for clause in step.clauses)


def _beginning(duty: Recurring) -> When:
    """Where a step does not say from when on it can be done: from the start of the period, or from the occasion."""
    return When(days_after=0) if duty.every == "occasion" else When(day_of_period=1)


def _owed(line: _Line, first: date, last: date, facts: Facts) -> Iterator[tuple[Span, str]]:
    """Each span of a duty with what it is owed for: the site (empty), a cluster, a part under warranty."""
    duty = line.duty
    for span in _spans(line, first, last, facts):
        if duty.per == "warranty_part":
            parts = (part for part in facts.parts if part.meets(span))
            yield from ((span.within(part), f"part:{part.name}") for part in parts)
        elif not _in_phase(duty, span, facts):
            continue
        elif duty.per == "cluster" and facts.clusters:
            yield from ((span, f"cluster:{code}") for code in facts.clusters)
        else:
            yield span, ""


def _in_phase(duty: Recurring, span: Span, facts: Facts) -> bool:
    if not duty.phases or facts.phases is None:
        return True
    return any(phase.name in duty.phases and phase.meets(span) for phase in facts.phases)


def _spans(line: _Line, first: date, last: date, facts: Facts) -> Iterator[Span]:
    """The periods of a duty that may fall due between two days."""
    duty = line.duty
    if duty.every == "occasion":
        return
    if duty.every == "semester":
        yield from facts.semesters(first, last)
        return
    period = _earliest(duty, line.step.due or When(), first)
    while period.first <= last:
        yield Span(str(period), period.first, period.last)
        period = period.next()


def _earliest(duty: Recurring, rule: When, first: date) -> Period:
    """A period early enough that nothing due on `first` or later is missed, rolling included."""
    beyond = (rule.days_after or 0) + 2 * (rule.working_days_after or 0)
    reach = timedelta(days=31 * (max(rule.month, 0) + 2) + beyond)
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


def due_of(span: Span, rule: When, calendar: Calendar) -> Due:
    """The day a rule names for a span of days."""
    if rule.nth_working_day is not None or rule.day is not None:
        return _in_month(span, rule, calendar)
    if rule.working_days_after is not None:
        return within_working_days(span.last, rule.working_days_after, calendar, said="counted_from")
    if rule.days_after is not None:
        day = span.last + timedelta(days=rule.days_after)
        reason = Reason.of("days_after", end=span.last, n=rule.days_after, day=day)
    elif rule.days_before_end is not None:
        day = max(span.last - timedelta(days=rule.days_before_end), span.first)
        reason = Reason.of("days_before_end", end=span.last, n=rule.days_before_end, day=day)
        if not rule.days_before_end:
            reason = Reason.of("last_day", day=day)
    else:
        day = min(span.first + timedelta(days=(rule.day_of_period or 1) - 1), span.last)
        reason = Reason.of("day_of_period", start=span.first, n=rule.day_of_period or 1, day=day)
    return _rolled(Due(day, (reason,)), rule, calendar)


def _in_month(span: Span, rule: When, calendar: Calendar) -> Due:
    month = Period.month_of(span.last)
    for _month in range(abs(rule.month)):
        month = month.next() if rule.month > 0 else month.previous()
    if rule.nth_working_day is None:
        return _rolled(by_day_of_month(month, rule.day or 1, inclusive=rule.inclusive), rule, calendar)
    due = by_nth_working_day(month.year, month.number, rule.nth_working_day, calendar)
    if rule.no_later_than is None or due.day.day <= rule.no_later_than:
        return due
    cap = due.day.replace(day=rule.no_later_than)
    return Due(cap, (*due.reasons, Reason.of("no_later_than", day=cap)), due.provisional)


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
