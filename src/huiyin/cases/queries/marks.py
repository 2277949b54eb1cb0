"""What stands on the timeline and in the ledger of a case that its page needs by itself: both are loaded anyway."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from huiyin.cases.models import Event
from huiyin.cases.states import EventKind
from huiyin.duties.models import Duty


@dataclass(frozen=True)
class Marks:
    """The newest of each that still holds: an answer and a finish count for the round that runs.

    `owed`: the kinds of duties still open about the case, with whoever owes each.
    """

    answered: Event | None = None
    finished: Event | None = None
    owed: dict[str, int | None] = field(default_factory=dict)

    @property
    def finish_on(self) -> date | None:
        """Until when the newest answer promised the work."""
        day = self.answered.values.get("finish_on") if self.answered else None
        return date.fromisoformat(day) if day else None


def marks_of(events: Sequence[Event], duties: Sequence[Duty]) -> Marks:
    """From the events of a case, oldest first, and the duties about it. No query."""
    newest: dict[str, Event] = {}
    for event in events:
        if event.kind == EventKind.REOPENED:
            newest.clear()
        newest[event.kind] = event
    owed = {one.kind: one.owner_id for one in duties if one.done_at is None and not one.not_applicable}
    return Marks(newest.get(EventKind.ANSWERED), newest.get(EventKind.FINISHED), owed)
