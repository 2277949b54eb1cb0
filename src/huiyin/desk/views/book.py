"""The duty log as a book: on the page, on paper, with lines for a pen, and the receipts of its days."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import queries
from huiyin.cases.log_book import MOST, blank_pages, book_document, book_sheet, name_of
from huiyin.cases.papers import slips
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.numbers import Chosen, chosen, own_dates, periods
from huiyin.desk.rows import ROWS
from huiyin.desk.views.papers import as_pdf, as_word
from huiyin.kit.periods import Period
from huiyin.organization.models import Site

WEEK = "7"  # the seven days that end today: what the book opens with
SLIPS = 100  # receipts in one file
SHEETS = 20  # blank pages in one file


@page("GET")
def duty_book(request: HttpRequest) -> HttpResponse:
    """《值班记录本》／《工作信息记录本》 of a stretch of days, newest first (S3.2.1.b, S4.4.2.1.1.a)."""
    actor, now = doors.actor(request), clock.now()
    site, wanted = site_of(request, actor), _wanted(request, now)
    number = request.GET.get("page", "1")[:6]
    turned = max(int(number), 1) if number.isdecimal() else 1
    leaf = queries.Leaf(wanted.first, wanted.end, skip=(turned - 1) * ROWS, at_most=ROWS)
    found = queries.book(site, actor, leaf, now=now)
    if not found.lines and turned > 1:
        turned, found = 1, queries.book(site, actor, replace(leaf, skip=0), now=now)
    context = {
        "lines": found.lines,
        "page": _leafed(found.total, turned),
        "found": found,
        "wanted": wanted,
        "title": name_of(found.rules),
        "choices": [_choice(wanted, now)],
        "query": wanted.query(),
        "month": str(Period.month_of(timezone.localdate(now))),
        "in_time": found.total - (found.late or 0),
    }
    return framed(request, "desk/duty_book.html", context)


def _wanted(request: HttpRequest, now: datetime) -> Chosen:
    """The stretch of days the address asks for; without any word the last seven."""
    if any(request.GET.get(name) for name in ("from", "to")) or request.GET.get("period", WEEK) != WEEK:
        return chosen(request, now)
    today = timezone.localdate(now)
    first, end = own_dates(f"{today - timedelta(days=6)}", f"{today}")
    return Chosen(WEEK, _("近七天"), first, end, {})


def _choice(wanted: Chosen, now: datetime) -> dict[str, Any]:
    """The stretches offered: the week, today, yesterday, months, quarters, years."""
    today = timezone.localdate(now)
    offered = [(WEEK, _("近七天"), {"period": WEEK})]
    for word, day in ((_("今天"), today), (_("昨天"), today - timedelta(days=1))):
        offered.append(("", word, {"from": f"{day}", "to": f"{day}"}))
    offered += [(code, word, {"period": code}) for code, word in periods(now)]
    options = [
        {"label": word, "url": "?" + urlencode(query), "current": code == wanted.period and bool(code), "count": None}
        for code, word, query in offered
    ]
    return {"label": _("时段"), "value": wanted.label, "options": options}


def _leafed(total: int, turned: int) -> Page[int]:
    """The pager for so many lines; the lines themselves are fetched apart."""
    return Paginator(range(total), ROWS).get_page(turned)


def _whole(request: HttpRequest) -> tuple[Site, queries.Book, dict[str, Any]]:
    """All lines of the stretch, oldest first, and what the paper says beside them."""
    actor, now = doors.actor(request), clock.now()
    site, wanted = site_of(request, actor), _wanted(request, now)
    leaf = queries.Leaf(wanted.first, wanted.end, at_most=MOST, newest_first=False)
    found = queries.book(site, actor, leaf, now=now)
    return site, found, {"leaf": leaf, "unseen": queries.unseen(site, actor, leaf), "now": now}


@page("GET")
def book_paper(request: HttpRequest) -> HttpResponse:
    """The pages of the book for a stretch of days, to be signed and filed."""
    site, found, beside = _whole(request)
    return as_pdf(book_sheet(site, found, **beside), f"log-{site.code}.pdf")


@page("GET")
def book_word(request: HttpRequest) -> HttpResponse:
    """The same pages as a Word document."""
    site, found, beside = _whole(request)
    return as_word(book_document(site, found, **beside), f"log-{site.code}.docx")


@page("GET")
def blank_book(request: HttpRequest) -> HttpResponse:
    """Pages for a pen, twenty rows each; `sheets` says how many."""
    asked = request.GET.get("sheets", "1")[:3]
    count = min(max(int(asked), 1), SHEETS) if asked.isdecimal() else 1
    site = site_of(request, doors.actor(request))
    return as_pdf(blank_pages(site, count=count, now=clock.now()), f"log-{site.code}-blank.pdf")


@page("GET")
def book_slips(request: HttpRequest) -> HttpResponse:
    """The receipts of what came in during these days, four to a sheet."""
    actor = doors.actor(request)
    actor.check("cases.read")
    site, wanted = site_of(request, actor), _wanted(request, clock.now())
    found = list(queries.taken_between(site, actor, wanted.first, wanted.end)[: SLIPS + 1])
    if not found or len(found) > SLIPS:
        none, many = _("这几天没有立项的事，没有回执可印。"), _("超过 %(n)s 张，请选短一些的日子。") % {"n": SLIPS}
        messages.info(request, many if found else none)
        return redirect(f"{reverse('duty_book')}?{wanted.query()}")
    return as_pdf(slips(found), f"slips-{site.code}.pdf")


@page("GET")
def case_slips(request: HttpRequest) -> HttpResponse:
    """The receipts of the cases ticked in the list, four to a sheet. What may not be seen is left out."""
    actor = doors.actor(request)
    actor.check("cases.read")
    site = site_of(request, actor)
    found = doors.cases_of(request.GET.getlist("of"), site, actor)
    if not found:
        messages.info(request, _("先勾选要印回执的事项。"))
        return redirect("cases")
    return as_pdf(slips(found), f"slips-{site.code}.pdf")
