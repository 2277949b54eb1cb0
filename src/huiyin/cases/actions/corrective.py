"""整改: a correction or a measure against the cause, with owner and day, done, and looked at by somebody else (S3.2.3.b, S2.2.3.b).

It is owed on its own: a matter may be answered and closed while its measure runs, and passing the matter on leaves it where it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from huiyin.cases.actions.mending import measure_taken, want_measure
from huiyin.cases.actions.moves import tell
from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.cases.rules import ChangedMeanwhile, WrongAddressee, required
from huiyin.cases.rules.corrective import MayNotSee, TooEarly, check_due, check_step, check_words
from huiyin.cases.states import EventKind, MeasureKind, MeasureState
from huiyin.duties import actions as duties
from huiyin.duties.rules import Asked, Done
from huiyin.handbook.queries import rulebook
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.organization.models import User
from huiyin.organization.queries import actor_of, crew_of, working_calendar
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.records import actions as records
from huiyin.records.actions import Laid
from huiyin.references import actions as references
from huiyin.references.queries import visible_to

MEASURE, CHECK, ACCEPTANCE = "rectification", "effectiveness_check", "acceptance"


@dataclass(frozen=True)
class Plan:
    """Who does it and until when. With a `cause` it is a measure against that cause, without one a correction.

    `seen`: the hints about the words were read, and they stay as they are.
    """

    owner: User
    due_on: date
    cause: str = ""
    seen: bool = False


@dataclass(frozen=True)
class Effect:
    """What a look at a measure showed, in words. One that did not work needs a new day."""

    worked: bool
    words: str
    due_on: date | None = None


@transaction.atomic
def take_measure(case: Case, *, text: str, plan: Plan, by: Actor, now: datetime) -> CorrectiveMeasure:
    """Order a measure: what, by whom, until when. Whoever orders it answers for it until the colleague named accepts.

    Refuses empty words, a cause that stops at a person, an owner who is not there or may not see the matter, and a past day.
    A reminder stands with the owner; the month's digest quotes the words.
    """
    by.check("cases.solve", case.site)
    text, cause = required(text, "text"), chinese.clean(plan.cause)
    _check_owner(case, plan.owner)
    due_on = check_due(plan.due_on, timezone.localdate(now))
    check_words(text, cause, _names_of(case), seen=plan.seen)
    orderer = plan.owner.pk if by.user_id is None else by.user_id
    mine = orderer == plan.owner.pk
    made = CorrectiveMeasure.objects.create(
        case=case,
        site=case.site,
        kind=MeasureKind.CORRECTIVE_ACTION if cause else MeasureKind.CORRECTION,
        text=text,
        cause=cause,
        ordered_by_id=by.user_id,
        ordered_at=now,
        owner_id=orderer,
        offered_to=None if mine else plan.owner,
        first_due_on=due_on,
        due_on=due_on,
    )
    references.index(case.reference, f"measure{made.pk}"[:20], text, cause)
    told = {"measure": made.pk, "to": plan.owner.name, "due_on": due_on.isoformat()}
    tell(case, EventKind.MEASURE, by=by, now=now, text=text, values=told, is_public=False)
    _owe(made, now)
    measure_taken(case, by=by, now=now)
    if not mine:
        _ask(made, plan.owner, now)
    return made


def _check_owner(case: Case, owner: User) -> None:
    if owner.pk not in {post.user_id for post in crew_of(case.site).posts}:
        raise WrongAddressee("owner")
    if not visible_to(actor_of(owner)).filter(pk=case.reference_id).exists():
        raise MayNotSee


def _names_of(case: Case) -> set[str]:
    """People whom a cause or a measure does not name: the staff of the site, and whoever came with the matter."""
    named = {post.user.name for post in crew_of(case.site).posts}
    return named | ({case.customer.name} if case.customer and case.customer.name else set())


def _ends(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), timezone.get_default_timezone())


def _owe(one: CorrectiveMeasure, now: datetime) -> None:
    """The owner owes it on its day, in the round that runs."""
    asked = Asked(
        MEASURE, now, _ends(one.due_on), period=f"{one.round}", owner_id=one.owner_id, scope=one.scope, step="close"
    )
    duties.open_duties(one.site, [asked], reference=one.case.reference)


def _ask(one: CorrectiveMeasure, to: User, now: datetime) -> None:
    """The colleague owes a yes or no by the handbook's time for taking something over."""
    limit = rulebook(one.site, timezone.localdate(now)).limit(ACCEPTANCE, one.case.kind)
    asked = limit.asked(ACCEPTANCE, now, working_calendar(), to.pk, period=f"{one.version}")
    duties.open_duties(one.site, [replace(asked, scope=one.scope)], reference=one.case.reference)
    _say(one, "measure_asked", to, now)


