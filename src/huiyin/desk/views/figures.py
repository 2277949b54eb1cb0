"""数字: every figure of the dictionary for a site and a period, its formula, its last months, and the cases it counts."""

from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.access import clock, doors
from huiyin.cases import queries as cases
from huiyin.cases.models import Case
from huiyin.cases.queries.facts import Asked
from huiyin.cases.queries.indicators import behind, reckon, reckon_each
from huiyin.cases.rules.indicators import Indicator, Line, indicators
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.numbers import LAST_YEAR, Chosen, Places, asked_for, chosen, last_months, periods, row, rows, told
from huiyin.desk.rows import ROWS, Leaves, line_row
from huiyin.desk.sheets import spreadsheet
from huiyin.desk.views.papers import as_sheet
from huiyin.handbook.queries import rulebook
from huiyin.organization.models import Site
from huiyin.reports.queries import window

EVERY = {"day": N_("每天"), "week": N_("每周"), "month": N_("每月"), "quarter": N_("每季")}
READS = {
    "arrivals": N_("到场记录"),
    "cases": N_("事项"),
    "directory": N_("名录"),
    "duties": N_("责任台账"),
    "events": N_("事项经过"),
    "follow_ups": N_("回访"),
    "handbooks": N_("采用的制度"),
    "places": N_("地点和事由"),
    "receipts": N_("回执"),
    "scopes": N_("职责范围认定"),
}


