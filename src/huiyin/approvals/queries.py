"""Reads of reviews."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from huiyin.approvals.models import Step
from huiyin.approvals.states import Verdict
from huiyin.kit.prepared import counted
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight


def steps_of(reference: Reference) -> QuerySet[Step]:
    return Step.objects.filter(reference=reference).select_related("by").order_by("version", "order")


def next_step(reference: Reference) -> Step | None:
    """The step of the newest version whose turn it is; None once all agreed or one returned it."""
    newest = Step.objects.filter(reference=reference).order_by("-version", "order").first()
    if newest is None:
        return None
    return _whose_turn_it_is().filter(reference=reference, version=newest.version).first()


def _whose_turn_it_is() -> QuerySet[Step]:
    """Open steps before which everybody agreed."""
    before = Step.objects.filter(
        reference=OuterRef("reference"), version=OuterRef("version"), order__lt=OuterRef("order")
    )
    return Step.objects.filter(~Exists(before.exclude(verdict=Verdict.AGREED)), verdict=Verdict.OPEN)


def waiting_for(actor: Actor) -> QuerySet[Step]:
    """Steps whose turn it is and that a post of the actor may decide.

    Sight is asked step by step: every page counts these few, and a join would begin with all references of the site.
    """
    seen = Reference.objects.filter(sight(actor), pk=OuterRef("reference"))
    mine = Q(pk__in=[])
    for scope in actor.scopes:
        mine |= Q(role=scope.role) & Q(Exists(seen.filter(site=scope.site) if scope.site else seen))
    return _whose_turn_it_is().filter(mine).select_related("reference__site").order_by("asked_at", "id")


@counted
def count_waiting_for(actor: Actor) -> QuerySet[Step]:
    """How many wait for the actor. One query."""
    return waiting_for(actor).order_by()
