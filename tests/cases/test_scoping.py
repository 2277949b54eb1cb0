"""职责范围认定: outside our remit takes a second signature; only then a figure counts it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import timeline
from huiyin.cases.queries.facts import Asked
from huiyin.cases.queries.indicators import reckon
from huiyin.cases.queries.lists import visible_to
from huiyin.cases.rules import NothingWritten, WrongKind
from huiyin.cases.rules.remit import AlreadyProposed, NothingToSign, SameSignature
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.organization.rules import NotAllowed
from tests.acts import close, fresh, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OUT: dict[str, Any] = {"in_scope": False, "why": "路灯归市政管", "instead": "区路灯管理所 12319"}


def k16(cast: Cast, now: datetime) -> list[list[int]]:
    """In scope of those found, and found of all complaints."""
    asked = Asked(visible_to(cast.manager).filter(site=cast.site), cast.site, now - DAY, now + 9 * DAY, now + 9 * DAY)
    shares = reckon(asked).shares
    return [[shares[name].part, shares[name].whole] for name in ("in_scope", "scoped")]


def findings(case: Case) -> list[dict[str, Any]]:
    return [event.values for event in case.events.filter(kind="scoped").order_by("id")]


def test_within_takes_one_signature(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, in_scope=True, by=cast.clerk, now=now)
    assert [findings(case), k16(cast, now)] == [[{"in_scope": True}], [[1, 1], [1, 1]]]


def test_outside_counts_only_with_a_second_signature(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    assert k16(cast, now) == [[0, 0], [0, 1]]
    sent = Delivery.objects.filter(to_user=cast.users["zhou"], template="cases/messages/countersign")
    assert sent.count() == 1
    cases.countersign(fresh(case), agreed=True, by=cast.manager, now=now + HOUR)
    assert findings(case) == [
        {"proposed": "out", "addressee": "区路灯管理所 12319"},
        {"in_scope": False, "second": True, "addressee": "区路灯管理所 12319"},
    ]
    assert k16(cast, now) == [[0, 1], [1, 1]]


def test_the_second_may_say_that_it_is_ours(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    with pytest.raises(NothingWritten) as refused:
        cases.countersign(fresh(case), agreed=False, by=cast.manager, now=now)
    assert refused.value.field == "why"
    cases.countersign(fresh(case), agreed=False, why="合同里写了", by=cast.manager, now=now)
    assert k16(cast, now) == [[1, 1], [1, 1]]


def test_a_proposal_does_not_take_an_earlier_finding_away(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, in_scope=True, by=cast.clerk, now=now)
    cases.scope(fresh(case), **OUT, by=cast.clerk, now=now + HOUR)
    assert k16(cast, now) == [[1, 1], [1, 1]]


def test_nobody_signs_twice(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.manager, now=now)
    with pytest.raises(SameSignature):
        cases.countersign(fresh(case), agreed=True, by=cast.manager, now=now)
    with pytest.raises(NotAllowed):
        cases.countersign(fresh(case), agreed=True, by=cast.clerk, now=now)
    cases.countersign(fresh(case), agreed=True, by=cast.actor("fang"), now=now)


@pytest.mark.parametrize("field", ["why", "instead"])
def test_outside_needs_a_reason_and_whom_to_turn_to(field: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NothingWritten) as refused:
        cases.scope(case, **OUT | {field: "\u200b"}, by=cast.clerk, now=now)
    assert [refused.value.field, findings(case)] == [field, []]


def test_what_is_refused(cast: Cast, now: datetime) -> None:
    case, asked = take(cast, now), take(cast, now, "enquiry")
    with pytest.raises(NothingToSign):
        cases.countersign(case, agreed=True, by=cast.manager, now=now)
    with pytest.raises(WrongKind):
        cases.scope(asked, in_scope=True, by=cast.clerk, now=now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    with pytest.raises(AlreadyProposed):
        cases.scope(fresh(case), in_scope=True, by=cast.manager, now=now)


def test_it_stays_inside(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    assert "scoped" not in [event.kind for event in timeline(case, public_only=True)]


def owes(case: Case) -> list[tuple[str, str, str, bool]]:
    """Who owes a signature about what until when, and whether it was given."""
    found = Duty.objects.filter(reference=case.reference, kind="countersign").order_by("id")
    return [(one.scope, str(one.owner), f"{one.due_at:%m-%d}", one.done_at is not None) for one in found]


def test_the_signature_is_owed_until_it_is_given(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    assert owes(case) == [("remit", "周建国", "11-26", False)]
    cases.countersign(fresh(case), agreed=True, by=cast.actor("fang"), now=now + HOUR)
    assert owes(case) == [("remit", "周建国", "11-26", True)]


def test_the_manager_who_proposed_is_not_asked_to_sign(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.manager, now=now)
    assert [who for _about, who, _due, _done in owes(case)] != ["周建国"]
    assert len(owes(case)) == 1


def test_it_stays_with_the_signer_when_the_case_goes_on(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    cases.accept(fresh(case), by=cast.engineer, now=now + HOUR)
    assert owes(case) == [("remit", "周建国", "11-26", False)]


def test_it_is_still_owed_after_the_end_and_each_proposal_anew(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, **OUT, by=cast.clerk, now=now)
    cases.countersign(fresh(case), agreed=False, why="合同里写了", by=cast.manager, now=now)
    cases.scope(fresh(case), **OUT, by=cast.clerk, now=now + HOUR)
    close(fresh(case), cast, now)
    assert [done for *_what, done in owes(case)] == [True, False]
    cases.countersign(fresh(case), agreed=True, by=cast.manager, now=now + 9 * DAY)
    assert [[done for *_what, done in owes(case)], fresh(case).state] == [[True, True], "closed"]
    assert k16(cast, now) == [[0, 1], [1, 1]]
