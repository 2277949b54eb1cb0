"""What stands on the timeline of a case that its page needs by itself: read out of the events, which are loaded anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huiyin.cases.models import Event
from huiyin.cases.states import EventKind


@dataclass(frozen=True)
class Marks:
    """The newest of each that still holds: an answer and a finish count for the round that runs."""

    answered: Event | None = None
    finished: Event | None = None

    @property
    def finish_on(self) -> date | None:
        """Until when the newest answer promised the work."""
        day = self.answered.values.get("finish_on") if self.answered else None
        return date.fromisoformat(day) if day else None


def marks_of(events: Sequence[Event]) -> Marks:
    """From the events of a case, oldest first. No query."""
    round_of: dict[str, Event] = {}
    for event in events:
        if event.kind == EventKind.REOPENED:
            round_of.clear()
        round_of[event.kind] = event
    return Marks(round_of.get(EventKind.ANSWERED), round_of.get(EventKind.FINISHED))
