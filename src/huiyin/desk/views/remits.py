"""分管矩阵: who answers for which category in which cluster of a site, and which unit a handbook's section stands for."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.forms.remits import field_name
from huiyin.desk.frame import framed, page, site_of
from huiyin.handbook.actions import elsewhere_words, put_remits_in_force
from huiyin.handbook.queries import rulebook
from huiyin.kit.refusal import Refusal
from huiyin.organization import actions
from huiyin.organization.models import RemitMatrix, Site
from huiyin.organization.queries import Picture, picture_of, remit_matrices
from huiyin.organization.rules import Actor, RemitOverlap, overlaps
from huiyin.organization.states import Role


@page("GET")
def remits(request: HttpRequest) -> HttpResponse:
    """The matrix in force, the draft, the versions before; a form for whoever may write it (S1.6.b)."""
    actor = doors.actor(request)
    actor.check("directory.read")
    return _page(request, site_of(request, actor), actor)


def _page(
    request: HttpRequest, site: Site, actor: Actor, *, form: forms.RemitsForm | None = None, status: int = 200
) -> HttpResponse:
    today, kept = timezone.localdate(clock.now()), remit_matrices(site)
    draft = next((one for one in kept if one.effective_on is None), None)
    started = [one for one in kept if one.effective_on and one.effective_on <= today]
    current = max(started, key=lambda one: (one.effective_on, one.version), default=None)
    picture = picture_of(site)
    form = form or _form(site, picture, today, initial=_initial(draft or current, picture, site, today))
    context = {
        "place": site,
        "form": form,
        "draft": draft,
        "current": current,
        "kept": [one for one in kept if one.effective_on],
        "empty": _empty(form),
        "may_write": actor.may("organization.write", site),
    }
    return framed(request, "desk/remits.html", context, status=status)


def _form(site: Site, picture: Picture, on: date, **given: Any) -> forms.RemitsForm:
    rules = rulebook(site, on)
    columns = [(group.code, group.name) for group in picture.clusters]
    units = [(str(one.pk), one.name) for one in picture.departments]
    people = {
        post.user_id: f"{post.user.name} · {Role(post.role).label}" for post in picture.crew.posts if post.site_id
    }
    holders = [(f"unit:{key}", name) for key, name in units]
    holders += [(f"person:{key}", name) for key, name in people.items()]
    return forms.RemitsForm(
        *given.pop("data", ()),
        rows=rules.categories(),
        columns=[*columns, ("", elsewhere_words(bool(columns)))],
        holders=holders,
        units=units,
        sections=rules.sections(),
        auto_id="%s",
        **given,
    )


def _initial(matrix: RemitMatrix | None, picture: Picture, site: Site, on: date) -> dict[str, str]:
    """What stands in the form at first: the draft, else the matrix in force, else what the departments' own lists say."""
    values = {f"section.{role}": str(unit) for role, unit in picture.aliases.items()}
    if matrix is not None:
        for one in matrix.remits.all():
            holder = f"unit:{one.department_id}" if one.department_id else f"person:{one.person_id}"
            values[field_name(one.category, one.cluster.code if one.cluster else "")] = holder
        return values
    for category, _name in rulebook(site, on).categories():
        unit = next((one for one in picture.departments if category in one.categories), None)
        for cluster in [*(group.code for group in picture.clusters), ""]:
            if unit:
                values[field_name(category, cluster)] = f"unit:{unit.pk}"
    return values


def _empty(form: forms.RemitsForm) -> list[str]:
    """Fields and sections without an answer, by name."""
    cells = [cell for row in form.table() for cell in row["cells"]]
    return [str(cell.label) for cell in [*cells, *form.section_fields()] if not cell.value()]


@page("POST")
def save_remits(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a draft; it may have gaps."""
    return _save(request, code, start=False)


@page("POST")
def start_remits(request: HttpRequest, code: str) -> HttpResponse:
    """Let the matrix count from a day on; gaps and overlaps are named."""
    return _save(request, code, start=True)


def _save(request: HttpRequest, code: str, *, start: bool) -> HttpResponse:
    actor, now = doors.actor(request), clock.now()
    site = doors.site(code, actor)
    actor.check("organization.write", site)
    request.session["site"] = site.code
    form = _form(site, picture_of(site), timezone.localdate(now), data=(request.POST,))
    if form.is_valid():
        try:
            matrix = _keep(site, form, actor)
            if start:
                put_remits_in_force(matrix, on=form.cleaned_data["on"] or timezone.localdate(now), by=actor, now=now)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("分管矩阵已生效。") if start else _("草稿已存下，还没有生效。"))
            return redirect("remits")
    return _page(request, site, actor, form=form, status=422)


def _keep(site: Site, form: forms.RemitsForm, actor: Actor) -> RemitMatrix:
    """The draft as it was typed, and the sections' units. A field with two answers is refused by its name."""
    held, now = form.holdings(), clock.now()
    double = [str(form.fields[field_name(*place)].label) for place in overlaps(held)]
    if double:
        raise RemitOverlap("、".join(double))
    units = {one.pk: one for one in picture_of(site).departments}
    for role, unit in form.mapped().items():
        actions.map_section(site, role=role, department=units[unit], by=actor, now=now)
    return actions.draft_remits(site, held, by=actor, now=now)