def _say(one: CorrectiveMeasure, template: str, to: User, now: datetime) -> None:
    reference, key = one.case.reference, f"measure.{one.pk}.{one.version}"
    values = {"due": one.due_on.isoformat()}
    interactions.send([Message(reference, key, f"cases/messages/{template}", values, to_users=(to,))], now=now)


def _change(one: CorrectiveMeasure, **changes: Any) -> None:
    """Compare and set. `one` is brought up to date; refuses with ChangedMeanwhile when somebody else was faster."""
    unchanged = CorrectiveMeasure.objects.filter(pk=one.pk, version=one.version)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise ChangedMeanwhile
    for field, value in changes.items():
        setattr(one, field, value)
    one.version += 1


def _discharge(one: CorrectiveMeasure, kind: str, by: Actor, now: datetime, *, note: str = "") -> None:
    step = "close" if kind == MEASURE else ""
    done = Done((kind,), now, step, scope=one.scope, note=note)
    duties.discharge(one.site, done, reference=one.case.reference, by=by, now=now, only_about=True)


@transaction.atomic
def accept_measure(one: CorrectiveMeasure, *, by: Actor, now: datetime) -> CorrectiveMeasure:
    """Take a measure on: from now on the acceptor owes it."""
    check_step("accept_measure", one, by)
    _take_on(one, by, now)
    return one


def _take_on(one: CorrectiveMeasure, by: Actor, now: datetime) -> None:
    accepted = one.offered_to
    assert accepted is not None  # check_step: only whom it was offered to  # noqa: S101
    _change(one, owner=accepted, offered_to=None)
    _discharge(one, ACCEPTANCE, by, now)
    duties.hand_over(one.case.reference, accepted, scope=one.scope)
    _record(one, "accepted", by, now)


def _record(one: CorrectiveMeasure, verb: str, by: Actor, now: datetime) -> None:
    facts = {"measure": one.pk, "state": one.state}
    journal.record(f"cases.measure_{verb}", by=by, now=now, reference=one.case.reference.number, facts=facts)


@transaction.atomic
def decline_measure(one: CorrectiveMeasure, *, why: str, by: Actor, now: datetime) -> CorrectiveMeasure:
    """Give an offered measure back, with the reason. It stays with whoever ordered it, who is told."""
    check_step("decline_measure", one, by)
    why = required(why, "why")
    _change(one, offered_to=None)
    tell(one.case, EventKind.NOTED, by=by, now=now, text=why, values={"measure": one.pk}, is_public=False)
    duties.lift(one.case.reference, [ACCEPTANCE], reason=why, by=by, now=now, scope=one.scope)
    _say(one, "measure_declined", one.owner, now)
    return one


@transaction.atomic
def finish_measure(
    one: CorrectiveMeasure, *, result: str, by: Actor, now: datetime, photos: Sequence[Laid] = ()
) -> CorrectiveMeasure:
    """Say what was done, with photos. Keeps the owner's duty; somebody else then owes a look at whether it worked.

    Whoever was asked and does it has accepted it. Photos are laid down before.
    """
    check_step("finish_measure", one, by)
    result = required(result, "result")
    if one.offered_to_id is not None and one.offered_to_id == by.user_id:
        _take_on(one, by, now)
    first = one.first_done_at or now
    check_on = _check_day(one, now)
    changes: dict[str, Any] = {"state": MeasureState.DONE, "done_at": now, "first_done_at": first, "result": result}
    _change(one, done_by_id=by.user_id, offered_to=None, check_on=check_on, **changes)
    references.index(one.case.reference, f"done{one.pk}.{one.round}"[:20], result)
    if photos:
        records.attach(one.case.reference, photos, label="照片", by=by, now=now)
    told = {"measure": one.pk, "photos": [photo.key for photo in photos]}
    tell(one.case, EventKind.MEASURE_DONE, by=by, now=now, text=result, values=told, is_public=False)
    _discharge(one, MEASURE, by, now, note=result)
    duties.lift(one.case.reference, [ACCEPTANCE], reason="done", by=by, now=now, scope=one.scope)
    _owe_a_look(one, now)
    return one


