"""Writes of reports: draft, word, submit, approve or return, publish and seal; the audit pack and the draw."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from huiyin.approvals import actions as approvals
from huiyin.approvals.rules import Asked
from huiyin.approvals.states import Verdict
from huiyin.duties import actions as duties
from huiyin.duties.rules import Done
from huiyin.handbook.queries import rulebook
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.journal import actions as journal
from huiyin.journal.models import Entry
from huiyin.kit import chinese
from huiyin.kit.periods import Period
from huiyin.kit.seen import ChangedMeanwhile
from huiyin.notices import actions as notices
from huiyin.notices.actions import Posting
from huiyin.notices.models import Notice
from huiyin.notices.rules import check
from huiyin.organization.models import Company, Site
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.records import actions as records
from huiyin.records.actions import Laid
from huiyin.references import actions as references
from huiyin.references.actions import Wanted
from huiyin.references.states import Kind
from huiyin.reports.analyses import analyzed, of_week
from huiyin.reports.evidence import PackOrder
from huiyin.reports.lots import DRAWN, draw_from
from huiyin.reports.models import Analysis, PublicAnswer, Report
from huiyin.reports.pack import write as write_pack
from huiyin.reports.queries import blocks_of, drawn, gate, measures_of, names_to_keep_out, title_of
from huiyin.reports.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_LOTS,
    ConcludedAlready,
    IllegalStep,
    ImpossibleYear,
    NoConclusion,
    NotHandedIn,
    NothingToDraw,
    NotOverYet,
    ReceivedAlready,
    as_number,
    is_weekly,
    legal,
)
from huiyin.reports.states import TRANSITIONS, ReportState

DIGEST = "complaint_digest"


@transaction.atomic
def draft(site: Site, period: Period, *, by: Actor, now: datetime) -> Report:
    """Draw last month's complaints into a digest (S3.2.3.c). There is one per site and period; asking again returns it."""
    before = (
        Report.objects.filter(site=site, kind=DIGEST, period=str(period)).select_related("reference", "site").first()
    )
    if before:
        return before
    reference = references.issue(site, Wanted(Kind.REPORT, title_of(site, period)), now=now)[0]
    report = Report.objects.create(
        reference=reference,
        site=site,
        kind=DIGEST,
        period=str(period),
        figures=drawn(site, period, now=now),
        measures=measures_of(site, period),
        drafted_at=now,
    )
    references.index(reference, "report", reference.title)
    duties.discharge(site, Done((DIGEST,), now, step="draft", about=str(period)), reference=reference, by=by, now=now)
    journal.record("reports.drafted", by=by, now=now, reference=reference.number, facts={"period": str(period)})
    return report


def write(report: Report, *, summary: str, measures: str, by: Actor, now: datetime) -> Report:
    """Put the author's words into a draft and draw the figures anew. Only while it is a draft or was returned."""
    _target, right = legal(TRANSITIONS, "submit", report.state)
    by.check(right, report.site)
    changes: dict[str, Any] = {"summary": chinese.clean(summary), "measures": chinese.clean(measures)}
    changes["figures"] = drawn(report.site, Period.parse(report.period), now=now)
    set_state(report, report.state, changes)
    journal.record(
        "reports.written", by=by, now=now, reference=report.reference.number, fields={"summary": changes["summary"]}
    )
    return report


@transaction.atomic
def submit(report: Report, *, by: Actor, now: datetime) -> Report:
    """Send the draft to its review chain; submitting on the 5th keeps S3.2.3.c, on the 6th is late for ever."""
    target, right = legal(TRANSITIONS, "submit", report.state)
    by.check(right, report.site)
    version = report.version + 1 if report.state == ReportState.RETURNED else report.version
    set_state(report, target, {"submitted_at": now, "submitted_by_id": by.user_id, "version": version})
    rules = rulebook(report.site, timezone.localdate(now))
    if is_weekly(report.period):
        _discharge(report, "submit", by, now, rules.clauses_of(DIGEST, "submit", every="week"))
        _tell_quality(report, "handed_in", now)
        return report
    steps = [Asked(step.act, step.role) for step in rules.chain(DIGEST)]
    chain = approvals.ask(report.reference, steps, version=version, by=by, now=now, author=by.user_id)
    _discharge(report, "submit", by, now, rules.clauses_of(DIGEST, "submit", every="month"))
    people = tuple(crew_of(report.site).holders(*(step.role for step in chain[:1])))
    message = Message(
        report.reference,
        f"submitted.{version}",
        "reports/messages/submitted",
        {"period": report.period},
        to_users=people,
    )
    interactions.send([message], now=now)
    return report


