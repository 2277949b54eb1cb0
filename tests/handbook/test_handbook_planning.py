"""Recurring duties become dated ones, and each date can be explained."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.handbook.rules import ImpossibleSpan, WrongSiteKind, due_of, planned, shipped
from huiyin.handbook.schema import Handbook, When
from huiyin.kit.counting import explain
from huiyin.kit.periods import Period
from huiyin.kit.workdays import Calendar, published_calendar

CALENDAR = published_calendar(2019, 2026)
OFFICE = shipped("management-office")
COMPANY = shipped("property-company")


@pytest.mark.clause("S3.2.3.c", "S3.2.3.d", "S3.2.3.e")
def test_the_digest_of_september_is_due_on_the_fifth_though_it_is_a_holiday() -> None:
    rows = planned([OFFICE], "residential", CALENDAR, date(2026, 10, 1), date(2026, 10, 31))
    told = [(row.clause, row.kind, row.step, row.period, row.opens, row.due, row.provisional) for row in rows]
    opens, due = date(2026, 10, 1), date(2026, 10, 5)
    assert CALENDAR.is_holiday(due)
    assert told == [
        ("S3.2.3.c", "complaint_digest", "submit", "2026-09", opens, due, False),
        ("S3.2.3.d", "complaint_digest", "publish", "2026-09", opens, due, False),
        ("S3.2.3.e", "complaint_digest", "file", "2026-09", opens, due, False),
    ]


@pytest.mark.clause("S4.4.2.1.6.c", "S4.4.2.1.6.d")
def test_the_company_asks_for_two_hand_ins_by_the_fifth() -> None:
    rows = planned([COMPANY], "single_owner", CALENDAR, date(2026, 1, 1), date(2026, 1, 31))
    assert [(row.clause, row.step, row.period, row.due, row.owner) for row in rows] == [
        ("S4.4.2.1.6.c", "submit", "2025-12", date(2026, 1, 5), "service_assistant"),
        ("S4.4.2.1.6.d", "submit", "2025-12", date(2026, 1, 5), "site_manager"),
    ]


def test_the_reasons_say_that_the_day_counts_and_what_is_ours() -> None:
    submit, publish, _file = planned([OFFICE], "residential", CALENDAR, date(2026, 10, 1), date(2026, 10, 31))
    assert explain(submit.why) == "当月 5 日为止，含当日，不顺延"
    assert explain(publish.why) == "当月 5 日为止，含当日，不顺延；原文没有写期限，这是我们定的默认值"


def test_each_clause_gives_one_row_a_month_and_handbooks_are_not_merged() -> None:
    rows = planned([OFFICE, COMPANY], "residential", CALENDAR, date(2026, 1, 1), date(2026, 12, 31))
    assert len(rows) == 12 * 5
    assert len({(row.clause, row.period) for row in rows}) == len(rows)
    assert [row.due for row in rows] == sorted(row.due for row in rows)


def test_the_series_crosses_new_year_and_a_leap_day() -> None:
    rows = planned([OFFICE], "residential", CALENDAR, date(2023, 12, 31), date(2024, 3, 31))
    periods = [(row.period, row.due) for row in rows if row.step == "submit"]
    assert periods == [("2023-12", date(2024, 1, 5)), ("2024-01", date(2024, 2, 5)), ("2024-02", date(2024, 3, 5))]


def test_both_ends_of_the_span_belong_to_it() -> None:
    due = date(2026, 10, 5)
    assert len(planned([OFFICE], "residential", CALENDAR, due, due)) == 3
    assert planned([OFFICE], "residential", CALENDAR, due + timedelta(days=1), due + timedelta(days=20)) == []


def test_a_step_without_a_clause_gives_no_row() -> None:
    steps = {row.step for row in planned([OFFICE], "residential", CALENDAR, date(2026, 1, 1), date(2026, 12, 31))}
    assert [step.step for step in OFFICE.recurring[0].steps] == ["draft", "submit", "publish", "file"]
    assert steps == {"submit", "publish", "file"}


def test_a_duty_for_other_sites_is_left_out() -> None:
    office_only = msgspec.structs.replace(OFFICE.recurring[0], site_kinds=("single_owner",))
    book = msgspec.structs.replace(OFFICE, recurring=(office_only,))
    assert planned([book], "residential", CALENDAR, date(2026, 1, 1), date(2026, 12, 31)) == []


def test_a_handbook_for_other_sites_is_refused() -> None:
    with pytest.raises(WrongSiteKind):
        planned([OFFICE], "engineering", CALENDAR, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 2, 1), date(2026, 1, 1)), (date.min, date(2026, 1, 1)), (date(2026, 1, 1), date.max)],
)
def test_an_impossible_span_is_refused(first: date, last: date) -> None:
    with pytest.raises(ImpossibleSpan):
        planned([OFFICE], "residential", CALENDAR, first, last)


def by(due: When, every: str) -> Handbook:
    """The office's handbook with one step, due by another rule."""
    submit = msgspec.structs.replace(OFFICE.recurring[0].steps[1], due=due, opens=When(days_after=1))
    duty = msgspec.structs.replace(OFFICE.recurring[0], every=every, steps=(submit,))
    return msgspec.structs.replace(OFFICE, recurring=(duty,))


