"""The month's digest: from the draft to the page where everybody reads it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.approvals.queries import steps_of
from huiyin.approvals.states import Verdict
from huiyin.desk import forms
from huiyin.desk.forms.papers import caught_up
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import duty_row
from huiyin.desk.views.papers import as_pdf
from huiyin.duties import queries as ledger
from huiyin.interactions.actions import read_all
from huiyin.kit.refusal import Refusal
from huiyin.kit.seen import expect
from huiyin.notices import queries as notices
from huiyin.organization.rules import Actor
from huiyin.records.actions import lay_down
from huiyin.records.queries import seals_of
from huiyin.reports import actions, queries
from huiyin.reports.analyses import conclusion_for
from huiyin.reports.models import Report
from huiyin.reports.rules import is_weekly


@page("GET")
def digests(request: HttpRequest) -> HttpResponse:
    """Digests of the site, of months and of weeks, newest first; each with how it stands."""
    actor, now = doors.actor(request), clock.now()
    actor.check("reports.read")
    site = site_of(request, actor)
    found = queries.listed(site, actor, most=24)
    owed = ledger.owed_by(actor, now=now).filter(kind=actions.DIGEST, site=site)
    return framed(request, "desk/digests.html", {"reports": found, "owed": [duty_row(duty, now) for duty in owed[:6]]})


@page("GET")
def digest(request: HttpRequest, number: str) -> HttpResponse:
    """One digest: figures, words, what the gate finds, the review, the next act."""
    actor = doors.actor(request)
    report = doors.report(number, actor)
    read_all(actor, about=report.reference, now=clock.now())
    return _digest_page(request, report, actor)


def _digest_page(
    request: HttpRequest,
    report: Report,
    actor: Actor,
    *,
    tried: str = "",
    form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    now, weekly, state = clock.now(), is_weekly(report.period), report.state
    # What was typed stays on the page, even if somebody else was faster and it is of no use any more.
    writing = tried in {"write", "submit"} or (
        not tried and state in {"draft", "returned"} and actor.may("reports.draft", report.site)
    )
    deciding = tried in {"approve", "send_back"} or (
        not tried and state == "submitted" and not weekly and actor.may("reports.approve", report.site)
    )
    if form is None and writing:
        words = {"summary": report.summary, "measures": report.measures}
        form = forms.DigestForm(initial={**words, "seen": report.words_seen})
    elif form is None and deciding:
        form = forms.VerdictForm(initial={"seen": report.words_seen})
    context = {
        "report": report,
        "figures": report.figures,
        "blocks": queries.blocks_of(report),
        "gate": queries.gate(report),
        "steps": steps_of(report.reference),
        "duties": [duty_row(duty, now) for duty in ledger.serving(report.site, report.kind, report.period)],
        "seals": seals_of(report.reference),
        "notice": notices.about(report.reference),
        "form": form,
        "writing": writing,
        "deciding": deciding,
        "theirs": caught_up(form, report.words_seen),
        "weekly": weekly,
        "analysis": conclusion_for(report) if weekly else None,
        "receiving": _waits_for_receipt(report) and actor.may_everywhere("cases.oversee"),
        "publishing": state == "approved" and not (writing or deciding) and actor.may("reports.approve", report.site),
    }
    return framed(request, "desk/digest.html", context, status=status)


def _waits_for_receipt(report: Report) -> bool:
    handed_in = {"submitted"} if is_weekly(report.period) else {"approved", "published"}
    return report.received_at is None and report.state in handed_in


@page("POST")
def digest_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Keep, submit, approve, return or publish."""
    actor = doors.actor(request)
    report = doors.report(number, actor)
    if act not in {"write", "submit", "approve", "send_back", "publish"}:
        raise Http404
    form: Form = forms.DigestForm(request.POST) if act in {"write", "submit"} else forms.VerdictForm(request.POST)
    if form.is_valid():
        try:
            expect(report, form.cleaned_data.pop("seen", ""))
            _do(act, report, form.cleaned_data, actor)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已记下。"))
            return redirect("digest", number)
    return _digest_page(request, doors.report(number, actor), actor, tried=act, form=form, status=422)


def _do(act: str, report: Report, given: dict[str, Any], actor: Actor) -> None:
    now = clock.now()
    if act in {"write", "submit"}:
        actions.write(report, by=actor, now=now, **given)
        if act == "submit":
            actions.submit(report, by=actor, now=now)
    elif act == "publish":
        _publish(report, actor)
    else:
        verdict = Verdict.AGREED if act == "approve" else Verdict.RETURNED
        actions.decide(report, verdict, by=actor, now=now, comment=given["comment"])


def _publish(report: Report, actor: Actor) -> None:
    """The paper is set and laid down before the transaction, which stays short."""
    actions.publish(report, lay_down(queries.printed(report), "application/pdf"), by=actor, now=clock.now())


@page("GET")
def digest_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The digest as PDF, as it stands now."""
    report = doors.report(number, doors.actor(request))
    return as_pdf(queries.printed(report), f"{number}.pdf")
