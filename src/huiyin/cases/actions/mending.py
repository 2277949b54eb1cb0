"""A justified complaint gets a corrective measure, or a manager's word that it needs none (S3.2.3.b).

Asked for where an adopted handbook has a limit `measure_wanted`, from the finding that a complaint is within our remit. It
holds up nothing: the source sets no day and no order, so a complaint may be answered and closed while this is still owed.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.clocks import matter_of, owed
from huiyin.cases.actions.moves import discharge, move, tell, tell_staff
from huiyin.cases.actions.signing import ask_for_signature, check_second, nth, signed
from huiyin.cases.models import Case, Event
from huiyin.cases.queries.marks import spared, waits_for_signature
from huiyin.cases.rules import required
from huiyin.cases.rules.mending import AlreadySpared, NoMeasureWanted, NothingSpared
from huiyin.cases.states import EventKind, MeasureState
from huiyin.duties import actions as duties
from huiyin.duties.queries import open_about
from huiyin.handbook.queries import rulebook
from huiyin.kit import chinese
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import Actor

WANTED = "measure_wanted"
SPARED = "no_measure"  # what the second signature is about, in the scope of its duty
DECIDED = (EventKind.NO_MEASURE, EventKind.MEASURE)


def want_measure(case: Case, *, now: datetime) -> None:
    """Owe the decision on a measure, once a complaint was found justified; not while it has one or is said to need none.

    Households of a group and duplicates are served by the case that leads.
    """
    if case.is_history or case.parent_id or case.merged_into_id or open_about(case.reference, WANTED).exists():
        return
    if not _is_justified(case) or _is_decided(case):
        return
    asked = rulebook(case.site, timezone.localdate(now)).strands(
        WANTED, matter_of(case), timezone.localtime(now), working_calendar()
    )
    duties.open_duties(case.site, owed(asked, case.accountable_id, nth(case, WANTED)), reference=case.reference)


def _is_justified(case: Case) -> bool:
    """The newest finding says that it is within our remit; a proposal is none yet."""
    found = case.events.filter(kind=EventKind.SCOPED).order_by("-at", "-id")
    finding = next((one for one in found if not waits_for_signature(one)), None)
    return finding is not None and finding.values.get("in_scope") is True


def _is_decided(case: Case) -> bool:
    if case.corrective_measures.exclude(state=MeasureState.WITHDRAWN).exists():
        return True
    return spared(list(case.events.filter(kind__in=DECIDED).order_by("at", "id"))) is not None


def measure_taken(case: Case, *, by: Actor, now: datetime) -> None:
    """A measure was ordered: the decision is kept, for the households of a group too."""
    for one in (case, *case.children.select_related("reference", "site")):
        discharge(one, WANTED, by, now)
        duties.lift(one.reference, ["countersign"], reason="measure", by=by, now=now, scope=SPARED)


def no_longer_justified(case: Case, *, by: Actor, now: datetime) -> None:
    """Found outside our remit after all: nothing is owed."""
    duties.lift(case.reference, [WANTED], reason="outside", by=by, now=now)
    duties.lift(case.reference, ["countersign"], reason="outside", by=by, now=now, scope=SPARED)


@transaction.atomic
def spare(case: Case, *, why: str, by: Actor, now: datetime) -> Event:
    """Say why a justified complaint needs no measure. It stands at once when said by somebody who may sign, else once signed.

    Internal. Refuses where nothing is owed, and while such a word waits already.
    """
    why = required(why, "why")
    if not open_about(case.reference, WANTED).exists():
        raise NoMeasureWanted
    if _proposed(case) is not None:
        raise AlreadySpared
    move(case, "spare", by=by)
    stands = by.may("cases.countersign", case.site)
    values = {"agreed": True} if stands else {"proposed": "none"}
    made = tell(case, EventKind.NO_MEASURE, by=by, now=now, text=why, values=values, is_public=False)
    if stands:
        discharge(case, WANTED, by, now)
    else:
        ask_for_signature(case, SPARED, "spare_asked", by=by, now=now)
    return made


@transaction.atomic
def agree_spare(case: Case, *, agreed: bool, by: Actor, now: datetime, why: str = "") -> Event:
    """Sign that a justified complaint needs no measure, or say why it does. By somebody else than who proposed it."""
    by.check("cases.countersign", case.site)
    proposed = _proposed(case)
    if proposed is None:
        raise NothingSpared
    check_second(proposed, by)
    why = chinese.clean(why) if agreed else required(why, "why")
    move(case, "agree_spare", by=by)
    values = {"agreed": agreed, "second": True}
    made = tell(case, EventKind.NO_MEASURE, by=by, now=now, text=why, values=values, is_public=False)
    signed(case, SPARED, by=by, now=now)
    if agreed:
        discharge(case, WANTED, by, now)
    tell_staff(case, "spare_decided", (case.accountable,), now)
    return made


def _proposed(case: Case) -> Event | None:
    """The word that waits for a second signature; a measure ordered since has overtaken it."""
    newest = case.events.filter(kind__in=DECIDED).order_by("-at", "-id").first()
    is_open = newest is not None and newest.kind == EventKind.NO_MEASURE and "agreed" not in newest.values
    return newest if is_open else None