@transaction.atomic
def decide(report: Report, verdict: Verdict, *, by: Actor, now: datetime, comment: str = "") -> Report:
    """Approve or return (S3.2.3.d). Approval waits until the gate finds nothing; a return needs a reason and goes to the author."""
    if is_weekly(report.period):
        raise IllegalStep(ReportState(report.state))
    act = "approve" if verdict == Verdict.AGREED else "send_back"
    target, right = legal(TRANSITIONS, act, report.state)
    by.check(right, report.site)
    if verdict == Verdict.AGREED:
        check(gate(report))
    whole = approvals.decide(report.reference, verdict, by=by, now=now, comment=comment, author=report.submitted_by_id)
    if whole == Verdict.OPEN:
        return report
    agreed = whole == Verdict.AGREED
    set_state(report, target, {"approved_at": now, "approved_by_id": by.user_id} if agreed else {})
    if agreed:
        # S4.4.2.1.6.d: what goes on to the quality department goes there once the manager has agreed.
        onward = rulebook(report.site, timezone.localdate(now)).clauses_of(
            DIGEST, "submit", every="month", after="approve"
        )
        if onward:
            _discharge(report, "submit", by, now, onward)
            _tell_quality(report, "approved", now)
    elif report.submitted_by is not None:
        values = {"period": report.period}
        people = (report.submitted_by,)
        message = Message(
            report.reference, f"returned.{report.version}", "reports/messages/returned", values, to_users=people
        )
        interactions.send([message], now=now)
    return report


@transaction.atomic
def publish(report: Report, sealed: Laid, *, by: Actor, now: datetime) -> Notice:
    """Post the approved digest on the site's page without anybody's identity, archive and file it (S3.2.3.d-e).

    `sealed` is the PDF laid down before. Discharges publication and filing; refused unless approved and clean.
    """
    target, right = legal(TRANSITIONS, "publish", report.state)
    by.check(right, report.site)
    names, rooms = names_to_keep_out(report)
    days = rulebook(report.site, timezone.localdate(now)).display_days(DIGEST)
    with translation.override(settings.LANGUAGE_CODE):
        blocks = blocks_of(report)
    posting = Posting("disclosure", report.reference.title, blocks, days, names=names, rooms=rooms)
    notice = notices.post(report.site, posting, about=report.reference, by=by, now=now)
    records.seal(report.reference, sealed, label=report.reference.title, by=by, now=now)
    set_state(report, target, {"published_at": now})
    _discharge(report, "publish", by, now)
    _discharge(report, "file", by, now)
    journal.record(
        "reports.published",
        by=by,
        now=now,
        reference=report.reference.number,
        facts={"notice": notice.reference.number},
    )
    return notice


@transaction.atomic
def acknowledge(report: Report, *, by: Actor, now: datetime) -> Report:
    """The quality department signs for a digest: who and when is kept (S4.4.2.1.5.a, S4.4.2.1.6.d). Once."""
    by.check_everywhere("cases.oversee")
    handed_in = {ReportState.SUBMITTED} if is_weekly(report.period) else {ReportState.APPROVED, ReportState.PUBLISHED}
    if report.state not in handed_in:
        raise NotHandedIn
    signed = {"received_at": now, "received_by_id": by.user_id}
    if not Report.objects.filter(pk=report.pk, received_at__isnull=True).update(**signed):
        raise ReceivedAlready
    for field, value in signed.items():
        setattr(report, field, value)
    journal.record(
        "reports.received", by=by, now=now, reference=report.reference.number, facts={"period": report.period}
    )
    if report.submitted_by is not None:
        values = {"period": report.period}
        message = Message(
            report.reference, "received", "reports/messages/received", values, to_users=(report.submitted_by,)
        )
        interactions.send([message], now=now)
    return report


