"""The way to the end: follow-up, closing, objection, reopening."""

from datetime import datetime, timedelta

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case, FollowUp
from huiyin.cases.rules import IllegalMove, NobodyCalled, NotFollowedUp, NothingWritten, SameHands
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import SYSTEM, NotAllowed
from tests.acts import answer, close, fresh, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def answered(cast: Cast, now: datetime) -> Case:
    """A complaint the engineer has answered, two days after it came in."""
    return fresh(answer(take(cast, now), cast, now))


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + 3 * DAY


def call(case: Case, result: str, cast: Cast, at: datetime) -> FollowUp:
    return cases.follow_up(fresh(case), result=result, channel="phone", by=cast.colleague, now=at)


@pytest.mark.clause("S3.2.3.a", "S4.4.2.1.6.b", "S4.F.3")
def test_the_handler_does_not_follow_up_on_himself(answered: Case, cast: Cast, later: datetime) -> None:
    with pytest.raises(SameHands) as refused:
        cases.follow_up(answered, result="satisfied", channel="phone", by=cast.engineer, now=later)
    assert [refused.value.field, FollowUp.objects.count()] == ["waiver", 0]


@pytest.mark.clause("S4.F.3")
def test_a_follow_up_is_signed_and_dated_and_keeps_its_duty(answered: Case, cast: Cast, later: datetime) -> None:
    made = cases.follow_up(answered, result="satisfied", channel="phone", by=cast.colleague, now=later, words="挺好")
    assert [str(made.by), made.at, made.words, made.waiver] == ["林小梅", later, "挺好", ""]
    assert Duty.objects.get(reference=answered.reference, kind="follow_up").done_at == later
    assert fresh(answered).state == "answered"


def test_with_a_waiver_the_handler_may(cast: Cast, now: datetime, later: datetime) -> None:
    case = take(cast, now, by=cast.clerk)
    cases.answer(case, text="已处理", by=cast.clerk, now=now)
    for blank in ("", "  ", "\u200b"):
        with pytest.raises(SameHands):
            cases.follow_up(fresh(case), result="satisfied", channel="phone", by=cast.clerk, now=later, waiver=blank)
    made = cases.follow_up(
        fresh(case), result="satisfied", channel="phone", by=cast.clerk, now=later, waiver="今天只有一人值班"
    )
    assert [made.waiver, FollowUp.objects.count()] == ["今天只有一人值班", 1]


def test_a_program_follows_up_on_nobody(answered: Case, later: datetime) -> None:
    with pytest.raises(NobodyCalled):
        cases.follow_up(answered, result="satisfied", channel="phone", by=SYSTEM, now=later)


def test_nothing_is_followed_up_before_an_answer(cast: Cast, now: datetime) -> None:
    with pytest.raises(IllegalMove):
        call(take(cast, now), "satisfied", cast, now)


@pytest.mark.clause("S3.2.3.a")
def test_a_complaint_does_not_close_without_a_follow_up(answered: Case, cast: Cast, later: datetime) -> None:
    with pytest.raises(NotFollowedUp) as refused:
        cases.close(answered, outcome="accepted", by=cast.clerk, now=later)
    assert [refused.value.field, fresh(answered).state] == ["outcome", "answered"]


@pytest.mark.clause("S3.2.3.a")
def test_satisfied_closes(answered: Case, cast: Cast, later: datetime) -> None:
    call(answered, "satisfied", cast, later)
    case = cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + HOUR, words="谢谢")
    assert [fresh(case).state, fresh(case).outcome, fresh(case).closed_at] == ["closed", "accepted", later + HOUR]
    assert Duty.objects.filter(reference=case.reference, done_at=None, not_applicable="").count() == 0


@pytest.mark.parametrize("attempts", [1, 2])
def test_too_few_attempts_keep_it_open(attempts: int, answered: Case, cast: Cast, later: datetime) -> None:
    for count in range(attempts):
        call(answered, "unreached", cast, later + count * DAY)
    with pytest.raises(NotFollowedUp):
        cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + 5 * DAY)
    assert Duty.objects.get(reference=answered.reference, kind="follow_up").done_at is None


