"""职责范围认定: within our remit or outside of it. Outside takes the signature of a second person (domain 2.1, K16)."""

from datetime import datetime

from django.db import transaction

from huiyin.cases.actions.mending import no_longer_justified, want_measure
from huiyin.cases.actions.moves import move, tell, tell_staff
from huiyin.cases.actions.signing import ask_for_signature, check_second, signed
from huiyin.cases.models import Case, Event
from huiyin.cases.queries.marks import waits_for_signature
from huiyin.cases.rules import required
from huiyin.cases.rules.remit import AlreadyProposed, NothingToSign
from huiyin.cases.states import EventKind
from huiyin.kit import chinese
from huiyin.organization.rules import Actor

REMIT = "remit"  # what of the case the signature is about, in the scope of its duty


@transaction.atomic
def scope(case: Case, *, in_scope: bool, by: Actor, now: datetime, why: str = "", instead: str = "") -> Event:
    """Find a matter within our remit, or propose that it is outside: why, and to whom the customer turns instead.

    Outside holds only once somebody else has signed, which is owed until it is done, the case closed or not. The customer
    hears of it in the answer.
    """
    if _proposed(case) is not None:
        raise AlreadyProposed
    if in_scope:
        move(case, "scope", by=by)
        made = _found_ours(case, chinese.clean(why), by, now)
        want_measure(case, now=now)
        return made
    why, instead = required(why, "why"), required(instead, "instead")[:120]
    move(case, "scope", by=by)
    values = {"proposed": "out", "addressee": instead}
    made = tell(case, EventKind.SCOPED, by=by, now=now, text=why, values=values, is_public=False)
    ask_for_signature(case, REMIT, "countersign", by=by, now=now)
    return made


def _found_ours(case: Case, why: str, by: Actor, now: datetime) -> Event:
    return tell(case, EventKind.SCOPED, by=by, now=now, text=why, values={"in_scope": True}, is_public=False)


@transaction.atomic
def countersign(case: Case, *, agreed: bool, by: Actor, now: datetime, why: str = "") -> Event:
    """Sign a proposal that a matter is outside our remit, or say why it is within. By somebody else than who proposed it."""
    by.check("cases.countersign", case.site)
    proposed = _proposed(case)
    if proposed is None:
        raise NothingToSign
    check_second(proposed, by)
    why = chinese.clean(why) if agreed else required(why, "why")
    move(case, "countersign", by=by)
    values = {"in_scope": not agreed, "second": True, "addressee": proposed.values.get("addressee", "")}
    made = tell(case, EventKind.SCOPED, by=by, now=now, text=why, values=values, is_public=False)
    signed(case, REMIT, by=by, now=now)
    if agreed:
        no_longer_justified(case, by=by, now=now)
    else:
        want_measure(case, now=now)
    tell_staff(case, "countersigned", (case.accountable,), now)
    return made


def _proposed(case: Case) -> Event | None:
    """The proposal that waits for a second signature."""
    newest = case.events.filter(kind=EventKind.SCOPED).order_by("-at", "-id").first()
    return newest if newest is not None and waits_for_signature(newest) else None
