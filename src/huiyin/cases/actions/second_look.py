"""复核: who objects, or says dissatisfied, is looked at a second time by a superior other than whoever handled it.

domain 2.2, 3.1: a dissatisfied follow-up can not close without a second look; the second stage is by another person.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.moves import (
    SUPERIORS,
    discharge,
    move,
    open_follow_up,
    solved,
    tell,
    tell_customer,
    tell_staff,
)
from huiyin.cases.actions.referrals import check_nothing_referred
from huiyin.cases.actions.together import stop_clocks
from huiyin.cases.models import Case
from huiyin.cases.rules import required
from huiyin.cases.rules.second_look import NothingToLookAt, NotLookedAt, SameEyes
from huiyin.cases.states import EventKind, Look, State
from huiyin.duties import actions as duties
from huiyin.duties.queries import open_about
from huiyin.handbook.queries import rulebook
from huiyin.organization.models import User
from huiyin.organization.queries import crew_of, working_calendar
from huiyin.organization.rules import Actor
from huiyin.references import actions as references

SECOND_LOOK = "second_look"
ASKED_FOR_BY = frozenset({"objected", "dissatisfied"})  # causes of taking a case up again


@transaction.atomic
def second_look(case: Case, *, verdict: str, words: str, by: Actor, now: datetime) -> Case:
    """A superior says whether the answer stands, and the customer hears it in these words.

    `upheld` answers the case again, where it is not answered already; `changed` leaves it to be solved anew. Whoever is
    accountable is told. Refuses where nobody objected, and whoever handled or answered the case while there is somebody else.
    """
    by.check("cases.reopen", case.site)
    verdict, words = Look(verdict), required(words, "words")
    if not open_about(case.reference, SECOND_LOOK).exists():
        raise NothingToLookAt
    if by.user_id is None or (by.user_id in _hands(case) and others(case)):
        raise SameEyes
    ends = verdict == Look.UPHELD and case.state != State.ANSWERED
    if ends:
        check_nothing_referred(case)
    again = {"state": State.ANSWERED, "answered_at": now, "handed_to": None, **solved(case, now)} if ends else {}
    move(case, "second_look", by=by, **again)
    tell(case, EventKind.SECOND_LOOK, by=by, now=now, text=words, values={"verdict": verdict.value})
    references.index(case.reference, f"looked{case.version}"[:20], words)
    discharge(case, SECOND_LOOK, by, now)
    tell_customer(case, "second_look", now, words)
    tell_staff(case, "looked_at", (case.accountable,), now, verdict=verdict.value)
    if ends:
        discharge(case, "solution", by, now)
        duties.lift(case.reference, ["acceptance"], reason="upheld", by=by, now=now)
        open_follow_up(case, now)
        stop_clocks(case, answered=True, now=now)
    return case


def ask_for_second_look(case: Case, cause: str, now: datetime) -> None:
    """Owe a second look, where a customer was not content; once until it is done. Nobody to owe it = none is asked."""
    if cause not in ASKED_FOR_BY or open_about(case.reference, SECOND_LOOK).exists():
        return
    eyes = others(case) or superiors(case)
    if not eyes:
        return
    limit = rulebook(case.site, timezone.localdate(now)).limit(SECOND_LOOK, case.kind)
    asked = limit.asked(SECOND_LOOK, now, working_calendar(), eyes[0].pk, period=f"{case.version}")
    duties.open_duties(case.site, [asked], reference=case.reference)
    tell_staff(case, "look_again", (eyes[0],), now)


def keep_apart(case: Case) -> None:
    """After a case went to somebody else: the second look stays with a superior who is not that person."""
    eyes = others(case)
    if eyes:
        duties.hand_over(case.reference, eyes[0], kinds=(SECOND_LOOK,))


def superiors(case: Case) -> list[User]:
    """Who may look again at a case of this site, the nearest first."""
    return crew_of(case.site).holders(*SUPERIORS)


def others(case: Case) -> list[User]:
    """The superiors who neither handled nor answered the case."""
    hands = _hands(case)
    return [person for person in superiors(case) if person.pk not in hands]


def _hands(case: Case) -> set[int | None]:
    """Whoever handles the case, and whoever gave the newest answer."""
    told = case.events.filter(kind__in=(EventKind.ANSWERED, EventKind.VERDICT), is_public=True)
    return {case.handler_id, told.order_by("-at", "-id").values_list("by", flat=True).first()} - {None}


def check_looked_at(case: Case) -> None:
    """Nothing ends while the second look is owed."""
    owed = open_about(case.reference, SECOND_LOOK).select_related("owner").first()
    if owed is not None:
        raise NotLookedAt(owed.owner.name if owed.owner else "")