@pytest.mark.clause("S3.2.3.a")
def test_three_attempts_that_reach_nobody_allow_closing(answered: Case, cast: Cast, later: datetime) -> None:
    for count in range(3):
        call(answered, "unreached", cast, later + count * DAY)
    cases.close(fresh(answered), outcome="exhausted", words="三次未联系上", by=cast.manager, now=later + 3 * DAY)
    assert fresh(answered).state == "closed"


def test_three_attempts_allow_a_clerk_to_close_too(answered: Case, cast: Cast, later: datetime) -> None:
    for count in range(3):
        call(answered, "unreached", cast, later + count * DAY)
    cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + 3 * DAY)
    assert fresh(answered).state == "closed"


@pytest.mark.clause("S3.2.3.a")
def test_dissatisfied_reopens_with_a_new_date_and_tells_the_manager(
    answered: Case, cast: Cast, later: datetime
) -> None:
    first = Duty.objects.get(reference=answered.reference, kind="solution")
    call(answered, "dissatisfied", cast, later)
    case = fresh(answered)
    assert [case.state, case.accountable.name, case.solved_at] == ["in_progress", "王志强", None]
    assert case.first_solved_at == first.done_at
    solutions = Duty.objects.filter(reference=case.reference, kind="solution").order_by("id")
    assert [(one.done_at is None, one.due_at == case.solution_due_at) for one in solutions] == [
        (False, False),
        (True, True),
    ]
    told = Delivery.objects.filter(reference=case.reference, template__endswith="reopened").order_by("id")
    assert [str(one.to_user) for one in told] == ["王志强", "周建国"]
    assert [event.kind for event in case.events.order_by("id")][-2:] == ["followed_up", "reopened"]


def test_after_dissatisfied_only_a_new_follow_up_closes(answered: Case, cast: Cast, later: datetime) -> None:
    call(answered, "dissatisfied", cast, later)
    cases.answer(fresh(answered), text="又修了一次", by=cast.engineer, now=later + DAY)
    with pytest.raises(Refusal) as refused:
        cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + 2 * DAY)
    assert refused.value.field == "outcome"
    cases.second_look(fresh(answered), verdict="changed", words="重做", by=cast.manager, now=later + 2 * DAY)
    call(answered, "satisfied", cast, later + 2 * DAY)
    cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + 2 * DAY)


@pytest.mark.clause("S3.2.3.a")
def test_a_satisfaction_of_the_first_round_does_not_close_the_second(
    answered: Case, cast: Cast, later: datetime
) -> None:
    call(answered, "satisfied", cast, later)
    cases.object_to(fresh(answered), words="又坏了", by=NOBODY, now=later + DAY)
    cases.second_look(fresh(answered), verdict="changed", words="重做", by=cast.manager, now=later + 2 * DAY)
    cases.answer(fresh(answered), text="又修了一次", by=cast.engineer, now=later + 2 * DAY)
    with pytest.raises(NotFollowedUp):
        cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + 3 * DAY)


def test_attempts_of_the_first_round_do_not_count_in_the_second(answered: Case, cast: Cast, later: datetime) -> None:
    for count in range(3):
        call(answered, "unreached", cast, later + count * HOUR)
    cases.reopen(fresh(answered), why="另有故障", by=cast.manager, now=later + DAY)
    cases.answer(fresh(answered), text="又修了一次", by=cast.engineer, now=later + 2 * DAY)
    with pytest.raises(NotFollowedUp):
        cases.close(fresh(answered), outcome="accepted", by=cast.clerk, now=later + 3 * DAY)


def test_kinds_without_follow_up_end_with_their_last_word(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "compliment")
    cases.thank(case, whom=cast.users["wang"], words="谢谢您", by=cast.clerk, now=now)
    assert fresh(case).state == "closed"


def test_nothing_closes_before_an_answer(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "compliment")
    with pytest.raises(IllegalMove):
        cases.close(case, outcome="accepted", by=cast.clerk, now=now)


