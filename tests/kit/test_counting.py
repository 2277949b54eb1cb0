"""Counting by the law: the day of receipt does not count, a day off rolls, and the reasons say so."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kit.counting import (
    Reason,
    by_day_of_month,
    by_nth_working_day,
    explain,
    within_days,
    within_hours,
    within_working_days,
)
from huiyin.kit.periods import Period, UnknownPeriod
from huiyin.kit.workdays import published_calendar

CALENDAR = published_calendar(2019, 2026)


@pytest.mark.clause("S1.4.2.a")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 10, 1), date(2026, 10, 8)),
        (date(2025, 10, 1), date(2025, 10, 9)),
        (date(2026, 11, 20), date(2026, 11, 27)),
    ],
)
def test_a_week_from_receipt(received: date, due: date) -> None:
    assert within_days(received, 7, CALENDAR).day == due


def test_the_reasons_name_the_day_off_in_both_languages() -> None:
    reasons = within_days(date(2025, 10, 1), 7, CALENDAR).reasons
    assert (
        explain(reasons) == "2025-10-01 收到，当天不计；数 7 天，到 2025-10-08；2025-10-08 是放假日，顺延到 2025-10-09"
    )
    with translation.override("en"):
        assert explain(reasons).endswith("2025-10-08 is a day off, so it rolls on to 2025-10-09")


def test_a_weekend_does_not_roll() -> None:
    assert within_days(date(2026, 11, 21), 7, CALENDAR).day == date(2026, 11, 28)


@pytest.mark.parametrize(("roll", "day"), [("following", 9), ("none", 8)])
def test_rolling_is_a_setting(roll: str, day: int) -> None:
    assert within_days(date(2025, 10, 1), 7, CALENDAR, roll=roll).day == date(2025, 10, day)


def test_rolling_back_leaves_the_holiday() -> None:
    assert within_days(date(2025, 10, 1), 7, CALENDAR, roll="preceding").day == date(2025, 9, 30)


def test_a_fixed_day_never_rolls() -> None:
    october = Period.parse("2026-10")
    assert (by_day_of_month(october, 5).day, by_day_of_month(october, 5, inclusive=False).day) == (
        date(2026, 10, 5),
        date(2026, 10, 4),
    )
    assert by_day_of_month(Period.parse("2026-02"), 31).day == date(2026, 2, 28)


def test_working_days_and_hours() -> None:
    assert within_working_days(date(2026, 9, 30), 1, CALENDAR).day == date(2026, 10, 8)
    assert by_nth_working_day(2026, 10, 8, CALENDAR).day == date(2026, 10, 16)
    assert within_hours(datetime(2026, 11, 23, 10, tzinfo=UTC), 2)[0] == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_last_second_of_the_day() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert within_days(date(2026, 11, 20), 7, CALENDAR).at(zone).isoformat() == "2026-11-27T23:59:59+08:00"


def test_reasons_survive_being_kept() -> None:
    reason = Reason.of("days", n=7, day=date(2026, 11, 27))
    assert Reason.from_json(reason.as_json()) == reason


NAMES = [
    "2026",
    "2026H1",
    "2026H2",
    "2026Q1",
    "2026Q4",
    "2026-03",
    "2026-12",
    "2026-W07",
    "2026-W53",
    "2025-2026-1",
    "2025-2026-2",
]


@pytest.mark.parametrize("name", NAMES)
def test_periods_keep_their_names(name: str) -> None:
    period = Period.parse(name)
    assert (str(period), period.next().previous()) == (name, period)


@pytest.mark.parametrize(
    "name", ["", "2026-13", "2026Q5", "2026-W54", "2025-2027-1", "26", "2026-3", "abc", "1999", "2026H3", "２０２６"]
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(UnknownPeriod):
        Period.parse(name)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 1)))
def test_a_day_lies_in_its_periods(day: date) -> None:
    for period in (
        Period.month_of(day),
        Period.quarter_of(day),
        Period.half_of(day),
        Period.year_of(day),
        Period.week_of(day),
    ):
        assert period.contains(day)
        assert not period.next().contains(day)
        assert (period.next().first - period.last).days == 1
