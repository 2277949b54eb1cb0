"""复签: what holds only once somebody else has signed. The second person owes the yes or no until it is said (domain 2.1)."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from huiyin.cases.actions.moves import SUPERIORS, superiors_of, tell_staff
from huiyin.cases.models import Case, Event
from huiyin.cases.rules.remit import SameSignature
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.rules import Done
from huiyin.handbook.queries import rulebook
from huiyin.organization.queries import crew_of, working_calendar
from huiyin.organization.rules import Actor

SIGNATURE = "countersign"


def ask_for_signature(case: Case, about: str, told: str, *, by: Actor, now: datetime) -> None:
    """Owe the signature that is `about` one proposal, by the nearest superior who did not make it; superiors get the message.

    It stays there when the case goes to somebody else. Nobody there to sign = nobody owes it.
    """
    signers = [person for person in crew_of(case.site).holders(*SUPERIORS) if person.pk != by.user_id]
    if not signers:
        return
    limit = rulebook(case.site, timezone.localdate(now)).limit(SIGNATURE, case.kind)
    asked = limit.asked(SIGNATURE, now, working_calendar(), signers[0].pk, period=nth(case, SIGNATURE, about))
    duties.open_duties(case.site, [replace(asked, scope=about)], reference=case.reference)
    others = tuple(person for person in superiors_of(case) if person.pk != by.user_id)
    tell_staff(case, told, others or (signers[0],), now)


def nth(case: Case, kind: str, about: str = "") -> str:
    """The round in which a duty of that kind is asked for: 1, 2 …"""
    return f"{Duty.objects.filter(reference=case.reference, kind=kind, scope=about).count() + 1}"


def check_second(proposed: Event, by: Actor) -> None:
    """The second signature is somebody else's."""
    if by.user_id is None or by.user_id == proposed.by_id:
        raise SameSignature


def signed(case: Case, about: str, *, by: Actor, now: datetime) -> None:
    """The yes or no was said: nobody owes it any more."""
    done = Done((SIGNATURE,), now, scope=about)
    duties.discharge(case.site, done, reference=case.reference, by=by, now=now, only_about=True)