@pytest.mark.parametrize(
    ("year", "due"), [(2019, 16), (2020, 19), (2021, 18), (2022, 17), (2023, 16), (2024, 16), (2025, 17), (2026, 16)]
)
def test_the_eighth_working_day_of_october(year: int, due: int) -> None:
    rows = planned(
        [by(When(nth_working_day=8), "quarter")], "residential", CALENDAR, date(year, 10, 1), date(year, 10, 31)
    )
    assert [(row.period, row.due, row.provisional) for row in rows] == [(f"{year}Q3", date(year, 10, due), False)]


def test_a_working_day_of_an_unpublished_year_is_provisional() -> None:
    book = by(When(nth_working_day=8), "quarter")
    (row,) = planned([book], "residential", CALENDAR, date(2030, 1, 1), date(2030, 3, 31))
    assert (row.period, row.provisional) == ("2029Q4", True)


def test_a_week_is_due_so_many_days_after_it_ended() -> None:
    rows = planned([by(When(days_after=1), "week")], "residential", CALENDAR, date(2026, 12, 28), date(2027, 1, 4))
    assert [(row.period, row.due) for row in rows] == [("2026-W52", date(2026, 12, 28)), ("2026-W53", date(2027, 1, 4))]


@pytest.mark.parametrize(
    ("rule", "due", "codes"),
    [
        (When(day=5), date(2026, 10, 5), ["by_day"]),
        (When(day=5, inclusive=False), date(2026, 10, 4), ["before_day"]),
        (When(day=5, roll="following"), date(2026, 10, 8), ["by_day", "rolled_on"]),
        (When(day=5, roll="preceding"), date(2026, 9, 30), ["by_day", "rolled_back"]),
        (When(day=31, month=2), date(2026, 11, 30), ["by_day"]),
        (When(day=20, month=0), date(2026, 9, 20), ["by_day"]),
        (When(days_after=10), date(2026, 10, 10), ["days_after"]),
    ],
)
def test_each_way_to_name_a_day(rule: When, due: date, codes: list[str]) -> None:
    found = due_of(Period.parse("2026-09"), rule, CALENDAR)
    assert (found.day, [reason.code for reason in found.reasons]) == (due, codes)
    assert explain(found.reasons)


DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))


@given(DAYS, st.integers(1, 15), st.integers(1, 10))
def test_adding_a_holiday_never_moves_a_working_day_deadline_earlier(holiday: date, n: int, month: int) -> None:
    more = replace(CALENDAR, days_off=CALENDAR.days_off | {holiday}, make_up=CALENDAR.make_up - {holiday})
    period = Period("month", 2026, month)
    assert due_of(period, When(nth_working_day=n), more).day >= due_of(period, When(nth_working_day=n), CALENDAR).day


@given(DAYS, st.integers(1, 28))
def test_adding_a_holiday_never_moves_a_fixed_date_that_does_not_roll(holiday: date, day: int) -> None:
    more = Calendar(CALENDAR.days_off | {holiday}, CALENDAR.make_up, CALENDAR.published)
    period = Period.parse("2026-03")
    assert due_of(period, When(day=day), more).day == date(2026, 4, day)
