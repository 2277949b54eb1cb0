"""Beyond our authority: to whom, until when, chased, answered, told, closed."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.actions import Ask
from huiyin.cases.models import Case, Referral
from huiyin.cases.queries import filtered, listed, open_referrals
from huiyin.cases.rules import AlreadyReferred, NothingReferred, NothingWritten, StillReferred, WrongDay
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from tests.acts import fresh, take

DAY = timedelta(days=1)


@pytest.fixture
def referred(cast: Cast, now: datetime) -> Case:
    case = take(cast, now)
    ask = Ask("请认定产权归属", now.date() + timedelta(days=10))
    return fresh(cases.refer(case, to="区房管局", why="产权问题不归我们", ask=ask, by=cast.clerk, now=now))


def chases(case: Case) -> list[Duty]:
    return list(Duty.objects.filter(reference=case.reference, kind="chase").order_by("due_at"))


@pytest.mark.clause("S1.4.2.b")
def test_a_referral_says_to_whom_what_we_ask_and_until_when(referred: Case, cast: Cast, now: datetime) -> None:
    made = Referral.objects.get(case=referred)
    assert [made.to, made.asked, made.made_at, made.answered_at] == ["区房管局", "请认定产权归属", now, None]
    owed = chases(referred)
    assert [(one.owner, one.due_at.astimezone(now.tzinfo).date()) for one in owed] == [
        (cast.users["chen"], now.date() + timedelta(days=10))
    ]


@pytest.mark.clause("S1.4.2.b")
def test_without_a_day_the_handbook_says_when_to_ask_again(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.refer(case, to="区房管局", why="产权", by=cast.clerk, now=now)
    made = Referral.objects.get(case=case)
    assert [made.asked, made.expected_on] == ["产权", now.date() + timedelta(days=14)]


def test_a_day_that_is_past_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongDay) as refused:
        cases.refer(take(cast, now), to="局", why="产权", ask=Ask("", now.date()), by=cast.clerk, now=now)
    assert [refused.value.field, Referral.objects.count()] == ["expected_on", 0]


@pytest.mark.clause("S1.4.2.b")
def test_asking_again_keeps_the_duty_opens_the_next_and_tells_the_customer(
    referred: Case, cast: Cast, now: datetime
) -> None:
    later = now.date() + timedelta(days=20)
    cases.chase(referred, words="答复说还在研究", expected_on=later, by=cast.clerk, now=now + 9 * DAY)
    assert [(one.done_at, one.due_at.astimezone(now.tzinfo).date()) for one in chases(referred)] == [
        (now + 9 * DAY, now.date() + timedelta(days=10)),
        (None, later),
    ]
    assert Referral.objects.get(case=referred).expected_on == later
    assert Delivery.objects.filter(to_customer=referred.customer, template__endswith="progress").count() == 1


@pytest.mark.clause("S1.4.2.b")
def test_the_answer_is_kept_told_and_lets_the_matter_be_closed_as_referred(
    referred: Case, cast: Cast, now: datetime
) -> None:
    cases.answer(fresh(referred), text="已经报上去了", by=cast.clerk, now=now + DAY)
    cases.follow_up(fresh(referred), result="satisfied", channel="phone", by=cast.colleague, now=now + DAY)
    with pytest.raises(StillReferred):
        cases.close(fresh(referred), outcome="accepted", by=cast.clerk, now=now + DAY)
    for field in ("words", "answered_by"):
        told = {"words": "归产权人", "answered_by": "物业科李科长"} | {field: " "}
        with pytest.raises(NothingWritten) as refused:
            cases.hear_back(fresh(referred), **told, by=cast.clerk, now=now + 2 * DAY)
        assert refused.value.field == field
    cases.hear_back(fresh(referred), words="归产权人维修", answered_by="物业科李科长", by=cast.clerk, now=now + 2 * DAY)
    made = Referral.objects.get(case=referred)
    assert [made.answered_at, made.answered_by, made.answer] == [now + 2 * DAY, "物业科李科长", "归产权人维修"]
    assert [chases(referred)[0].done_at, referred.events.get(kind="referral_in").is_public] == [now + 2 * DAY, True]
    cases.close(fresh(referred), outcome="referred", by=cast.clerk, now=now + 3 * DAY)
    assert fresh(referred).outcome == "referred"


def test_one_referral_at_a_time_and_no_answer_without_one(referred: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingReferred):
        cases.hear_back(take(cast, now), words="好", answered_by="某", by=cast.clerk, now=now)
    cases.answer(fresh(referred), text="x", by=cast.clerk, now=now)
    cases.reopen(fresh(referred), why="x", by=cast.manager, now=now)
    with pytest.raises(AlreadyReferred):
        cases.refer(fresh(referred), to="街道", why="x", by=cast.clerk, now=now)


@pytest.mark.clause("S1.4.2.b")
def test_open_referrals_stand_in_a_list_until_they_are_answered(referred: Case, cast: Cast, now: datetime) -> None:
    actor = cast.clerk
    assert [one.case for one in open_referrals(cast.site, actor)] == [referred]
    assert list(filtered(listed(actor), now=now, actor=actor, show="referred")) == [referred]
    cases.hear_back(fresh(referred), words="好", answered_by="李科长", by=cast.clerk, now=now)
    assert [open_referrals(cast.site, actor), open_referrals(cast.site, cast.stranger)] == [[], []]
