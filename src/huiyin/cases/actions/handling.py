"""Handling a case: handing it on by acceptance, solving, answering."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.finishing import ask_after_answer, promise
from huiyin.cases.actions.moves import check_named, discharge, move, solved, tell, tell_customer
from huiyin.cases.actions.pausing import go_on_first
from huiyin.cases.actions.second_look import keep_apart
from huiyin.cases.actions.together import pass_on, stop_clocks
from huiyin.cases.models import Case, Event
from huiyin.cases.rules import ChangedMeanwhile, NotOffered, WrongAddressee, required
from huiyin.cases.states import EventKind
from huiyin.duties import actions as duties
from huiyin.handbook.queries import rulebook
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.interactions.states import ContactKind
from huiyin.notices.actions import show_catalog
from huiyin.organization.models import User
from huiyin.organization.queries import crew_of, working_calendar
from huiyin.organization.rules import Actor
from huiyin.references import actions as references


def expect(case: Case, version: int | None) -> Case:
    """Refuse when the case is no longer at the version the person had open."""
    if version is not None and case.version != version:
        raise ChangedMeanwhile
    return case


@transaction.atomic
def hand_off(case: Case, *, to: User, by: Actor, now: datetime, why: str = "") -> Case:
    """Offer the case to a colleague. Whoever is accountable stays so until it is accepted (首问负责)."""
    if to.pk not in {post.user_id for post in crew_of(case.site).posts} or to.pk == case.accountable_id:
        raise WrongAddressee
    move(case, "hand_off", by=by, handed_to=to)
    tell(case, EventKind.HANDED_OFF, by=by, now=now, text=why, values={"to": to.name}, is_public=False)
    message = Message(
        case.reference, f"offered.{case.version}", "cases/messages/informed", {"kind": case.kind}, to_users=(to,)
    )
    interactions.send([message], now=now)
    _ask_for_acceptance(case, to, by, now)
    return case


def _ask_for_acceptance(case: Case, to: User, by: Actor, now: datetime) -> None:
    """The colleague now asked owes the yes or no; whoever was asked before no longer does."""
    duties.lift(case.reference, ["acceptance"], reason="handed_off", by=by, now=now)
    limit = rulebook(case.site, timezone.localdate(now)).limit("acceptance", case.kind)
    asked = limit.asked("acceptance", now, working_calendar(), to.pk, period=f"{case.version}")
    duties.open_duties(case.site, [asked], reference=case.reference)


@transaction.atomic
def accept(case: Case, *, by: Actor, now: datetime) -> Case:
    """Take the case over: from now on the acceptor is accountable and handles it. Discharges the acceptance (S4.4.2.1.2.b)."""
    me = by.user_id
    is_mine = me in {case.handed_to_id, case.accountable_id} or case.department_id in by.departments
    if me is None or not (is_mine or by.may("cases.take_over", case.site)):
        raise NotOffered
    move(case, "accept", by=by, accountable_id=me, handler_id=me, handed_to=None)
    case.refresh_from_db(fields=["accountable", "handler"])
    tell(case, EventKind.ACCEPTED, by=by, now=now, values={"accountable": case.accountable.name})
    discharge(case, "acceptance", by, now)
    duties.hand_over(case.reference, case.accountable)
    keep_apart(case)
    return case


@transaction.atomic
def decline(case: Case, *, why: str, by: Actor, now: datetime) -> Case:
    """Give an offered case back, with the reason. It stays with whoever is accountable, who is told."""
    if case.handed_to_id is None or case.handed_to_id != by.user_id:
        raise NotOffered
    why = required(why, "why")
    move(case, "decline", by=by, handed_to=None)
    tell(case, EventKind.DECLINED, by=by, now=now, text=why, is_public=False)
    duties.lift(case.reference, ["acceptance"], reason=why, by=by, now=now)
    message = Message(
        case.reference, f"declined.{case.version}", "cases/messages/declined", {}, to_users=(case.accountable,)
    )
    interactions.send([message], now=now)
    return case


@transaction.atomic
def solve(case: Case, *, plan: str, by: Actor, now: datetime) -> Case:
    """Give the customer a solution: what will be done, by whom, until when. Discharges the solution duty (S1.4.2.a, S4.F.2)."""
    plan = required(plan, "plan")
    go_on_first(case, by=by, now=now)
    move(case, "solve", by=by, **solved(case, now), handler_id=by.user_id)
    tell(case, EventKind.SOLVED, by=by, now=now, text=plan)
    references.index(case.reference, "solution", plan)
    discharge(case, "solution", by, now)
    tell_customer(case, "solved", now, plan)
    stop_clocks(case, answered=False, now=now)
    pass_on(case, solve, by=by, now=now, plan=plan)
    return case


@transaction.atomic
def answer(
    case: Case,
    *,
    text: str,
    by: Actor,
    now: datetime,
    finish_on: date | None = None,
    told: Mapping[str, Any] | None = None,
) -> Case:
    """Answer the customer, and every household of the group: the solution too where none was given before. Opens the follow-up.

    `finish_on`: work is still to be done, until that day; it is owed, and nothing closes before `finish`. `told` stays with
    the answer on the timeline.
    """
    text = required(text, "text")
    check_named(case, by, now)
    go_on_first(case, by=by, now=now)
    handler = case.handler_id or by.user_id
    move(case, "answer", by=by, answered_at=now, **solved(case, now), handler_id=handler, handed_to=None)
    values = dict(told or {}) | ({"finish_on": finish_on.isoformat()} if finish_on else {})
    tell(case, EventKind.ANSWERED, by=by, now=now, text=text, values=values)
    references.index(case.reference, "answer", text)
    if case.kind == ContactKind.ENQUIRY and not case.is_history:
        show_catalog(case.reference, now=now)
    discharge(case, "solution", by, now)
    duties.lift(case.reference, ["acceptance"], reason="answered", by=by, now=now)
    tell_customer(case, "answered", now, text)
    ask_after_answer(case, is_promised=finish_on is not None, now=now)
    if finish_on:
        promise(case, finish_on, by=by, now=now)
    stop_clocks(case, answered=True, now=now)
    pass_on(case, answer, by=by, now=now, text=text)
    return case


@transaction.atomic
def note(case: Case, *, text: str, by: Actor, now: datetime) -> Event:
    """An internal note. The customer never sees it."""
    text = required(text, "text")
    move(case, "note", by=by)
    return tell(case, EventKind.NOTED, by=by, now=now, text=text, is_public=False)


def escalate(case: Case, *, clock: str, rung: int, to: str, by: Actor, now: datetime) -> Event:
    """Write on the timeline which time ran out and who was told."""
    values = {"clock": clock, "rung": rung, "to": to}
    return tell(case, EventKind.ESCALATED, by=by, now=now, values=values, is_public=False)
