"""The ledger of duties, one by one: why then, who, with what evidence; registering that one was done, or does not apply."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk.forms import ActForm, HappenedForm, WaiveForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import duty_row, is_registered, scope_words
from huiyin.duties import actions, queries
from huiyin.duties.models import Duty, Evidence
from huiyin.duties.rules import Done, grade
from huiyin.duties.words import duty_words, occasion_words
from huiyin.engineering.queries import duty_facts
from huiyin.handbook.actions import follow_on
from huiyin.handbook.queries import decisions_on, edition, occasions
from huiyin.handbook.states import OCCASIONS
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.records.actions import lay_down_papers
from huiyin.records.queries import files_of


@page("GET")
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty: its clause, its date with every step of the count, its evidence, and the way to do it."""
    actor = doors.actor(request)
    return _duty_page(request, doors.duty(pk, actor), actor)


def _duty_page(
    request: HttpRequest, one: Duty, actor: Actor, *, act: Form | None = None, waive: Form | None = None
) -> HttpResponse:
    now = clock.now()
    today = timezone.localdate(now)
    is_open = one.done_at is None and not one.not_applicable
    book = edition(one.edition) if one.edition else None
    may_act = is_open and is_registered(one) and actor.may("duties.attest", one.site) and queries.owes(actor, one)
    may_waive = is_open and is_registered(one) and actor.may("duties.waive", one.site)
    context = {
        "duty": one,
        "row": duty_row(one, now),
        "book": book,
        "clause": book.clause(one.clause) if book else None,
        "scope": scope_words(one),
        "reasons": duty_row(one, now)["why"],
        "evidence": [_evidence_row(each, one, today) for each in queries.evidence_for(one)],
        "nudges": one.nudges.select_related("to").order_by("rung"),
        "decisions": decisions_on(one) if one.clause else [],
        "serves": [each for each in queries.fitting(one.site, _done(one, today, now)) if each.pk != one.pk],
        "act": act or (ActForm(initial={"happened_on": today}, others=_others(one, actor, now)) if may_act else None),
        "waive": waive or (WaiveForm() if may_waive else None),
    }
    status = 422 if (act and act.errors) or (waive and waive.errors) else 200
    return framed(request, "desk/duty.html", context, status=status)


def _evidence_row(one: Evidence, duty: Duty, today: date) -> dict[str, Any]:
    wanted = duty.papers if is_registered(duty) else ()  # what a tool of its own makes is its own proof
    return {
        "evidence": one,
        "grade": grade(wanted, one.papers, one.valid_until, today),
        "files": files_of(one.reference),
        "later": timezone.localdate(one.entered_at) > timezone.localdate(one.happened_at),
    }


def _siblings(one: Duty, actor: Actor, now: datetime) -> QuerySet[Duty]:
    """Open duties of the site that ask for the same step with the same kind of paper: perhaps the same act."""
    same = queries.visible_to(actor).filter(queries.OPEN, site=one.site, step=one.step, scope=one.scope)
    same = same.filter(reference__isnull=True, opens_at__lte=now).exclude(kind=one.kind)
    return same.order_by("due_at", "id")


def _others(one: Duty, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """(kind, words) of other kinds of duty that the same act may keep."""
    if one.reference_id:
        return []
    likely = [each for each in _siblings(one, actor, now) if set(each.papers) & set(one.papers) and is_registered(each)]
    return list({each.kind: (each.kind, duty_words(each.kind, each.step, each.period)) for each in likely}.values())


def _noon(on: date, now: datetime) -> datetime:
    """Noon of a day; of today, this instant where noon is still to come."""
    at = datetime.combine(on, time(12), tzinfo=timezone.get_default_timezone())
    return min(at, now) if on == timezone.localdate(now) else at


def _done(one: Duty, on: date, now: datetime, **more: Any) -> Done:
    """The act that a registration stands for: by its day, or by name where it makes up for a period that is over."""
    at = _noon(on, now)
    if on == timezone.localdate(one.opens_at):
        at = max(at, one.opens_at)
    about = "" if one.opens_at <= at <= one.due_at else one.period
    return Done((one.kind, *more.pop("also", ())), at, step=one.step, about=about, scope=one.scope, **more)


@page("POST")
def attest(request: HttpRequest, pk: int) -> HttpResponse:
    """Register that a duty was done, with its papers; every other duty that the act serves is kept with it."""
    actor, now = doors.actor(request), clock.now()
    one = doors.duty(pk, actor)
    form = ActForm(request.POST, request.FILES, others=_others(one, actor, now))
    if form.is_valid() and is_registered(one):
        try:
            number = _register(one, form.cleaned_data, actor, now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已登记：%(number)s") % {"number": number})
            return redirect("duty", pk)
    return _duty_page(request, one, actor, act=form)


def _register(one: Duty, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    files = [file.read() for file in given["papers"]]
    papers = lay_down_papers(files)
    kinds = one.papers if papers else ()
    words = {"what": given["what"], "note": given["note"], "papers": tuple(kinds), "also": given.get("also", ())}
    done = _done(one, given["happened_on"], now, **words)
    reference = actions.attest(one, done, papers, by=actor, now=now)
    day = timezone.localdate(done.happened_at)
    for occasion in OCCASIONS.intersection(done.kinds) if one.step == "hold" else ():
        follow_on(reference, occasion, day=day, facts=duty_facts(one.site, day))
    return reference.number


@page("GET", "POST")
def happened(request: HttpRequest) -> HttpResponse:
    """Register what happened that no duty asked for by name; what it sets off goes into the ledger with it."""
    actor, now = doors.actor(request), clock.now()
    site, today = site_of(request, actor), timezone.localdate(now)
    actor.check("duties.attest", site)
    known = [(one, occasion_words(one)) for one in occasions(site, today)]
    form = HappenedForm(request.POST or None, request.FILES or None, occasions=known, initial={"happened_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("registered", _happened(site, form.cleaned_data, actor, now))
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return framed(request, "desk/happened.html", {"form": form, "occasions": known}, status=status)


def _happened(site: Site, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    papers = lay_down_papers([file.read() for file in given["papers"]])
    at = _noon(given["happened_on"], now)
    done = Done((given["occasion"],), at, step="hold", what=given["what"], note=given["note"])
    with transaction.atomic():
        reference = actions.register(site, done, papers, by=actor, now=now)
        follow_on(reference, given["occasion"], day=given["happened_on"], facts=duty_facts(site, given["happened_on"]))
    return reference.number


@page("POST")
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a duty does not apply here, why, and when somebody looks again."""
    actor = doors.actor(request)
    one = doors.duty(pk, actor)
    form = WaiveForm(request.POST)
    if form.is_valid() and is_registered(one):
        try:
            actions.waive(one, by=actor, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已记下。"))
            return redirect("duty", pk)
    return _duty_page(request, one, actor, waive=form)


@page("GET")
def registered(request: HttpRequest, number: str) -> HttpResponse:
    """An act that was registered: what, when, by whom, with which papers, and every duty that it kept or set off."""
    actor, now = doors.actor(request), clock.now()
    reference = doors.act(number, actor)
    done = [
        {"one": one, "later": one.entered_at.date() > one.happened_at.date()} for one in queries.evidence_of(reference)
    ]
    context = {
        "reference": reference,
        "acts": done,
        "files": files_of(reference),
        "kept": [duty_row(each, now) for each in queries.kept_by(reference)],
        "set_off": [duty_row(each, now) for each in queries.about(reference)],
    }
    return framed(request, "desk/registered.html", context)
