"""Working days by the State Council's yearly notice: days off it names, weekend days it makes up (调休)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up days of the published years. A year that is not `published` is reckoned by weekends alone."""

    days_off: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()
    published: frozenset[int] = frozenset()
    version: str = ""

    def is_holiday(self, day: date) -> bool:
        """Whether the notice names it as a day off; plain weekends are not named."""
        return day in self.days_off

    def is_working(self, day: date) -> bool:
        return day in self.make_up or (day.weekday() < SATURDAY and day not in self.days_off)

    def is_provisional(self, day: date) -> bool:
        return day.year not in self.published

    def next_not_holiday(self, day: date) -> date:
        while self.is_holiday(day):
            day += DAY
        return day

    def last_not_holiday(self, day: date) -> date:
        while self.is_holiday(day):
            day -= DAY
        return day

    def _working_from(self, day: date) -> Iterator[date]:
        while True:
            if self.is_working(day):
                yield day
            day += DAY

    def nth_working_day(self, year: int, month: int, n: int) -> date:
        """The n-th working day on or after the first of a month, n from 1."""
        if n < 1:
            raise ValueError(n)
        days = self._working_from(date(year, month, 1))
        return next(day for count, day in enumerate(days, start=1) if count == n)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself does not count; n from 1."""
        days = self._working_from(day + DAY)
        return next(found for count, found in enumerate(days, start=1) if count == n)

    def working_days(self, first: date, last: date) -> int:
        """How many from `first` to `last`, both included."""
        return sum(self.is_working(first + DAY * step) for step in range((last - first).days + 1))


def published_calendar(first_year: int, last_year: int) -> Calendar:
    """What the `holidays` package knows of these years; a year whose make-up days are unknown is left out as unpublished."""
    import holidays  # noqa: PLC0415 - slow to load, only where years are loaded

    off: set[date] = set()
    make_up: set[date] = set()
    published: set[int] = set()
    for year in range(first_year, last_year + 1):
        known = holidays.country_holidays("CN", years=year)
        worked = {day for day in known.weekend_workdays if day.year == year}
        if worked:
            off |= _with_weekends({day for day in known if day.year == year}, worked)
            make_up |= worked
            published.add(year)
    return Calendar(frozenset(off), frozenset(make_up), frozenset(published), f"holidays {version('holidays')}")


def statutory_days(year: int) -> frozenset[date]:
    """The days that the law itself makes holidays (全国年节及纪念日放假办法 §2), without what a notice moves or adds."""
    import holidays  # noqa: PLC0415 - as above

    named = holidays.country_holidays("CN", years=year, language="en_US")
    moved = ("(observed)", "Day off", "Extended")
    return frozenset(day for day, name in named.items() if day.year == year and not any(word in name for word in moved))


def _with_weekends(named: set[date], worked: set[date]) -> set[date]:
    """The notice counts the weekend beside or inside a holiday as part of it; the package lists weekdays alone."""
    for _day_of_weekend in range(2):
        beside = {day + step for day in named for step in (DAY, -DAY)}
        named = named | {day for day in beside if day.weekday() >= SATURDAY and day not in worked}
    return named
