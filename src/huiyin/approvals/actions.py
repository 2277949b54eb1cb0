"""Asking for a verdict and giving it. The owner of the thing acts on what is returned."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.approvals.models import Step
from huiyin.approvals.queries import next_step
from huiyin.approvals.rules import Asked, NobodyElse, NoReasonGiven, NothingToDecide, NotYourStep, OwnWork
from huiyin.approvals.states import Verdict
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.organization.queries import Crew, crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.references.models import Reference


def ask(
    reference: Reference, chain: Sequence[Asked], *, version: int, by: Actor, now: datetime, author: int | None = None
) -> list[Asked]:
    """Start the review of one version. Repeating it changes nothing. Returns the chain as it was asked.

    Nobody approves their own: where nobody but `author` holds a post the director is asked; NobodyElse where that is nobody either.
    """
    crew = crew_of(reference.site)
    asked = [one if author is None else Asked(one.act, _other_post(crew, one.role, author)) for one in chain]
    steps = [
        Step(reference=reference, version=version, order=order, act=one.act, role=one.role, asked_at=now)
        for order, one in enumerate(asked, start=1)
    ]
    Step.objects.bulk_create(steps, ignore_conflicts=True)
    journal.record("approvals.asked", by=by, now=now, reference=reference.number, facts={"version": version})
    return asked


def _other_post(crew: Crew, role: str, author: int) -> str:
    for post in (role, Role.DIRECTOR.value):
        if any(person.pk != author for person in crew.holders(post)):
            return post
    raise NobodyElse


def decide(
    reference: Reference, verdict: Verdict, *, by: Actor, now: datetime, comment: str = "", author: int | None = None
) -> Verdict:
    """Give the verdict of the step that is open. Returns where the whole chain stands: open, agreed or returned.

    Only a holder of the step's post may; nobody approves what they submitted themselves (`author`); a return needs a reason.
    """
    step = next_step(reference)
    if step is None:
        raise NothingToDecide
    if author is not None and by.user_id == author:
        raise OwnWork
    if not any(scope.role == step.role and scope.site in {None, reference.site_id} for scope in by.scopes):
        raise NotYourStep
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
