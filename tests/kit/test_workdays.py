"""Working days against the published notices, and against a second library."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kit.counting import within_days, within_working_days
from huiyin.kit.workdays import Calendar, published_calendar

CALENDAR = published_calendar(2019, 2027)
DAY = timedelta(days=1)
DAYS = st.dates(date(2019, 1, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2019, 10, 16), (2020, 10, 19), (2021, 10, 18), (2022, 10, 17), (2023, 10, 16), (2024, 10, 16), (2025, 10, 17),
        (2026, 1, 13), (2026, 4, 13), (2026, 7, 10), (2026, 10, 16),
    ],
)  # fmt: skip
def test_the_eighth_working_day(year: int, month: int, expected: int) -> None:
    assert CALENDAR.nth_working_day(year, month, 8) == date(year, month, expected)


def test_every_day_agrees_with_the_second_opinion() -> None:
    days = [date(2019, 1, 1) + DAY * step for step in range(8 * 365 + 2)]
    assert [day for day in days if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)] == []


def test_the_national_day_notice_of_2025() -> None:
    off = {date(2025, 10, day) for day in range(1, 9)}
    assert {day for day in CALENDAR.days_off if day.year == 2025 and day.month == 10} == off
    assert {day for day in CALENDAR.make_up if day > date(2025, 9, 1) and day.year == 2025} == {
        date(2025, 9, 28),
        date(2025, 10, 11),
    }


def test_a_plain_weekend_is_no_named_day_off() -> None:
    assert (CALENDAR.is_holiday(date(2026, 11, 28)), CALENDAR.is_working(date(2026, 11, 28))) == (False, False)


def test_an_unpublished_year_is_provisional() -> None:
    assert (CALENDAR.is_provisional(date(2027, 3, 1)), CALENDAR.is_provisional(date(2026, 3, 1))) == (True, False)


@given(start=DAYS, days=st.integers(1, 30), extra=st.dates(date(2019, 1, 1), date(2026, 12, 31)))
def test_adding_a_day_off_never_moves_a_deadline_earlier(start: date, days: int, extra: date) -> None:
    more = Calendar(CALENDAR.days_off | {extra}, CALENDAR.make_up - {extra}, CALENDAR.published)
    assert within_working_days(start, days, more).day >= within_working_days(start, days, CALENDAR).day
    assert within_days(start, days, more).day >= within_days(start, days, CALENDAR).day


@given(start=DAYS, n=st.integers(1, 60))
def test_so_many_working_days_lie_between(start: date, n: int) -> None:
    assert CALENDAR.working_days(start + DAY, CALENDAR.add_working_days(start, n)) == n