def _check_day(one: CorrectiveMeasure, now: datetime) -> date:
    """A correction can be looked at at once; whether a cause is gone shows after a while."""
    if one.kind == MeasureKind.CORRECTION:
        return timezone.localdate(now)
    limit = rulebook(one.site, timezone.localdate(now)).limit("effect_window", one.case.kind)
    return timezone.localdate(limit.due(now, working_calendar())[0])


def _owe_a_look(one: CorrectiveMeasure, now: datetime) -> None:
    """Whoever ordered it looks, else the manager or the director, never whoever did it."""
    opens = max(now, datetime.combine(one.check_on or date.min, time.min, timezone.get_default_timezone()))
    limit = rulebook(one.site, timezone.localdate(now)).limit(CHECK, one.case.kind)
    looker = _looker(one)
    asked = limit.asked(CHECK, opens, working_calendar(), looker.pk if looker else None, period=f"{one.round}")
    role = "" if looker else Role.DIRECTOR.value
    duties.open_duties(one.site, [replace(asked, scope=one.scope, owner_role=role)], reference=one.case.reference)
    if looker:
        _say(one, "measure_done", looker, now)


def _looker(one: CorrectiveMeasure) -> User | None:
    crew = crew_of(one.site)
    here = {post.user_id: post.user for post in crew.posts}
    first = [here[one.ordered_by_id]] if one.ordered_by_id in here else []
    doers = {one.owner_id, one.done_by_id}
    people = (*first, *crew.holders(Role.SITE_MANAGER, Role.DIRECTOR, Role.QUALITY_OFFICER))
    return next((person for person in people if person.pk not in doers), None)


@transaction.atomic
def check_measure(one: CorrectiveMeasure, *, effect: Effect, by: Actor, now: datetime) -> CorrectiveMeasure:
    """Somebody else says whether it worked. What did not work goes into its next round with a new day (S2.2.3.b).

    Refused before the effect can show, unless it shows already that there is none.
    """
    check_step("check_measure", one, by)
    words = required(effect.words, "words")
    if effect.worked and one.check_on and timezone.localdate(now) < one.check_on:
        raise TooEarly(one.check_on)
    seen: dict[str, Any] = {"checked_at": now, "checked_by_id": by.user_id, "verdict": words}
    told = {"measure": one.pk, "verdict": "effective" if effect.worked else "ineffective"}
    if effect.worked:
        _change(one, state=MeasureState.EFFECTIVE, **seen)
    else:
        due_on = check_due(effect.due_on or date.min, timezone.localdate(now))
        told["due_on"] = due_on.isoformat()
        again = {"state": MeasureState.OPEN, "round": one.round + 1, "due_on": due_on, "done_at": None}
        _change(one, **again, **seen)
    tell(one.case, EventKind.MEASURE_SEEN, by=by, now=now, text=words, values=told, is_public=False)
    references.index(one.case.reference, f"seen{one.pk}.{one.version}"[:20], words)
    _discharge(one, CHECK, by, now, note=words)
    duties.lift(one.case.reference, [CHECK], reason="seen", by=by, now=now, scope=one.scope)
    if not effect.worked:
        _owe(one, now)
        _say(one, "measure_again", one.owner, now)
    return one


@transaction.atomic
def withdraw_measure(one: CorrectiveMeasure, *, why: str, by: Actor, now: datetime) -> CorrectiveMeasure:
    """Call a measure off, with the reason; what was owed for it no longer is. A justified complaint without another waits again."""
    check_step("withdraw_measure", one, by)
    why = required(why, "why")
    _change(one, state=MeasureState.WITHDRAWN, offered_to=None, verdict=why)
    tell(one.case, EventKind.NOTED, by=by, now=now, text=why, values={"measure": one.pk}, is_public=False)
    reference, kinds = one.case.reference, [MEASURE, CHECK, ACCEPTANCE]
    duties.lift(reference, kinds, reason=why, by=by, now=now, scope=one.scope)
    _record(one, "withdrawn", by, now)
    want_measure(one.case, now=now)
    return one
