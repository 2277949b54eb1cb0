"""群诉 and duplicates: many voices, one matter, one answer for all."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huiyin.cases.actions.handling import solve
from huiyin.cases.actions.moves import move, tell
from huiyin.cases.actions.second_look import check_looked_at
from huiyin.cases.actions.together import stop_clocks
from huiyin.cases.models import Case
from huiyin.cases.rules import NothingChosen, NotTogether, check_groupable, check_mergeable, legal, required
from huiyin.cases.states import EventKind, Outcome, State
from huiyin.duties import actions as duties
from huiyin.duties.rules import Done
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.organization.rules import Actor


@transaction.atomic
def merge(case: Case, *, into: Case, by: Actor, now: datetime) -> Case:
    """Put a duplicate into the open case of the same matter. Its contacts, customer and link stay; what happens there is told here.

    It closes with the outcome `merged`. Its date for a solution keeps running until the other one is solved: nobody waits longer
    because two people called. Refuses other sites, closed cases, a complaint into anything else, and what is seen less widely.
    """
    by.check("cases.group", case.site)
    legal("merge", case.state)
    into = _at_its_end(into)
    check_mergeable(case, into)
    if case.children.exists():
        raise NotTogether(_("这件带着一个群诉，先把各户移出去再并。"), "into")
    check_looked_at(case)
    move(case, "merge", by=by, closed_at=now, outcome=Outcome.MERGED.value, merged_into=into, handed_to=None)
    case.merged.update(merged_into=into)
    tell(case, EventKind.MERGED, by=by, now=now, values={"into": into.reference.number})
    tell(into, EventKind.MERGED, by=by, now=now, values={"from": case.reference.number}, is_public=False)
    duties.lift(case.reference, ["acceptance", "follow_up"], reason="merged", by=by, now=now)
    _send(case, "merged", now)
    if into.solved_at is not None:
        _tell_plan(case, into, by, now)
    return case


@transaction.atomic
def merge_all(cases: Sequence[Case], *, into: Case, by: Actor, now: datetime) -> None:
    """Put several duplicates into one, all or none."""
    if not cases:
        raise NothingChosen
    for case in cases:
        merge(case, into=into, by=by, now=now)


def _at_its_end(case: Case) -> Case:
    """Where a duplicate leads: what went into another stands there."""
    return case.merged_into if case.merged_into is not None else case


def _tell_plan(case: Case, into: Case, by: Actor, now: datetime) -> None:
    """The other case has its plan already: this customer hears it now, which keeps the date of this one."""
    stop_clocks(into, answered=False, now=now)
    duties.discharge(case.site, Done(("solution",), now), reference=case.reference, by=by, now=now, only_about=True)
    _send(case, "solved", now, words=_plan_of(into))


def _plan_of(case: Case) -> str:
    plan = case.events.filter(kind=EventKind.SOLVED).order_by("-at", "-id").first()
    return plan.text if plan else ""


@transaction.atomic
def group(lead: Case, cases: Sequence[Case], *, matter: str, by: Actor, now: datetime) -> Case:
    """Put cases of several households under the one that leads: one solution, one answer, told to each (群诉).

    Each keeps its number, customer, accountable person and clocks. A plan that the lead has given is given to the newcomers
    at once. Refuses cases of other sites, of another group, answered ones, and what is seen less widely.
    """
    by.check("cases.group", lead.site)
    matter = required(matter, "matter")
    if not cases:
        raise NothingChosen
    for case in cases:
        check_groupable(lead, case)
        if case.children.exists():
            raise NotTogether(_("%(number)s 自己带着一个群诉。") % {"number": case.reference.number}, "lead")
    move(lead, "group", by=by)
    plan = _plan_of(lead) if lead.state == State.SOLVED else ""
    for case in cases:
        move(case, "group", by=by, parent=lead)
        tell(case, EventKind.GROUPED, by=by, now=now, text=matter, values={"lead": lead.reference.number})
        _send(case, "grouped", now)
        if plan:
            solve(case, plan=plan, by=by, now=now)
    numbers = [case.reference.number for case in cases]
    tell(lead, EventKind.GROUPED, by=by, now=now, text=matter, values={"cases": numbers}, is_public=False)
    return lead


@transaction.atomic
def separate(case: Case, *, why: str, by: Actor, now: datetime) -> Case:
    """Take a household out of its group again, with the reason: from now on it is solved and answered on its own."""
    by.check("cases.group", case.site)
    why = required(why, "why")
    lead = case.parent
    if lead is None:
        raise NotTogether(_("这件不在群诉里。"))
    move(case, "separate", by=by, parent=None)
    tell(case, EventKind.SEPARATED, by=by, now=now, values={"lead": lead.reference.number})
    tell(case, EventKind.NOTED, by=by, now=now, text=why, is_public=False)
    tell(lead, EventKind.SEPARATED, by=by, now=now, values={"case": case.reference.number}, is_public=False)
    _send(case, "separated", now)
    return case


def _send(case: Case, event: str, now: datetime, *, words: str = "") -> None:
    if case.customer is None or case.is_history:
        return
    key = f"{event}.{case.version}"
    message = Message(case.reference, key, f"cases/messages/{event}", {}, to_customer=case.customer, words=words)
    interactions.send([message], now=now)
