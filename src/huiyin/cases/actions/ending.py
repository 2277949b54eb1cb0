"""Ending a case by the act that answers it, where nobody is asked to call first."""

from datetime import datetime

from huiyin.cases.actions.moves import move, on_behalf, open_follow_up, tell
from huiyin.cases.actions.second_look import SECOND_LOOK
from huiyin.cases.models import Case
from huiyin.cases.states import EventKind, Outcome
from huiyin.duties.queries import open_about
from huiyin.organization.rules import Actor


def end(case: Case, outcome: Outcome, by: Actor, now: datetime) -> None:
    """Closed at once, unless the rules ask somebody to call first, or a second look is owed."""
    if open_follow_up(case, now) or open_about(case.reference, SECOND_LOOK).exists():
        return
    move(case, "close", by=on_behalf(by), closed_at=now, outcome=outcome.value)
    tell(case, EventKind.CLOSED, by=by, now=now, values={"outcome": outcome.value})
