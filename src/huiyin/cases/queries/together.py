"""Cases that belong together: the households of a group, the duplicates of a case, and what the story of a duplicate is."""

from collections.abc import Sequence

from django.db.models import Q

from huiyin.cases.models import Case, Event
from huiyin.cases.queries.lists import LIST_FIELDS, listed, timeline
from huiyin.cases.states import EventKind
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference

SAID = (EventKind.SOLVED, EventKind.ANSWERED, EventKind.FINISHED, EventKind.REFERRED)


def led_by(case: Case, actor: Actor) -> tuple[list[Case], list[Case]]:
    """The households of its group, and the duplicates that went into it: those the actor may see, in the order they came. One query."""
    led = listed(actor).filter(Q(parent=case) | Q(merged_into=case))
    found = list(led.select_related(*LIST_FIELDS, "room__building").order_by("id"))
    return [one for one in found if one.parent_id == case.pk], [one for one in found if one.merged_into_id == case.pk]


def leads_to(case: Case, actor: Actor) -> Case | None:
    """The lead of the group a case stands in, or the case it went into, where the actor may see it. One query."""
    key = case.merged_into_id or case.parent_id
    return listed(actor).filter(pk=key).first() if key else None


def chosen(numbers: Sequence[str], site: Site, actor: Actor) -> list[Case]:
    """Cases of a site by their numbers, those the actor may see, oldest first. One query."""
    asked = [one for one in numbers[:100] if "\0" not in one]  # PostgreSQL takes no such text
    found = listed(actor).filter(site=site, reference__number__in=asked)
    related = (*LIST_FIELDS, "customer", "room__building", "site__company")
    return list(found.select_related(*related).order_by("received_at", "id"))


def story_events(case: Case, reference: Reference) -> list[Event]:
    """What the holder of a link may read: the case's public events; of a duplicate its own, and what holds for it since.

    What was promised or answered before the two were put together counts as said at that moment.
    """
    if case.reference_id == reference.pk:
        return timeline(case, public_only=True)
    own = Case.objects.filter(reference=reference, merged_into=case).first()
    if own is None:
        return timeline(case, public_only=True)
    mine = timeline(own, public_only=True)
    merged_at = max((event.at for event in mine if event.kind == EventKind.MERGED), default=own.received_at)
    theirs = [event for event in timeline(case, public_only=True) if event.at >= merged_at or event.kind in SAID]
    for event in theirs:
        event.at = max(event.at, merged_at)
    return [*mine, *theirs]
