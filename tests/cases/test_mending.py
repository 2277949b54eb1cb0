"""属实的投诉: a complaint found within our remit has a measure, or a manager's word that it needs none."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import timeline, unmended
from huiyin.cases.rules import NothingWritten, WrongKind
from huiyin.cases.rules.mending import AlreadySpared, NoMeasureWanted, NothingSpared
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.organization.rules import NotAllowed
from tests.acts import close, fresh, measure, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHY = "邻居已经和解，物业的做法没有不当。"


def justified(cast: Cast, now: datetime) -> Case:
    case = take(cast, now)
    cases.scope(case, in_scope=True, by=cast.clerk, now=now)
    return fresh(case)


def owed(case: Case, kind: str = "measure_wanted") -> list[str]:
    """open, kept or gone, of each time it was asked."""
    found = Duty.objects.filter(reference=case.reference, kind=kind).order_by("id")
    return ["gone" if one.not_applicable else "kept" if one.done_at else "open" for one in found]


def without(cast: Cast) -> list[int]:
    return [one.pk for one in unmended(cast.site, cast.manager)]


@pytest.mark.clause("S3.2.3.b")
def test_a_justified_complaint_is_asked_for_its_measure(cast: Cast, now: datetime) -> None:
    case, other = justified(cast, now), take(cast, now)
    duty = Duty.objects.get(reference=case.reference, kind="measure_wanted")
    assert [duty.clause, duty.owner, f"{duty.due_at:%m-%d}"] == ["S3.2.3.b", case.accountable, "11-30"]
    assert [without(cast), owed(other)] == [[case.pk], []]
    measure(case, cast, now + DAY)
    assert [owed(case), without(cast)] == [["kept"], []]


def test_neither_the_answer_nor_the_end_waits_for_it(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    assert close(case, cast, now).state == "closed"
    assert [owed(case), without(cast)] == [["open"], [case.pk]]
    measure(fresh(case), cast, now + 9 * DAY)
    assert owed(case) == ["kept"]


def test_the_manager_says_that_none_is_needed(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    cases.spare(case, why=WHY, by=cast.manager, now=now + HOUR)
    assert [owed(case), owed(case, "countersign"), without(cast)] == [["kept"], [], []]
    with pytest.raises(NoMeasureWanted):
        cases.spare(fresh(case), why=WHY, by=cast.manager, now=now + HOUR)


@pytest.mark.clause("S3.2.3.b")
def test_a_colleagues_word_holds_once_it_is_signed(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    cases.spare(case, why=WHY, by=cast.clerk, now=now + HOUR)
    assert [owed(case), owed(case, "countersign"), without(cast)] == [["open"], ["open"], [case.pk]]
    assert Delivery.objects.filter(to_user=cast.users["zhou"], template="cases/messages/spare_asked").count() == 1
    with pytest.raises(AlreadySpared):
        cases.spare(fresh(case), why=WHY, by=cast.engineer, now=now + HOUR)
    with pytest.raises(NotAllowed):
        cases.agree_spare(fresh(case), agreed=True, by=cast.engineer, now=now + HOUR)
    cases.agree_spare(fresh(case), agreed=True, by=cast.manager, now=now + DAY)
    assert [owed(case), owed(case, "countersign"), without(cast)] == [["kept"], ["kept"], []]


def test_what_is_not_signed_is_still_owed(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    cases.spare(case, why=WHY, by=cast.clerk, now=now)
    with pytest.raises(NothingWritten) as refused:
        cases.agree_spare(fresh(case), agreed=False, by=cast.manager, now=now)
    assert refused.value.field == "why"
    cases.agree_spare(fresh(case), agreed=False, why="要改检查表", by=cast.manager, now=now)
    assert [owed(case), owed(case, "countersign")] == [["open"], ["kept"]]
    cases.spare(fresh(case), why=WHY, by=cast.clerk, now=now + HOUR)
    assert owed(case, "countersign") == ["kept", "open"]


def test_a_measure_overtakes_the_word(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    cases.spare(case, why=WHY, by=cast.clerk, now=now)
    measure(fresh(case), cast, now + HOUR)
    assert [owed(case), owed(case, "countersign")] == [["kept"], ["gone"]]
    with pytest.raises(NothingSpared):
        cases.agree_spare(fresh(case), agreed=True, by=cast.manager, now=now + DAY)


def test_called_off_it_is_owed_again(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    one = measure(case, cast, now)
    cases.withdraw_measure(one, why="做不了", by=cast.manager, now=now + DAY)
    assert [owed(case), without(cast)] == [["kept", "open"], [case.pk]]


def test_a_measure_before_the_finding_counts(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    measure(case, cast, now)
    cases.scope(fresh(case), in_scope=True, by=cast.clerk, now=now + HOUR)
    assert owed(case) == []


def test_outside_after_all_owes_nothing(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    cases.scope(case, in_scope=False, why="市政的", instead="12319", by=cast.clerk, now=now + HOUR)
    assert owed(case) == ["open"]
    cases.countersign(fresh(case), agreed=True, by=cast.manager, now=now + DAY)
    assert owed(case) == ["gone"]


def test_what_the_second_finds_ours_is_justified(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.scope(case, in_scope=False, why="市政的", instead="12319", by=cast.clerk, now=now)
    cases.countersign(fresh(case), agreed=False, why="合同里写了", by=cast.manager, now=now + DAY)
    assert owed(case) == ["open"]


def test_only_complaints_and_only_where_a_handbook_asks(cast: Cast, now: datetime) -> None:
    opinion = take(cast, now, "opinion")
    cases.scope(opinion, in_scope=True, by=cast.clerk, now=now)
    elsewhere = take(cast, now, site=cast.sites["xueyuan"], place="", category="")
    cases.scope(elsewhere, in_scope=True, by=cast.actor("shen"), now=now)
    assert [owed(opinion), owed(elsewhere)] == [[], []]
    with pytest.raises(WrongKind):
        cases.scope(take(cast, now, "enquiry"), in_scope=True, by=cast.clerk, now=now)


def test_of_a_group_the_lead_alone_is_asked(cast: Cast, now: datetime) -> None:
    lead, household = take(cast, now), take(cast, now, place="3-1-102", name="李四", phone="13800002222")
    cases.scope(household, in_scope=True, by=cast.clerk, now=now)
    cases.group(fresh(lead), cases=[fresh(household)], matter="电梯", by=cast.clerk, now=now)
    cases.scope(fresh(lead), in_scope=True, by=cast.clerk, now=now)
    measure(fresh(lead), cast, now + DAY)
    assert [owed(lead), owed(household)] == [["kept"], ["kept"]]


def test_it_stays_inside_and_says_why(cast: Cast, now: datetime) -> None:
    case = justified(cast, now)
    cases.spare(case, why=WHY, by=cast.clerk, now=now)
    with pytest.raises(NothingWritten):
        cases.spare(justified(cast, now), why="\u200b", by=cast.clerk, now=now)
    assert "no_measure" not in [event.kind for event in timeline(case, public_only=True)]