@transaction.atomic
def conclude(company: Company, period: Period, *, conclusion: str, by: Actor, now: datetime) -> Analysis:
    """Keep the quality department's conclusions on a week, send them to the sites, and discharge the duty (S4.4.2.1.5.b)."""
    by.check_everywhere("cases.oversee")
    conclusion = chinese.clean(conclusion)
    if chinese.is_blank(conclusion) or by.user_id is None:
        raise NoConclusion
    if period.last >= timezone.localdate(now):
        raise NotOverYet
    analysis, made = Analysis.objects.get_or_create(
        company=company,
        period=str(period),
        defaults={
            "figures": analyzed(period, now=now),
            "conclusion": conclusion,
            "concluded_at": now,
            "concluded_by_id": by.user_id,
        },
    )
    if not made:
        raise ConcludedAlready
    journal.record("reports.analyzed", by=by, now=now, facts={"period": str(period)}, fields={"conclusion": conclusion})
    done = Done((DIGEST,), now, step="review", about=str(period))
    for report in of_week(period):
        duties.discharge(report.site, done, reference=report.reference, by=by, now=now)
        people = tuple(crew_of(report.site).holders(Role.SITE_MANAGER))
        message = Message(
            report.reference, "analyzed", "reports/messages/analyzed", {"period": str(period)}, to_users=people
        )
        interactions.send([message], now=now)
    return analysis


def _tell_quality(report: Report, event: str, now: datetime) -> None:
    people = tuple(crew_of(report.site).holders(Role.QUALITY_OFFICER))
    values = {"period": report.period, "site": report.site.name}
    message = Message(
        report.reference, f"{event}.{report.version}", f"reports/messages/{event}", values, to_users=people
    )
    interactions.send([message], now=now)


def _discharge(report: Report, step: str, by: Actor, now: datetime, clauses: tuple[str, ...] = ()) -> None:
    done = Done((report.kind,), now, step=step, about=report.period, clauses=clauses)
    duties.discharge(report.site, done, reference=report.reference, by=by, now=now)


def set_state(thing: Report | PublicAnswer, target: str, changes: dict[str, Any]) -> None:
    """Compare-and-set on state, version and the words, which others may have written meanwhile."""
    before = {name: getattr(thing, name) for name in ("pk", "state", "version", *thing.WORDS)}
    if not type(thing).objects.filter(**before).update(state=target, **changes):
        raise ChangedMeanwhile
    for field, value in (changes | {"state": target}).items():
        setattr(thing, field, value)


@dataclass(frozen=True)
class Packed:
    """A pack that was made. `number` is its manifest's own hash."""

    number: str
    name: str


def pack(order: PackOrder, stream: IO[bytes], *, by: Actor, now: datetime) -> Packed:
    """Write the audit pack of a site's year (right `audit.read`). Seals what waits first; the making is put on record.

    Takes seconds for some thousand duties: outside transactions. Refused for a year outside 2001 to 2099.
    """
    by.check("audit.read", order.site)
    if not FIRST_YEAR <= order.year <= LAST_YEAR:
        raise ImpossibleYear
    journal.close_days(now=now)
    while journal.seal(now=now):
        continue
    number = write_pack(order, stream)
    facts = {"site": order.site.code, "year": order.year, "sha256": number}
    journal.record("reports.packed", by=by, now=now, facts=facts)
    return Packed(number, f"huiyin-{order.site.code}-{order.year}.zip")


def draw(site: Site, *, clause: str, number: str, count: int, by: Actor, now: datetime) -> Entry:
    """Draw duties for an audit by a number that the auditor chooses, and put the draw on record (right `audit.read`).

    `clause` is "handbook clause"; empty = the clause is drawn by the same number. At most fifty lots.
    """
    by.check("audit.read", site)
    lots = draw_from(site, by, clause=clause, number=as_number(number), count=min(max(count, 1), MOST_LOTS), until=now)
    if not lots.lots:
        raise NothingToDraw
    return journal.record(DRAWN, by=by, now=now, facts=lots.facts())
