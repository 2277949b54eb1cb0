"""制度体检: what can not be kept in the handbooks, contradicts or is left open, and what was decided about it."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk.forms import DecisionForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.handbook import actions, queries
from huiyin.handbook.linter import SEVERITIES, Finding, severity_word, way_words
from huiyin.handbook.models import Decision
from huiyin.handbook.schema import Handbook
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

COMPANY, HERE = "company", "site"
RIGHT = "handbook.adopt"
Found = list[tuple[Finding, list[Site]]]


@page("GET", "POST")
def checkup(request: HttpRequest) -> HttpResponse:
    """The findings of a site's handbooks, or of the company's, worst first; POST puts a decision on record."""
    actor = doors.actor(request)
    actor.check("duties.read")
    site = None if _is_whole(request, actor) else site_of(request, actor)
    found = _found(site)
    if request.method == "POST":
        return _decided(request, site, found, actor)
    chosen = next((one for one, _sites in found if _anchor(one) == request.GET.get("decide")), None)
    form = _form(site, actor, chosen) if chosen and _deciding(actor, site) else None
    return _answered(request, site, found, actor, chosen=(chosen, form))


def _is_whole(request: HttpRequest, actor: Actor) -> bool:
    return request.GET.get("of") == COMPANY and actor.is_company_wide


def _follows(site: Site | None) -> list[Handbook]:
    if site is None:
        return []
    return [queries.edition(one.edition.digest) for one in queries.adopted_by(site, timezone.localdate(clock.now()))]


def _found(site: Site | None) -> Found:
    today = timezone.localdate(clock.now())
    if site is None:
        return queries.company_findings(today)
    return [(one, []) for one in queries.findings_for(site, today)]


def _deciding(actor: Actor, site: Site | None) -> list[tuple[str, str]]:
    """Whom the actor may decide for: this site, the company, or nobody."""
    places = []
    if site is not None and actor.may(RIGHT, site):
        places.append((HERE, _("只管%(site)s") % {"site": site.name}))
    if any(scope.site is None and RIGHT in scope.rights for scope in actor.scopes):
        places.append((COMPANY, _("管到全公司")))
    return places


def _form(site: Site | None, actor: Actor, finding: Finding, data: Any = None) -> DecisionForm:
    ways = [(way.id, way.words) for way in finding.ways_out]
    return DecisionForm(data, ways=ways, places=_deciding(actor, site))


def _decided(request: HttpRequest, site: Site | None, found: Found, actor: Actor) -> HttpResponse:
    finding = next((one for one, _sites in found if _anchor(one) == request.POST.get("finding")), None)
    if finding is None:
        raise Http404
    actor.check(RIGHT, site)
    form = _form(site, actor, finding, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        place = None if given["holds"] == COMPANY else site
        try:
            actions.decide(finding, way=given["way"], reason=given["reason"], site=place, by=actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("决定已经记下。"))
            return redirect(f"{_address(site)}#{_anchor(finding)}")
    return _answered(request, site, found, actor, chosen=(finding, form), status=422)


def _answered(
    request: HttpRequest,
    site: Site | None,
    found: Found,
    actor: Actor,
    *,
    chosen: tuple[Finding | None, DecisionForm | None],
    status: int = 200,
) -> HttpResponse:
    decisions = queries.decisions_for(site)
    finding, form = chosen
    rows = [
        _row(one, where, decisions.get(one.key, [])) | {"form": form if one is finding else None}
        for one, where in found
    ]
    open_ones = [row for row in rows if not row["decided"]]
    context = {
        "groups": [
            {"code": severity, "name": severity_word(severity), "rows": list(some)}
            for severity, some in groupby(open_ones, key=lambda row: row["finding"].severity)
        ],
        "counts": [_count(severity, rows) for severity in SEVERITIES],
        "decided": [row for row in rows if row["decided"]],
        "open_count": len(open_ones),
        "found_count": len(rows),
        "scopes": _scopes(request, site, actor),
        "whole": site is None,
        "may_decide": bool(_deciding(actor, site)),
        "address": _address(site),
        "follows": _follows(site),
    }
    return framed(request, "desk/checkup.html", context, status=status)


def _row(finding: Finding, where: list[Site], decisions: list[Decision]) -> dict[str, Any]:
    told = [
        {"decision": one, "way": way_words(one.code, one.way), "who": one.decided_by.name if one.decided_by else ""}
        for one in decisions
    ]
    return {
        "finding": finding,
        "id": _anchor(finding),
        "sites": where,
        "lines": [
            {"number": number, "text": text, "here": number == finding.line} for number, text in finding.around()
        ],
        "decided": told[0] if told else None,
        "before": told[1:],
    }


def _count(severity: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many of a kind are not decided yet, of how many."""
    mine = [row for row in rows if row["finding"].severity == severity]
    waiting = sum(row["decided"] is None for row in mine)
    return {"code": severity, "name": severity_word(severity), "open": waiting, "all": len(mine)}


def _scopes(request: HttpRequest, site: Site | None, actor: Actor) -> dict[str, Any] | None:
    """The choice between one site and the company, for those who see it."""
    if not actor.is_company_wide:
        return None
    here = site_of(request, actor)
    options = [
        {"label": here.name, "url": _address(here), "current": site is not None, "count": None},
        {"label": _("全公司"), "url": _address(None), "current": site is None, "count": None},
    ]
    return {"value": here.name if site else _("全公司"), "options": options}


def _address(site: Site | None) -> str:
    return reverse("checkup") + ("" if site else f"?of={COMPANY}")


def _anchor(finding: Finding) -> str:
    return f"f-{finding.key[:12]}"
