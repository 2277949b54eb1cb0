"""Extension: asked before the date passes, decided by somebody else, told to the customer before it passes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.cases.actions.moves import move, tell, tell_customer
from huiyin.cases.models import Case, Event
from huiyin.cases.queries.clocks import asked_extension
from huiyin.cases.rules import required
from huiyin.cases.states import EventKind
from huiyin.duties import actions as duties
from huiyin.duties.rules import Asked, Done
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import User
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role

LONGEST = timedelta(days=183)  # ours


class TooLate(Refusal):
    def __init__(self) -> None:
        super().__init__(_("期限已经过了，不能再延期：请尽快给出方案，迟办已经记录。"), "until")


class WrongDay(Refusal):
    def __init__(self) -> None:
        super().__init__(_("新的日子要晚于现在的期限，不超过半年。"), "until")


class AskedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__(_("已经申请过，正在等决定。"))


class NothingAsked(Refusal):
    def __init__(self) -> None:
        super().__init__(_("没有等着决定的延期申请。"))


class NobodyDecides(Refusal):
    def __init__(self) -> None:
        super().__init__(_("没有别人能决定延期：请先在名录里指定经理或主任。"))


class OwnRequest(Refusal):
    def __init__(self) -> None:
        super().__init__(_("自己申请的延期，要由别人决定。"))


def _check_in_time(case: Case, now: datetime) -> datetime:
    if case.solution_due_at is None or now > case.solution_due_at:
        raise TooLate
    return case.solution_due_at


@transaction.atomic
def ask_extension(case: Case, *, until: date, why: str, by: Actor, now: datetime) -> Case:
    """Ask for a later date, with the reason. Refused once the date has passed (a later date never covers what is late)."""
    by.check("cases.solve", case.site)
    why = required(why, "why")
    running = _check_in_time(case, now)
    last = timezone.localdate(running)
    if not last < until <= last + LONGEST:
        raise WrongDay
    if asked_extension(case) is not None:
        raise AskedAlready
    decider = _decider(case, by)
    move(case, "ask_extension", by=by)
    values = {"until": until.isoformat(), "asked_by": by.user_id or 0}
    tell(case, EventKind.EXTENSION, by=by, now=now, text=why, values=values, is_public=False)
    asked = Asked("extension", now, running, period=f"{case.version}", owner_id=decider.pk)
    duties.open_duties(case.site, [asked], reference=case.reference)
    key = f"extension.{case.version}"
    interactions.send([Message(case.reference, key, "cases/messages/extension", {}, to_users=(decider,))], now=now)
    return case


def _decider(case: Case, by: Actor) -> User:
    """The manager, or the director where the manager asks."""
    people = crew_of(case.site).holders(Role.SITE_MANAGER, Role.DIRECTOR)
    found = next((person for person in people if person.pk != by.user_id), None)
    if found is None:
        raise NobodyDecides
    return found


@transaction.atomic
def decide_extension(case: Case, *, agreed: bool, words: str, by: Actor, now: datetime) -> Case:
    """Agree, with what the customer is told, or refuse, with the reason. By somebody else, and before the date passes."""
    by.check("cases.extend", case.site)
    words = required(words, "words")
    asked = asked_extension(case)
    if asked is None:
        raise NothingAsked
    if asked.values.get("asked_by") == by.user_id:
        raise OwnRequest
    if agreed:
        _check_in_time(case, now)
    move(case, "decide_extension", by=by)
    kind = EventKind.EXTENDED if agreed else EventKind.NOT_EXTENDED
    tell(case, kind, by=by, now=now, text=words, values={"until": asked.values["until"]}, is_public=agreed)
    duties.discharge(case.site, Done(("extension",), now), reference=case.reference, by=by, now=now, only_about=True)
    if agreed:
        tell_customer(case, "extended", now, words)
    _tell_asker(case, asked, now, agreed=agreed)
    return case


def _tell_asker(case: Case, asked: Event, now: datetime, *, agreed: bool) -> None:
    people = (asked.by,) if asked.by else ()
    values = {"agreed": agreed, "until": str(asked.values["until"])}
    key = f"extension_decided.{case.version}"
    message = Message(case.reference, key, "cases/messages/extension_decided", values, to_users=people)
    interactions.send([message], now=now)
