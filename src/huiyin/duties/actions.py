"""Writes of the ledger: open, discharge, move, nudge. Knows no kind of duty by name."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop as N_

from huiyin.duties.models import Duty, Evidence, Nudge
from huiyin.duties.queries import OPEN, RUNS_UNTIL, fitting, open_about, owes
from huiyin.duties.rules import (
    HALF_A_YEAR,
    Asked,
    BeforeItsTime,
    Done,
    DoneAlready,
    NotYours,
    StillToCome,
    WithoutReason,
    WrongRecheck,
)
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.counting import Reason
from huiyin.kit.inserts import insert
from huiyin.organization.models import Site, User
from huiyin.organization.rules import Actor
from huiyin.records.actions import Laid, attach
from huiyin.references import actions as references
from huiyin.references.actions import Wanted
from huiyin.references.models import Reference
from huiyin.references.states import Kind

NO_LONGER_ASKED = N_("制度不再要求")


def open_duties(site: Site, asked: Iterable[Asked], *, reference: Reference | None = None) -> None:
    """Put duties in the ledger. What is there already stays as it is, so repeating this after a crash is safe."""
    rows = [
        Duty(
            site=site,
            reference=reference,
            handbook=one.handbook,
            clause=one.clause,
            kind=one.kind,
            step=one.step,
            period=one.period,
            scope=one.scope,
            edition=one.edition,
            opens_at=one.opens_at,
            due_at=one.due_at,
            provisional=one.provisional,
            why=[reason.as_json() for reason in one.why],
            owner_role=one.owner_role,
            owner_id=one.owner_id,
            needed=one.needed,
            papers=list(one.papers),
            not_applicable=one.not_applicable,
            is_history=one.is_history,
        )
        for one in asked
    ]
    insert(*rows, skip_known=True)


def discharge(
    site: Site, done: Done, *, reference: Reference, by: Actor, now: datetime, only_about: bool = False
) -> list[Duty]:
    """Take an act as evidence: it discharges every open duty that all of its marks fit, once the amount reaches what is needed.

    With `only_about` the act counts for duties about this very reference and no others (a case's solution, its follow-up).
    """
    found = fitting(site, done, about=reference if only_about else None)
    evidence = Evidence(
        site=site,
        reference=reference,
        kinds=list(done.kinds),
        what=done.what,
        step=done.step,
        about=done.about,
        scope=done.scope,
        amount=done.amount,
        papers=list(done.papers),
        happened_at=done.happened_at,
        entered_at=now,
        valid_until=done.valid_until,
        by=by.signature,
        note=done.note,
    )
    insert(evidence)
    insert(*(Evidence.duties.through(evidence=evidence, duty=duty) for duty in found))
    met = [duty for duty in found if _amount(duty) >= duty.needed]
    if met:
        Duty.objects.filter(pk__in=[duty.pk for duty in met], done_at__isnull=True).update(done_at=done.happened_at)
    for duty in met:
        facts = {"kind": duty.kind, "step": duty.step, "period": duty.period, "clause": duty.clause, "duty": duty.pk}
        journal.record("duties.discharged", by=by, now=now, reference=reference.number, facts=facts)
    return met


def _amount(duty: Duty) -> int:
    if duty.needed == 1:
        return 1
    return duty.evidence.aggregate(total=Sum("amount"))["total"] or 0


def recount(site: Site, asked: Sequence[Asked], *, by: Actor, now: datetime) -> None:
    """Let the open recurring duties of a site follow a changed rule, calendar or fact: new dates, or no longer asked for.

    What is done stays as it was judged, and what was late stays late: only duties not yet due follow, and those whose
    date was provisional. Each change is journaled with the day it was due before.
    """
    wanted = {_key(one): one for one in asked}
    standing = Duty.objects.filter(
        done_at__isnull=True, recheck_on__isnull=True, is_history=False, reference__isnull=True, site=site
    )
    for duty in standing.exclude(handbook="").filter(Q(due_at__gte=now) | Q(provisional=True)):
        one = wanted.get(_key(duty))
        changes = _withdrawn(duty) if one is None else _dates(one)
        before = {name: getattr(duty, name) for name in changes}
        if before != changes:
            duty.site = site
            Duty.objects.filter(pk=duty.pk).update(**changes)
            _say_recounted(duty, changes, by, now)


def _say_recounted(duty: Duty, changes: dict[str, Any], by: Actor, now: datetime) -> None:
    due_at = changes.get("due_at", duty.due_at)
    facts = {"site": duty.site.code, "duty": duty.pk, "clause": duty.clause, "period": duty.period}
    facts |= {"due_before": duty.due_at.isoformat(), "due": due_at.isoformat(), "moved": due_at != duty.due_at}
    journal.record("duties.recounted", by=by, now=now, facts=facts | {"not_applicable": changes["not_applicable"]})


def _key(one: Asked | Duty) -> tuple[str, ...]:
    return (one.handbook, one.clause, one.kind, one.step, one.period, one.scope)


def _withdrawn(duty: Duty) -> dict[str, Any]:
    return {"not_applicable": duty.not_applicable or NO_LONGER_ASKED}


def _dates(one: Asked) -> dict[str, Any]:
    """What of a duty follows its rule."""
    return {
        "opens_at": one.opens_at,
        "due_at": one.due_at,
        "provisional": one.provisional,
        "why": [reason.as_json() for reason in one.why],
        "edition": one.edition,
        "owner_role": one.owner_role,
        "papers": list(one.papers),
        "not_applicable": one.not_applicable,
    }


@transaction.atomic
def attest(duty: Duty, done: Done, papers: Sequence[Laid], *, by: Actor, now: datetime) -> Reference:
    """Register that a duty was done: what, when, with which papers. It discharges every open duty that the act fits.

    The act gets a number of its own, unless the duty is about an earlier act: then it is written there. Refuses what is
    still to come, what was done before the duty's time, what is done already, and whoever neither owes the duty nor
    manages the site.
    """
    _check_owed(duty, by)
    if done.happened_at < duty.opens_at:
        raise BeforeItsTime(timezone.localdate(duty.opens_at))
    return _write_down(duty.site, duty.reference, f"act{duty.pk}", done, papers, by=by, now=now)


@transaction.atomic
def register(site: Site, done: Done, papers: Sequence[Laid], *, by: Actor, now: datetime) -> Reference:
    """Register something that happened though no duty asked for it by name; open duties that it fits are kept by it."""
    by.check("duties.attest", site)
    return _write_down(site, None, "act", done, papers, by=by, now=now)


def _write_down(
    site: Site, about: Reference | None, part: str, done: Done, papers: Sequence[Laid], *, by: Actor, now: datetime
) -> Reference:
    if done.happened_at > now:
        raise StillToCome
    reference = about or references.issue(site, Wanted(Kind.ACT, done.what), now=now)[0]
    references.index(reference, part, f"{done.what} {done.note}")
    attach(reference, papers, label=done.what[:100], by=by, now=now)
    discharge(site, done, reference=reference, by=by, now=now, only_about=about is not None)
    fields = {"what": done.what, "note": done.note}
    facts = {"happened_at": done.happened_at.isoformat(), "papers": [paper.digest for paper in papers]}
    journal.record("duties.attested", by=by, now=now, reference=reference.number, facts=facts, fields=fields)
    return reference


def _check_owed(duty: Duty, by: Actor) -> None:
    by.check("duties.attest", duty.site)
    if duty.done_at is not None or duty.not_applicable:
        raise DoneAlready
    if not owes(by, duty):
        raise NotYours


@transaction.atomic
def waive(duty: Duty, *, reason: str, recheck_on: date | None, by: Actor, now: datetime) -> None:
    """Say that a duty does not apply here, why, and when somebody looks again: half a year on unless told otherwise."""
    by.check("duties.waive", duty.site)
    today, why = timezone.localdate(now), chinese.clean(reason)[:200]
    recheck_on = recheck_on or today + HALF_A_YEAR
    if duty.done_at is not None or duty.not_applicable:
        raise DoneAlready
    if not why:
        raise WithoutReason
    if not today < recheck_on <= today + 2 * HALF_A_YEAR:
        raise WrongRecheck
    Duty.objects.filter(pk=duty.pk, done_at__isnull=True).update(not_applicable=why, recheck_on=recheck_on)
    facts = {"site": duty.site.code, "duty": duty.pk, "clause": duty.clause, "recheck_on": recheck_on.isoformat()}
    journal.record("duties.waived", by=by, now=now, facts=facts | {"reason": why})


@transaction.atomic
def ask_again(*, by: Actor, now: datetime) -> int:
    """Duties said not to apply come back once their re-check is due. Returns how many."""
    due = Duty.objects.filter(done_at__isnull=True, recheck_on__lt=timezone.localdate(now)).select_related("site")
    for duty in due:
        Duty.objects.filter(pk=duty.pk).update(not_applicable="", recheck_on=None)
        facts = {"site": duty.site.code, "duty": duty.pk, "clause": duty.clause, "reason": duty.not_applicable}
        journal.record("duties.asked_again", by=by, now=now, facts=facts)
    return len(due)


def hand_over(reference: Reference, owner: User, *, kinds: Sequence[str] = (), scope: str = "") -> None:
    """Open duties about a reference, or those of some kinds, are owed by somebody else: its new accountable person.

    Those about a part of it, which `scope` names, go apart from those about the whole.
    """
    owed = Duty.objects.filter(OPEN, reference=reference, scope=scope, owner__isnull=False)
    (owed.filter(kind__in=kinds) if kinds else owed).update(owner=owner)


def lift(reference: Reference, kinds: Sequence[str], *, reason: str, by: Actor, now: datetime, scope: str = "") -> None:
    """Say that open duties about a reference, or about the part of it that `scope` names, no longer apply, and why."""
    for kind in kinds:
        if open_about(reference, kind, scope=scope).update(not_applicable=reason[:200]):
            journal.record(
                "duties.lifted", by=by, now=now, reference=reference.number, facts={"kind": kind, "reason": reason}
            )


def lift_these(found: Sequence[Duty], *, reason: str, by: Actor, now: datetime) -> None:
    """Say of these duties that they no longer apply, and why."""
    lifted = Duty.objects.filter(pk__in=[duty.pk for duty in found], done_at__isnull=True, not_applicable="")
    if found and lifted.update(not_applicable=reason[:200]):
        facts = {"duties": [duty.pk for duty in found], "kinds": sorted({duty.kind for duty in found})}
        number = found[0].reference.number if found[0].reference else ""
        journal.record("duties.lifted", by=by, now=now, reference=number, facts=facts | {"reason": reason})


def stand_still(reference: Reference, kind: str, *, now: datetime) -> None:
    """The time of open duties about a reference stands still from now on; of what is late already it does not."""
    running = open_about(reference, kind).filter(rests_since__isnull=True)
    running.alias(until=RUNS_UNTIL).filter(until__gte=now).update(rests_since=now)


def move(duty: Duty, to: datetime, why: Reason | None, *, by: Actor, now: datetime) -> None:
    """Let the time of a duty run on until a later date, with the reason. The first date stays, and lateness against it.

    Without a reason its time only goes on where it stood still.
    """
    changes: dict[str, Any] = {"rests_since": None}
    if why is not None:
        changes |= {"moved_to": to, "why": [*duty.why, why.as_json()]}
    Duty.objects.filter(pk=duty.pk).update(**changes)
    number = duty.reference.number if duty.reference else ""
    facts = {"duty": duty.pk, "kind": duty.kind, "due": duty.due_at.isoformat(), "moved_to": to.isoformat()}
    journal.record("duties.moved", by=by, now=now, reference=number, facts=facts)


def note_nudge(duty: Duty, *, rung: int, to: User, now: datetime) -> bool:
    """Remember that a rung of the ladder was used. False when it was used before: then nobody is told again."""
    _nudge, made = Nudge.objects.get_or_create(duty=duty, rung=rung, defaults={"to": to, "at": now})
    return made
