"""The way to the end: follow-up, objection, closing, reopening."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.categories import check_categorized
from huiyin.cases.actions.clocks import matter_of, owed
from huiyin.cases.actions.compliments import check_passed_on
from huiyin.cases.actions.feedback import FEEDBACK, owe_feedback
from huiyin.cases.actions.finishing import check_finished
from huiyin.cases.actions.moves import move, on_behalf, tell
from huiyin.cases.actions.pausing import go_on_if_awaited
from huiyin.cases.actions.referrals import check_nothing_referred
from huiyin.cases.actions.second_look import ask_for_second_look, check_looked_at
from huiyin.cases.actions.suggestions import check_outcome
from huiyin.cases.models import Case, FollowUp
from huiyin.cases.queries import LIST_FIELDS
from huiyin.cases.rules import (
    MergedElsewhere,
    NobodyCalled,
    NotAllAnswered,
    SameHands,
    check_closable,
    check_score,
    required,
)
from huiyin.cases.rules.outcomes import check_fits
from huiyin.cases.states import EventKind, FollowUpResult, Outcome, State
from huiyin.duties import actions as duties
from huiyin.duties.rules import Done
from huiyin.handbook.queries import rulebook
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization.queries import crew_of, working_calendar
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.records import actions as records
from huiyin.records.actions import Laid


@transaction.atomic
def follow_up(
    case: Case,
    *,
    result: str,
    channel: str,
    by: Actor,
    now: datetime,
    words: str = "",
    waiver: str = "",
    score: int | None = None,
) -> FollowUp:
    """Ask the customer whether it helped. By somebody other than the handler, or with a written waiver (S3.2.3.a, S4.F.3, X18).

    `score`, 1 to 5, is what the customer gave it, if asked: refused where it says the opposite of the result.
    Reaching the customer discharges the follow-up duty. Dissatisfied reopens the case and tells the manager.
    """
    result = FollowUpResult(result)
    if by.user_id is None:
        raise NobodyCalled
    if by.user_id == case.handler_id and chinese.is_blank(waiver):
        raise SameHands
    check_score(result, score)
    move(case, "follow_up", by=by)
    made = FollowUp.objects.create(
        case=case,
        at=now,
        by_id=by.user_id,
        channel=channel,
        result=result,
        score=score,
        words=chinese.clean(words),
        waiver=chinese.clean(waiver)[:200],
    )
    tell(
        case,
        EventKind.FOLLOWED_UP,
        by=by,
        now=now,
        text=made.words,
        values={"result": result.value, "channel": channel} | ({"score": score} if score is not None else {}),
    )
    if result == FollowUpResult.UNREACHED:
        return made
    done = Done(("follow_up",), now, note=result.value)
    duties.discharge(case.site, done, reference=case.reference, by=by, now=now, only_about=True)
    if result == FollowUpResult.DISSATISFIED:
        take_up_again(case, "dissatisfied", by=by, now=now)
    return made


@transaction.atomic
def object_to(case: Case, *, words: str, by: Actor, now: datetime, photos: Sequence[Laid] = ()) -> Case:
    """The customer objects, by the link of the receipt: kept word for word, reopened, and shown to the manager."""
    words = required(words, "words")
    tell(case, EventKind.OBJECTED, by=by, now=now, text=words)
    if photos:
        records.attach(case.reference, photos, label="照片", by=by, now=now, is_public=True)
    if case.state in {State.ANSWERED, State.CLOSED}:
        take_up_again(case, "objected", by=by, now=now)
        return case
    go_on_if_awaited(case, by=by, now=now)
    people = (case.accountable,)
    interactions.send(
        [Message(case.reference, f"objected.{case.version}", "cases/messages/objected", {}, to_users=people)], now=now
    )
    return case


@transaction.atomic
def close(case: Case, *, outcome: str, by: Actor, now: datetime, words: str = "") -> Case:
    """End a case with an outcome. `exhausted` takes the second look of somebody who may reopen (S3.2.3.a)."""
    outcome = Outcome(outcome)
    if outcome == Outcome.MERGED:
        raise MergedElsewhere
    _check_households(case)
    check_nothing_referred(case, outcome)
    check_looked_at(case)
    check_finished(case)
    check_outcome(case, outcome)
    check_fits(case.kind, outcome)
    check_passed_on(case, outcome)
    check_categorized(case)
    rules = rulebook(case.site, timezone.localdate(case.received_at))
    needs = rules.limit_or_none("follow_up", case.kind, case.urgency) is not None
    overruled = outcome == Outcome.EXHAUSTED
    if overruled:
        by.check("cases.reopen", case.site)
        words = required(words, "words")
    calls = case.follow_ups.order_by("at", "id")
    # Only calls about the newest answer count; whoever was dissatisfied once is asked again.
    needs = needs or calls.filter(result=FollowUpResult.DISSATISFIED).exists()
    results = calls.filter(at__gte=case.answered_at or now).values_list("result", flat=True)
    check_closable(results, needs_follow_up=needs, overruled=overruled)
    move(case, "close", by=by, closed_at=now, outcome=outcome.value)
    tell(case, EventKind.CLOSED, by=by, now=now, text=chinese.clean(words), values={"outcome": outcome.value})
    duties.lift(case.reference, ["follow_up", "acceptance"], reason="closed", by=by, now=now)
    owe_feedback(case, by=by, now=now)
    _close_households(case, outcome, words, by, now)
    return case


def _check_households(lead: Case) -> None:
    waiting = lead.children.exclude(state__in=[State.ANSWERED, State.CLOSED]).count()
    if waiting:
        raise NotAllAnswered(waiting)


def _close_households(lead: Case, outcome: Outcome, words: str, by: Actor, now: datetime) -> None:
    """With the lead of a group close the households that were asked; who was not asked yet still owes the call for each other."""
    for child in lead.children.filter(state=State.ANSWERED).select_related(*LIST_FIELDS, "customer").order_by("id"):
        try:
            with transaction.atomic():
                close(child, outcome=outcome, by=by, now=now, words=words)
        except Refusal:
            continue


@transaction.atomic
def reopen(case: Case, *, why: str, by: Actor, now: datetime) -> Case:
    """Take an answered or closed case up again, with the reason."""
    why = required(why, "why")
    by.check("cases.reopen", case.site)
    tell(case, EventKind.NOTED, by=by, now=now, text=why, is_public=False)
    take_up_again(case, "reopened", by=by, now=now)
    return case


def take_up_again(case: Case, cause: str, *, by: Actor, now: datetime) -> None:
    """Back to work with a new date for a solution; the first verdict on the first date stays as it was."""
    rules, calendar = rulebook(case.site, timezone.localdate(now)), working_calendar()
    asked = rules.strands("solution", matter_of(case), timezone.localtime(now), calendar)
    move_by = by if by.may("cases.reopen", case.site) else on_behalf(by)
    again = {
        "solution_due_at": asked[0].due_at,
        "solved_at": None,
        "closed_at": None,
        "outcome": "",
        "merged_into": None,
    }
    move(case, "reopen", by=move_by, **again)
    tell(case, EventKind.REOPENED, by=by, now=now, values={"cause": cause})
    # The answer no longer stands, so nobody has to ask whether it helped; the next answer opens the next follow-up.
    duties.lift(case.reference, ["follow_up", FEEDBACK], reason=cause, by=by, now=now)
    duties.open_duties(case.site, owed(asked, case.accountable_id, f"{case.version}"), reference=case.reference)
    ask_for_second_look(case, cause, now)
    managers = tuple(crew_of(case.site).holders(Role.SITE_MANAGER))
    people = (case.accountable, *(person for person in managers if person.pk != case.accountable_id))
    message = Message(
        case.reference, f"reopened.{case.version}", "cases/messages/reopened", {"cause": cause}, to_users=people
    )
    interactions.send([message], now=now)
