"""The way of a suggestion: who answers, weighed, decided, done; the proposer hears each time."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions import Analysis
from huiyin.cases.models import Case, Referral, Suggestion
from huiyin.cases.queries import Rate, adopted, adoption, parked, visible_to
from huiyin.cases.rules import (
    AlreadyReferred,
    NothingWritten,
    NotNamed,
    NotWeighed,
    NotYetRealized,
    NoVerdict,
    OnlyForSuggestions,
    OtherVerdict,
    StillReferred,
    WrongAddressee,
    WrongDay,
    WrongKind,
)
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.organization.rules import Actor, NotAllowed
from tests.acts import answer, fresh, take

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BENCHES = "建议在三号楼旁边放两张长椅。"
ANALYSIS = Analysis("两千元", "老人散步可以歇脚", "yes", "秩序环境部")


def suggested(cast: Cast, now: datetime, site: str = "hengtai") -> Case:
    """A suggestion at a site; hengtai's handbooks let anybody answer, yulan's the one the manager named."""
    return take(cast, now, "suggestion", BENCHES, site=cast.sites[site], place="", category="greenery")


def weighed(cast: Cast, now: datetime) -> Case:
    case = suggested(cast, now)
    cases.weigh(case, analysis=ANALYSIS, by=cast.actor("he"), now=now + HOUR)
    return fresh(case)


def told(case: Case) -> list[str]:
    """What the customer was told, in order."""
    sent = Delivery.objects.filter(to_customer=case.customer, gateway="page").order_by("id")
    return [one.template.rsplit("/", 1)[1] for one in sent]


@pytest.fixture
def he(cast: Cast) -> Actor:
    return cast.actor("he")


# ---- weighing


@pytest.mark.clause("S3.2.4.a", "S4.4.2.1.3.a")
def test_a_suggestion_is_kept_apart_from_complaints_word_for_word(cast: Cast, now: datetime) -> None:
    case = suggested(cast, now)
    assert [case.kind, case.reference.contacts.get().situation] == ["suggestion", BENCHES]


@pytest.mark.clause("S3.2.4.b")
def test_weighing_takes_every_field_and_stays_inside(cast: Cast, now: datetime, he: Actor) -> None:
    case = suggested(cast, now)
    for field in ("costs", "brings", "would_own"):
        words = {"costs": "a", "brings": "b", "allowed": "yes", "would_own": "c"} | {field: " "}
        with pytest.raises(NothingWritten) as refused:
            cases.weigh(case, analysis=Analysis(**words), by=he, now=now)
        assert refused.value.field == field
    with pytest.raises(NothingWritten) as refused:
        cases.weigh(case, analysis=Analysis("a", "b", "needs_permit", "c"), by=he, now=now)
    assert [refused.value.field, Suggestion.objects.count()] == ["hurdles", 0]
    cases.weigh(case, analysis=ANALYSIS, by=he, now=now)
    event = case.events.get(kind="verdict")
    assert [event.is_public, event.values, told(case)] == [False, {"verdict": "weighed"}, ["taken"]]


@pytest.mark.clause("S3.2.4.b")
def test_nothing_is_decided_before_it_was_weighed(cast: Cast, now: datetime, he: Actor) -> None:
    with pytest.raises(NotWeighed):
        cases.turn_down(suggested(cast, now), words="没有地方", by=he, now=now)


def test_only_a_suggestion_is_weighed(cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongKind):
        cases.weigh(take(cast, now), analysis=ANALYSIS, by=cast.clerk, now=now)


# ---- adopted


@pytest.mark.clause("S1.4.1.a", "S3.2.4.b")
def test_adopted_has_an_owner_a_day_and_at_last_a_result(cast: Cast, now: datetime, he: Actor) -> None:
    case, until = weighed(cast, now), now.date() + timedelta(days=30)
    cases.adopt(case, owner=cast.users["sun"], due_on=until, words="下月装上", by=he, now=now + DAY)
    assert [fresh(case).state, fresh(case).solved_at] == ["solved", now + DAY]
    owed = Duty.objects.get(reference=case.reference, kind="suggestion")
    assert [owed.owner, owed.due_at.astimezone(now.tzinfo).date(), owed.done_at] == [cast.users["sun"], until, None]
    with pytest.raises(NotYetRealized):
        cases.close(fresh(answered_at_once(case, he, now + DAY)), outcome="adopted", by=he, now=now + DAY)
    cases.realize(fresh(case), words="两张长椅装好了", by=he, now=now + 20 * DAY)
    owed.refresh_from_db()
    case = fresh(case)
    assert [owed.done_at, case.state, case.outcome] == [now + 20 * DAY, "closed", "adopted"]
    assert told(case) == ["taken", "verdict", "answered", "answered"]


def answered_at_once(case: Case, by: Actor, now: datetime) -> Case:
    return cases.answer(fresh(case), text="先谢谢您", by=by, now=now)


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_adopted_until_a_day_to_come(days: int, cast: Cast, now: datetime, he: Actor) -> None:
    until = now.date() + timedelta(days=days)
    with pytest.raises(WrongDay) as refused:
        cases.adopt(weighed(cast, now), owner=cast.users["sun"], due_on=until, words="好", by=he, now=now)
    assert refused.value.field == "due_on"


def test_the_owner_is_a_colleague_of_the_site(cast: Cast, now: datetime, he: Actor) -> None:
    until = now.date() + DAY
    with pytest.raises(WrongAddressee) as refused:
        cases.adopt(weighed(cast, now), owner=cast.users["wang"], due_on=until, words="好", by=he, now=now)
    assert refused.value.field == "owner"


# ---- deferred


@pytest.mark.clause("S1.4.1.b")
def test_deferred_stays_parked_with_a_review_and_is_carried_upward(cast: Cast, now: datetime, he: Actor) -> None:
    case = weighed(cast, now)
    cases.defer(case, words="要业委会同意用地", to="业主委员会", by=he, now=now + HOUR)
    case, found = fresh(case), Suggestion.objects.get(case=case)
    ninety = now.date() + timedelta(days=90)
    assert [case.state, found.verdict, found.review_on, case.referred_to] == [
        "deferred", "deferred", ninety, "业主委员会",
    ]  # fmt: skip
    duties = Duty.objects.filter(reference=case.reference, kind__in=["suggestion_review", "chase"]).order_by("kind")
    assert [(one.kind, one.due_at.astimezone(now.tzinfo).date(), one.done_at) for one in duties] == [
        ("chase", ninety, None),
        ("suggestion_review", ninety, None),
    ]
    assert [one.case for one in parked(case.site, he)] == [case]
    assert told(case) == ["taken", "verdict"]


@pytest.mark.clause("S1.4.1.b")
def test_in_student_housing_the_review_is_the_handbooks(cast: Cast, now: datetime) -> None:
    by, case = cast.actor("yang"), suggested(cast, now, "xueyuan")
    cases.weigh(case, analysis=ANALYSIS, by=by, now=now)
    cases.defer(fresh(case), words="要后勤集团拨款", to="后勤集团", by=by, now=now)
    owed = Duty.objects.get(reference=case.reference, kind="suggestion_review")
    assert [owed.clause, owed.owner_role, owed.step, owed.period != ""] == ["S1.4.1.b", "site_manager", "review", True]


def test_a_review_may_come_sooner_but_not_later(cast: Cast, now: datetime, he: Actor) -> None:
    case, too_late = weighed(cast, now), now.date() + timedelta(days=91)
    with pytest.raises(WrongDay) as refused:
        cases.defer(case, words="再等等", to="业委会", review_on=too_late, by=he, now=now)
    assert refused.value.field == "review_on"
    sooner = now.date() + timedelta(days=30)
    cases.defer(fresh(case), words="再等等", to="业委会", review_on=sooner, by=he, now=now)
    owed = Duty.objects.get(reference=case.reference, kind="suggestion_review")
    assert owed.due_at.astimezone(now.tzinfo).date() == sooner


@pytest.mark.clause("S1.4.1.b")
def test_looking_again_keeps_the_review_and_asks_for_the_next(cast: Cast, now: datetime, he: Actor) -> None:
    case = weighed(cast, now)
    cases.defer(case, words="要业委会同意", to="业委会", by=he, now=now)
    with pytest.raises(AlreadyReferred):
        cases.defer(fresh(case), words="还不行", to="街道", by=he, now=now + 80 * DAY)
    cases.defer(fresh(case), words="还不行", to="业委会", by=he, now=now + 80 * DAY)
    reviews = Duty.objects.filter(reference=case.reference, kind="suggestion_review").order_by("due_at")
    assert [one.done_at for one in reviews] == [now + 80 * DAY, None]
    assert Referral.objects.get(case=case).expected_on == now.date() + timedelta(days=170)


def test_overdue_reviews_stand_first(cast: Cast, now: datetime, he: Actor) -> None:
    late, early = weighed(cast, now), weighed(cast, now)
    for case, days in ((late, 60), (early, 10)):
        day = now.date() + timedelta(days=days)
        cases.defer(fresh(case), words="等等", to="业委会", review_on=day, by=he, now=now)
    assert [one.case for one in parked(late.site, he)] == [early, late]


# ---- declined, and how it ends


@pytest.mark.clause("S1.4.1.a", "S3.2.4.b")
def test_declined_tells_why_and_ends_it(cast: Cast, now: datetime, he: Actor) -> None:
    case = weighed(cast, now)
    with pytest.raises(NothingWritten):
        cases.turn_down(case, words=" ", by=he, now=now)
    cases.turn_down(fresh(case), words="消防通道不能放东西", by=he, now=now + DAY)
    case = fresh(case)
    assert [case.state, case.outcome, told(case)] == ["closed", "declined", ["taken", "verdict"]]
    assert Duty.objects.get(reference=case.reference, kind="solution").done_at == now + DAY


def test_the_proposer_may_object_to_a_verdict(cast: Cast, now: datetime, he: Actor) -> None:
    case = weighed(cast, now)
    cases.turn_down(case, words="放不下", by=he, now=now + DAY)
    cases.object_to(fresh(case), words="量过了，放得下", by=NOBODY, now=now + 2 * DAY)
    until = now.date() + timedelta(days=20)
    cases.adopt(fresh(case), owner=cast.users["sun"], due_on=until, words="您说得对", by=he, now=now + 3 * DAY)
    assert [fresh(case).state, Suggestion.objects.get(case=case).verdict] == ["solved", "adopted"]


@pytest.mark.clause("S1.4.1.a")
def test_a_suggestion_ends_by_its_verdict_alone(cast: Cast, now: datetime, he: Actor) -> None:
    case = answered_at_once(suggested(cast, now), he, now)
    with pytest.raises(NoVerdict):
        cases.close(fresh(case), outcome="accepted", by=he, now=now)
    complaint = answer(take(cast, now), cast, now)
    with pytest.raises(OnlyForSuggestions):
        cases.close(fresh(complaint), outcome="adopted", by=cast.clerk, now=now + 3 * DAY)


# ---- whom the manager named


def named_site(cast: Cast, now: datetime) -> Case:
    case = suggested(cast, now, "yulan")
    cases.weigh(case, analysis=ANALYSIS, by=cast.clerk, now=now)
    return fresh(case)


@pytest.mark.clause("S4.4.2.1.3.b")
@pytest.mark.parametrize("act", ["answer", "turn_down", "defer", "adopt"])
def test_nobody_answers_a_suggestion_before_the_manager_named_them(act: str, cast: Cast, now: datetime) -> None:
    case = named_site(cast, now)
    words: dict[str, dict[str, object]] = {
        "answer": {"text": "好"},
        "turn_down": {"words": "不行"},
        "defer": {"words": "等等", "to": "业委会"},
        "adopt": {"owner": cast.users["liu"], "due_on": date(2026, 12, 30), "words": "好"},
    }
    for named in (None, "lin"):
        if named:
            cases.name(fresh(case), to=cast.users[named], by=cast.manager, now=now)
        with pytest.raises(NotNamed):
            getattr(cases, act)(fresh(case), by=cast.clerk, now=now, **words[act])
    getattr(cases, act)(fresh(case), by=cast.colleague, now=now + HOUR, **words[act])


@pytest.mark.clause("S4.4.2.1.3.b")
def test_the_manager_is_asked_once_it_is_weighed_and_only_he_names(cast: Cast, now: datetime) -> None:
    case = named_site(cast, now)
    asked = Delivery.objects.get(reference=case.reference, template__endswith="name_wanted")
    assert str(asked.to_user) == "周建国"
    with pytest.raises(NotAllowed):
        cases.name(case, to=cast.users["chen"], by=cast.clerk, now=now)
    with pytest.raises(WrongAddressee):
        cases.name(case, to=cast.users["he"], by=cast.manager, now=now)
    cases.name(case, to=cast.users["lin"], by=cast.manager, now=now)
    event = case.events.get(kind="named")
    assert [event.values, event.is_public] == [{"to": "林小梅"}, True]
    assert str(Delivery.objects.get(reference=case.reference, template__endswith="/named").to_user) == "林小梅"


def test_where_a_follow_up_is_asked_it_closes_after_it_by_the_verdict(cast: Cast, now: datetime) -> None:
    case = named_site(cast, now)
    cases.name(case, to=cast.users["chen"], by=cast.manager, now=now)
    cases.turn_down(fresh(case), words="不行", by=cast.clerk, now=now)
    assert [fresh(case).state, Duty.objects.get(reference=case.reference, kind="follow_up").owner] == [
        "answered", cast.users["lin"],
    ]  # fmt: skip
    cases.follow_up(fresh(case), result="satisfied", channel="phone", by=cast.colleague, now=now + DAY)
    with pytest.raises(OtherVerdict):
        cases.close(fresh(case), outcome="accepted", by=cast.clerk, now=now + DAY)
    cases.close(fresh(case), outcome="declined", by=cast.clerk, now=now + DAY)
    assert fresh(case).outcome == "declined"


# ---- figures


@pytest.mark.clause("S1.4.1.a")
def test_the_rate_of_adoption_has_both_its_bases(cast: Cast, now: datetime, he: Actor) -> None:
    yes, no, _open = (weighed(cast, now) for _one in range(3))
    until = now.date() + timedelta(days=9)
    cases.adopt(yes, owner=cast.users["sun"], due_on=until, words="好", by=he, now=now)
    cases.turn_down(no, words="不行", by=he, now=now)
    rates = adoption(visible_to(he).filter(site=yes.site))
    assert [rates.adopted, rates.decided] == [Rate(1, 2), Rate(2, 3)]
    assert [one.case for one in adopted(yes.site, he)] == [yes]


def test_a_matter_that_waits_for_an_answer_from_above_is_not_declined(cast: Cast, now: datetime, he: Actor) -> None:
    case = weighed(cast, now)
    cases.defer(case, words="等业委会", to="业委会", by=he, now=now)
    with pytest.raises(StillReferred):
        cases.turn_down(fresh(case), words="不行", by=he, now=now)
    cases.hear_back(fresh(case), words="不同意", answered_by="李主任", by=he, now=now + DAY)
    cases.turn_down(fresh(case), words="业委会不同意", by=he, now=now + 2 * DAY)
    assert fresh(case).outcome == "declined"
