"""Asking for a verdict and giving it. The owner of the thing acts on what is returned."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.approvals.models import Step
from huiyin.approvals.queries import next_step
from huiyin.approvals.rules import Asked, NoReasonGiven, NothingToDecide, NotYourStep, OwnWork
from huiyin.approvals.states import Verdict
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference


def ask(reference: Reference, chain: Sequence[Asked], *, version: int, by: Actor, now: datetime) -> None:
    """Start the review of one version. Repeating it changes nothing."""
    steps = [
        Step(reference=reference, version=version, order=order, act=one.act, role=one.role, asked_at=now)
        for order, one in enumerate(chain, start=1)
    ]
    Step.objects.bulk_create(steps, ignore_conflicts=True)
    journal.record("approvals.asked", by=by, now=now, reference=reference.number, facts={"version": version})


def decide(
    reference: Reference, verdict: Verdict, *, by: Actor, now: datetime, comment: str = "", author: int | None = None
) -> Verdict:
    """Give the verdict of the step that is open. Returns where the whole chain stands: open, agreed or returned.

    Only a holder of the step's post may; nobody approves what they submitted themselves (`author`); a return needs a reason.
    """
    step = next_step(reference)
    if step is None:
        raise NothingToDecide
    if not any(scope.role == step.role and scope.site in {None, reference.site_id} for scope in by.scopes):
        raise NotYourStep
    if author is not None and by.user_id == author:
        raise OwnWork
    comment = chinese.clean(comment)
    if verdict == Verdict.RETURNED and chinese.is_blank(comment):
        raise NoReasonGiven
    open_still = Step.objects.filter(pk=step.pk, verdict=Verdict.OPEN)
    if not open_still.update(verdict=verdict, by_id=by.user_id, at=now, comment=comment):
        raise NothingToDecide
    facts = {"version": step.version, "act": step.act, "verdict": verdict.value}
    journal.record("approvals.decided", by=by, now=now, reference=reference.number, facts=facts)
    if verdict == Verdict.RETURNED:
        return Verdict.RETURNED
    return Verdict.OPEN if next_step(reference) else Verdict.AGREED
