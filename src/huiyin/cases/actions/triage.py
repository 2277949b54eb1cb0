"""The first assessment: how grave, whom else it touches, whether somebody is in danger; and what follows at once."""

from datetime import datetime

from django.db import transaction

from huiyin.cases.actions.clocks import tighten
from huiyin.cases.actions.moves import move, tell
from huiyin.cases.models import Case
from huiyin.cases.rules.triage import Triage
from huiyin.cases.states import EventKind, Urgency
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.kit import chinese
from huiyin.organization.queries import Crew, crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role


@transaction.atomic
def triage(case: Case, *, found: Triage, by: Actor, now: datetime, words: str = "") -> Case:
    """Assess a case. A graver urgency shortens what runs, never lengthens it; danger tells the manager at once (ISO 10002, 7.5)."""
    found = found.checked()
    move(case, "triage", by=by, urgency=found.urgency.value, severity=found.severity)
    text = chinese.clean(words)
    tell(case, EventKind.TRIAGED, by=by, now=now, text=text, values=found.as_values(), is_public=False)
    if case.is_history:
        return case
    tighten(case, by=by, now=now)
    if found.urgency == Urgency.DANGER:
        interactions.send([alarm(case, crew_of(case.site))], now=now)
    return case


def alarm(case: Case, crew: Crew) -> Message:
    """To whoever leads the site: somebody may come to harm."""
    leaders = tuple(crew.holders(Role.SITE_MANAGER) or crew.holders(Role.DIRECTOR))
    people = tuple(dict.fromkeys((*leaders, case.accountable)))
    return Message(case.reference, f"danger.{case.version}", "cases/messages/danger", {}, to_users=people)
