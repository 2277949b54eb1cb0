"""Oversight by the quality department (S4.3.a): take a case over, send it back, comment on it. For the whole company only."""

from datetime import datetime

from django.db import transaction

from huiyin.cases.actions.closing import take_up_again
from huiyin.cases.actions.moves import move, tell
from huiyin.cases.actions.second_look import keep_apart
from huiyin.cases.models import Case, Event
from huiyin.cases.rules import NotOffered, required
from huiyin.cases.states import EventKind, State
from huiyin.duties import actions as duties
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.organization.models import User
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role

RIGHT = "cases.oversee"


@transaction.atomic
def take_over(case: Case, *, why: str, by: Actor, now: datetime) -> Case:
    """The quality department becomes accountable for a case. Whoever was it before and the site's manager are told."""
    by.check_everywhere(RIGHT)
    why = required(why, "why")
    if by.user_id is None or by.user_id == case.accountable_id:
        raise NotOffered
    before = case.accountable
    move(case, "take_over", by=by, accountable_id=by.user_id, handler_id=by.user_id, handed_to=None)
    case.refresh_from_db(fields=["accountable", "handler", "handed_to"])
    values = {"accountable": case.accountable.name, "before": before.name}
    tell(case, EventKind.TAKEN_OVER, by=by, now=now, text=why, values=values, is_public=False)
    duties.lift(case.reference, ["acceptance"], reason="taken_over", by=by, now=now)
    duties.hand_over(case.reference, case.accountable)
    keep_apart(case)
    _inform(case, "taken_over", why, now, before)
    return case


@transaction.atomic
def send_back(case: Case, *, why: str, by: Actor, now: datetime) -> Case:
    """Send a case back to be done again, with the reason. One that is answered or closed is reopened by it."""
    by.check_everywhere(RIGHT)
    why = required(why, "why")
    move(case, "send_back", by=by)
    tell(case, EventKind.SENT_BACK, by=by, now=now, text=why, is_public=False)
    if case.state in {State.ANSWERED, State.CLOSED}:
        take_up_again(case, "sent_back", by=by, now=now)
    _inform(case, "sent_back", why, now, case.accountable)
    return case


@transaction.atomic
def comment(case: Case, *, text: str, by: Actor, now: datetime) -> Event:
    """An internal comment of the quality department: the accountable person is told and finds it among today's work."""
    by.check_everywhere(RIGHT)
    text = required(text, "text")
    move(case, "comment", by=by)
    made = tell(case, EventKind.COMMENTED, by=by, now=now, text=text, is_public=False)
    _inform(case, "commented", text, now, case.accountable, with_manager=False)
    return made


def _inform(case: Case, event: str, words: str, now: datetime, person: User, *, with_manager: bool = True) -> None:
    managers = crew_of(case.site).holders(Role.SITE_MANAGER) if with_manager else []
    people = tuple({one.pk: one for one in (person, *managers)}.values())
    key = f"{event}.{case.version}"
    message = Message(case.reference, key, f"cases/messages/{event}", {"words": words}, to_users=people)
    interactions.send([message], now=now)