@page("GET")
def figures(request: HttpRequest) -> HttpResponse:
    """The managers' minimum on top, all others below, of a period and of a part of the site; or the same as a sheet."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    site, wanted = site_of(request, actor), chosen(request, now)
    asked = asked_for(wanted, site, actor, now)
    numbers = reckon(asked)
    if request.GET.get("as") == "xlsx":
        return _sheet(site, wanted, [*rows(numbers, wanted, minimum=True), *rows(numbers, wanted, minimum=False)])
    rules = rulebook(site, timezone.localdate(now))
    received = asked.cases.filter(is_history=False, received_at__gte=asked.first, received_at__lt=asked.end)
    whole = not any(wanted.narrowed.values())
    context = {
        "wanted": wanted,
        "received": numbers.shares["closed"].whole,
        "minimum": rows(numbers, wanted, minimum=True),
        "others": rows(numbers, wanted, minimum=False),
        "categories": cases.by_category(received, rules.category_name),
        "choices": _choices(wanted, site, now, rules.categories()),
        "sheet": f"?{wanted.query()}&as=xlsx",
        "history": _history(asked) if whole and wanted.period == LAST_YEAR else None,
        "last_year": f"?{urlencode({'period': LAST_YEAR})}",
    }
    return framed(request, "desk/figures.html", context)


def _history(asked: Asked) -> dict[str, Any] | None:
    """What was imported, all of it: for statistics only."""
    imported = asked.cases.filter(is_history=True)
    if not imported.exists():
        return None
    return {"counted": cases.figures(imported, now=asked.now), "whole_days": cases.within_whole_days(imported)}


def _choices(wanted: Chosen, site: Site, now: Any, categories: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The words of the sentence above the figures, each with its alternatives."""
    places = Places.of(site)
    alone = {"building": {"cluster": ""}, "cluster": {"building": ""}}

    def choice(name: str, label: str, every: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        value = wanted.period if name == "period" else wanted.narrowed[name]
        offered = [
            {
                "label": word,
                "url": "?" + wanted.query(**{name: code}, **alone.get(name, {})),
                "current": code == value,
                "count": None,
            }
            for code, word in ([("", every)] if every else []) + options
        ]
        shown = next((one["label"] for one in offered if one["current"]), every or wanted.label)
        return {"label": label, "value": shown, "options": offered}

    found = [
        choice("period", _("时段"), "", periods(now)),
        choice("building", _("楼栋"), _("各楼"), places.choices("building")),
        choice("cluster", _("组团"), _("各组团"), places.choices("cluster")),
        choice("category", _("事由"), _("各种事由"), categories),
        choice("department", _("部门"), _("各部门"), places.choices("department")),
        choice("person", _("责任人"), _("各人"), places.choices("person")),
    ]
    return [one for one in found if len(one["options"]) > 1]


def _sheet(site: Site, wanted: Chosen, found: list[dict[str, Any]]) -> HttpResponse:
    """One row a number: what it is called, numerator, base, value, interval, and its formula."""
    head = [_("编号"), _("指标"), _("口径"), _("分子"), _("分母"), _("数值"), _("区间"), _("公式")]
    lines: list[list[str | int | float]] = []
    for one in found:
        formula = str(indicators()[one["id"]].formula)
        for line in one["lines"]:
            cells = [0, 0, one["without"], ""] if one["without"] else told(line)
            lines.append([one["id"], one["name"], line["name"], *cells, formula])
    return as_sheet(spreadsheet(wanted.label, head, lines), f"figures-{site.code}-{wanted.period or 'own'}.xlsx")


@page("GET")
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its formula in words, who answers for it, its number of the period, and its last twelve months."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    one, site, wanted = _indicator(name), site_of(request, actor), chosen(request, now)
    asked = asked_for(wanted, site, actor, now)
    months = _months(one, asked, wanted)
    context = {
        "one": one,
        "wanted": wanted,
        "row": row(one, reckon_each(asked, [(asked.first, asked.end)], _lines(one))[0], wanted),
        "months": months,
        "heads": [str(line) for line in one.lines],
        "points": _points(one.lines[0], months),
        "percent": one.lines[0].unit == "rate",
        "title": f"{one} · {_('近十二个月')}",
        "every": _(EVERY[one.every]),
        "reads": _("、").join(_(READS[name]) for name in one.reads),
        "back": wanted.query(),
    }
    return framed(request, "desk/figure.html", context)


def _indicator(name: str) -> Indicator:
    try:
        return indicators()[name.upper()]
    except KeyError as problem:
        raise Http404 from problem


def _months(one: Indicator, asked: Asked, wanted: Chosen) -> list[dict[str, Any]]:
    """The figure of each of the twelve months that end with this one, oldest first."""
    months = last_months(asked.now)
    windows = [window(month) for month in months]
    counted = reckon_each(asked.within(windows[0][0], windows[-1][1]), windows, _lines(one))
    found = []
    for month, (first, end), numbers in zip(months, windows, counted, strict=True):
        named = Chosen(str(month), month.label(), first, end, wanted.narrowed)
        found.append({"label": month.label(), "month": month, **row(one, numbers, named)})
    return found


def _lines(one: Indicator) -> list[str]:
    return [line.name for line in one.lines]


def _points(line: Line, months: list[dict[str, Any]]) -> list[tuple[str, float | None]]:
    """(month, value) for the line: percent, hours, times or the mean score; None where there is nothing to count."""
    found: list[tuple[str, float | None]] = []
    for month in months:
        said = month["lines"][0]
        value: float | None = None
        if said["has"] and line.unit == "rate" and not line.flow:
            value = 100 * said["part"] / said["whole"]
        elif said["has"] and "median" in said:
            value = float(said["mean" if line.unit == "times" else "median"].replace(",", ""))
        elif said["has"] and "mean" in said:
            value = float(said["mean"])
        found.append((f"{month['month'].number}", value))
    return found


@page("GET")
def counted(request: HttpRequest, name: str, line: str) -> HttpResponse:
    """Exactly the cases that one number counts: those of its numerator, or with `of=base` those of its base."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    one, site, wanted = _indicator(name), site_of(request, actor), chosen(request, now)
    shown = next((part for part in one.lines if part.name == line), None)
    if shown is None:
        raise Http404
    whole = request.GET.get("of") == "base"
    found = behind(asked_for(wanted, site, actor, now), line, whole=whole).order_by("-received_at", "-id")
    pages = Leaves(found, ROWS).get_page(request.GET.get("page", "1")[:6])
    context = {
        "one": one,
        "line": shown,
        "whole": whole,
        "wanted": wanted,
        "page": pages,
        "rows": [line_row(each) for each in cases.lines(cast(QuerySet[Case], pages.object_list))],
        "query": wanted.query(),
    }
    return framed(request, "desk/counted.html", context)
