"""制度履行矩阵: what was kept, by clause and month at a site, by site and month in the company, by person and duty."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import standing_words, tally_words
from huiyin.desk.sheets import spreadsheet
from huiyin.desk.templatetags.desk import role_word
from huiyin.desk.views.handbooks import answered
from huiyin.desk.views.papers import as_sheet
from huiyin.duties import queries as ledger
from huiyin.duties.rules import Tally
from huiyin.duties.words import KIND_WORDS, kind_words
from huiyin.handbook.queries import adopted_by, edition
from huiyin.handbook.schema import Handbook
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.queries import names_of, sites_of
from huiyin.reports.queries import window

SITES = 25  # rows of the company's matrix on one page
NONE = Tally()


@dataclass(frozen=True)
class Column:
    key: str
    word: str


@dataclass(frozen=True)
class Cell:
    """One field of a matrix: how its duties stand, in a sign, in words, and where they are listed."""

    tally: Tally
    url: str
    about: str


@dataclass(frozen=True)
class Row:
    head: str
    note: str = ""
    url: str = ""
    cells: Sequence[Cell] = field(default=())
    standing: str = ""

    @cached_property
    def total(self) -> Tally:
        return sum((cell.tally for cell in self.cells), NONE)


def _year(request: HttpRequest, now: datetime) -> Period:
    try:
        asked = Period.parse(request.GET.get("year", ""))
    except Refusal:
        asked = Period.year_of(timezone.localdate(now))
    return asked if asked.kind == "year" else Period.year_of(timezone.localdate(now))


def _months(year: Period) -> list[tuple[str, datetime, datetime]]:
    months = [Period("month", year.year, number) for number in range(1, 13)]
    return [(str(month), *window(month)) for month in months]


def _columns(months: Iterable[tuple[str, datetime, datetime]]) -> list[Column]:
    return [Column(name, str(int(name[-2:]))) for name, _first, _end in months]


def _listed(**asked: str) -> str:
    return f"{_ledger()}?{urlencode({key: value for key, value in asked.items() if value})}"


@cache
def _ledger() -> str:
    return reverse("duties")


def _cells(
    columns: Sequence[Column], head: str, found: Callable[[str], Tally], listed: str, by: str = "month"
) -> list[Cell]:
    """The fields of a row: `listed` is the list that each opens, narrowed `by` the column's key."""
    return [Cell(found(one.key), f"{listed}&{by}={one.key}", f"{head} {one.word}") for one in columns]


@page("GET")
def matrix(request: HttpRequest) -> HttpResponse:
    """Clause x month of the site in view: every clause it follows, those without a date as what they are."""
    actor, now = doors.actor(request), clock.now()
    actor.check("duties.read")
    site, year = site_of(request, actor), _year(request, now)
    months = _months(year)
    due = ledger.due_between(actor, *window(year)).filter(site=site)
    found = ledger.tallies(due, "handbook", "clause", "month", now=now, months=months)
    books = [edition(one.edition.digest) for one in adopted_by(site, timezone.localdate(now))]
    asked = request.GET.get("handbook", "")
    shown = [book for book in books if asked in {"", book.id}] or books
    columns = _columns(months)
    groups = [
        (str(book.title), [_clause_row(one, book, site, columns, found) for one in book.clauses]) for book in shown
    ]
    return _answer(request, "clauses", year, columns, groups, books=books, asked=asked)


def _clause_row(clause: Any, book: Handbook, site: Site, columns: list[Column], found: dict[Any, Tally]) -> Row:
    cells = _cells(
        columns,
        clause.id,
        lambda month: found.get((book.id, clause.id, month), NONE),
        _listed(site=site.code, clause=clause.id),
    )
    dated = any(cell.tally.all for cell in cells)
    url = f"{reverse('handbook', args=[book.id])}#{clause.id}"
    return Row(clause.id, str(clause), url, cells if dated else (), "" if dated else answered(clause, site))