def test_exhausted_is_a_second_look_with_words(answered: Case, cast: Cast, later: datetime) -> None:
    with pytest.raises(NotAllowed):
        cases.close(answered, outcome="exhausted", words="尽力了", by=cast.clerk, now=later)
    with pytest.raises(NothingWritten) as refused:
        cases.close(fresh(answered), outcome="exhausted", by=cast.manager, now=later)
    assert refused.value.field == "words"
    cases.close(fresh(answered), outcome="exhausted", words="已尽处理途径", by=cast.manager, now=later)
    assert Duty.objects.get(reference=answered.reference, kind="follow_up").not_applicable == "closed"


# ---- the customer objects


@pytest.mark.parametrize("closed", [False, True])
def test_an_objection_reopens_and_is_kept_word_for_word(closed: bool, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    case = close(case, cast, now) if closed else answer(case, cast, now)
    at = now + 30 * DAY
    cases.object_to(fresh(case), words="  第二天又坏了！ ", by=NOBODY, now=at)
    case = fresh(case)
    assert [case.state, case.closed_at, case.outcome] == ["in_progress", None, ""]
    event = case.events.get(kind="objected")
    assert [event.text, event.is_public, event.signature] == ["第二天又坏了！", True, NOBODY.signature]
    told = Delivery.objects.filter(reference=case.reference, template__endswith="reopened").order_by("id")
    assert [str(one.to_user) for one in told] == ["王志强", "周建国"]
    assert case.solution_due_at is not None
    assert case.solution_due_at > at


def test_an_objection_while_we_work_is_heard_and_reopens_nothing(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.object_to(case, words="太慢了", by=NOBODY, now=now + HOUR)
    assert [fresh(case).state, fresh(case).version] == ["received", 1]
    told = Delivery.objects.filter(reference=case.reference, template__endswith="objected")
    assert [str(one.to_user) for one in told] == ["陈晓雯"]


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_an_objection_says_something(blank: str, answered: Case, later: datetime) -> None:
    with pytest.raises(NothingWritten):
        cases.object_to(answered, words=blank, by=NOBODY, now=later)
    assert fresh(answered).state == "answered"


def test_the_follow_up_is_never_owed_by_whoever_handles_it(cast: Cast, now: datetime) -> None:
    """The customer objects before anybody called; the handler takes it up again."""
    case = answer(take(cast, now), cast, now)
    cases.object_to(fresh(case), words="又坏了", by=NOBODY, now=now + 3 * DAY)
    cases.accept(fresh(case), by=cast.engineer, now=now + 3 * DAY)
    first = Duty.objects.get(reference=case.reference, kind="follow_up")
    assert [first.owner, first.not_applicable] == [cast.users["chen"], "objected"]
    cases.answer(fresh(case), text="又修了", by=cast.engineer, now=now + 4 * DAY)
    second = Duty.objects.filter(reference=case.reference, kind="follow_up").latest("id")
    assert [second.owner, second.not_applicable] == [cast.users["chen"], ""]


def test_reopening_takes_a_right_and_a_reason(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    with pytest.raises(NotAllowed):
        cases.reopen(fresh(case), why="再看", by=cast.clerk, now=now + 9 * DAY)
    with pytest.raises(NothingWritten):
        cases.reopen(fresh(case), why=" ", by=cast.manager, now=now + 9 * DAY)
    cases.reopen(fresh(case), why="再看", by=cast.manager, now=now + 9 * DAY)
    assert fresh(case).state == "in_progress"


def test_the_first_verdict_stays_as_it_was_after_reopening(cast: Cast, now: datetime) -> None:
    """A late first solution stays late, however quick the second is."""
    case = take(cast, now)
    cases.answer(case, text="晚了", by=cast.clerk, now=now + 20 * DAY)
    cases.object_to(fresh(case), words="不行", by=NOBODY, now=now + 21 * DAY)
    cases.answer(fresh(case), text="这次很快", by=cast.clerk, now=now + 22 * DAY)
    solutions = Duty.objects.filter(reference=case.reference, kind="solution").order_by("id")
    assert [(one.done_at or now) <= one.due_at for one in solutions] == [False, True]
