"""Handing on by acceptance, solving, answering, referring, noting."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions.handling import expect
from huiyin.cases.models import Case, Event
from huiyin.cases.queries import filtered, listed, timeline
from huiyin.cases.rules import (
    ChangedMeanwhile,
    IllegalMove,
    NothingWritten,
    NotNamed,
    NotOffered,
    NotToJoin,
    WrongAddressee,
    buttons,
)
from huiyin.cases.rules.triage import Triage
from huiyin.cases.states import BY_NAME, State
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty, Evidence
from huiyin.interactions.models import Delivery
from huiyin.journal.models import Entry
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import NotAllowed
from huiyin.references.queries import search
from tests.acts import answer, close, contact, fresh, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATER = date(2026, 12, 20)
WAIT = {"reason": "parts", "told": "x", "until": LATER}
BLANKS = ["", "   ", "\n\t", "\u200b", "\u3164", "\u2800"]


def duties_of(case: Case) -> dict[str, Duty]:
    return {duty.kind: duty for duty in Duty.objects.filter(reference=case.reference).order_by("id")}


def words_to(case: Case, user: Any) -> list[str]:
    """Templates of the messages to one person about a case, in order."""
    sent = Delivery.objects.filter(reference=case.reference, to_user=user).order_by("id")
    return [one.template.rsplit("/", 1)[1] for one in sent]


# ---- from hand to hand


@pytest.mark.clause("S4.4.2.1.2.b", "S4.4.2.1.6.a")
def test_the_department_accepts_and_answers_for_it_from_then_on(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.accept(case, by=cast.engineer, now=now + HOUR)
    case = fresh(case)
    assert [case.accountable.name, str(case.handler), case.handed_to, case.state] == [
        "王志强",
        "王志强",
        None,
        "in_progress",
    ]
    found = duties_of(case)
    assert [found["acceptance"].done_at, found["solution"].done_at] == [now + HOUR, None]
    assert found["solution"].owner == cast.users["wang"]
    assert case.first_contact_owner.name == "陈晓雯"


def test_an_offer_changes_nothing_until_it_is_accepted(cast: Cast, now: datetime) -> None:
    case = take(cast, now, category="fees", kind="suggestion")
    cases.hand_off(case, to=cast.users["liu"], by=cast.clerk, now=now, why="停车收费")
    assert [fresh(case).accountable.name, str(fresh(case).handed_to)] == ["陈晓雯", "刘建平"]
    assert words_to(case, cast.users["liu"]) == ["informed"]
    cases.accept(fresh(case), by=cast.actor("liu"), now=now + HOUR)
    assert fresh(case).accountable.name == "刘建平"


def test_declining_gives_it_back_with_the_reason(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.decline(case, why="不是工程的事", by=cast.engineer, now=now + HOUR)
    case = fresh(case)
    assert [case.accountable.name, case.handed_to, case.state] == ["陈晓雯", None, "received"]
    assert [event.text for event in case.events.filter(kind="declined")] == ["不是工程的事"]
    assert words_to(case, cast.users["chen"]) == ["declined"]
    assert [duties_of(case)["acceptance"].not_applicable, duties_of(case)["acceptance"].done_at] == [
        "不是工程的事",
        None,
    ]
    assert "declined" not in [event.kind for event in timeline(case, public_only=True)]


@pytest.mark.parametrize("blank", BLANKS)
def test_declining_needs_a_reason(blank: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NothingWritten) as refused:
        cases.decline(case, why=blank, by=cast.engineer, now=now)
    assert [refused.value.field, str(fresh(case).handed_to)] == ["why", "王志强"]


def test_only_whoever_was_asked_may_decline(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NotOffered):
        cases.decline(case, why="不要", by=cast.clerk, now=now)


@pytest.mark.parametrize("who", ["liu", "lin"])
def test_a_colleague_who_was_not_asked_cannot_take_it(who: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NotOffered):
        cases.accept(case, by=cast.actor(who), now=now)
    assert fresh(case).accountable.name == "陈晓雯"


@pytest.mark.parametrize("who", ["he", "fang", "qian", "zheng"])
def test_somebody_without_the_right_there_cannot_take_it(who: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(Refusal):
        cases.accept(case, by=cast.actor(who), now=now)
    assert fresh(case).accountable.name == "陈晓雯"


def test_the_manager_may_take_over(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.accept(case, by=cast.manager, now=now)
    assert [fresh(case).accountable.name, fresh(case).handed_to] == ["周建国", None]


@pytest.mark.parametrize("to", ["he", "sun", "chen"])
def test_an_offer_goes_to_a_colleague_of_the_site_who_does_not_have_it(to: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(WrongAddressee) as refused:
        cases.hand_off(case, to=cast.users[to], by=cast.clerk, now=now)
    assert refused.value.field == "to"


def test_whatever_can_be_offered_can_be_accepted_or_declined() -> None:
    """No state in which an offer hangs in the air."""
    offered = set(BY_NAME["hand_off"].sources)
    assert [offered - set(BY_NAME["accept"].sources), offered - set(BY_NAME["decline"].sources)] == [set(), set()]


# ---- solution and answer


@pytest.mark.clause("S1.4.2.a", "S4.F.2")
def test_a_solution_is_given_by_somebody_at_a_time_and_keeps_the_duty(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.accept(case, by=cast.engineer, now=now)
    cases.solve(case, plan="更换门机控制板，周五前完成", by=cast.engineer, now=now + DAY)
    case = fresh(case)
    event = case.events.get(kind="solved")
    assert [case.state, case.solved_at, str(case.handler)] == ["solved", now + DAY, "王志强"]
    assert [str(event.by), event.at, event.text, event.is_public] == [
        "王志强",
        now + DAY,
        "更换门机控制板，周五前完成",
        True,
    ]
    duty = duties_of(case)["solution"]
    assert [duty.done_at, [one.reference for one in duty.evidence.all()]] == [now + DAY, [case.reference]]
    assert list(search("门机", cast.clerk)) == [case.reference]


def test_a_second_solution_does_not_move_the_first_date(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    for days in (9, 10):
        cases.solve(case, plan="更换", by=cast.clerk, now=now + days * DAY)
    assert [fresh(case).solved_at, duties_of(case)["solution"].done_at] == [now + 9 * DAY, now + 9 * DAY]


def test_an_answer_without_a_solution_counts_as_both(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "enquiry", category="", place="")
    cases.answer(case, text="周一到周五，九点到五点。", by=cast.clerk, now=now + HOUR)
    case = fresh(case)
    assert [case.state, case.solved_at, case.answered_at] == ["answered", now + HOUR, now + HOUR]
    assert duties_of(case)["solution"].done_at == now + HOUR


def test_the_customer_is_told_of_each_step_once(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now), cast, now)
    sent = Delivery.objects.filter(to_customer=case.customer).order_by("id")
    assert [one.template.rsplit("/", 1)[1] for one in sent] == ["taken", "solved", "answered"]


@pytest.mark.clause("S3.2.3.a", "S4.4.2.1.6.b")
def test_the_answer_opens_a_follow_up_owed_by_somebody_else(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now), cast, now)
    duty = duties_of(case)["follow_up"]
    assert [duty.clause, duty.owner, duty.done_at] == ["S3.2.3.a", cast.users["chen"], None]
    assert duty.due_at - (now + 2 * DAY) == timedelta(days=7, hours=13, minutes=59, seconds=59)


def test_where_the_clerk_answers_a_colleague_owes_the_follow_up(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.answer(case, text="已处理", by=cast.clerk, now=now)
    assert duties_of(case)["follow_up"].owner == cast.users["lin"]


def test_kinds_that_nobody_asks_to_follow_up_have_no_such_duty(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "compliment")
    cases.thank(case, whom=cast.users["wang"], words="谢谢", by=cast.clerk, now=now)
    assert "follow_up" not in duties_of(case)


@pytest.mark.parametrize("blank", BLANKS)
def test_nothing_is_answered_with_nothing(blank: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    for act, name in (
        (cases.solve, "plan"),
        (cases.answer, "text"),
        (cases.note, "text"),
    ):
        with pytest.raises(NothingWritten) as refused:
            act(fresh(case), by=cast.clerk, now=now, **{name: blank})
        assert refused.value.field == name
    assert fresh(case).version == 1


# ---- beyond our authority


@pytest.mark.clause("S1.4.2.b")
def test_what_is_beyond_our_authority_goes_up_and_the_person_is_told(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.refer(case, to="区房管局", why="产权问题不归我们", by=cast.clerk, now=now + DAY)
    case = fresh(case)
    event = case.events.get(kind="referred")
    assert [case.state, case.referred_to] == ["referred", "区房管局"]
    assert [event.text, event.values, event.is_public] == [
        "产权问题不归我们",
        {"addressee": "区房管局", "expected_on": "2026-12-08"},
        True,
    ]
    told = Delivery.objects.filter(to_customer=case.customer).order_by("id")
    assert [one.template.rsplit("/", 1)[1] for one in told] == ["taken", "referred"]
    assert duties_of(case)["solution"].done_at == now + DAY
    assert case.accountable.name == "陈晓雯"


@pytest.mark.clause("S1.4.2.b")
@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("field", ["to", "why"])
def test_referring_needs_an_addressee_and_a_reason(field: str, blank: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NothingWritten) as refused:
        cases.refer(case, **({"to": "区房管局", "why": "产权"} | {field: blank}), by=cast.clerk, now=now)
    assert [refused.value.field, fresh(case).state] == [field, "received"]


def test_what_was_referred_is_offered_to_nobody_any_more(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.refer(case, to="区房管局", why="产权", by=cast.clerk, now=now)
    assert [fresh(case).handed_to, duties_of(case)["acceptance"].not_applicable != ""] == [None, True]


def test_what_was_referred_can_still_be_answered(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.refer(case, to="区房管局", why="产权", by=cast.clerk, now=now)
    cases.answer(case, text="房管局已受理。", by=cast.clerk, now=now + DAY)
    assert fresh(case).state == "answered"


# ---- notes


def test_a_note_is_for_the_house_alone(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.note(case, text="老顾客，语气要和缓", by=cast.clerk, now=now)
    assert [len(timeline(case)), len(timeline(case, public_only=True))] == [3, 2]
    facts = repr(list(Entry.objects.filter(verb="cases.noted").values()))
    assert "和缓" not in facts


# ---- two people at once (R6)


def test_the_slower_of_two_loses_and_overwrites_nothing(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    one, other = fresh(case), fresh(case)
    cases.solve(one, plan="先到的方案", by=cast.clerk, now=now)
    before = [Event.objects.count(), Entry.objects.count(), Evidence.objects.count()]
    with pytest.raises(ChangedMeanwhile):
        cases.solve(other, plan="后到的方案", by=cast.manager, now=now)
    assert [Event.objects.count(), Entry.objects.count(), Evidence.objects.count()] == before
    assert [event.text for event in case.events.filter(kind="solved")] == ["先到的方案"]


def test_accepting_at_once_makes_one_accountable(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    one, other = fresh(case), fresh(case)
    cases.accept(one, by=cast.engineer, now=now)
    with pytest.raises(ChangedMeanwhile):
        cases.accept(other, by=cast.manager, now=now)
    assert fresh(case).accountable.name == "王志强"


def test_a_page_opened_before_a_change_is_refused(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.note(case, text="新的进展", by=cast.clerk, now=now)
    assert expect(fresh(case), 2).version == 2
    with pytest.raises(ChangedMeanwhile):
        expect(fresh(case), 1)


# ---- the table


def decided_until(name: str, case: Case, cast: Cast, now: datetime) -> None:
    """A suggestion that was weighed and may be decided; adopted where it is to be realized."""
    cases.name(case, to=cast.users["chen"], by=cast.manager, now=now)
    cases.weigh(case, analysis=cases.Analysis("x", "x", "yes", "x"), by=cast.clerk, now=now)
    if name == "realize":
        cases.adopt(case, owner=cast.users["chen"], due_on=date(2027, 1, 1), words="x", by=cast.clerk, now=now)


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"group", "separate", "merge", "categorize"}))
@pytest.mark.parametrize("who", ["he", "qian"])
def test_a_stranger_and_an_auditor_do_nothing(who: str, name: str, cast: Cast, now: datetime) -> None:
    """Every act of the table, from a state in which it is legal, by somebody without the right."""
    done = {"follow_up": answer, "close": answer, "reopen": close}.get(name, lambda case, _cast, _now: case)
    case = fresh(done(take(cast, now, (*BY_NAME[name].kinds, "complaint")[0]), cast, now))
    words: dict[str, dict[str, Any]] = {
        "decline": {"why": "x"},
        "hand_off": {"to": cast.users["liu"]},
        "solve": {"plan": "x"},
        "answer": {"text": "x"},
        "follow_up": {"result": "satisfied", "channel": "phone"},
        "close": {"outcome": "exhausted", "words": "x"},
        "refer": {"to": "x", "why": "x"},
        "reopen": {"why": "x"},
        "note": {"text": "x"},
        "finish": {"words": "x"},
        "thank": {"whom": cast.users["wang"], "words": "x"},
        "scope": {"in_scope": True},
        "countersign": {"agreed": True},
        "spare": {"why": "x"},
        "agree_spare": {"agreed": True},
        "flag": {"why": "x"},
        "unflag": {"why": "x"},
        "second_look": {"verdict": "upheld", "words": "x"},
        "merge": {"into": take(cast, now)},
        "group": {"cases": [take(cast, now)], "matter": "x"},
        "write": {"text": "x"},
        "separate": {"why": "x"},
        "categorize": {"category": "leak"},
        "triage": {"found": Triage()},
        "name": {"to": cast.users["chen"]},
        "weigh": {"analysis": cases.Analysis("x", "x", "yes", "x")},
        "adopt": {"owner": cast.users["chen"], "due_on": date(2027, 1, 1), "words": "x"},
        "defer": {"words": "x", "to": "x"},
        "turn_down": {"words": "x"},
        "realize": {"words": "x"},
        "chase": {"words": "x", "expected_on": date(2027, 1, 1)},
        "hear_back": {"words": "x", "answered_by": "x"},
        "acknowledge": {"way": "phone"},
        "update": {"text": "x"},
        "pause": WAIT,
        "ask_extension": {"until": LATER, "why": "x"},
        "decide_extension": {"agreed": True, "words": "x"},
    }
    if name in {"spare", "agree_spare"}:
        cases.scope(case, in_scope=True, by=cast.clerk, now=now)
    if name == "resume":
        cases.pause(case, by=cast.clerk, now=now, **WAIT)
    if name == "decide_extension":
        cases.ask_extension(case, until=LATER, why="x", by=cast.clerk, now=now)
    if name in {"adopt", "defer", "turn_down", "realize"}:
        decided_until(name, case, cast, now)
    if name in {"chase", "hear_back"}:
        cases.refer(case, to="x", why="x", by=cast.clerk, now=now)
    with pytest.raises((NotAllowed, NotOffered, NotNamed)):
        getattr(cases, name)(case, by=cast.actor(who), now=now + 9 * DAY, **words.get(name, {}))
    assert fresh(case).version == case.version


@pytest.mark.parametrize("state", State.values)
def test_buttons_are_the_legal_acts(state: str) -> None:
    assert [one.name for one in buttons(state)] == [one.name for one in BY_NAME.values() if state in one.sources]


def test_a_closed_case_refuses_work(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    for act, words in ((cases.solve, {"plan": "x"}), (cases.answer, {"text": "x"}), (cases.note, {"text": "x"})):
        with pytest.raises(IllegalMove):
            act(fresh(case), by=cast.manager, now=now, **words)


# ---- lists


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_one_query(count: int, cast: Cast, now: datetime, django_assert_num_queries: Any) -> None:
    for _one in range(count):
        take(cast, now)
    actor = cast.clerk
    with django_assert_num_queries(1):
        rows = [(case.reference.number, case.accountable.name, str(case.building)) for case in listed(actor)]
    assert len(rows) == count


def test_the_sentence_above_the_list(cast: Cast, now: datetime) -> None:
    late = take(cast, now - 20 * DAY)
    mine = take(cast, now, category="fees", place="1-1-101")
    done = close(take(cast, now - 10 * DAY, category="leak"), cast, now - 10 * DAY)
    actor = cast.clerk

    def shown(**wish: Any) -> set[int]:
        return {case.pk for case in filtered(listed(actor), now=now, actor=actor, **wish)}

    assert shown() == {late.pk, mine.pk, done.pk}
    assert [shown(show="open"), shown(show="closed")] == [{late.pk, mine.pk}, {done.pk}]
    assert [shown(show="overdue"), shown(show="mine")] == [{late.pk}, {late.pk, mine.pk}]
    assert [shown(category="leak"), shown(kind="enquiry"), shown(show="nonsense")] == [{done.pk}, set(), shown()]


def test_a_reopened_case_whose_new_date_has_passed_is_overdue_again(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now), cast, now)
    cases.object_to(fresh(case), words="又坏了", by=NOBODY, now=now + 3 * DAY)
    actor, later = cast.clerk, now + 30 * DAY
    assert list(filtered(listed(actor), now=later, actor=actor, show="overdue")) == [case]


def test_whoever_is_asked_owes_the_yes_or_no(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.hand_off(fresh(case), to=cast.users["liu"], by=cast.manager, now=now + HOUR)
    owed = Duty.objects.filter(reference=case.reference, kind="acceptance").order_by("id")
    assert [(duty.owner.name, bool(duty.not_applicable)) for duty in owed if duty.owner] == [
        ("王志强", True),
        ("刘建平", False),
    ]


def test_a_closed_or_foreign_case_is_not_joined(cast: Cast, now: datetime) -> None:
    closed = close(take(cast, now), cast, now)
    for joins, site in ((closed, cast.site), (take(cast, now), cast.sites["hengtai"])):
        with pytest.raises(NotToJoin):
            cases.take(contact(cast, site=site), by=NOBODY, now=now + 9 * DAY, joins=joins)
