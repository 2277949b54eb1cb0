"""An answer is looked through before it leaves: each numbered point, a day, somebody to turn to (domain 3.1)."""

from datetime import date, datetime

from django.db import transaction

from huiyin.cases.actions.handling import answer
from huiyin.cases.actions.together import references_of
from huiyin.cases.models import Case
from huiyin.cases.rules import required
from huiyin.cases.rules.answers import LeavesOut, gaps_in
from huiyin.cases.states import EventKind
from huiyin.interactions.queries import contacts_about
from huiyin.kit import chinese
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor

SAID = (EventKind.OBJECTED, EventKind.FOLLOWED_UP)  # customers' words that stand in the timeline


@transaction.atomic
def answer_checked(
    case: Case, *, text: str, by: Actor, now: datetime, despite: str = "", finish_on: date | None = None
) -> Case:
    """As `answer`; refuses with LeavesOut an answer that misses something, unless `despite` says why it leaves all the same.

    What was missing and why stay with the answer on the timeline, inside the house. `finish_on`: work is still to be done,
    until that day.
    """
    text, despite = required(text, "text"), chinese.clean(despite)
    names = [post.user.name for post in crew_of(case.site).posts]
    gaps = gaps_in(text, asked=unanswered(case), names=names)
    if gaps and chinese.is_blank(despite):
        raise LeavesOut(gaps)
    told = {"gaps": [gap.code for gap in gaps], "despite": despite} if gaps else {}
    return answer(case, text=text, by=by, now=now, finish_on=finish_on, told=told)


def unanswered(case: Case) -> list[str]:
    """Everything customers said about the case, its duplicates and households since it was last answered; else all of it."""
    references = [*references_of(case), *(child.reference for child in case.children.select_related("reference"))]
    said = [
        (one.recorded_at, text) for one in contacts_about(*references) for text in (one.situation, one.remedy_sought)
    ]
    events = list(case.events.filter(kind__in=(*SAID, EventKind.ANSWERED)).order_by("at", "id"))
    said += [(event.at, event.text) for event in events if event.kind in SAID]
    answered_at = max((event.at for event in events if event.kind == EventKind.ANSWERED), default=None)
    since = [text for at, text in said if text and answered_at is not None and at > answered_at]
    return since or [text for _at, text in said if text]
