"""The dictionary's figures as rows of a page or a sheet: number, base, what it may say, where its cases are listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import queries as cases
from huiyin.cases.queries.facts import Asked
from huiyin.cases.queries.indicators import Reckoning, Share, Spread
from huiyin.cases.rules.indicators import Indicator, Line, indicators
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Building, Cluster, Department, Site, User
from huiyin.organization.queries import clusters_of, picture_of, staff_at
from huiyin.organization.rules import Actor
from huiyin.reports.queries import window

LAST_YEAR = "12"  # the twelve months that end with this one
LONGEST = timedelta(days=366 * 3)
NARROWED = ("building", "cluster", "category", "department", "person")


class WrongDates(Refusal):
    def __init__(self, field: str) -> None:
        super().__init__(gettext_lazy("请写开始和结束两天，先后不能颠倒，最长三年。"), field)


@dataclass(frozen=True)
class Chosen:
    """What the page is asked for: a stretch of time under its name, and what it is narrowed to."""

    period: str
    label: str
    first: datetime
    end: datetime
    narrowed: dict[str, str]
    problem: str = ""

    def query(self, **changes: str) -> str:
        asked = {"period": self.period, **self.narrowed} | changes
        if not asked["period"]:
            last = timezone.localdate(self.end) - timedelta(days=1)
            asked |= {"from": f"{timezone.localdate(self.first)}", "to": f"{last}"}
        return urlencode({name: value for name, value in asked.items() if value})


def chosen(request: HttpRequest, now: datetime) -> Chosen:
    """The period and the narrowing of the address; what can not be read falls back to this month and says so."""
    narrowed = {name: request.GET.get(name, "")[:40] for name in NARROWED}
    month = Period.month_of(timezone.localdate(now))
    asked = (request.GET.get("period") or request.GET.get("month") or "")[:12]
    try:
        if request.GET.get("from") or request.GET.get("to"):
            first, end = own_dates(request.GET.get("from", ""), request.GET.get("to", ""))
            last = timezone.localdate(end) - timedelta(days=1)
            label = _("%(first)s 至 %(last)s") % {"first": timezone.localdate(first), "last": last}
            return Chosen("", label, first, end, narrowed)
        if asked == LAST_YEAR:
            first, end = window(_back(month, 11))[0], window(month)[1]
            return Chosen(asked, _("近十二个月"), first, end, narrowed)
        period = Period.parse(asked) if asked else month
        if period.kind == "semester":
            raise WrongDates("period")
        return Chosen(str(period), period.label(), *window(period), narrowed)
    except Refusal as refusal:
        return Chosen(str(month), month.label(), *window(month), narrowed, str(refusal))


def own_dates(first: str, last: str) -> tuple[datetime, datetime]:
    """From the midnight a day begins with to the midnight another ends with; days as 2026-11-23. Refuses what is no stretch."""
    zone = timezone.get_default_timezone()
    try:
        days = (date.fromisoformat(first[:10]), date.fromisoformat(last[:10]) + timedelta(days=1))
        start, end = (datetime.combine(day, time.min, tzinfo=zone) for day in days)
    except (ValueError, OverflowError) as problem:
        raise WrongDates("from") from problem
    if not timedelta(0) < end - start <= LONGEST or not 2000 <= start.year < 2100:
        raise WrongDates("to")
    return start, end


def _back(month: Period, months: int) -> Period:
    for _turn in range(months):
        month = month.previous()
    return month


def last_months(now: datetime) -> list[Period]:
    """The twelve months that end with this one, oldest first."""
    month = Period.month_of(timezone.localdate(now))
    return [_back(month, turn) for turn in reversed(range(12))]


def periods(now: datetime) -> list[tuple[str, str]]:
    """(code, name) of the stretches offered: months, quarters, years, the last twelve months."""
    today = timezone.localdate(now)
    month, quarter, year = Period.month_of(today), Period.quarter_of(today), Period.year_of(today)
    found = [_back(month, turn) for turn in range(12)] + [_back(quarter, turn) for turn in range(4)]
    found += [year, year.previous()]
    named = [(str(one), one.label()) for one in found]
    return [*named[:1], (LAST_YEAR, _("近十二个月")), *named[1:]]


@dataclass(frozen=True)
class Places:
    """By what the figures of a site can be narrowed."""

    buildings: tuple[Building, ...]
    clusters: tuple[Cluster, ...]
    departments: tuple[Department, ...]
    people: tuple[User, ...]

    @classmethod
    def of(cls, site: Site) -> "Places":
        picture = picture_of(site)
        return cls(picture.buildings, tuple(clusters_of(site)), picture.departments, tuple(staff_at(site)))

    def choices(self, name: str) -> list[tuple[str, str]]:
        rows: Iterable[Any] = {
            "building": self.buildings,
            "cluster": self.clusters,
            "department": self.departments,
            "person": self.people,
        }[name]
        return [(str(one.pk), one.name) for one in rows]


def asked_for(wanted: Chosen, site: Site, actor: Actor, now: datetime) -> Asked:
    """The cases the person may see of the site, narrowed. Unknown words narrow to nothing, never to everything."""
    found = cases.visible_to(actor).filter(site=site)
    columns = {"building": "building", "cluster": "building__cluster", "department": "department"}
    columns |= {"person": "accountable"}
    for name, value in wanted.narrowed.items():
        if name == "category" and value:
            found = found.filter(category=value)
        elif value:
            key = int(value) % 2**31 if value.isdecimal() and value.isascii() else -1
            found = found.filter(Q(**{columns[name]: key}))
    return Asked(found, site, wanted.first, wanted.end, now)


def rows(counted: Reckoning, wanted: Chosen, *, minimum: bool) -> list[dict[str, Any]]:
    """The dictionary's figures in its order: the managers' minimum, or all others."""
    return [row(one, counted, wanted) for one in indicators().values() if one.minimum == minimum]


def row(one: Indicator, counted: Reckoning, wanted: Chosen) -> dict[str, Any]:
    lines = [_line(one, line, counted, wanted) for line in one.lines]
    empty = not lines[0]["has"]  # the first line is the figure; the others stand beside it
    about = f"{reverse('figure', args=[one.id])}?{wanted.query()}"
    return {"id": one.id, "name": str(one), "url": about, "lines": lines, "without": str(one.without) if empty else ""}


def _line(one: Indicator, line: Line, counted: Reckoning, wanted: Chosen) -> dict[str, Any]:
    listed = f"{reverse('counted', args=[one.id, line.name])}?{wanted.query()}"
    about = {"name": str(line), "unit": line.unit, "flow": line.flow, "hits": listed, "base": f"{listed}&of=base"}
    if line.name in counted.spreads:
        return about | _spread(counted.spreads[line.name], line.unit)
    return about | _share(counted.shares.get(line.name, Share(0, 0)), line.unit)


def _share(share: Share, unit: str) -> dict[str, Any]:
    about: dict[str, Any] = {"part": share.part, "whole": share.whole, "has": share.whole > 0}
    if unit == "score" and share.whole:
        mean = share.part / share.whole
        about |= {"mean": f"{mean:.2f}", "twenty": f"{mean * 20:.1f}", "hundred": f"{(mean - 1) * 25:.1f}"}
    elif share.interval:
        low, high = share.interval
        about["interval"] = f"{low * 100:.1f}–{high * 100:.1f}%"
    return about


def _spread(spread: Spread, unit: str) -> dict[str, Any]:
    by = 10 if unit == "hours" else 1

    def said(value: float | None, digits: int = 1) -> str:
        return "–" if value is None else f"{value / by:,.{digits}f}"

    return {
        "number": spread.number,
        "has": spread.number > 0,
        "median": said(spread.median),
        "p90": said(spread.p90),
        "mean": said(spread.mean, 2),
        "total": said(float(spread.total)),
    }


def told(line: dict[str, Any]) -> list[str | int | float]:
    """A line for a sheet: numerator, base, value, interval."""
    if "number" in line:
        return ["", line["number"], f"{line['median']} / {line['p90']}", line["mean"]]
    value = line.get("mean") or (f"{line['part'] / line['whole']:.1%}" if line["whole"] else "–")
    return [line["part"], line["whole"], value, line.get("interval", "")]
