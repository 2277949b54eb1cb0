"""没有着落: what came in and has no outcome, so that it can not be lost (S1.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases.models import OPEN, Case, Explanation
from huiyin.cases.queries.lists import listed
from huiyin.cases.states import EventKind, State
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN as OWED
from huiyin.interactions.queries import letters_listed, unclaimed
from huiyin.interactions.states import LetterState
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

if TYPE_CHECKING:
    from huiyin.interactions.models import Interaction, Letter

MOST = 100  # rows of each sort; who has more begins with the oldest


@dataclass(frozen=True)
class Unsettled:
    """Everything of a site that waits for an outcome, oldest first, and what was written about why, by reference."""

    contacts: "list[Interaction]"
    letters: "list[Letter]"
    clockless: list[Case]
    wordless: list[Case]
    why: dict[int, Explanation]

    @property
    def count(self) -> int:
        return len(self.contacts) + len(self.letters) + len(self.clockless) + len(self.wordless)

    @property
    def explained(self) -> int:
        return len(self.why)


def unsettled(site: Site, actor: Actor, *, now: datetime) -> Unsettled:
    """What of a site has no outcome. Five queries.

    Contacts that nobody answered, joined or made a case of; letters that wait for a person; open cases whose every clock has
    run out or that never had one; cases that ended without a word of answer. History is left out.
    """
    contacts = list(unclaimed(site, actor)[:MOST])
    waiting = [LetterState.RECEIVED, LetterState.QUARANTINED]
    letters = list(letters_listed(actor, waiting).filter(site=site).order_by("id")[:MOST])
    clockless = list(_clockless(site, actor, now)[:MOST])
    wordless = list(_wordless(site, actor)[:MOST])
    keys = [one.reference_id for one in contacts] + [one.reference_id for one in (*clockless, *wordless)]
    return Unsettled(contacts, letters, clockless, wordless, _why(keys))


def _clockless(site: Site, actor: Actor, now: datetime) -> QuerySet[Case]:
    running = Duty.objects.filter(OWED, reference=OuterRef("reference"), scope="", due_at__gte=now)
    cases = listed(actor).filter(OPEN, site=site, is_history=False)
    return cases.exclude(Exists(running)).order_by("received_at", "id")


def _wordless(site: Site, actor: Actor) -> QuerySet[Case]:
    said = Case.objects.filter(pk=OuterRef("pk"), events__kind=EventKind.CLOSED).exclude(events__text="")
    cases = listed(actor).filter(site=site, state=State.CLOSED, is_history=False, answered_at=None, merged_into=None)
    return cases.exclude(Exists(said)).order_by("received_at", "id")


def _why(keys: Iterable[int]) -> dict[int, Explanation]:
    written = Explanation.objects.filter(reference__in=list(keys)).select_related("by").order_by("id")
    return {one.reference_id: one for one in written}
