"""Periods by their names in the procedures: 2026, 2026H1, 2026Q1, 2026-03, 2026-W07, 2025-2026-1."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from huiyin.kit.refusal import Refusal

DAY = timedelta(days=1)
_FORMS = {
    "semester": re.compile(r"(\d{4})-(\d{4})-([12])", re.ASCII),
    "week": re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    "month": re.compile(r"(\d{4})-(\d{2})", re.ASCII),
    "quarter": re.compile(r"(\d{4})Q([1-4])", re.ASCII),
    "half": re.compile(r"(\d{4})H([12])", re.ASCII),
    "year": re.compile(r"(\d{4})", re.ASCII),
}
_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_LABELS = {
    "year": N_("%(year)s年"),
    "half": N_("%(year)s年第%(number)s个半年"),
    "quarter": N_("%(year)s年第%(number)s季度"),
    "month": N_("%(year)s年%(number)s月"),
    "week": N_("%(year)s年第%(number)s周"),
    "semester": N_("%(year)s–%(next)s学年第%(number)s学期"),
}


class UnknownPeriod(Refusal):
    def __init__(self, text: str) -> None:
        super().__init__(_("看不懂这个期间：%(text)s") % {"text": text[:40]}, "period")


@dataclass(frozen=True, order=True)
class Period:
    """One period. `number` counts within the year, from 1; a year has number 1. A semester's year is the one it begins in."""

    kind: str
    year: int
    number: int = 1

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Refuses what is no period."""
        for kind, form in _FORMS.items():
            match = form.fullmatch(text)
            if match:
                return cls._checked(kind, [int(part) for part in match.groups()], text)
        raise UnknownPeriod(text)

    @classmethod
    def _checked(cls, kind: str, numbers: list[int], text: str) -> "Period":
        year, number = numbers[0], numbers[-1] if len(numbers) > 1 else 1
        highest = {"month": 12, "week": date(max(year, 1), 12, 28).isocalendar().week}.get(
            kind, 2 if kind == "semester" else 4
        )
        if not (2000 <= year <= 2100 and 1 <= number <= highest) or (kind == "semester" and numbers[1] != year + 1):
            raise UnknownPeriod(text)
        return cls(kind, year, number)

    @classmethod
    def month_of(cls, day: date) -> "Period":
        return cls("month", day.year, day.month)

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        return cls("quarter", day.year, (day.month + 2) // 3)

    @classmethod
    def half_of(cls, day: date) -> "Period":
        return cls("half", day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def year_of(cls, day: date) -> "Period":
        return cls("year", day.year)

    @classmethod
    def week_of(cls, day: date) -> "Period":
        year, week, _weekday = day.isocalendar()
        return cls("week", year, week)

    @property
    def first(self) -> date:
        """First day. A semester's days stand in the site's academic calendar, not here."""
        if self.kind == "week":
            return date.fromisocalendar(self.year, self.number, 1)
        return date(self.year, (self.number - 1) * self._months + 1, 1)

    @property
    def last(self) -> date:
        """Last day, included."""
        return self.next().first - DAY

    @property
    def _months(self) -> int:
        if self.kind not in _MONTHS:
            raise ValueError(self.kind)
        return _MONTHS[self.kind]

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last

    def next(self) -> "Period":
        if self.kind == "week":
            return self.week_of(self.first + 7 * DAY)
        return self._shifted(1)

    def previous(self) -> "Period":
        if self.kind == "week":
            return self.week_of(self.first - 7 * DAY)
        return self._shifted(-1)

    def _shifted(self, step: int) -> "Period":
        a_year = 2 if self.kind == "semester" else 12 // self._months
        years, number = divmod(self.year * a_year + self.number - 1 + step, a_year)
        return Period(self.kind, years, number + 1)

    def label(self) -> str:
        """In the active language."""
        return gettext(_LABELS[self.kind]) % {"year": self.year, "next": self.year + 1, "number": self.number}

    def __str__(self) -> str:
        forms = {
            "year": f"{self.year}",
            "half": f"{self.year}H{self.number}",
            "quarter": f"{self.year}Q{self.number}",
            "month": f"{self.year}-{self.number:02d}",
            "week": f"{self.year}-W{self.number:02d}",
            "semester": f"{self.year}-{self.year + 1}-{self.number}",
        }
        return forms[self.kind]
