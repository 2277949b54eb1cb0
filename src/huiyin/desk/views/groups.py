"""Cases that belong together: chosen in the list, then grouped under one lead or merged into one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases.models import Case
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import case_row
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor


@page("GET", "POST")
def together(request: HttpRequest) -> HttpResponse:
    """The chosen cases side by side: which one leads, what they have in common; group or merge."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("cases.group", site)
    asked = request.POST if request.method == "POST" else request.GET
    found = doors.cases_of(asked.getlist("all") or asked.getlist("of"), site, actor)
    if request.method == "POST" and found:
        form = forms.TogetherForm(request.POST, cases=found)
        if form.is_valid():
            try:
                return _put_together(request, form.cleaned_data, found, actor)
            except Refusal as refusal:
                add_refusal(form, refusal)
        return _page(request, found, form, status=422)
    initial = {"of": [one.reference.number for one in found]}
    initial["lead"] = request.GET.get("lead", "")[:20] or next(iter(initial["of"]), "")  # type: ignore[assignment]
    return _page(request, found, forms.TogetherForm(initial=initial, cases=found))


def _page(request: HttpRequest, found: list[Case], form: Any, *, status: int = 200) -> HttpResponse:
    of, lead = form["of"].value() or [], form["lead"].value()
    rows = [
        case_row(case) | {"is_chosen": case.reference.number in of, "is_lead": case.reference.number == lead}
        for case in found
    ]
    return framed(request, "desk/together.html", {"form": form, "rows": rows}, status=status)


def _put_together(request: HttpRequest, given: dict[str, Any], found: list[Case], actor: Actor) -> HttpResponse:
    chosen = {one.reference.number: one for one in found}
    lead = chosen[given["lead"]]
    others = [chosen[number] for number in given["of"] if number != given["lead"]]
    if request.POST.get("act") == "merge":
        act_on.merge_all(others, into=lead, by=actor, now=clock.now())
        messages.success(request, _("已并成一件，各位顾客的编号和链接照旧。"))
    else:
        act_on.group(lead, others, matter=given["matter"], by=actor, now=clock.now())
        messages.success(request, _("已归为群诉：在这一件上给的方案和答复，会告诉每一户。"))
    return redirect("case", lead.reference.number)
