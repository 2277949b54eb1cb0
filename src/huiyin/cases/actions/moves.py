"""What every act on a case shares: checked, compared and set, told to the timeline and the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from huiyin.cases.actions.clocks import follow
from huiyin.cases.models import Case, Event
from huiyin.cases.rules import ChangedMeanwhile, legal
from huiyin.cases.rules.clocks import Happened
from huiyin.cases.states import EventKind
from huiyin.journal import actions as journal
from huiyin.organization.rules import Actor


def move(case: Case, name: str, *, by: Actor, **changes: Any) -> None:
    """Do the state machine's part of an act: right, legality, compare-and-set on state and version. `case` is brought up to date.

    Refuses with NotAllowed, IllegalMove, or ChangedMeanwhile when somebody else was faster.
    """
    transition = legal(name, case.state)
    by.check(transition.right, case.site)
    if transition.target is not None:
        changes["state"] = transition.target
    unchanged = Case.objects.filter(pk=case.pk, state=case.state, version=case.version)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise ChangedMeanwhile
    for field, value in changes.items():
        setattr(case, field, value)
    case.version += 1


def tell(
    case: Case,
    kind: EventKind,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    values: Mapping[str, Any] | None = None,
    is_public: bool = True,
) -> Event:
    """Add to the timeline and the journal; the clocks follow. The words stay in the timeline, the journal holds their digest."""
    event = Event.objects.create(
        case=case,
        kind=kind,
        at=now,
        by_id=by.user_id,
        signature=by.signature,
        text=text,
        values=dict(values or {}),
        is_public=is_public,
    )
    facts = {"event": event.pk, "state": case.state, **dict(values or {})}
    named = {"to", "accountable"} & facts.keys()
    fields = {"text": text} if text else {}
    fields |= {name: str(facts.pop(name)) for name in named}
    journal.record(f"cases.{kind.value}", by=by, now=now, reference=case.reference.number, facts=facts, fields=fields)
    follow(case, Happened(kind, now, by.signature, dict(values or {})), by=by, now=now)
    return event
