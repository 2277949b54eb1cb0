"""没有着落: what has no outcome yet, how old it is, and what to do next."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases import queries
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import case_row
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor


@page("GET")
def unsettled(request: HttpRequest) -> HttpResponse:
    """Everything of the site without an outcome, oldest first. At month's end it is empty or says why (S1.4)."""
    actor = doors.actor(request)
    actor.check("cases.read")
    return _page(request, actor)


@page("POST")
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Write down why one of them still has no outcome."""
    actor = doors.actor(request)
    reference = doors.reference(number, actor)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            act_on.explain(reference, reason=form.cleaned_data["reason"], by=actor, now=clock.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已记下。"))
            return redirect("unsettled")
    return _page(request, actor, tried=number, form=form, status=422)


def _page(
    request: HttpRequest, actor: Actor, *, tried: str = "", form: Form | None = None, status: int = 200
) -> HttpResponse:
    site = site_of(request, actor)
    found = queries.unsettled(site, actor, now=clock.now())
    rows = [_row("taken", contact, found, tried, form) | {"case": None} for contact in found.contacts]
    rows += [_row("case", case, found, tried, form) | case_row(case) for case in (*found.clockless, *found.wordless)]
    context = {"found": found, "rows": rows, "letters": found.letters, "may_explain": actor.may("cases.note", site)}
    return framed(request, "desk/unsettled.html", context, status=status)


def _row(page_name: str, thing: Any, found: queries.Unsettled, tried: str, form: Form | None) -> dict[str, Any]:
    number = thing.reference.number
    shown = form if number == tried and form is not None else forms.ReasonForm(auto_id=f"{number}_%s")
    return {
        "thing": thing,
        "number": number,
        "url": reverse(page_name, args=[number]),
        "why": found.why.get(thing.reference_id),
        "form": shown,
    } | {
        "since": thing.received_at if hasattr(thing, "received_at") else thing.occurred_at,
        "open": number == tried,
    }
