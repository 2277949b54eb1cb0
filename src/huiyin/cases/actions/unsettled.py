"""Writing down why something still has no outcome."""

from datetime import datetime

from django.db import transaction

from huiyin.cases.models import Explanation
from huiyin.cases.rules import required
from huiyin.journal import actions as journal
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference


@transaction.atomic
def explain(reference: Reference, *, reason: str, by: Actor, now: datetime) -> Explanation:
    """Say why a contact or case has no outcome yet (S1.4). The newest reason stands; the ones before are kept."""
    by.check("cases.note", reference.site)
    reason = required(reason, "reason")[:500]
    made = Explanation.objects.create(reference=reference, reason=reason, by_id=by.user_id, at=now)
    journal.record("cases.explained", by=by, now=now, reference=reference.number, fields={"reason": reason})
    return made
