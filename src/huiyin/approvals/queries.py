"""Reads of reviews."""

from django.db.models import Q, QuerySet

from huiyin.approvals.models import Step
from huiyin.approvals.states import Verdict
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight


def steps_of(reference: Reference) -> QuerySet[Step]:
    return Step.objects.filter(reference=reference).select_related("by").order_by("version", "order")


def next_step(reference: Reference) -> Step | None:
    """The first open step of the newest version."""
    newest = Step.objects.filter(reference=reference).order_by("-version", "order").first()
    if newest is None:
        return None
    return (
        Step.objects.filter(reference=reference, version=newest.version, verdict=Verdict.OPEN).order_by("order").first()
    )


def waiting_for(actor: Actor) -> QuerySet[Step]:
    """Open steps that a post of the actor may decide."""
    mine = Q(pk__in=[])
    for scope in actor.scopes:
        by_post = Q(role=scope.role)
        mine |= by_post & Q(reference__site=scope.site) if scope.site else by_post
    steps = Step.objects.filter(sight(actor, "reference__")).filter(mine, verdict=Verdict.OPEN)
    return steps.select_related("reference__site").order_by("asked_at", "id")
