"""The answer that leaves is looked through; an answer is not the work."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions.answering import unanswered
from huiyin.cases.models import Case
from huiyin.cases.queries import timeline
from huiyin.cases.rules import IllegalMove, NothingWritten, WrongDay, WrongKind
from huiyin.cases.rules.answers import LeavesOut, NotFinished, codes_words, gaps_in
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.journal.models import Entry
from huiyin.organization.rules import NotAllowed
from huiyin.references.queries import search
from tests.acts import answer, fresh, take

DAY = timedelta(days=1)
TWO_POINTS = "1. 电梯一天停两次。 2. 大堂的灯不亮。"
WHOLE = "1. 电梯换了控制板。 2. 灯换好了。11月24日完工，有事找王师傅。"


def owed(case: Case, kind: str) -> list[tuple[str, bool, bool]]:
    """Until when, whether it is done, whether it was lifted."""
    found = Duty.objects.filter(reference=case.reference, kind=kind).order_by("id")
    return [(f"{one.due_at:%m-%d}", one.done_at is not None, bool(one.not_applicable)) for one in found]


# ---- what an answer leaves out


def codes(answered: str, *asked: str, names: tuple[str, ...] = ()) -> list[str]:
    return [gap.code for gap in gaps_in(answered, asked=asked, names=names)]


def test_everything_that_is_left_out_is_named_in_order() -> None:
    assert codes("修好了。", TWO_POINTS) == ["point:1", "point:2", "day", "person"]
    assert codes("大堂的灯明天换好，请找周建国。", TWO_POINTS, names=("周建国",)) == ["point:1"]
    assert codes(WHOLE, TWO_POINTS) == []


def test_each_text_has_points_of_its_own() -> None:
    assert codes("电梯明天修，找王工。", "1. 电梯停 2. 灯不亮", "①屋顶漏 ②水表不转") == [
        "point:2",
        "point:1",
        "point:2",
    ]


def test_a_gap_says_in_the_customers_words_what_it_is_about() -> None:
    long = "1. 短短。 2. " + "长" * 60
    gaps = gaps_in("短短。明天，找王工。", asked=[long])
    assert [gap.words for gap in gaps] == ["第 2 点没有答到：" + "长" * 39 + "…"]
    assert codes_words(["point:2", "day", "person"]) == ["第 2 点", "日期", "联系人"]


# ---- before it leaves


def test_an_answer_that_misses_something_does_not_leave(cast: Cast, now: datetime) -> None:
    case = take(cast, now, words=TWO_POINTS)
    before = Delivery.objects.count()
    with pytest.raises(LeavesOut) as refused:
        cases.answer_checked(case, text="大堂的灯换好了。", by=cast.clerk, now=now)
    assert [gap.code for gap in refused.value.gaps] == ["point:1", "day", "person"]
    assert [refused.value.field, fresh(case).state, Delivery.objects.count()] == ["despite", "received", before]


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_nothing_is_no_reason(blank: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now, words=TWO_POINTS)
    with pytest.raises(LeavesOut):
        cases.answer_checked(case, text="大堂的灯换好了。", despite=blank, by=cast.clerk, now=now)


def test_with_a_reason_it_leaves_and_both_stay_inside(cast: Cast, now: datetime) -> None:
    case = take(cast, now, words=TWO_POINTS)
    cases.answer_checked(case, text="大堂的灯换好了。", despite="其余电话里说清了", by=cast.clerk, now=now)
    event = case.events.get(kind="answered")
    assert [fresh(case).state, event.text] == ["answered", "大堂的灯换好了。"]
    assert event.values == {"gaps": ["point:1", "day", "person"], "despite": "其余电话里说清了"}
    assert "电话里" not in repr(list(Entry.objects.filter(verb="cases.answered").values()))


def test_a_whole_answer_needs_no_reason_and_keeps_none(cast: Cast, now: datetime) -> None:
    case = take(cast, now, words=TWO_POINTS)
    cases.answer_checked(case, text=WHOLE, despite="用不着", by=cast.clerk, now=now)
    assert case.events.get(kind="answered").values == {}


def test_a_colleague_of_the_site_is_somebody_to_turn_to(cast: Cast, now: datetime) -> None:
    case = take(cast, now, words=TWO_POINTS)
    text = "1. 控制板换了。 2. 灯换了。都是11月24日的事，请找周建国。"
    assert cases.answer_checked(case, text=text, by=cast.clerk, now=now).state == "answered"


def test_an_objection_is_answered_for_itself(cast: Cast, now: datetime) -> None:
    """What was answered before the objection is not asked again."""
    case = answer(take(cast, now, words=TWO_POINTS), cast, now)
    cases.object_to(fresh(case), words="一、电梯又停了。二、没人回电话。", by=NOBODY, now=now + 3 * DAY)
    assert unanswered(fresh(case)) == ["一、电梯又停了。二、没人回电话。"]
    with pytest.raises(LeavesOut) as refused:
        cases.answer_checked(fresh(case), text="电梯12月1日大修，找王工。", by=cast.engineer, now=now + 4 * DAY)
    assert [gap.code for gap in refused.value.gaps] == ["point:2"]


def test_reopened_without_new_words_everything_counts_again(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now, words=TWO_POINTS, remedy_sought="都修好"), cast, now)
    cases.reopen(fresh(case), why="还没好", by=cast.manager, now=now + 3 * DAY)
    assert unanswered(fresh(case)) == [TWO_POINTS, "都修好"]


def test_the_answer_for_a_group_is_held_against_each_household(cast: Cast, now: datetime) -> None:
    lead, other = (
        take(cast, now, words="电梯坏了"),
        take(cast, now, words=TWO_POINTS, place="1-1-101", phone="13900002222"),
    )
    cases.group(fresh(lead), [fresh(other)], matter="电梯", by=cast.clerk, now=now)
    assert unanswered(fresh(lead)) == ["电梯坏了", TWO_POINTS]


def test_other_systems_and_imports_are_not_asked(cast: Cast, now: datetime) -> None:
    case = take(cast, now, words=TWO_POINTS)
    assert cases.answer(case, text="大堂的灯换好了。", by=cast.clerk, now=now).state == "answered"


# ---- done is not answered


@pytest.mark.clause("S3.2.3.b")
def test_work_that_is_promised_is_owed_until_it_is_done(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.answer(case, text="配件到货就换。", finish_on=date(2026, 12, 1), by=cast.engineer, now=now)
    assert [case.events.get(kind="answered").values, owed(case, "completion")] == [
        {"finish_on": "2026-12-01"},
        [("12-01", False, False)],
    ]
    cases.follow_up(fresh(case), result="satisfied", channel="phone", by=cast.colleague, now=now + DAY)
    with pytest.raises(NotFinished) as refused:
        cases.close(fresh(case), outcome="accepted", by=cast.colleague, now=now + DAY)
    assert [refused.value.field, "2026-12-01" in str(refused.value)] == ["outcome", True]
    cases.finish(fresh(case), words="配件换好了。", by=cast.engineer, now=now + 2 * DAY)
    assert [fresh(case).state, owed(case, "completion")] == ["answered", [("12-01", True, False)]]
    assert cases.close(fresh(case), outcome="accepted", by=cast.colleague, now=now + 3 * DAY).state == "closed"


def test_finishing_tells_the_customer_and_changes_no_state(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.solve(case, plan="换配件", by=cast.engineer, now=now)
    cases.finish(fresh(case), words="换了门机皮带。", by=cast.engineer, now=now + DAY)
    told = Delivery.objects.filter(to_customer=case.customer).order_by("id").values_list("template", flat=True)
    assert [fresh(case).state, [one.rsplit("/", 1)[1] for one in told]] == ["solved", ["taken", "solved", "finished"]]
    assert [event.text for event in timeline(case, public_only=True)][-1] == "换了门机皮带。"
    assert list(search("皮带", cast.clerk)) == [case.reference]


def test_finishing_the_lead_tells_every_household(cast: Cast, now: datetime) -> None:
    lead, other = take(cast, now), take(cast, now, place="1-1-101", phone="13900002222")
    cases.group(fresh(lead), [fresh(other)], matter="电梯", by=cast.clerk, now=now)
    cases.finish(fresh(lead), words="换好了。", by=cast.engineer, now=now)
    assert [event.text for event in fresh(other).events.filter(kind="finished")] == ["换好了。"]


def test_a_new_day_takes_the_place_of_the_old_one(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.answer(case, text="x", finish_on=date(2026, 12, 1), by=cast.engineer, now=now)
    cases.reopen(fresh(case), why="x", by=cast.manager, now=now)
    cases.answer(fresh(case), text="x", finish_on=date(2026, 12, 9), by=cast.engineer, now=now)
    assert owed(case, "completion") == [("12-01", False, True), ("12-09", False, False)]


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2020, 1, 1), date(2099, 1, 1)])
def test_the_day_lies_ahead(day: date, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(WrongDay) as refused:
        cases.answer(case, text="x", finish_on=day, by=cast.engineer, now=now)
    assert [refused.value.field, fresh(case).state, owed(case, "completion")] == ["finish_on", "received", []]


def test_what_can_not_be_finished(cast: Cast, now: datetime) -> None:
    asked, case = take(cast, now, "enquiry"), take(cast, now)
    with pytest.raises(WrongKind):
        cases.finish(asked, words="x", by=cast.clerk, now=now)
    with pytest.raises(NothingWritten):
        cases.finish(case, words="\u200b", by=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        cases.finish(case, words="x", by=cast.actor("qian"), now=now)
    done = answer(case, cast, now)
    cases.follow_up(fresh(done), result="satisfied", channel="phone", by=cast.colleague, now=now + 3 * DAY)
    cases.close(fresh(done), outcome="accepted", by=cast.colleague, now=now + 3 * DAY)
    with pytest.raises(IllegalMove):
        cases.finish(fresh(done), words="x", by=cast.engineer, now=now + 3 * DAY)
