"""Writes of the ledger: open, discharge, move, nudge. Knows no kind of duty by name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Sum

from huiyin.duties.models import Duty, Evidence, Nudge
from huiyin.duties.queries import OPEN, fitting, open_about
from huiyin.duties.rules import Asked, Done
from huiyin.journal import actions as journal
from huiyin.organization.models import Site, User
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference


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
            opens_at=one.opens_at,
            due_at=one.due_at,
            provisional=one.provisional,
            why=[reason.as_json() for reason in one.why],
            owner_role=one.owner_role,
            owner_id=one.owner_id,
            needed=one.needed,
            is_history=one.is_history,
        )
        for one in asked
    ]
    Duty.objects.bulk_create(rows, ignore_conflicts=True)


def discharge(
    site: Site, done: Done, *, reference: Reference, by: Actor, now: datetime, only_about: bool = False
) -> list[Duty]:
    """Take an act as evidence: it discharges every open duty that all of its marks fit, once the amount reaches what is needed.

    With `only_about` the act counts for duties about this very reference and no others (a case's solution, its follow-up).
    """
    duties = fitting(site, done).order_by("id")
    found = list(duties.filter(reference=reference) if only_about else duties)
    evidence = Evidence.objects.create(
        site=site,
        reference=reference,
        kinds=list(done.kinds),
        step=done.step,
        about=done.about,
        amount=done.amount,
        happened_at=done.happened_at,
        by=by.signature,
        note=done.note,
    )
    evidence.duties.add(*found)
    met = [duty for duty in found if _amount(duty) >= duty.needed]
    Duty.objects.filter(pk__in=[duty.pk for duty in met], done_at__isnull=True).update(done_at=done.happened_at)
    for duty in met:
        facts = {"kind": duty.kind, "step": duty.step, "period": duty.period, "clause": duty.clause, "duty": duty.pk}
        journal.record("duties.discharged", by=by, now=now, reference=reference.number, facts=facts)
    return met


def _amount(duty: Duty) -> int:
    if duty.needed == 1:
        return 1
    return duty.evidence.aggregate(total=Sum("amount"))["total"] or 0


def hand_over(reference: Reference, owner: User) -> None:
    """Open duties about a reference are owed by its new accountable person."""
    Duty.objects.filter(OPEN, reference=reference, owner__isnull=False).update(owner=owner)


def lift(reference: Reference, kinds: Sequence[str], *, reason: str, by: Actor, now: datetime) -> None:
    """Say that open duties about a reference no longer apply, and why."""
    for kind in kinds:
        if open_about(reference, kind).update(not_applicable=reason[:200]):
            journal.record(
                "duties.lifted", by=by, now=now, reference=reference.number, facts={"kind": kind, "reason": reason}
            )


def note_nudge(duty: Duty, *, rung: int, to: User, now: datetime) -> bool:
    """Remember that a rung of the ladder was used. False when it was used before: then nobody is told again."""
    _nudge, made = Nudge.objects.get_or_create(duty=duty, rung=rung, defaults={"to": to, "at": now})
    return made
