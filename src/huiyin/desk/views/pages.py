"""Entering a page of the duty log that was written by hand."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases.forms.duty_book import ROWS
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.interactions import queries as interactions
from huiyin.interactions.rules import Contact
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor


@page("GET", "POST")
def enter_page(request: HttpRequest) -> HttpResponse:
    """Several rows at once, all of them or none; a row that is refused is named, and nothing typed is lost."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("contacts.take", site)
    if request.method != "POST":
        asked = {"sheet": request.GET.get("sheet", "")[:40], "key": secrets.token_urlsafe(16)}
        head, lines = forms.SheetForm(initial=asked), [forms.LineForm(row=row) for row in _rows()]
        return _page(request, actor, head, lines, sheet=asked["sheet"])
    head = forms.SheetForm(request.POST)
    lines = [forms.LineForm(request.POST, row=row) for row in _rows()]
    begun = [line for line in lines if line.has_changed()]
    if not begun:
        head.add_error(None, _("一行也没有填。"))
    if head.is_valid() and all(line.is_valid() for line in begun):
        try:
            told = _entered(site, begun, head.cleaned_data, actor)
        except act_on.RowRefused as refusal:
            add_refusal(lines[refusal.row - 1], refusal)
        else:
            messages.success(request, _("已补录：%(told)s。把编号写到纸页最后一栏。") % {"told": told})
            return redirect(f"{reverse('enter_page')}?{urlencode({'sheet': head.cleaned_data['sheet']})}")
    return _page(request, actor, head, lines, sheet=head.cleaned_data.get("sheet", ""), status=422)


def _rows() -> range:
    return range(1, ROWS + 1)


def _entered(site: Site, begun: list[forms.LineForm], given: dict[str, Any], actor: Actor) -> str:
    """Take them; which row got which number, in words."""
    contacts = {line.row: _contact(site, line.cleaned_data) for line in begun}
    taken = act_on.take_page(contacts, sheet=given["sheet"], by=actor, now=clock.now(), key=given["key"])
    numbers = {row: (one.case.reference if one.case else one.contact).number for row, one in taken.items()}
    return _("、").join(_("第 %(row)s 行 %(number)s") % {"row": row, "number": one} for row, one in numbers.items())


def _contact(site: Site, given: dict[str, Any]) -> Contact:
    return Contact(
        site,
        given["channel"],
        given["kind"],
        given["situation"],
        place=given["place"],
        name=given["name"],
        phone=given["phone"],
        occurred_at=given["occurred_at"],
        answered_at_once=given["answered_at_once"],
    )


def _page(
    request: HttpRequest,
    actor: Actor,
    head: forms.SheetForm,
    lines: list[forms.LineForm],
    *,
    sheet: str,
    status: int = 200,
) -> HttpResponse:
    """The form, and of a known page which rows are entered and which are not: empty ones, or forgotten."""
    found = interactions.lines_of_page(site_of(request, actor), sheet, ROWS, actor) if sheet else {}
    entered = [
        {"row": row, "contact": one, "number": (one.subject or one.reference).number}
        for row, one in sorted(found.items())
    ]
    last = max(found, default=0)
    context = {
        "head": head,
        "lines": lines,
        "sheet": sheet,
        "entered": entered,
        "gaps": _("、").join(str(row) for row in range(1, last) if row not in found),
    }
    return framed(request, "desk/enter_page.html", context, status=status)
