"""服务目录: what the site offers, searched while somebody asks; its draft, and the verdict on it (S3.2.1.a)."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.approvals.states import Verdict
from huiyin.desk.acts import add_refusal
from huiyin.desk.forms.catalog import Services, StartForm, VerdictForm, written
from huiyin.desk.forms.papers import caught_up
from huiyin.desk.frame import framed, page, site_of
from huiyin.kit.refusal import Refusal
from huiyin.kit.seen import expect
from huiyin.notices import actions
from huiyin.notices.models import ServiceCatalog
from huiyin.notices.queries import NO_CATALOG, catalog_in_force, catalogs_of
from huiyin.notices.rules import DecidedMeanwhile, matching
from huiyin.notices.states import CatalogState
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor


@page("GET")
def catalog(request: HttpRequest) -> HttpResponse:
    """The version in force, or the one asked for by `version`; narrowed by `q`."""
    actor = doors.actor(request)
    actor.check("cases.read")
    return _catalog_page(request, site_of(request, actor), actor)


def _catalog_page(
    request: HttpRequest, site: Site, actor: Actor, *, verdict: Form | None = None, status: int = 200
) -> HttpResponse:
    today, kept = timezone.localdate(clock.now()), list(catalogs_of(site))
    approved = [one for one in kept if one.state == CatalogState.APPROVED]
    current = catalog_in_force(site, on=today)
    in_work = next((one for one in kept if one.state != CatalogState.APPROVED), None)
    asked, q = request.GET.get("version", "")[:5], request.GET.get("q", "")[:80]
    shown = next((one for one in kept if str(one.version) == asked), current)
    if verdict is not None:
        shown = in_work or next(iter(kept), None)
    waits = in_work is not None and in_work.state == CatalogState.SUBMITTED
    if verdict is None and in_work is not None and shown == in_work and waits and actor.may("notices.publish", site):
        verdict = VerdictForm(initial={"seen": in_work.words_seen})
    elif in_work is not None:
        caught_up(verdict, in_work.words_seen)  # the words of now stand above it
    context = {
        "place": site,
        "q": q,
        "shown": shown,
        "current": current,
        "in_work": in_work,
        "approved": approved,
        "services": matching(shown.services, q) if shown else [],
        "waits": waits,
        "verdict": verdict,
        "may_write": actor.may("reports.draft", site),
    }
    return framed(request, "desk/catalog.html", context, status=status)


@page("GET", "POST")
def draft_catalog(request: HttpRequest, code: str) -> HttpResponse:
    """Write the draft, and hand it in. Nothing typed is lost by a refusal."""
    actor, now = doors.actor(request), clock.now()
    site = doors.site(code, actor)
    actor.check("reports.draft", site)
    newest = catalogs_of(site).first()
    if request.method != "POST":
        begun = newest.services if newest else [{"phone": site.phone}]
        rows, start = Services(initial=begun), StartForm(initial=_start(newest))
        return _draft_page(request, site, rows, start)
    rows, start = Services(request.POST), StartForm(request.POST)
    if rows.is_valid() and start.is_valid():
        try:
            keep = actions.hand_in_catalog if "submit" in request.POST else actions.draft_catalog
            given = start.cleaned_data
            keep(site, written(rows), on=given["on"] or timezone.localdate(now), by=actor, now=now, seen=given["seen"])
        except Refusal as refusal:
            add_refusal(start, refusal)
        else:
            messages.success(request, _("已提交审批。") if "submit" in request.POST else _("草稿已存下，还没有生效。"))
            request.session["site"] = site.code
            return redirect("catalog")
    return _draft_page(request, site, rows, start, status=422)


def _start(newest: ServiceCatalog | None) -> dict[str, Any]:
    if newest is None:
        return {"seen": NO_CATALOG}
    begun = {"on": newest.effective_on} if newest.state != CatalogState.APPROVED else {}
    return begun | {"seen": newest.words_seen}


def _draft_page(request: HttpRequest, site: Site, rows: Any, start: Form, *, status: int = 200) -> HttpResponse:
    newest = catalogs_of(site).first()
    theirs = newest if newest and caught_up(start, newest.words_seen) else None
    context = {"place": site, "rows": rows, "start": start, "theirs": theirs}
    return framed(request, "desk/draft_catalog.html", context, status=status)


@page("POST")
def decide_catalog(request: HttpRequest, code: str) -> HttpResponse:
    """Approve what waits, or return it with the reason."""
    actor = doors.actor(request)
    site = doors.site(code, actor)
    actor.check("notices.publish", site)
    request.session["site"] = site.code
    waiting = doors.found(catalogs_of(site).first())
    form = VerdictForm(request.POST)
    if form.is_valid():
        verdict = Verdict.AGREED if "approve" in request.POST else Verdict.RETURNED
        try:
            if waiting.state != CatalogState.SUBMITTED:
                raise DecidedMeanwhile
            expect(waiting, form.cleaned_data.pop("seen"))
            actions.decide_catalog(waiting, verdict, by=actor, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已批准。") if verdict == Verdict.AGREED else _("已退回。"))
            return redirect("catalog")
    return _catalog_page(request, site, actor, verdict=form, status=422)
