"""群诉 and duplicates: many voices, one matter, one answer for all; every household keeps its number, link and clocks."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import behind, led_by, timeline
from huiyin.cases.rules import IllegalMove, MergedElsewhere, NotAllAnswered, NothingChosen, NothingWritten, NotTogether
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.organization.models import Site
from huiyin.organization.rules import NotAllowed
from tests.acts import answer, fresh, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def voice(cast: Cast, now: datetime, who: int, **changes: object) -> Case:
    """The same lift, told by another household."""
    home = cast.residents["yulan"][who].occupancies.select_related("room").get().room
    known = {"customer": cast.residents["yulan"][who], "room": home, "name": "", "phone": "", "place": ""}
    return take(cast, now, words="电梯又停了，老人下不了楼。", **{**known, **changes})


@pytest.fixture
def three(cast: Cast, now: datetime) -> list[Case]:
    return [voice(cast, now + who * HOUR, who) for who in range(3)]


def told(case: Case) -> list[str]:
    sent = Delivery.objects.filter(reference=case.reference, gateway="page").order_by("id")
    return [one.template.rsplit("/", 1)[1] for one in sent]


def kinds(case: Case) -> list[str]:
    return [event.kind for event in timeline(case)]


# ---- duplicates


def test_a_duplicate_goes_into_the_other_and_both_say_so(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, _third = three
    cases.merge(fresh(second), into=fresh(first), by=cast.clerk, now=now + DAY)
    gone = fresh(second)
    assert [gone.state, gone.outcome, gone.merged_into, gone.closed_at] == ["closed", "merged", first, now + DAY]
    assert [kinds(first)[-1], kinds(second)[-1]] == ["merged", "merged"]
    assert [told(first), told(second)] == [["taken"], ["taken", "merged"]]
    assert [behind(second.reference), led_by(first, cast.clerk)[1]] == [first, [second]]
    assert gone.reference.contacts.count() == 1


def test_who_called_second_waits_no_longer_and_is_told_under_the_own_number(
    three: list[Case], cast: Cast, now: datetime
) -> None:
    first, second, _third = three
    cases.merge(fresh(second), into=fresh(first), by=cast.clerk, now=now + HOUR)
    asked = Duty.objects.get(reference=second.reference, kind="solution")
    assert [asked.done_at, asked.owner, asked.not_applicable] == [None, fresh(second).accountable, ""]
    answer(fresh(first), cast, now)
    asked.refresh_from_db()
    gone = fresh(second)
    assert [asked.done_at, gone.first_solved_at, gone.answered_at] == [now + DAY, now + DAY, now + 2 * DAY]
    assert told(second) == ["taken", "merged", "solved", "answered"]


def test_what_went_into_another_never_forms_a_chain(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, third = three
    cases.merge(fresh(third), into=fresh(second), by=cast.clerk, now=now + HOUR)
    cases.merge(fresh(second), into=fresh(first), by=cast.clerk, now=now + HOUR)
    assert [fresh(one).merged_into for one in (third, second)] == [first, first]


def test_merging_into_a_case_with_a_plan_tells_the_plan(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, _third = three
    cases.solve(fresh(first), plan="周五换门机。", by=cast.engineer, now=now + HOUR)
    cases.merge(fresh(second), into=fresh(first), by=cast.clerk, now=now + DAY)
    assert told(second) == ["taken", "merged", "solved"]
    assert Duty.objects.get(reference=second.reference, kind="solution").done_at == now + DAY


def test_the_date_of_a_duplicate_stands_still_and_moves_with_the_other(
    three: list[Case], cast: Cast, now: datetime
) -> None:
    first, second, _third = three
    cases.merge(fresh(second), into=fresh(first), by=cast.clerk, now=now + HOUR)
    until = (now + 5 * DAY).date()
    cases.pause(fresh(first), reason="parts", told="缺货。", until=until, by=cast.clerk, now=now + DAY)
    asked = Duty.objects.get(reference=second.reference, kind="solution")
    assert asked.rests_since == now + DAY
    cases.resume(fresh(first), by=cast.clerk, now=now + 4 * DAY)
    dates = [(one.rests_since, one.moved_to) for one in Duty.objects.filter(kind="solution").order_by("id")[:2]]
    assert dates[0] == dates[1] != (None, None)
    assert [told(second)[-1], fresh(second).solution_due_at] == ["paused", dates[1][1]]


def test_what_does_not_belong_together_is_not_merged(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, third = three
    away = Site.objects.get(code="hengtai")
    refused = {
        "itself": first,
        "another site": take(cast, now, site=away, place="", customer=None),
        "a complaint into an opinion": take(cast, now, kind="opinion"),
        "what few may see": take(cast, now, kind="assistance_request"),
    }
    for into in refused.values():
        with pytest.raises(NotTogether) as told_why:
            cases.merge(fresh(first), into=fresh(into), by=cast.clerk, now=now + HOUR)
        assert told_why.value.field == "into"
    with pytest.raises(NotAllowed):
        cases.merge(fresh(first), into=fresh(second), by=cast.stranger, now=now + HOUR)
    cases.group(fresh(second), [fresh(third)], matter="电梯", by=cast.clerk, now=now + HOUR)
    for case in (second, third):
        with pytest.raises(NotTogether):
            cases.merge(fresh(case), into=fresh(first), by=cast.clerk, now=now + HOUR)
    assert {fresh(one).state for one in three} == {"received"}


def test_merging_is_not_a_way_to_close(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now), cast, now)
    with pytest.raises(MergedElsewhere):
        cases.close(fresh(case), outcome="merged", by=cast.clerk, now=now + 3 * DAY)


def test_a_merge_in_error_is_taken_up_again(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, _third = three
    cases.merge(fresh(second), into=fresh(first), by=cast.clerk, now=now + HOUR)
    cases.reopen(fresh(second), why="不是同一部电梯", by=cast.manager, now=now + DAY)
    back = fresh(second)
    assert [back.state, back.outcome, back.merged_into, behind(back.reference)] == ["in_progress", "", None, back]


# ---- groups


def test_one_answer_is_told_to_every_household(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, third = three
    cases.group(fresh(first), [fresh(second), fresh(third)], matter="二号楼电梯", by=cast.clerk, now=now + HOUR)
    assert led_by(first, cast.clerk)[0] == [second, third]
    answer(fresh(first), cast, now)
    assert {(fresh(one).state, fresh(one).answered_at) for one in three} == {("answered", now + 2 * DAY)}
    assert [told(one) for one in (second, third)] == [["taken", "grouped", "solved", "answered"]] * 2
    assert {fresh(one).accountable.name for one in three} == {"王志强", "陈晓雯"}
    done = Duty.objects.filter(kind="solution").values_list("done_at", flat=True)
    assert list(done) == [now + DAY] * 3
    assert Duty.objects.filter(kind="follow_up", done_at=None).count() == 3


def test_closing_the_lead_closes_who_was_asked_and_leaves_the_calls_still_owed(
    three: list[Case], cast: Cast, now: datetime
) -> None:
    first, second, third = three
    cases.group(fresh(first), [fresh(second), fresh(third)], matter="电梯", by=cast.clerk, now=now + HOUR)
    answer(fresh(first), cast, now)
    for one in (first, second):
        cases.follow_up(fresh(one), result="satisfied", channel="phone", by=cast.colleague, now=now + 3 * DAY)
    cases.close(fresh(first), outcome="accepted", by=cast.clerk, now=now + 4 * DAY, words="都说好了")
    assert [fresh(one).state for one in three] == ["closed", "closed", "answered"]
    assert Duty.objects.get(kind="follow_up", reference=third.reference).done_at is None


def test_the_lead_does_not_close_while_a_household_has_no_answer(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, _third = three
    answer(fresh(first), cast, now)
    with pytest.raises(IllegalMove):
        cases.group(fresh(first), [fresh(second)], matter="电梯", by=cast.clerk, now=now + 2 * DAY)
    lead, late = voice(cast, now, 1), voice(cast, now, 2)
    cases.group(fresh(lead), [fresh(late)], matter="电梯", by=cast.clerk, now=now + HOUR)
    answer(fresh(lead), cast, now)
    cases.follow_up(fresh(late), result="dissatisfied", channel="phone", by=cast.colleague, now=now + 3 * DAY)
    cases.follow_up(fresh(lead), result="satisfied", channel="phone", by=cast.colleague, now=now + 3 * DAY)
    with pytest.raises(NotAllAnswered) as refused:
        cases.close(fresh(lead), outcome="accepted", by=cast.clerk, now=now + 4 * DAY)
    assert [refused.value.field, fresh(lead).state, fresh(late).state] == ["outcome", "answered", "in_progress"]


def test_who_comes_later_hears_the_plan_at_once(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, third = three
    cases.group(fresh(first), [fresh(second)], matter="电梯", by=cast.clerk, now=now + HOUR)
    cases.solve(fresh(first), plan="周五换门机。", by=cast.engineer, now=now + 2 * HOUR)
    cases.group(fresh(first), [fresh(third)], matter="电梯", by=cast.clerk, now=now + DAY)
    assert [told(third), fresh(third).solved_at] == [["taken", "grouped", "solved"], now + DAY]


def test_a_household_is_taken_out_again_with_the_reason(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, third = three
    cases.group(fresh(first), [fresh(second), fresh(third)], matter="电梯", by=cast.clerk, now=now + HOUR)
    with pytest.raises(NothingWritten):
        cases.separate(fresh(third), why=" ", by=cast.clerk, now=now + DAY)
    cases.separate(fresh(third), why="说的是货梯", by=cast.clerk, now=now + DAY)
    cases.solve(fresh(first), plan="周五换门机。", by=cast.engineer, now=now + DAY)
    assert [fresh(third).parent, fresh(third).state, fresh(second).state] == [None, "received", "solved"]
    assert [told(third)[-1], kinds(first)[-2:], kinds(third)[-2:]] == [
        "separated",
        ["separated", "solved"],
        ["separated", "noted"],
    ]


def test_what_can_not_be_grouped(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, third = three
    with pytest.raises(NothingChosen):
        cases.group(fresh(first), [], matter="电梯", by=cast.clerk, now=now + HOUR)
    cases.group(fresh(first), [fresh(second)], matter="电梯", by=cast.clerk, now=now + HOUR)
    away = take(cast, now, site=Site.objects.get(code="hengtai"), place="", customer=None)
    care = take(cast, now, kind="assistance_request")
    tries = [(first, first), (third, second), (second, third), (third, first), (third, away), (third, care)]
    for lead, case in tries:
        with pytest.raises(NotTogether):
            cases.group(fresh(lead), [fresh(case)], matter="电梯", by=cast.clerk, now=now + HOUR)
    with pytest.raises(NotAllowed):
        cases.group(fresh(third), [fresh(care)], matter="电梯", by=cast.stranger, now=now + HOUR)


def test_who_may_not_see_a_household_does_not_find_it_listed(three: list[Case], cast: Cast, now: datetime) -> None:
    first, second, _third = three
    cases.group(fresh(first), [fresh(second)], matter="电梯", by=cast.clerk, now=now + HOUR)
    assert [led_by(first, cast.stranger)[0], led_by(first, cast.colleague)[0]] == [[], [second]]
