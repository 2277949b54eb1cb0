"""Waiting: for what, what the customer was told, and until when somebody looks again. Only the solution's time stands still."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.cases.actions.moves import move, tell, tell_customer
from huiyin.cases.models import Case, Event
from huiyin.cases.rules import required
from huiyin.cases.rules.clocks import end_of
from huiyin.cases.states import EventKind, State, Waiting
from huiyin.duties import actions as duties
from huiyin.duties.rules import Asked, Done
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor

LONGEST = timedelta(days=92)  # ours: nobody is left waiting longer without somebody looking


class NoSuchReason(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请选在等什么。"), "reason")


class WrongLook(Refusal):
    def __init__(self) -> None:
        super().__init__(_("再看的日子要在明天以后、三个月以内。"), "until")


@transaction.atomic
def pause(case: Case, *, reason: str, told: str, until: date, by: Actor, now: datetime) -> Case:
    """Wait, with a reason of the closed list, words to the customer, and the day on which somebody looks again.

    The update clock runs on. Once more while waiting: another reason or day, and the rest goes on from where it began.
    """
    today = timezone.localdate(now)
    if reason not in Waiting.values:
        raise NoSuchReason
    told = required(told, "told")
    if not today < until <= today + LONGEST:
        raise WrongLook
    move(case, "pause", by=by)
    tell(case, EventKind.PAUSED, by=by, now=now, text=told, values={"reason": reason, "until": until.isoformat()})
    tell_customer(case, "paused", now, told)
    _looked(case, by, now)
    if not case.is_history:
        due_at = end_of(until, timezone.localtime(now))
        look = Asked("look_again", now, due_at, period=f"{case.version}", owner_id=case.accountable_id)
        duties.open_duties(case.site, [look], reference=case.reference)
    return case


@transaction.atomic
def resume(case: Case, *, by: Actor, now: datetime, cause: str = "") -> Case:
    """Go on. `cause` says why where nobody decided it: the customer wrote."""
    move(case, "resume", by=by)
    tell(case, EventKind.RESUMED, by=by, now=now, values={"cause": cause} if cause else {})
    _looked(case, by, now)
    return case


def _looked(case: Case, by: Actor, now: datetime) -> None:
    done = Done(("look_again",), now)
    duties.discharge(case.site, done, reference=case.reference, by=by, now=now, only_about=True)


def go_on_first(case: Case, *, by: Actor, now: datetime) -> None:
    """What is solved, answered or referred no longer waits."""
    if case.state == State.WAITING:
        resume(case, by=by, now=now)


def go_on_if_awaited(case: Case, *, by: Actor, now: datetime) -> None:
    """The customer spoke: where we waited for that, the time runs on by itself."""
    if case.state != State.WAITING:
        return
    newest = Event.objects.filter(case=case, kind=EventKind.PAUSED).order_by("-at", "-id").first()
    if newest is not None and newest.values.get("reason") == Waiting.CUSTOMER:
        resume(case, by=Actor(kind="system", id=by.signature), now=now, cause="customer")
