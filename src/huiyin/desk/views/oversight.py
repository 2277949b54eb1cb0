"""The quality department over all sites (S4.3.a): one table of them, the digests they hand in, the week's analysis."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import queries
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.views.papers import as_pdf
from huiyin.desk.views.supervision import Number, tabs
from huiyin.duties import queries as ledger
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.reports import actions
from huiyin.reports import analyses as weeks_of
from huiyin.reports.queries import window

SHOWN_WEEKS = 12


def _overseer(request: HttpRequest) -> Actor:
    actor = doors.actor(request)
    actor.check_everywhere("cases.oversee")
    return actor


@page("GET")
def oversight(request: HttpRequest) -> HttpResponse:
    """Every site in one table, each number a list."""
    actor, now = _overseer(request), clock.now()
    today = timezone.localdate(now)
    sites, loads = doors.sites(request), queries.site_loads(actor, now=now)
    oldest = queries.oldest_open([site.pk for site in sites], actor)
    due = ledger.due_between(actor, *window(Period.year_of(today))).filter(kind=actions.DIGEST, step="submit")
    digests = {site: tally for (site,), tally in ledger.tallies(due, "site", now=now).items()}
    rows = [_row(site, loads.get(site.pk, queries.SiteLoad()), today) for site in sites]
    for site, row in zip(sites, rows, strict=True):
        tally = digests.get(site.pk)
        row["oldest"] = oldest.get(site.pk)
        row["due"] = tally.due_soon + tally.running if tally else 0
        asked = {"site": site.code, "year": str(today.year), "show": "missing", "kind": actions.DIGEST}
        row["missing"] = Number(tally.missing if tally else 0, f"{reverse('duties')}?{urlencode(asked)}")
    context = {"rows": rows, "tabs": tabs(actor, site_of(request, actor)), "month": Period.month_of(today)}
    return framed(request, "desk/oversight.html", context)


def _row(site: Site, load: queries.SiteLoad, today: Any) -> dict[str, Any]:
    def listed(n: int, **asked: object) -> Number:
        return Number(n, f"{reverse('cases')}?{urlencode({'site': site.code, **asked})}")

    complaint = {"show": "all", "kind": "complaint"}
    return {
        "site": site,
        "open": listed(load.open, show="open"),
        "overdue": listed(load.overdue, show="overdue"),
        "week": listed(load.week, **complaint, period=Period.week_of(today)),
        "month": listed(load.month, **complaint, period=Period.month_of(today)),
        "on_time": listed(load.on_time, show="on_time"),
        "fell_due": listed(load.fell_due, show="fell_due"),
    }


@page("GET")
def analyses(request: HttpRequest) -> HttpResponse:
    """The last weeks: how many digests came in, and what was concluded."""
    actor, today = _overseer(request), timezone.localdate(clock.now())
    known, week, rows = weeks_of.concluded(), Period.week_of(today), []
    for _turn in range(SHOWN_WEEKS):
        week = week.previous()
        rows.append({"week": week, "analysis": known.get(str(week))})
    return framed(request, "desk/analyses.html", {"rows": rows, "tabs": tabs(actor, site_of(request, actor))})


@page("GET")
def analysis(request: HttpRequest, week: str) -> HttpResponse:
    """A week over all sites: digests, counts, the chart with its table, the conclusion."""
    return _analysis_page(request, _overseer(request), _week(week))


def _week(text: str) -> Period:
    try:
        week = Period.parse(text)
    except Refusal:
        raise Http404 from None
    if week.kind != "week":
        raise Http404
    return week


def _analysis_page(
    request: HttpRequest, actor: Actor, week: Period, *, form: forms.ConclusionForm | None = None, status: int = 200
) -> HttpResponse:
    kept = weeks_of.concluded().get(str(week))
    context = {
        "week": week,
        "kept": kept,
        "figures": kept.figures if kept else weeks_of.analyzed(week, now=clock.now()),
        "digests": weeks_of.of_week(week),
        "form": form or forms.ConclusionForm(),
        "tabs": tabs(actor, site_of(request, actor)),
    }
    return framed(request, "desk/analysis.html", context, status=status)


@page("POST")
def conclude(request: HttpRequest, week: str) -> HttpResponse:
    """Keep the conclusion and send it to the sites."""
    actor, period = _overseer(request), _week(week)
    form = forms.ConclusionForm(request.POST)
    if form.is_valid():
        try:
            company = site_of(request, actor).company
            actions.conclude(company, period, conclusion=form.cleaned_data["conclusion"], by=actor, now=clock.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("结论已保存，并发给各站点。"))
            return redirect("analysis", week)
    return _analysis_page(request, actor, period, form=form, status=422)


@page("GET")
def analysis_pdf(request: HttpRequest, week: str) -> HttpResponse:
    """The analysis as PDF."""
    actor, period = _overseer(request), _week(week)
    kept = weeks_of.concluded().get(str(period))
    figures = kept.figures if kept else weeks_of.analyzed(period, now=clock.now())
    data = weeks_of.printed_analysis(site_of(request, actor).company, period, figures, kept)
    return as_pdf(data, f"{period}.pdf")


@page("POST")
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """Sign for a digest."""
    actor = _overseer(request)
    actions.acknowledge(doors.report(number, actor), by=actor, now=clock.now())
    messages.success(request, _("已签收。"))
    return redirect("digest", number)
