"""A year of a residential site that follows three procedures, by acts: doing them keeps every duty, leaving one out leaves its own.

An act is what people do once: one census serves two procedures, one talk in March the quarter's and the half-year's clause.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from huiyin.duties.actions import discharge, open_duties
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN
from huiyin.duties.rules import Done
from huiyin.handbook.actions import adopt
from huiyin.handbook.rules import Planned, planned, shipped
from huiyin.kit.periods import Period
from huiyin.kit.workdays import published_calendar
from huiyin.organization.models import Company, Site
from huiyin.organization.rules import SYSTEM
from huiyin.references.actions import Wanted, issue
from huiyin.references.models import Reference
from huiyin.references.states import Kind

ZONE = ZoneInfo("Asia/Shanghai")
BOOKS = [shipped(name) for name in ("management-office", "property-company", "residential-community")]
CALENDAR = published_calendar(2025, 2027)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Act:
    """What people do once: named as section 5.7 of the design counts it, on a day, with the steps it takes."""

    name: str
    on: date
    kinds: tuple[str, ...]
    steps: tuple[str, ...]
    about: str = ""


def periods(name: str) -> list[Period]:
    """The periods of 2026: W01 to W52 by the week that ends in it, months, quarters, half-years."""
    first = {"week": Period.week_of, "month": Period.month_of, "quarter": Period.quarter_of, "half": Period.half_of}
    period, found = first[name](FIRST), []
    while period.last <= LAST:
        found.append(period)
        period = period.next()
    return found


def acts() -> Iterator[Act]:
    """Section 5.7: what a residential site with a committee does in a year."""
    for week in periods("week"):
        yield Act(
            "weekly digest", week.last + timedelta(days=1), ("complaint_digest",), ("submit", "review"), str(week)
        )
    for month in periods("month"):
        after = month.next().first + timedelta(days=2)
        yield Act("monthly digest", after, ("complaint_digest",), ("submit",), str(month))
        yield Act("public digest", after + timedelta(days=1), ("complaint_digest",), ("publish", "file"), str(month))
        yield Act("follow-up round", month.last - timedelta(days=1), ("follow_up_sample",), ("close",))
    for quarter in periods("quarter"):
        steps = ("draft", "finance_section", "submit", "review", "ratify", "publish")
        yield Act("service report", quarter.next().first + timedelta(days=6), ("service_report",), steps, str(quarter))
        yield Act("liaison talk", quarter.last - timedelta(days=20), ("committee_talk",), ("hold",))
        yield Act("community event", quarter.last - timedelta(days=40), ("event",), ("hold",))
    for half in periods("half"):
        steps = ("draft", "publish", "hold", "file")
        yield Act("consultation meeting", half.last - timedelta(days=15), ("consultation_meeting",), steps)
    yield Act("event plan", date(2026, 1, 20), ("event_plan",), ("submit", "ratify"))
    yield Act("mid-year survey", date(2026, 6, 15), ("mid_year_survey",), ("close",))
    yield Act("census", date(2026, 11, 20), ("year_end_survey", "annual_survey"), ("close",))
    yield Act("visit round", date(2026, 12, 1), ("visit_round",), ("close",))


YEAR = list(acts())


def year_of(row: Planned) -> bool:
    """Duties about 2026: its periods, whenever they fall due."""
    last = Period.parse(row.period).last
    return FIRST <= last <= LAST


@pytest.fixture
def paper(db: None) -> Reference:
    company = Company.objects.create(code="c", name="公司")
    site = Site.objects.create(company=company, code="yulan", kind="residential", name="玉兰苑")
    now = datetime(2026, 1, 1, tzinfo=ZONE)
    for book in BOOKS:
        adopt(site, book.id, by=SYSTEM, now=now, effective_on=FIRST)
    rows = planned(BOOKS, "residential", CALENDAR, FIRST, date(2027, 6, 30))
    open_duties(site, [row.asked() for row in rows if year_of(row)])
    return issue(site, Wanted(Kind.REPORT, "凭据"), now=now)[0]


def do(act: Act, paper: Reference) -> None:
    at = datetime.combine(act.on, time(10), tzinfo=ZONE)
    for step in act.steps:
        done = Done(act.kinds, at, step=step, about=act.about)
        discharge(paper.site, done, reference=paper, by=SYSTEM, now=at)


def left() -> set[tuple[str, str, str, str]]:
    return set(Duty.objects.filter(OPEN).values_list("clause", "kind", "step", "period"))


def serves(act: Act, row: Planned) -> bool:
    """Whether an act serves a duty, said without the ledger: the same thing, and the period named or its window."""
    same = row.kind in act.kinds and row.step in act.steps
    return same and (row.period == act.about if act.about else row.opens <= act.on <= row.due)


def test_the_acts_are_those_that_the_design_counts() -> None:
    assert Counter(act.name for act in YEAR) == {
        "weekly digest": 52,
        "monthly digest": 12,
        "public digest": 12,
        "follow-up round": 12,
        "service report": 4,
        "liaison talk": 4,
        "consultation meeting": 2,
        "community event": 4,
        "event plan": 1,
        "mid-year survey": 1,
        "census": 1,
        "visit round": 1,
    }


def test_doing_exactly_those_acts_keeps_every_duty(paper: Reference) -> None:
    assert Duty.objects.count() > 200
    for act in YEAR:
        do(act, paper)
    assert left() == set()
    late = Duty.objects.filter(done_at__gt=datetime(2027, 1, 31, tzinfo=ZONE))
    assert list(late) == []


ONE_OF_EACH = list({act.name: act for act in YEAR}.values())


@pytest.mark.parametrize("missing", ONE_OF_EACH, ids=lambda act: act.name.replace(" ", "-"))
def test_doing_one_less_leaves_exactly_what_it_served(missing: Act, paper: Reference) -> None:
    for act in YEAR:
        if act != missing:
            do(act, paper)
    rows = [row for row in planned(BOOKS, "residential", CALENDAR, FIRST, date(2027, 6, 30)) if year_of(row)]
    others = [act for act in YEAR if act != missing]
    only_its = [row for row in rows if serves(missing, row) and not any(serves(act, row) for act in others)]
    assert left() == {(row.clause, row.kind, row.step, row.period) for row in only_its}
    assert only_its


def test_an_act_a_day_too_late_is_late_for_ever(paper: Reference) -> None:
    for act in YEAR:
        on = act.on if act.name != "census" else date(2026, 12, 1)
        do(replace(act, on=on), paper)
    surveys = Duty.objects.filter(kind__in=("annual_survey", "year_end_survey"), done_at__isnull=False)
    late = {duty.clause: duty.done_at > duty.due_at for duty in surveys if duty.done_at}
    assert late == {"S4.4.2.6": True, "S3.2.11.a": False}
