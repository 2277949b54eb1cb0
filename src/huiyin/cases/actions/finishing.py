"""Done is not answered: work that an answer promises is owed until somebody writes down that it is finished."""

from dataclasses import replace
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.moves import discharge, move, open_follow_up, tell, tell_customer
from huiyin.cases.actions.together import pass_on
from huiyin.cases.models import Case
from huiyin.cases.rules import coming, required
from huiyin.cases.rules.answers import NotFinished
from huiyin.cases.states import AT_HOME, EventKind, State
from huiyin.duties import actions as duties
from huiyin.duties.queries import open_about
from huiyin.duties.rules import Asked
from huiyin.organization.rules import Actor
from huiyin.references import actions as references

COMPLETION = "completion"
FOLLOW_UP = "follow_up"


@transaction.atomic
def finish(case: Case, *, words: str, by: Actor, now: datetime) -> Case:
    """完工: what was promised is done. The customer is told, each household too; the state stays, for done is not answered.

    Discharges what an answer promised. From now on the customer is to be asked about a job done at their home (S3.2.2.a).
    Refuses nothing written, and kinds that have no work of their own.
    """
    words = required(words, "words")
    was_owed = open_about(case.reference, COMPLETION).exists()
    move(case, "finish", by=by)
    tell(case, EventKind.FINISHED, by=by, now=now, text=words)
    references.index(case.reference, f"finished{case.version}"[:20], words)
    discharge(case, COMPLETION, by, now)
    tell_customer(case, "finished", now, words)
    _ask_after_job(case, was_owed=was_owed, now=now)
    pass_on(case, finish, by=by, now=now, words=words)
    return case


def _ask_after_job(case: Case, *, was_owed: bool, now: datetime) -> None:
    """Every job done at home is asked about once it is done and answered; not again where that answer was asked about already.

    Done before it is answered, the answer asks: nobody can keep a follow-up before it is legal, so none runs before.
    """
    if case.kind not in AT_HOME or case.is_history or case.state != State.ANSWERED:
        return
    if open_about(case.reference, FOLLOW_UP).exists():
        return
    if was_owed or not case.follow_ups.filter(at__gte=case.answered_at).exists():
        open_follow_up(case, now)


def ask_after_answer(case: Case, *, is_promised: bool, now: datetime) -> None:
    """An answer opens the follow-up. About work at home nobody asks before it is done, nor is that asked for twice."""
    if case.kind in AT_HOME and (is_promised or open_about(case.reference, FOLLOW_UP).exists()):
        return
    open_follow_up(case, now)


def promise(case: Case, day: date, *, by: Actor, now: datetime) -> None:
    """Owe the work until the end of a day, from whoever is accountable; an earlier day that was promised gives way."""
    day = coming(day, timezone.localdate(now), "finish_on")
    duties.lift(case.reference, [COMPLETION], reason="promised_anew", by=by, now=now)
    ends = datetime.combine(day, time(23, 59, 59), timezone.get_default_timezone())
    asked = replace(Asked(COMPLETION, now, ends), period=f"{case.version}", owner_id=case.accountable_id)
    duties.open_duties(case.site, [asked], reference=case.reference)


def check_finished(case: Case) -> None:
    """Nothing ends while work that was promised to the customer is not done."""
    owed = open_about(case.reference, COMPLETION).order_by("due_at").first()
    if owed is not None:
        raise NotFinished(timezone.localdate(owed.due_at))
