"""What happened around one household: its matters, what was said, and how it was asked afterwards."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from huiyin.cases.models import Case, FollowUp
from huiyin.cases.queries.lists import listed, visible_to
from huiyin.interactions.models import Interaction
from huiyin.interactions.queries import contacts_of_household, with_letters
from huiyin.organization.models import Room
from huiyin.organization.rules import Actor

MOST = 100  # of each kind; who looks for older ones searches


class HouseholdStory(NamedTuple):
    """Of one room, as far as the reader may see: newest first, at most a hundred of each."""

    cases: list[Case]
    contacts: list[Interaction]
    follow_ups: list[FollowUp]


def story_of(room: Room, living: Iterable[int], actor: Actor) -> HouseholdStory:
    """The matters, contacts and follow-ups of a room, and of whoever lives there where no room was named. Three or four queries."""
    theirs = Q(room=room) | Q(room__isnull=True, customer__in=list(living))
    cases = list(listed(actor).filter(theirs)[:MOST])
    contacts = contacts_of_household(room, living, actor).order_by("-occurred_at", "-id")[:MOST]
    asked = FollowUp.objects.filter(case__in=visible_to(actor).filter(theirs).values("pk"))
    asked = asked.select_related("case__reference", "by").order_by("-at", "-id")
    told = with_letters(Interaction.objects.filter(pk__in=[one.pk for one in contacts]).select_related(*_SHOWN), actor)
    return HouseholdStory(cases, told[::-1], list(asked[:MOST]))


_SHOWN = ("reference", "subject", "customer")
