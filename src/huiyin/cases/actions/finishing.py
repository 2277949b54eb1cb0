"""Done is not answered: work that an answer promises is owed until somebody writes down that it is finished."""

from dataclasses import replace
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.moves import discharge, move, tell, tell_customer
from huiyin.cases.actions.together import pass_on
from huiyin.cases.models import Case
from huiyin.cases.rules import coming, required
from huiyin.cases.rules.answers import NotFinished
from huiyin.cases.states import EventKind
from huiyin.duties import actions as duties
from huiyin.duties.queries import open_about
from huiyin.duties.rules import Asked
from huiyin.organization.rules import Actor
from huiyin.references import actions as references

COMPLETION = "completion"


@transaction.atomic
def finish(case: Case, *, words: str, by: Actor, now: datetime) -> Case:
    """完工: what was promised is done. The customer is told, each household too; the state stays, for done is not answered.

    Discharges what an answer promised. Refuses nothing written, and kinds that have no work of their own.
    """
    words = required(words, "words")
    move(case, "finish", by=by)
    tell(case, EventKind.FINISHED, by=by, now=now, text=words)
    references.index(case.reference, f"finished{case.version}"[:20], words)
    discharge(case, COMPLETION, by, now)
    tell_customer(case, "finished", now, words)
    pass_on(case, finish, by=by, now=now, words=words)
    return case


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
