"""An engineering site's project: where it stands, what is under warranty until when."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk import forms
from huiyin.desk.frame import framed, page, site_of
from huiyin.engineering import actions
from huiyin.engineering.models import Project, WarrantyPart
from huiyin.engineering.queries import facts, parts_of, project_of
from huiyin.engineering.rules import NOTICE_DAYS, Milestones
from huiyin.engineering.states import LAID_DOWN, LEAST, Phase
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.organization.states import SiteKind


@page("GET")
def project(request: HttpRequest) -> HttpResponse:
    """Phase, parts with the last day of their warranty, and forms for whoever may write them."""
    actor = doors.actor(request)
    actor.check("directory.read")
    site = site_of(request, actor)
    if site.kind != SiteKind.ENGINEERING:
        raise Http404
    return _project_page(request, site, actor)


def _project_page(request: HttpRequest, site: Site, actor: Actor, *, status: int = 200, **bound: Form) -> HttpResponse:
    found, may_write = project_of(site), actor.may(actions.RIGHT, site)
    context: dict[str, Any] = {
        "place": site,
        "project": found,
        "may_write": may_write,
        "names_form": forms.ProjectForm(),
    }
    if found:
        context |= _known(request, found)
    return framed(request, "desk/project.html", context | bound, status=status)


def _known(request: HttpRequest, found: Project) -> dict[str, Any]:
    today = timezone.localdate(clock.now())
    parts = parts_of(found)
    known = facts(found, parts)
    rows = sorted((_row(part, today) for part in parts), key=lambda row: (row["left"] < 0, abs(row["left"])))
    asked = request.resolver_match.kwargs.get("part_id") if request.resolver_match else None
    chosen = next((part for part in parts if str(part.pk) == str(asked or request.GET.get("part"))), None)
    days = {name: getattr(found, name) for name in forms.MilestonesForm.base_fields}
    names = {name: getattr(found, name) for name in forms.ProjectForm.base_fields}
    return {
        "rows": rows,
        "total": len(rows),
        "covered": sum(row["left"] >= 0 for row in rows),
        "ending": sum(row["state"] == "soon" for row in rows),
        "phases": [
            {"span": span, "label": Phase(span.phase).label, "now": span.contains(today)} for span in known.phases
        ],
        "over": bool(known.phases and known.phases[-1].end and known.phases[-1].end <= today),
        "chosen": chosen,
        "names_form": forms.ProjectForm(initial=names),
        "days_form": forms.MilestonesForm(initial=days),
        "part_form": _form_of(chosen) if chosen else forms.PartForm(),
        "laid_down_missing": bool(found.completed_on and {*LAID_DOWN} - {part.kind for part in parts}),
    }


def _form_of(part: WarrantyPart, given: QueryDict | None = None) -> forms.PartForm:
    """The form that corrects a part: its kind stays."""
    initial = {name: getattr(part, name) for name in ("name", "starts_on", "amount")}
    form = forms.PartForm(given, initial=initial)
    del form.fields["kind"]
    return form


def _row(part: WarrantyPart, today: date) -> dict[str, Any]:
    left = (part.ends_on - today).days
    state = "none" if left < 0 else "soon" if left <= NOTICE_DAYS else "kept"
    return {"part": part, "left": left, "state": state, "source": LEAST[part.kind].source}


def _done(
    request: HttpRequest, code: str, do: Callable[[Site, Actor], object], told: str, **bound: Form
) -> HttpResponse:
    """Do one act at the site the form was written for; a refusal comes back with what was typed."""
    actor = doors.actor(request)
    site = doors.site(code, actor)
    request.session["site"] = site.code
    actor.check(actions.RIGHT, site)
    form = next(iter(bound.values()), None)
    if form is None or form.is_valid():
        try:
            do(site, actor)
        except Refusal as refusal:
            if form is None:
                raise
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            actions.follow(site, now=clock.now())
            messages.success(request, told)
            return redirect("project")
    return _project_page(request, site, actor, status=422, **bound)


@page("POST")
def describe_project(request: HttpRequest, code: str) -> HttpResponse:
    """Open the project, or correct its names and seasons."""
    form = forms.ProjectForm(request.POST)

    def do(site: Site, actor: Actor) -> None:
        given = form.cleaned_data | {"by": actor, "now": clock.now()}
        known = project_of(site)
        if known:
            actions.describe_project(known, **given)
        else:
            actions.open_project(site, **given)

    return _done(request, code, do, _("已记下。"), names_form=form)


@page("POST")
def record_phases(request: HttpRequest, code: str) -> HttpResponse:
    """Write down when each phase began."""
    form = forms.MilestonesForm(request.POST)

    def do(site: Site, actor: Actor) -> None:
        actions.record_phases(doors.project(site), days=Milestones(**form.cleaned_data), by=actor, now=clock.now())

    return _done(request, code, do, _("阶段已记下，部位的保修期已按它重算。"), days_form=form)


@page("POST")
def add_part(request: HttpRequest, code: str) -> HttpResponse:
    """Put a part under warranty."""
    form = forms.PartForm(request.POST)

    def do(site: Site, actor: Actor) -> None:
        actions.add_part(doors.project(site), by=actor, now=clock.now(), **form.cleaned_data)

    return _done(request, code, do, _("部位已记下。"), part_form=form)


@page("POST")
def add_laid_down_parts(request: HttpRequest, code: str) -> HttpResponse:
    """Put everything the law names under warranty."""

    def do(site: Site, actor: Actor) -> None:
        actions.add_laid_down_parts(doors.project(site), by=actor, now=clock.now())

    return _done(request, code, do, _("法定部位已列出。"))


@page("POST")
def change_part(request: HttpRequest, code: str, part_id: int) -> HttpResponse:
    """Correct a part; its kind stays."""
    part = doors.warranty_part(part_id, doors.project(doors.site(code, doors.actor(request))))
    form = _form_of(part, request.POST)

    def do(_site: Site, actor: Actor) -> None:
        actions.change_part(part, by=actor, now=clock.now(), **form.cleaned_data)

    return _done(request, code, do, _("部位已记下。"), part_form=form)


@page("POST")
def remove_part(request: HttpRequest, code: str, part_id: int) -> HttpResponse:
    """Take a part out that was written by mistake."""

    def do(site: Site, actor: Actor) -> None:
        actions.remove_part(doors.warranty_part(part_id, doors.project(site)), by=actor, now=clock.now())

    return _done(request, code, do, _("部位已去掉，日志里留有原来的日子。"))
