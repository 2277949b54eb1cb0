"""归类: the subject of a case is a person's decision, and every change of it stays on record."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.moves import move, tell
from huiyin.cases.models import Case
from huiyin.cases.rules import NotCategorized, UnknownCategory
from huiyin.cases.states import EventKind
from huiyin.handbook.queries import rulebook
from huiyin.organization.rules import Actor


@transaction.atomic
def categorize(case: Case, *, category: str, by: Actor, now: datetime) -> Case:
    """Say what a case is about, in the words of the site's procedures (S1.3). Refuses a subject that none of them has."""
    known = {code for code, _name in rulebook(case.site, timezone.localdate(case.received_at)).categories()}
    if category not in known:
        raise UnknownCategory
    before = case.category
    move(case, "categorize", by=by, category=category)
    values = {"category": category, "before": before}
    tell(case, EventKind.CATEGORIZED, by=by, now=now, values=values, is_public=False)
    return case


def check_categorized(case: Case) -> None:
    """Where a procedure lays the subjects down, a case without one does not end (S1.3)."""
    rules = rulebook(case.site, timezone.localdate(case.received_at))
    if not case.category and not case.is_history and rules.asks_for_subject():
        raise NotCategorized
