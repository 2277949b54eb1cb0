"""表扬: passed on to the praised and their superior, the customer thanked, and ended in its own way."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import timeline
from huiyin.cases.rules import NothingWritten, WrongAddressee, WrongKind
from huiyin.cases.rules.outcomes import NotPassedOn, WrongOutcome, outcomes_of
from huiyin.cases.states import Outcome
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.interactions.states import ContactKind
from huiyin.journal.models import Entry
from huiyin.organization.models import Department
from huiyin.organization.rules import NotAllowed
from tests.acts import answer, fresh, take

DAY = timedelta(days=1)


@pytest.fixture
def praise(cast: Cast, now: datetime) -> Case:
    return take(cast, now, "compliment", "王师傅半夜来修水管，谢谢。")


def told(case: Case) -> dict[str, list[str]]:
    """Who was told what, of the thanks."""
    sent = Delivery.objects.filter(reference=case.reference).order_by("id")
    kept = [(one.to_user.name if one.to_user else "顾客", one.template.rsplit("/", 1)[1]) for one in sent]
    return {name: [word for who, word in kept if who == name and word in {"praised", "thanked"}] for name, _w in kept}


def test_the_praised_their_superior_and_the_customer_hear_it(praise: Case, cast: Cast, now: datetime) -> None:
    cases.thank(praise, whom=cast.users["wang"], words="谢谢您，话带到了。", by=cast.clerk, now=now + DAY)
    heard = told(praise)
    assert [heard["王志强"], heard["周建国"], heard["顾客"]] == [["praised"], ["praised"], ["thanked"]]
    event = next(one for one in timeline(praise, public_only=True) if one.kind == "praised")
    assert [event.text, event.values] == ["谢谢您，话带到了。", {"to": "王志强", "passed_to": "周建国"}]
    assert "王志强" not in repr(list(Entry.objects.filter(verb="cases.praised").values_list("facts", flat=True)))


def test_it_ends_as_passed_on(praise: Case, cast: Cast, now: datetime) -> None:
    cases.thank(praise, whom=cast.users["wang"], words="谢谢您", by=cast.clerk, now=now + DAY)
    case = fresh(praise)
    assert [case.state, case.outcome, case.answered_at, case.closed_at] == ["closed", "passed_on", now + DAY, now + DAY]
    assert Duty.objects.get(reference=case.reference, kind="solution").done_at == now + DAY


def test_a_department_is_praised(praise: Case, cast: Cast, now: datetime) -> None:
    unit = Department.objects.get(site=cast.site, code="engineering")
    cases.thank(praise, whom=unit, words="谢谢您", by=cast.clerk, now=now)
    heard = told(praise)
    assert [heard["王志强"], heard["周建国"], praise.events.get(kind="praised").values["to"]] == [
        ["praised"],
        ["praised"],
        unit.name,
    ]


def test_praise_for_the_manager_goes_to_the_director(praise: Case, cast: Cast, now: datetime) -> None:
    cases.thank(praise, whom=cast.users["zhou"], words="谢谢您", by=cast.clerk, now=now)
    above = praise.events.get(kind="praised").values["passed_to"]
    assert ["周建国" in above, above != ""] == [False, True]


def test_what_is_refused(praise: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingWritten):
        cases.thank(praise, whom=cast.users["wang"], words="\u200b", by=cast.clerk, now=now)
    elsewhere = Department.objects.exclude(site=cast.site).exclude(site=None).first()
    assert elsewhere is not None
    for whom in (cast.users["he"], elsewhere):
        with pytest.raises(WrongAddressee) as refused:
            cases.thank(praise, whom=whom, words="x", by=cast.clerk, now=now)
        assert refused.value.field == "whom"
    with pytest.raises(NotAllowed):
        cases.thank(praise, whom=cast.users["wang"], words="x", by=cast.actor("qian"), now=now)
    with pytest.raises(WrongKind):
        cases.thank(take(cast, now), whom=cast.users["wang"], words="x", by=cast.clerk, now=now)
    assert [fresh(praise).state, fresh(praise).version] == ["received", 1]


def test_each_kind_ends_in_its_own_ways(praise: Case, cast: Cast, now: datetime) -> None:
    usual = [Outcome.ACCEPTED, Outcome.EXHAUSTED, Outcome.REFERRED]
    assert {kind.value: list(outcomes_of(kind)) for kind in ContactKind} == dict.fromkeys(ContactKind.values, usual) | {
        "suggestion": [Outcome.ADOPTED, Outcome.DECLINED, Outcome.EXHAUSTED, Outcome.REFERRED],
        "compliment": [Outcome.PASSED_ON],
    }
    complaint = answer(take(cast, now), cast, now)
    for case, outcome in ((praise, "exhausted"), (complaint, "passed_on")):
        with pytest.raises(WrongOutcome) as refused:
            cases.close(fresh(case), outcome=outcome, by=cast.clerk, now=now)
        assert refused.value.field == "outcome"
    with pytest.raises(NotPassedOn):
        cases.close(fresh(praise), outcome="passed_on", by=cast.clerk, now=now)
    cases.thank(fresh(praise), whom=cast.users["wang"], words="x", by=cast.clerk, now=now)
    assert fresh(praise).outcome == "passed_on"


@pytest.mark.parametrize(
    ("kind", "act", "words"),
    [
        ("compliment", "solve", {"plan": "x"}),
        ("compliment", "answer", {"text": "x"}),
        ("compliment", "refer", {"to": "x", "why": "x"}),
        ("suggestion", "solve", {"plan": "x"}),
    ],
)
def test_what_is_no_way_of_a_kind_is_refused_with_what_is(
    kind: str, act: str, words: dict[str, str], cast: Cast, now: datetime
) -> None:
    case = take(cast, now, kind)
    with pytest.raises(WrongKind) as refused:
        getattr(cases, act)(case, by=cast.manager, now=now, **words)
    instead = {"compliment": "表扬要转达并致谢。", "suggestion": "先作可行性分析，再采纳、暂缓或不采纳。"}
    assert [str(refused.value).endswith(instead[kind]), fresh(case).version] == [True, 1]


def test_praise_in_a_group_is_not_answered_with_it(praise: Case, cast: Cast, now: datetime) -> None:
    lead = take(cast, now)
    cases.group(lead, cases=[praise], matter="水管", by=cast.clerk, now=now)
    answer(fresh(lead), cast, now)
    assert [fresh(lead).state, fresh(praise).state] == ["answered", "received"]
