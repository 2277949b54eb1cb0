"""Out of our authority: reported upward to somebody by name, chased, answered, and the customer told each time (S1.4.2.b)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from huiyin.cases.actions.moves import discharge, move, solved, tell, tell_customer
from huiyin.cases.actions.pausing import go_on_first
from huiyin.cases.actions.together import pass_on, stop_clocks
from huiyin.cases.models import Case, Referral
from huiyin.cases.queries import LIST_FIELDS
from huiyin.cases.rules import AlreadyReferred, NothingReferred, StillReferred, coming, required
from huiyin.cases.states import EventKind, Outcome
from huiyin.duties import actions as duties
from huiyin.handbook.queries import rulebook
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.references import actions as references


@dataclass(frozen=True)
class Ask:
    """What we want from above: `asked` in our words (none = what the customer is told), the answer expected by a day.

    Without a day the handbook's time for a first chase.
    """

    asked: str = ""
    expected_on: date | None = None


@transaction.atomic
def refer(case: Case, *, to: str, why: str, by: Actor, now: datetime, ask: Ask | None = None) -> Case:
    """Report a matter outside our authority upward: addressee, date and what we ask stand on record, the customer is told.

    Until the answer is on record somebody owes a chase. Refuses an empty addressee or reason, a day that is past, and a
    second referral while one waits. S1.4.2.b.
    """
    to, why = required(to, "to")[:120], required(why, "why")
    check_not_referred(case)
    go_on_first(case, by=by, now=now)
    move(case, "refer", by=by, referred_to=to, **solved(case, now), handed_to=None)
    referral = ask_above(case, to, ask or Ask(), why, now)
    told = {"addressee": to, "expected_on": referral.expected_on.isoformat()}
    tell(case, EventKind.REFERRED, by=by, now=now, text=why, values=told)
    discharge(case, "solution", by, now)
    duties.lift(case.reference, ["acceptance"], reason="referred", by=by, now=now)
    tell_customer(case, "referred", now, why)
    stop_clocks(case, answered=False, now=now)
    pass_on(case, refer, by=by, now=now, to=to, why=why, ask=ask)
    return case


def ask_above(case: Case, to: str, ask: Ask, why: str, now: datetime) -> Referral:
    """Put the referral on record and the chase into the ledger, owed by the accountable person."""
    today = timezone.localdate(now)
    expected = coming(ask.expected_on, today, "expected_on") if ask.expected_on else _usual_day(case, now)
    made = Referral.objects.create(case=case, to=to, asked=ask.asked.strip() or why, made_at=now, expected_on=expected)
    references.index(case.reference, f"referral{made.pk}"[:20], to, made.asked)
    _expect(case, expected, now)
    return made


def carry_on(case: Case, to: str, ask: Ask, why: str, now: datetime) -> Referral:
    """As ask_above; where the same body is asked already, the day is set anew. Refuses another body while one waits."""
    waiting = Referral.objects.filter(case=case, answered_at=None).first()
    if waiting is None:
        return ask_above(case, to, ask, why, now)
    if waiting.to != to or ask.expected_on is None:
        raise AlreadyReferred(waiting.to)
    Referral.objects.filter(pk=waiting.pk).update(expected_on=ask.expected_on)
    duties.lift(case.reference, ["chase"], reason="asked_again", by=SYSTEM, now=now)
    _expect(case, ask.expected_on, now)
    return waiting


def _usual_day(case: Case, now: datetime) -> date:
    limit = rulebook(case.site, timezone.localdate(now)).limit("chase", case.kind)
    return timezone.localdate(limit.due(now, working_calendar())[0])


def _expect(case: Case, day: date, now: datetime) -> None:
    """A duty to chase if there is no answer by the end of the day."""
    limit = rulebook(case.site, timezone.localdate(now)).limit("chase", case.kind)
    asked = limit.asked("chase", now, working_calendar(), case.accountable_id, period=f"{case.version}")
    ends = datetime.combine(day, time(23, 59, 59), timezone.get_default_timezone())
    why = asked.why if ends == asked.due_at else ()
    duties.open_duties(case.site, [replace(asked, due_at=ends, why=why)], reference=case.reference)


@transaction.atomic
def chase(case: Case, *, words: str, expected_on: date, by: Actor, now: datetime) -> Referral:
    """We asked again and were given a new day. Keeps the duty to chase, opens the next, and tells the customer."""
    words = required(words, "words")
    referral = _waiting(case)
    expected_on = coming(expected_on, timezone.localdate(now), "expected_on")
    move(case, "chase", by=by)
    Referral.objects.filter(pk=referral.pk).update(expected_on=expected_on)
    told = {"addressee": referral.to, "expected_on": expected_on.isoformat(), "about": "chase"}
    tell(case, EventKind.UPDATED, by=by, now=now, text=words, values=told)
    discharge(case, "chase", by, now)
    _expect(case, expected_on, now)
    tell_customer(case, "progress", now, words)
    for child in _waiting_with(case):
        chase(child, words=words, expected_on=expected_on, by=by, now=now)
    referral.expected_on = expected_on
    return referral


@transaction.atomic
def hear_back(case: Case, *, words: str, answered_by: str, by: Actor, now: datetime) -> Referral:
    """Write down what the body above answered, and who of it. The customer is told; the matter can be answered and closed."""
    words, answered_by = required(words, "words"), required(answered_by, "answered_by")[:120]
    referral = _waiting(case)
    move(case, "hear_back", by=by)
    told = {"answered_at": now, "answered_by": answered_by, "answer": words}
    Referral.objects.filter(pk=referral.pk).update(**told)
    values = {"addressee": referral.to, "answered_by": answered_by}
    tell(case, EventKind.REFERRAL_IN, by=by, now=now, text=words, values=values)
    references.index(case.reference, f"heard{referral.pk}"[:20], answered_by, words)
    discharge(case, "chase", by, now)
    tell_customer(case, "progress", now, words)
    for child in _waiting_with(case):
        hear_back(child, words=words, answered_by=answered_by, by=by, now=now)
    for name, value in told.items():
        setattr(referral, name, value)
    return referral


def _waiting_with(case: Case) -> QuerySet[Case]:
    """The households of the group whose matter went upward together with this one."""
    waiting = case.children.filter(pk__in=Referral.objects.filter(answered_at=None).values("case"))
    return waiting.select_related(*LIST_FIELDS, "customer").order_by("id")


def _waiting(case: Case) -> Referral:
    referral = Referral.objects.filter(case=case, answered_at=None).first()
    if referral is None:
        raise NothingReferred
    return referral


def check_not_referred(case: Case) -> None:
    waiting = Referral.objects.filter(case=case, answered_at=None).first()
    if waiting:
        raise AlreadyReferred(waiting.to)


def check_nothing_referred(case: Case, outcome: str = "") -> None:
    """A matter is tracked until the body above has answered: not closed before, nor closed as referred without it."""
    if outcome == Outcome.REFERRED and not Referral.objects.filter(case=case).exists():
        raise NothingReferred
    waiting = Referral.objects.filter(case=case, answered_at=None).first()
    if waiting:
        raise StillReferred(waiting.to)
