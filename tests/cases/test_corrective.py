"""整改: with owner and day, against its cause, done, and found to work by somebody else."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.actions import Effect
from huiyin.cases.models import Case, CorrectiveMeasure, Event
from huiyin.cases.queries import (
    measure_by_id,
    measure_counts,
    measures_about,
    measures_listed,
    recurrence,
    timeline,
    unsettled,
)
from huiyin.cases.rules import ChangedMeanwhile, NothingWritten, NotOffered, WrongAddressee
from huiyin.cases.rules.corrective import (
    BlamesOnly,
    DueAlready,
    MayNotSee,
    NamesSomebody,
    NotYourMeasure,
    OnlyTeaches,
    OwnWork,
    TooEarly,
    WrongStep,
    steps_for,
)
from huiyin.clockwork.actions import nudge
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN, standings
from huiyin.interactions.models import Delivery
from huiyin.journal.actions import seal
from huiyin.journal.models import Entry
from huiyin.journal.queries import verify
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor, NotAllowed
from huiyin.references.queries import search
from tests.acts import CAUSE, close, fresh, measure, take

DAY = timedelta(days=1)
WORKED, FAILED = Effect(True, "看了一个月的记录，没有再停。"), Effect(False, "又停了一次。", date(2027, 2, 1))


@pytest.fixture
def case(cast: Cast, now: datetime) -> Case:
    return take(cast, now)


@pytest.fixture
def ordered(case: Case, cast: Cast, now: datetime) -> CorrectiveMeasure:
    return again(measure(case, cast, now))


@pytest.fixture
def done(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> CorrectiveMeasure:
    cases.finish_measure(ordered, result="检查表改了，第一次加检做完。", by=cast.engineer, now=now + 5 * DAY)
    return again(ordered)


def again(one: CorrectiveMeasure) -> CorrectiveMeasure:
    found = measure_by_id(one.pk, Actor("system"))
    assert found is not None
    return found


def owed(one: CorrectiveMeasure) -> list[list[Any]]:
    """[kind, owner, done, lifted] of its duties, in order."""
    found = Duty.objects.filter(reference=one.case.reference, scope=one.scope).order_by("id")
    return [[duty.kind, str(duty.owner), duty.done_at is not None, duty.not_applicable] for duty in found]


def told(user: Any) -> list[str]:
    sent = Delivery.objects.filter(to_user=user, template__contains="measure").order_by("id")
    return [one.template.rsplit("/", 1)[1] for one in sent]


# ---- ordered, taken on


@pytest.mark.clause("S3.2.3.b")
def test_a_measure_has_owner_and_day_is_found_and_not_public(case: Case, cast: Cast, now: datetime) -> None:
    one = measure(case, cast, now)
    assert [one.kind, one.state, one.due_on, one.cause] == ["corrective_action", "open", date(2026, 12, 3), CAUSE]
    event = case.events.get(kind="measure")
    assert [event.text, event.is_public, event.values] == [
        one.text,
        False,
        {"measure": one.pk, "to": "王志强", "due_on": "2026-12-03"},
    ]
    assert [list(search("门机", cast.clerk)), "measure" in {one.kind for one in timeline(case, public_only=True)}] == [
        [case.reference],
        False,
    ]
    assert "王志强" not in repr(list(Entry.objects.filter(verb="cases.measure").values()))


def test_until_the_colleague_accepts_whoever_ordered_it_answers_for_it(
    ordered: CorrectiveMeasure, cast: Cast, now: datetime
) -> None:
    assert [str(ordered.owner), str(ordered.offered_to), told(cast.users["wang"])] == [
        "周建国",
        "王志强",
        ["measure_asked"],
    ]
    assert owed(ordered) == [["rectification", "周建国", False, ""], ["acceptance", "王志强", False, ""]]
    cases.accept_measure(ordered, by=cast.engineer, now=now + DAY)
    ordered = again(ordered)
    assert [str(ordered.owner), ordered.offered_to, ordered.version] == ["王志强", None, 2]
    assert owed(ordered) == [["rectification", "王志强", False, ""], ["acceptance", "王志强", True, ""]]


def test_given_back_it_stays_with_whoever_ordered_it(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingWritten):
        cases.decline_measure(ordered, why=" ", by=cast.engineer, now=now)
    cases.decline_measure(ordered, why="要外包单位来做", by=cast.engineer, now=now)
    assert [str(again(ordered).owner), again(ordered).offered_to, told(cast.users["zhou"])] == [
        "周建国",
        None,
        ["measure_declined"],
    ]
    assert owed(ordered)[1] == ["acceptance", "王志强", False, "要外包单位来做"]


def test_without_a_cause_it_is_a_correction_and_ones_own_needs_no_yes(case: Case, cast: Cast, now: datetime) -> None:
    one = measure(case, cast, now, by=cast.engineer, cause="", due_on=now.date())
    assert [one.kind, str(one.owner), one.offered_to, owed(one)] == [
        "correction",
        "王志强",
        None,
        [["rectification", "王志强", False, ""]],
    ]


def test_accepting_the_matter_leaves_its_measures_where_they_are(
    ordered: CorrectiveMeasure, cast: Cast, now: datetime
) -> None:
    cases.accept(fresh(ordered.case), by=cast.engineer, now=now + DAY)
    assert owed(ordered) == [["rectification", "周建国", False, ""], ["acceptance", "王志强", False, ""]]
    solution = Duty.objects.get(reference=ordered.case.reference, kind="solution")
    assert str(solution.owner) == "王志强"


@pytest.mark.parametrize("who", ["he", "ding"])
def test_the_owner_works_at_the_site(who: str, case: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongAddressee) as refused:
        measure(case, cast, now, owner=cast.users[who])
    assert refused.value.field == "owner"


def test_the_owner_may_see_the_matter(cast: Cast, now: datetime) -> None:
    case = take(cast, now, kind="assistance_request", category="other")
    case.reference.sensitivity = 2
    case.reference.save()
    with pytest.raises(MayNotSee):
        measure(case, cast, now)


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(1900, 1, 1), date(2999, 1, 1)])
def test_days_that_make_no_sense(day: date, case: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(DueAlready):
        measure(case, cast, now, due_on=day)
    assert CorrectiveMeasure.objects.count() == 0


def test_it_takes_the_right_and_words(case: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        measure(case, cast, now, by=cast.stranger)
    with pytest.raises(NothingWritten):
        measure(case, cast, now, text="\u200b")
    assert [CorrectiveMeasure.objects.count(), Event.objects.filter(kind="measure").count()] == [0, 0]


# ---- causes and words


def test_a_cause_that_stops_at_a_person_is_refused_until_one_of_the_work_is_added(
    case: Case, cast: Cast, now: datetime
) -> None:
    for seen in (False, True):
        with pytest.raises(BlamesOnly) as refused:
            measure(case, cast, now, cause="维修工责任心不强", seen=seen)
        assert refused.value.field == "cause"
    made = measure(case, cast, now, cause="维修工责任心不强，检查表里也没有门机这一项。")
    assert made.cause == "维修工责任心不强，检查表里也没有门机这一项。"


def test_names_and_mere_teaching_are_pointed_out_and_stay_if_meant(case: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(NamesSomebody) as refused:
        measure(case, cast, now, cause="王志强没有按检查表做门机。")
    assert [refused.value.field, "王志强" in str(refused.value)] == ["cause", True]
    with pytest.raises(NamesSomebody) as refused:
        measure(case, cast, now, text="请张三丰监督门机的检查", cause="")
    assert refused.value.field == "text"
    with pytest.raises(OnlyTeaches) as taught:
        measure(case, cast, now, text="对当事人进行批评教育", cause="")
    assert taught.value.field == "text"
    assert measure(case, cast, now, text="对当事人进行批评教育", cause="", seen=True).text == "对当事人进行批评教育"


# ---- done


@pytest.mark.clause("S2.1.2.b")
def test_done_by_whom_was_asked_is_taken_on_too(done: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    assert [done.state, str(done.owner), str(done.done_by), done.check_on] == [
        "done",
        "王志强",
        "王志强",
        date(2026, 12, 28),
    ]
    assert owed(done) == [
        ["rectification", "王志强", True, ""],
        ["acceptance", "王志强", True, ""],
        ["effectiveness_check", "周建国", False, ""],
    ]
    assert told(cast.users["zhou"]) == ["measure_done"]
    look = Duty.objects.get(kind="effectiveness_check")
    assert [look.opens_at.date(), look.due_at.date()] == [date(2026, 12, 27), date(2027, 1, 4)]
    # an event of the house, with its result
    assert [one.text for one in done.case.events.filter(kind="measure_done")] == ["检查表改了，第一次加检做完。"]


def test_others_do_not_say_it_is_done_but_the_manager_may(
    ordered: CorrectiveMeasure, cast: Cast, now: datetime
) -> None:
    for by in (cast.clerk, cast.colleague, cast.actor("liu"), cast.stranger):
        with pytest.raises(NotYourMeasure):
            cases.finish_measure(ordered, result="x", by=by, now=now)
    cases.finish_measure(ordered, result="外包单位做完了", by=cast.actor("shen"), now=now)
    assert [str(again(ordered).owner), str(again(ordered).done_by)] == ["周建国", "沈国梁"]


def test_done_late_is_late_in_the_ledger(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    cases.finish_measure(ordered, result="x", by=cast.engineer, now=now + 20 * DAY)
    late = Duty.objects.filter(standings(now + 21 * DAY)["late"])
    assert sorted(duty.kind for duty in late.filter(scope=ordered.scope)) == ["acceptance", "rectification"]


def test_two_measures_of_a_matter_do_not_touch_one_another(case: Case, cast: Cast, now: datetime) -> None:
    one, other = again(measure(case, cast, now)), again(measure(case, cast, now, text="另一项：换门机"))
    cases.finish_measure(one, result="x", by=cast.engineer, now=now + DAY)
    assert [owed(one)[0][2], owed(other)] == [
        True,
        [["rectification", "周建国", False, ""], ["acceptance", "王志强", False, ""]],
    ]


# ---- whether it worked


@pytest.mark.clause("S2.2.3.b")
def test_somebody_else_says_whether_it_worked(done: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    with pytest.raises(OwnWork):
        cases.check_measure(done, effect=WORKED, by=cast.engineer, now=now + 40 * DAY)
    with pytest.raises(NotAllowed):
        cases.check_measure(done, effect=WORKED, by=cast.clerk, now=now + 40 * DAY)
    cases.check_measure(done, effect=WORKED, by=cast.manager, now=now + 40 * DAY)
    found = again(done)
    assert [found.state, str(found.checked_by), found.verdict] == ["effective", "周建国", WORKED.words]
    assert owed(done)[2] == ["effectiveness_check", "周建国", True, ""]
    with pytest.raises(WrongStep):
        cases.check_measure(found, effect=FAILED, by=cast.manager, now=now + 41 * DAY)


@pytest.mark.clause("S2.2.3.b")
def test_not_before_the_effect_can_show_unless_there_is_none(
    done: CorrectiveMeasure, cast: Cast, now: datetime
) -> None:
    with pytest.raises(TooEarly):
        cases.check_measure(done, effect=WORKED, by=cast.manager, now=now + 20 * DAY)
    cases.check_measure(done, effect=FAILED, by=cast.manager, now=now + 20 * DAY)
    found = again(done)
    assert [found.state, found.round, found.due_on, found.first_due_on, found.done_at] == [
        "open",
        2,
        date(2027, 2, 1),
        date(2026, 12, 3),
        None,
    ]
    assert owed(done)[2:] == [
        ["effectiveness_check", "周建国", False, "seen"],
        ["rectification", "王志强", False, ""],
    ]
    assert told(cast.users["wang"]) == ["measure_asked", "measure_again"]
    cases.finish_measure(found, result="门机换新", by=cast.engineer, now=now + 30 * DAY)
    cases.check_measure(again(found), effect=WORKED, by=cast.manager, now=now + 61 * DAY)
    assert [again(found).state, [one[2] for one in owed(found)]] == ["effective", [True, True, False, True, True]]


def test_what_did_not_work_needs_a_day(done: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    with pytest.raises(DueAlready):
        cases.check_measure(done, effect=Effect(False, "没有效果"), by=cast.manager, now=now + 20 * DAY)
    assert again(done).state == "done"


def test_a_correction_can_be_looked_at_at_once(case: Case, cast: Cast, now: datetime) -> None:
    one = again(measure(case, cast, now, cause="", due_on=now.date()))
    cases.finish_measure(one, result="扫干净了", by=cast.engineer, now=now)
    cases.check_measure(again(one), effect=WORKED, by=cast.manager, now=now + timedelta(hours=1))
    assert again(one).state == "effective"


def test_who_ordered_and_did_it_leaves_the_look_to_another(case: Case, cast: Cast, now: datetime) -> None:
    one = again(measure(case, cast, now, by=cast.manager, owner=cast.users["zhou"]))
    cases.finish_measure(one, result="x", by=cast.manager, now=now)
    assert owed(one)[1] == ["effectiveness_check", "沈国梁", False, ""]
    with pytest.raises(OwnWork):
        cases.check_measure(again(one), effect=WORKED, by=cast.manager, now=now + 40 * DAY)


# ---- it outlives the matter; it can be called off


def test_the_matter_may_be_closed_while_its_measure_runs(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    closed = close(fresh(ordered.case), cast, now)
    assert [closed.state, [one.pk for one in measures_about(closed)]] == ["closed", [ordered.pk]]
    assert owed(ordered) == [["rectification", "周建国", False, ""], ["acceptance", "王志强", False, ""]]
    cases.finish_measure(again(ordered), result="x", by=cast.engineer, now=now + 5 * DAY)
    cases.check_measure(again(ordered), effect=WORKED, by=cast.manager, now=now + 40 * DAY)
    assert [again(ordered).state, fresh(ordered.case).state] == ["effective", "closed"]


def test_called_off_nobody_owes_it_any_more(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        cases.withdraw_measure(ordered, why="重复了", by=cast.engineer, now=now)
    cases.withdraw_measure(ordered, why="重复了", by=cast.manager, now=now)
    assert [again(ordered).state, owed(ordered)] == [
        "withdrawn",
        [["rectification", "周建国", False, "重复了"], ["acceptance", "王志强", False, "重复了"]],
    ]
    with pytest.raises(WrongStep):
        cases.finish_measure(again(ordered), result="x", by=cast.engineer, now=now)


def test_a_running_measure_is_no_clock_of_the_matter(case: Case, cast: Cast, now: datetime) -> None:
    measure(case, cast, now, due_on=(now + 300 * DAY).date())
    assert unsettled(cast.site, cast.manager, now=now + 100 * DAY).clockless == [case]


def test_the_slower_of_two_overwrites_nothing(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    stale = again(ordered)
    cases.accept_measure(ordered, by=cast.engineer, now=now)
    with pytest.raises(ChangedMeanwhile):
        cases.decline_measure(stale, why="忙", by=cast.engineer, now=now)
    with pytest.raises(NotOffered):
        cases.accept_measure(again(ordered), by=cast.engineer, now=now)


def test_reminders_reach_the_owner(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    cases.accept_measure(ordered, by=cast.engineer, now=now)
    before = Delivery.objects.filter(to_user=cast.users["wang"]).count()
    nudge(now=now + 10 * DAY)
    assert Delivery.objects.filter(to_user=cast.users["wang"]).count() > before


# ---- through any sequence of steps one person answers for it


@pytest.mark.clause("S3.2.12.c")
@pytest.mark.parametrize("seed", range(4))
def test_one_person_answers_for_a_measure_whatever_happens(seed: int, case: Case, cast: Cast, now: datetime) -> None:
    dice = random.Random(seed)
    one = again(measure(case, cast, now))
    stale, owner, succeeded = again(one), one.owner_id, set()
    for step in range(1, 120):
        at, by = now + step * DAY, cast.actor(dice.choice(("chen", "wang", "zhou", "zhou", "shen", "fang", "wang")))
        used = stale if dice.random() < 0.15 else again(one)
        stale = again(one) if dice.random() < 0.15 else stale
        words: dict[str, dict[str, Any]] = {
            "accept_measure": {},
            "decline_measure": {"why": dice.choice(["忙", ""])},
            "finish_measure": {"result": dice.choice(["做完", "做完", ""])},
            "check_measure": {"effect": dice.choice([WORKED, Effect(False, "无", date(2027, 12, 1))])},
        }
        act = dice.choice(sorted(words))
        before = [again(one).version, Event.objects.count(), Entry.objects.count(), list(Duty.objects.values())]
        offered = used.offered_to_id
        try:
            getattr(cases, act)(used, by=by, now=at, **words[act])
        except Refusal:
            after = [again(one).version, Event.objects.count(), Entry.objects.count(), list(Duty.objects.values())]
            assert before == after, (step, act)
        else:
            succeeded.add(act)
            if by.user_id == offered and act in {"accept_measure", "finish_measure"}:
                owner = by.user_id
        found = again(one)
        assert found.owner_id == owner, (step, act)
        running = Duty.objects.filter(OPEN, scope=one.scope, kind="rectification")
        assert {duty.owner_id for duty in running} <= {owner}
        assert running.count() == (1 if found.state == "open" else 0)
    assert len(succeeded) >= 2
    seal(now=now, at_most=10_000)
    assert [verify().whole, verify().unlinked] == [True, 0]


# ---- lists and figures


def listed(cast: Cast, by: Actor, now: datetime, **asked: Any) -> list[int]:
    return [one.pk for one in measures_listed(cast.site, by, now=now, **asked)]


def test_the_list_by_state_owner_and_day(done: CorrectiveMeasure, case: Case, cast: Cast, now: datetime) -> None:
    late = measure(case, cast, now, owner=cast.users["liu"], due_on=now.date(), cause="")
    at = now + 6 * DAY
    found = {show: listed(cast, cast.manager, at, show=show) for show in ("running", "mine", "late", "offered", "all")}
    assert found == {
        "running": [late.pk, done.pk],
        "mine": [late.pk],
        "late": [late.pk],
        "offered": [late.pk],
        "all": [late.pk, done.pk],
    }
    assert [
        listed(cast, cast.manager, at, show="to_check"),
        listed(cast, cast.manager, now + 40 * DAY, show="to_check"),
    ] == [
        [],
        [done.pk],
    ]
    assert [
        listed(cast, cast.manager, at, owner=cast.users["wang"].pk),
        listed(cast, cast.manager, at, kind="correction"),
    ] == [
        [done.pk],
        [late.pk],
    ]
    assert [listed(cast, cast.actor("liu"), at, show="mine"), listed(cast, cast.stranger, at, show="all")] == [
        [late.pk],
        [],
    ]
    assert [measure_by_id(late.pk, cast.stranger), measure_by_id(2**60, cast.manager)] == [None, None]


def test_the_two_rates_stand_with_their_bases(done: CorrectiveMeasure, case: Case, cast: Cast, now: datetime) -> None:
    measure(case, cast, now, due_on=now.date(), cause="")
    called_off = again(measure(case, cast, now))
    cases.withdraw_measure(called_off, why="重复", by=cast.manager, now=now)
    counts = measure_counts(cast.site, cast.manager, now=now + 6 * DAY)
    assert [counts.running, counts.late, counts.to_check] == [2, 1, 0]
    assert [counts.on_time.numerator, counts.on_time.denominator] == [1, 2]
    cases.check_measure(done, effect=WORKED, by=cast.manager, now=now + 40 * DAY)
    counts = measure_counts(cast.site, cast.manager, now=now + 41 * DAY)
    assert [counts.effective.numerator, counts.effective.denominator, counts.running] == [1, 1, 1]


def test_what_came_before_and_after_is_counted_over_the_same_days(
    done: CorrectiveMeasure, cast: Cast, now: datetime
) -> None:
    take(cast, now + 6 * DAY)
    found = recurrence(again(done), cast.manager, now=now + 12 * DAY)
    assert found is not None
    assert [found.days, found.before, found.after] == [7, 1, 1]
    assert recurrence(again(done), cast.manager, now=now + 5 * DAY) is None


def test_steps_are_offered_to_whom_they_belong(done: CorrectiveMeasure, cast: Cast) -> None:
    offered = {
        who: [step.name for step in steps_for(done, cast.actor(who))] for who in ("wang", "zhou", "chen", "fang")
    }
    assert offered == {
        "wang": [],
        "zhou": ["check_measure", "withdraw_measure"],
        "chen": [],
        "fang": ["check_measure", "withdraw_measure"],
    }
