"""A year of a residential site lived twice: once in peace, once killed at every statement of the work that opens duties.

A kill is an exception that nobody catches, raised before or after one statement reaches the database, as when the process
dies there: the transaction is rolled back and the next round begins anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from huiyin.clockwork import actions
from huiyin.duties.models import Duty
from huiyin.handbook.actions import adopt
from huiyin.handbook.models import Settled
from huiyin.handbook.rules import planned, shipped
from huiyin.kit.workdays import Calendar
from huiyin.organization.actions import load_calendar
from huiyin.organization.models import Company, Site
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import SYSTEM

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 1, 0, 5, tzinfo=ZONE)
BOOKS = ("management-office", "property-company", "residential-community")
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone."""


class Reaper:
    """Kills at the n-th statement, before it reaches the database or after."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.left, self.after = at, after

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        result = execute(sql, params, many, context)
        if self.left == 0:
            raise Killed
        return result


@contextmanager
def killed(at: int, *, after: bool) -> Iterator[Reaper]:
    reaper = Reaper(at, after=after)
    with connection.execute_wrapper(reaper):
        yield reaper


def town() -> Site:
    company = Company.objects.create(code="c", name="公司")
    site = Site.objects.create(company=company, code="yulan", kind="residential", name="玉兰苑")
    for book in BOOKS:
        adopt(site, book, by=SYSTEM, now=START, effective_on=START.date())
    return site


def ledger() -> list[tuple[Any, ...]]:
    """Every duty as a tuple; that each is there once is the table's own constraint, that none is missing this list's."""
    fields = ("handbook", "clause", "kind", "step", "period", "scope", "opens_at", "due_at", "not_applicable")
    return sorted(Duty.objects.values_list(*fields))


def owed_by(last: datetime) -> list[tuple[str, ...]]:
    """The duties that the plan holds begun by then, read off the handbooks without any ledger."""
    first, books = START.date(), [shipped(name) for name in BOOKS]
    rows = planned(books, "residential", working_calendar(), first, date(2027, 12, 31))
    return sorted(row.key for row in rows if row.is_owed_from(first) and row.opens <= last.date())


def days(count: int, step: int) -> list[datetime]:
    return [START + DAY * place for place in range(0, count, step)]


def in_peace(moments: list[datetime]) -> list[tuple[Any, ...]]:
    for now in moments:
        actions.open_recurring(now=now)
    lived = ledger()
    Duty.objects.all().delete()
    Settled.objects.all().delete()
    return lived


def round_killed_at(at: int, now: datetime, *, after: bool) -> bool:
    """Whether the kill struck: a round has only so many statements."""
    try:
        with killed(at, after=after):
            actions.open_recurring(now=now)
    except Killed:
        return True
    return False


def test_a_year_killed_at_every_fault_point_misses_and_doubles_nothing() -> None:
    """Each round is killed at its first statement, then at its second …, before and after it, until it gets through."""
    town()
    moments = days(368, 23)
    lived = in_peace(moments)
    kills = 0
    for now in moments:
        at = 1
        while round_killed_at(at, now, after=False) or round_killed_at(at, now, after=True):
            at, kills = at + 1, kills + 2
    assert ledger() == lived
    assert [row[:6] for row in lived] == owed_by(moments[-1])
    assert kills > 100


def test_two_workers_and_long_sleep_open_the_same() -> None:
    """A worker that ran every third day and one that slept for months find the same ledger."""
    town()
    daily = in_peace(days(368, 3))
    for now in (START, START, START + 200 * DAY, START + 199 * DAY, START + 366 * DAY):
        actions.open_recurring(now=now)
    assert ledger() == daily


def test_the_year_after_a_schedule_is_published_is_counted_anew() -> None:
    """A year reckoned by weekends is provisional; loading it moves what is open, and nothing twice."""
    town()
    actions.open_recurring(now=START + 95 * DAY)  # 6 April 2026, no schedule loaded at all
    due = Duty.objects.get(clause="S4.4.2.5.c", period="2026Q1")
    assert (due.provisional, due.due_at.astimezone(ZONE).date()) == (True, date(2026, 4, 10))
    off = frozenset({date(2026, 4, day) for day in (4, 5, 6)})
    load_calendar(Calendar(off, frozenset(), frozenset({2026})), source="notice", by=SYSTEM, now=START)
    for _run in range(2):
        actions.recount(now=START + 95 * DAY)
    due.refresh_from_db()
    assert (due.provisional, due.due_at.astimezone(ZONE).date()) == (False, date(2026, 4, 13))
    assert Duty.objects.filter(clause="S4.4.2.5.c", period="2026Q1").count() == 1