@page("GET")
def matrix_sites(request: HttpRequest) -> HttpResponse:
    """Site x month over every site the person works at; of one handbook or one clause where asked."""
    actor, now = doors.actor(request), clock.now()
    actor.check("duties.read")
    year = _year(request, now)
    months, columns = _months(year), _columns(_months(year))
    sites = Paginator(sites_of(actor).order_by("code"), SITES).get_page(request.GET.get("page", "1")[:6])
    due = ledger.due_between(actor, *window(year)).filter(site__in=list(sites))
    clause, book = request.GET.get("clause", "")[:20], request.GET.get("handbook", "")[:40]
    due = due.filter(clause=clause) if clause else due
    due = due.filter(handbook=book) if book else due
    found = ledger.tallies(due, "site", "month", now=now, months=months)
    rows = [
        Row(
            site.name,
            clause,
            f"{reverse('matrix')}?site={site.code}&year={year}",
            _site_cells(site, columns, found, clause),
        )
        for site in sites
    ]
    return _answer(request, "sites", year, columns, [("", rows)], clause=clause, asked=book, sites=sites)


def _site_cells(site: Site, columns: list[Column], found: dict[Any, Tally], clause: str) -> list[Cell]:
    return _cells(
        columns,
        site.name,
        lambda month: found.get((site.pk, month), NONE),
        _listed(site=site.code, clause=clause),
    )


@page("GET")
def matrix_people(request: HttpRequest) -> HttpResponse:
    """Person x duty at the site in view: who owes what of the year, named people first, then posts."""
    actor, now = doors.actor(request), clock.now()
    actor.check("duties.read")
    site, year = site_of(request, actor), _year(request, now)
    due = ledger.due_between(actor, *window(year)).filter(site=site)
    found: dict[tuple[int, str, str], Tally] = {}
    for (owner, role, kind), tally in ledger.tallies(due, "owner", "owner_role", "kind", now=now).items():
        key = (owner or 0, "" if owner else role, kind)
        found[key] = found.get(key, NONE) + tally
    columns = [Column(kind, kind_words(kind)) for kind in KIND_WORDS if kind in {key[2] for key in found}]
    names = names_of(owner for owner, _role, _kind in found)
    rows = []
    for owner, role in sorted({key[:2] for key in found}, key=lambda key: (key[0] == 0, key)):
        head = names[owner] if owner else role_word(role) or _("没有指定")
        rows.append(Row(head, "" if owner else _("岗位"), "", _owed_cells(owner, role, columns, found, year)))
    return _answer(request, "people", year, columns, [("", rows)])


def _owed_cells(owner: int, role: str, columns: list[Column], found: dict[Any, Tally], year: Period) -> list[Cell]:
    return _cells(
        columns,
        "",
        lambda kind: found.get((owner, role, kind), NONE),
        _listed(who=str(owner or role), year=str(year)),
        "kind",
    )


def _answer(
    request: HttpRequest,
    view: str,
    year: Period,
    columns: list[Column],
    groups: list[tuple[str, list[Row]]],
    **more: Any,
) -> HttpResponse:
    """The matrix as a page, or as a spreadsheet to take away."""
    total = sum((row.total for _title, rows in groups for row in rows), NONE)
    if request.GET.get("as") == "xlsx":
        return _sheet(view, year, columns, groups, total)
    query = request.GET.copy()
    query.pop("as", None)
    context = {
        "view": view,
        "year": year,
        "columns": columns,
        "groups": groups,
        "total": total,
        "sheet": f"?{query.urlencode()}&as=xlsx".replace("?&", "?"),
        "views": [
            ("matrix", _("条款 × 月"), "clauses"),
            ("matrix_sites", _("站点 × 月"), "sites"),
            ("matrix_people", _("人 × 责任"), "people"),
        ],
    }
    return framed(request, "desk/matrix.html", context | more)


def _sheet(
    view: str, year: Period, columns: list[Column], groups: list[tuple[str, list[Row]]], total: Tally
) -> HttpResponse:
    head = ["", "", *(one.word for one in columns), _("按时"), _("到期"), _("制度履行率")]
    lines: list[list[str | int | float]] = []
    called = standing_words()
    for title, rows in groups:
        lines += [[title]] if title else []
        for row in rows:
            words = [tally_words(cell.tally, called) for cell in row.cells] or [""] * len(columns)
            lines.append([row.head, row.note, *words, *_rate(row.total)])
    lines.append([_("合计"), "", *[""] * len(columns), *_rate(total)])
    return as_sheet(spreadsheet(f"{year}", head, lines), f"matrix-{view}-{year}.xlsx")


def _rate(tally: Tally) -> list[str | int | float]:
    return [tally.kept, tally.due, f"{tally.kept / tally.due:.1%}" if tally.due else "–"]
