"""What a person may ask for about their own data: a copy, a correction, deletion."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import actions as cases
from huiyin.cases.queries import keeps, kept_until
from huiyin.customers import actions as act_on
from huiyin.customers import queries as people
from huiyin.customers.models import Customer
from huiyin.customers.rules import TOLD, Reached
from huiyin.customers.states import ConsentWay, Purpose
from huiyin.desk.entrance import CorrectionForm, IdentityForm
from huiyin.desk.frame import framed, page
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor
from huiyin.reports.dossier import everything_about
from huiyin.reports.verbs import verb_words

MOMENTS = {"made_at", "at", "received", "closed", "added", "given", "withdrawn"}


@page("GET")
def personal_data(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The three requests in one place, each with what it does and what stands against it."""
    actor = doors.actor(request)
    found = doors.customer(customer_id, actor)
    actor.check("customers.write", found.site)
    return _page(request, found, actor)


def _page(request: HttpRequest, found: Customer, actor: Actor, *, status: int = 200, **bound: Form) -> HttpResponse:
    today = timezone.localdate(clock.now())
    until, held = kept_until(found), people.consents_of(found)
    context: dict[str, Any] = {
        "customer": found,
        "may_account": actor.may("customers.privacy", found.site),
        "needed": keeps(found, on=today),
        "kept_until": until if until and until > today else None,
        "consents": [
            {"purpose": Purpose(code), "told": TOLD[Purpose(code)], "given": held.get(code)} for code in Purpose.values
        ],
        "ways": ConsentWay.choices,
        "copy_form": IdentityForm(auto_id="copy_%s"),
        "correct_form": CorrectionForm(initial={"name": found.name}),
        "erase_form": IdentityForm(auto_id="erase_%s"),
    }
    return framed(request, "desk/personal_data.html", context | bound, status=status)


@page("POST")
def copy_of_data(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The copy, as a page to print or as a file for another system; that it was given goes on record."""
    actor, now = doors.actor(request), clock.now()
    found = doors.customer(customer_id, actor)
    actor.check("customers.privacy", found.site)
    form = IdentityForm(request.POST, auto_id="copy_%s")
    if not form.is_valid():
        return _page(request, found, actor, status=422, copy_form=form)
    try:
        act_on.note_copy(found, identity=form.cleaned_data["identity"], by=actor, now=now)
    except Refusal as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, found, actor, status=422, copy_form=form)
    data = everything_about(found, now=now)
    if request.POST.get("as") == "file":
        answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer["Content-Disposition"] = f'attachment; filename="personal-data-{found.pk}.json"'
        return answer
    data["uses"] = [{**row, "act": verb_words(row["act"])} for row in data["uses"]]
    return framed(request, "desk/copy_of_data.html", {"customer": found, "data": _with_moments(data)})


def _with_moments(data: Any) -> Any:
    """The copy with its instants as instants, which the page sets in the reader's language."""
    if isinstance(data, list):
        return [_with_moments(one) for one in data]
    if not isinstance(data, dict):
        return data
    return {
        name: datetime.fromisoformat(value) if name in MOMENTS and value else _with_moments(value)
        for name, value in data.items()
    }


@page("POST")
def set_consent(request: HttpRequest, customer_id: int, purpose: str) -> HttpResponse:
    """Write down that the person agrees (`way` tells how they said so), or no longer does."""
    actor, now = doors.actor(request), clock.now()
    found = doors.customer(customer_id, actor)
    actor.check("customers.write", found.site)
    if purpose not in Purpose.values:
        raise Http404
    way = request.POST.get("way", "")
    if way in ConsentWay.values:
        act_on.give_consent(found, purpose=purpose, way=way, by=actor, now=now)
    else:
        act_on.withdraw_consent(found, purpose=purpose, by=actor, now=now)
    messages.success(request, _("已记下。"))
    return redirect("personal_data", customer_id)


@page("POST")
def correct_data(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Put name, phone or mail right; a new one takes the place of the old."""
    actor, now = doors.actor(request), clock.now()
    found = doors.customer(customer_id, actor)
    actor.check("customers.write", found.site)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            told = form.cleaned_data
            ways = [Reached.by_phone(told["phone"])] if told["phone"] else []
            ways += [Reached.by_email(told["email"])] if told["email"] else []
            act_on.correct(found, name=told["name"], ways=ways, by=actor, now=now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已更正。"))
            return redirect("customer", customer_id)
    return _page(request, found, actor, status=422, correct_form=form)


@page("POST")
def erase_data(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Delete on request; what stands against it is told, and goes on record with the request."""
    actor, now = doors.actor(request), clock.now()
    found = doors.customer(customer_id, actor)
    actor.check("customers.privacy", found.site)
    form = IdentityForm(request.POST, auto_id="erase_%s")
    if form.is_valid():
        try:
            until = cases.erase_person(found, identity=form.cleaned_data["identity"], by=actor, now=now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _deleted(until))
            return redirect("directory")
    return _page(request, found, actor, status=422, erase_form=form)


def _deleted(until: Any) -> str:
    if until is None:
        return _("已删除。")
    return _("已从名录删除。办结事项里的原话依法保存到 %(day)s，到期自动删除。") % {"day": until.isoformat()}
