"""反馈: whoever raised a closed case hears what became of it; where nobody can be answered, everybody does (S1.4.3.a)."""

from datetime import datetime

from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.cases.states import FACE_TO_FACE
from huiyin.duties import actions as duties
from huiyin.duties.rules import Done
from huiyin.handbook.queries import rulebook
from huiyin.interactions.queries import contacts_about
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import Actor

FEEDBACK = "case_feedback"
HOLD_A_LINK = FACE_TO_FACE | {"web", "online_chat", "email"}  # by these ways the receipt reached somebody's hands


def owe_feedback(case: Case, *, by: Actor, now: datetime, period: str = "") -> None:
    """Owe feedback on a closed case, where the handbook asks for it. An answer that somebody can read keeps it at once.

    Once for each time it closes; `period` names what else brought it about.
    """
    limit = rulebook(case.site, timezone.localdate(now)).limit_or_none(FEEDBACK, case.kind)
    if limit is None or case.is_history:
        return
    asked = limit.asked(FEEDBACK, now, working_calendar(), case.accountable_id, period=period or f"{case.version}")
    duties.open_duties(case.site, [asked], reference=case.reference)
    if can_hear(case):
        done = Done((FEEDBACK,), now, note="answered")
        duties.discharge(case.site, done, reference=case.reference, by=by, now=now, only_about=True)


def can_hear(case: Case) -> bool:
    """Whether an answer reaches whoever raised the case: a known customer, or somebody who holds the receipt. At most one query."""
    if case.customer_id is not None:
        return True
    return contacts_about(case.reference).filter(channel__in=HOLD_A_LINK).exists()
