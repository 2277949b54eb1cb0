"""What stands on the timeline and in the ledger of a case that its page needs by itself: both are loaded anyway."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from huiyin.cases.models import Event
from huiyin.cases.states import EventKind, FollowUpResult
from huiyin.duties.models import Duty


@dataclass(frozen=True)
class Marks:
    """The newest of each that still holds. An answer and a finish count for the round that runs.

    `scope`: the newest finding on the remit, or proposal of one. `mended`: what was said on whether a measure is needed, and
    the measures ordered. `hardship`: the flag that stands. `owed`: the kinds of duties still open about the case, with
    whoever owes each. `is_satisfied`: whether the customer said so at any follow-up. `kinds`: of all that happened, which
    tells what else there is to ask for.
    """

    answered: Event | None = None
    finished: Event | None = None
    scope: Event | None = None
    mended: tuple[Event, ...] = ()
    hardship: Event | None = None
    owed: dict[str, int | None] = field(default_factory=dict)
    is_satisfied: bool = False
    kinds: frozenset[str] = frozenset()

    @property
    def leads_others(self) -> bool:
        """Whether others may have been put with this case: households of a group, duplicates."""
        return not self.kinds.isdisjoint({EventKind.GROUPED, EventKind.MERGED})

    @property
    def went_up(self) -> bool:
        """Whether it may have been put before somebody above: referred, or deferred as a suggestion."""
        return not self.kinds.isdisjoint({EventKind.REFERRED, EventKind.VERDICT})

    @property
    def has_measures(self) -> bool:
        return EventKind.MEASURE in self.kinds

    @property
    def finish_on(self) -> date | None:
        """Until when the newest answer promised the work."""
        day = self.answered.values.get("finish_on") if self.answered else None
        return date.fromisoformat(day) if day else None

    @property
    def to_sign(self) -> Event | None:
        """The proposal that the case is outside our remit, while nobody else has signed it."""
        return self.scope if self.scope is not None and waits_for_signature(self.scope) else None

    def is_proposed_by(self, user: int | None) -> bool:
        """Whether the proposal that waits is this person's own, who can not sign it."""
        return self.to_sign is not None and bool(self.to_sign.by_id == user)

    @property
    def wants_measure(self) -> bool:
        """Whether a justified complaint still waits for a measure, or for a word that it needs none."""
        return "measure_wanted" in self.owed

    @property
    def to_spare(self) -> Event | None:
        """The word that no measure is needed, while nobody else has signed it."""
        newest = self.mended[-1] if self.mended else None
        return newest if newest is not None and newest.values.get("proposed") == "none" else None

    def is_spared_by(self, user: int | None) -> bool:
        """Whether that word is this person's own, who can not sign it."""
        return self.to_spare is not None and bool(self.to_spare.by_id == user)

    @property
    def spared(self) -> Event | None:
        """Why no measure is needed, once that stands and none was ordered."""
        return spared(self.mended)


def waits_for_signature(scoped: Event) -> bool:
    """Whether a finding on the remit is only proposed yet."""
    return bool(scoped.values.get("proposed") == "out")


def _says_satisfied(event: Event) -> bool:
    return bool(event.kind == EventKind.FOLLOWED_UP and event.values.get("result") == FollowUpResult.SATISFIED)


def spared(mended: Sequence[Event]) -> Event | None:
    """The word that no measure is needed, of what was said and ordered, oldest first; none while it waits or was refused.

    With a second signature the words are those that it signed.
    """
    newest = mended[-1] if mended else None
    if newest is None or newest.values.get("agreed") is not True:
        return None
    return mended[-2] if newest.values.get("second") else newest


def marks_of(events: Sequence[Event], duties: Sequence[Duty]) -> Marks:
    """From the events of a case that the reader may see, oldest first, and the duties about it. No query."""
    newest = {event.kind: event for event in events}
    taken_up = max((place for place, event in enumerate(events) if event.kind == EventKind.REOPENED), default=-1)
    round_of = {event.kind: event for event in events[taken_up + 1 :]}
    flagged = newest.get(EventKind.FLAGGED)
    return Marks(
        answered=round_of.get(EventKind.ANSWERED),
        finished=round_of.get(EventKind.FINISHED),
        scope=newest.get(EventKind.SCOPED),
        mended=tuple(event for event in events if event.kind in {EventKind.NO_MEASURE, EventKind.MEASURE}),
        hardship=flagged if flagged is not None and not flagged.values.get("lifted") else None,
        owed={one.kind: one.owner_id for one in duties if one.done_at is None and not one.not_applicable},
        is_satisfied=any(_says_satisfied(event) for event in events),
        kinds=frozenset(newest),
    )
