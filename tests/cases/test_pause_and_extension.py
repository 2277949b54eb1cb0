"""Waiting and a later date: told to the customer, decided by others, never hiding what was late."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions.extending import AskedAlready, NothingAsked, OwnRequest, TooLate, WrongDay
from huiyin.cases.actions.pausing import NoSuchReason, WrongLook
from huiyin.cases.models import Case
from huiyin.cases.queries.facts import Asked
from huiyin.cases.queries.indicators import reckon
from huiyin.cases.rules import IllegalMove, NothingWritten
from huiyin.clockwork.actions import nudge
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty, Nudge
from huiyin.duties.queries import by_standing, standing_of
from huiyin.interactions.models import Delivery
from huiyin.kit.counting import Reason, explain
from huiyin.organization.rules import NotAllowed
from tests import acts
from tests.acts import fresh, take

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def last_second(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=ZONE)


@pytest.fixture
def case(cast: Cast, now: datetime) -> Case:
    """Accepted on Monday the 23rd; a solution is owed by the 30th."""
    made = take(cast, now, by=cast.clerk, channel="phone")
    cases.accept(made, by=cast.engineer, now=now)
    return fresh(made)


def wait(case: Case, cast: Cast, now: datetime, reason: str = "parts") -> Case:
    until = (now + 5 * DAY).date()
    return cases.pause(case, reason=reason, told="门机板缺货，厂家发货中。", until=until, by=cast.engineer, now=now)


def solution(case: Case) -> Duty:
    return Duty.objects.get(reference=case.reference, kind="solution")


def open_kinds(case: Case) -> set[str]:
    found = Duty.objects.filter(reference=case.reference, done_at=None, not_applicable="")
    return set(found.values_list("kind", flat=True))


def test_a_pause_stops_the_solution_tells_the_customer_and_comes_back(case: Case, cast: Cast, now: datetime) -> None:
    wait(case, cast, now + DAY)
    assert [fresh(case).state, solution(case).rests_since, solution(case).moved_to] == ["waiting", now + DAY, None]
    event = case.events.get(kind="paused")
    assert [event.is_public, event.text, event.values] == [
        True,
        "门机板缺货，厂家发货中。",
        {"reason": "parts", "until": "2026-11-29"},
    ]
    look = Duty.objects.get(reference=case.reference, kind="look_again")
    assert [look.due_at, look.owner, "update" in open_kinds(case)] == [last_second(29), cast.users["wang"], True]
    assert Delivery.objects.filter(reference=case.reference, template__endswith="paused").count() == 1
    cases.resume(case, by=cast.engineer, now=now + 4 * DAY)
    moved = solution(case)
    assert [moved.rests_since, moved.moved_to, moved.due_at] == [None, last_second(3, 12), last_second(30)]
    assert explain(Reason.from_json(one) for one in moved.why).endswith("停了 3 天，到 2026-12-03")
    stored = fresh(case)
    assert [stored.state, stored.solution_due_at, stored.first_due_at] == [
        "in_progress",
        last_second(3, 12),
        last_second(30),
    ]
    assert "look_again" not in open_kinds(case)


def test_both_verdicts_stand(case: Case, cast: Cast, now: datetime) -> None:
    wait(case, cast, now + DAY)
    cases.resume(case, by=cast.engineer, now=now + 4 * DAY)
    at = now + 9 * DAY
    cases.solve(case, plan="换上新板。", by=cast.engineer, now=at)
    month = Asked(Case.objects.filter(pk=case.pk), case.site, now - 9 * DAY, now + 15 * DAY, at)
    both = [reckon(month).shares[line] for line in ("on_time", "on_time_extended")]
    assert [(one.part, one.whole) for one in both] == [(0, 1), (1, 1)]
    assert standing_of(solution(case), at) == "late"


def test_while_it_waits_nobody_is_reminded_of_the_solution_but_of_the_word(
    case: Case, cast: Cast, now: datetime
) -> None:
    wait(case, cast, now + DAY)
    for day in range(1, 5):
        nudge(now=now + day * DAY)
    kinds = set(Nudge.objects.filter(duty__reference=case.reference).values_list("duty__kind", flat=True))
    assert kinds & {"solution", "update"} == {"update"}
    every = Duty.objects.filter(pk=solution(case).pk)
    later = now + 20 * DAY
    assert [standing_of(every[0], later), by_standing(every, "missing", later).count()] == ["running", 0]
    assert by_standing(every, "running", later).count() == 1


def test_a_forgotten_pause_comes_back_and_climbs_the_ladder(case: Case, cast: Cast, now: datetime) -> None:
    wait(case, cast, now + DAY)
    for day in range(30):
        nudge(now=now + day * DAY)
    used = Nudge.objects.filter(duty__kind="look_again").order_by("rung").select_related("to")
    assert [(one.rung, one.to.name) for one in used] == [
        (50, "王志强"),
        (80, "王志强"),
        (100, "周建国"),
        (150, "沈国梁"),
    ]


@pytest.mark.parametrize(("reason", "goes_on"), [("customer", True), ("parts", False)])
@pytest.mark.parametrize("way", ["writes", "objects"])
def test_a_customers_word_ends_the_waiting_for_it(
    reason: str, goes_on: bool, way: str, case: Case, cast: Cast, now: datetime
) -> None:
    wait(case, cast, now, reason)
    if way == "writes":
        cases.take(acts.contact(cast), joins=fresh(case), by=NOBODY, now=now + 2 * DAY)
    else:
        cases.object_to(fresh(case), words="我周六在家。", by=NOBODY, now=now + 2 * DAY)
    assert fresh(case).state == ("in_progress" if goes_on else "waiting")
    assert solution(case).moved_to == (last_second(2, 12) if goes_on else None)


def test_what_is_solved_no_longer_waits(case: Case, cast: Cast, now: datetime) -> None:
    wait(case, cast, now)
    cases.solve(fresh(case), plan="先装旧板。", by=cast.engineer, now=now + DAY)
    assert [fresh(case).state, solution(case).done_at, open_kinds(case)] == ["solved", now + DAY, {"update"}]
    assert [event.kind for event in case.events.order_by("id")][-2:] == ["resumed", "solved"]


def test_waiting_on_keeps_the_rest_and_asks_again(case: Case, cast: Cast, now: datetime) -> None:
    wait(case, cast, now)
    wait(fresh(case), cast, now + 3 * DAY, "weather")
    assert solution(case).rests_since == now
    looks = Duty.objects.filter(reference=case.reference, kind="look_again").order_by("id")
    assert [one.done_at for one in looks] == [now + 3 * DAY, None]


def test_a_pause_needs_a_reason_words_and_a_day(case: Case, cast: Cast, now: datetime) -> None:
    good = {"reason": "parts", "told": "等配件", "until": (now + DAY).date()}
    for change, refusal in (
        ({"reason": "holiday"}, NoSuchReason),
        ({"told": " "}, NothingWritten),
        ({"until": now.date()}, WrongLook),
        ({"until": (now + 93 * DAY).date()}, WrongLook),
    ):
        with pytest.raises(refusal):
            cases.pause(case, **{**good, **change}, by=cast.engineer, now=now)
    with pytest.raises(IllegalMove):
        cases.resume(case, by=cast.engineer, now=now)
    with pytest.raises(NotAllowed):
        cases.pause(case, **good, by=cast.actor("fang"), now=now)
    assert fresh(case).state == "in_progress"


# ---- extension


def test_a_later_date_is_asked_decided_by_another_and_told(case: Case, cast: Cast, now: datetime) -> None:
    until = date(2026, 12, 10)
    cases.ask_extension(case, until=until, why="要换整台门机。", by=cast.engineer, now=now + DAY)
    duty = Duty.objects.get(reference=case.reference, kind="extension")
    assert [duty.owner, duty.due_at, solution(case).moved_to] == [cast.users["zhou"], last_second(30), None]
    with pytest.raises(AskedAlready):
        cases.ask_extension(case, until=until, why="x", by=cast.engineer, now=now + DAY)
    cases.decide_extension(case, agreed=True, words="整台更换，12 月 10 日前办好。", by=cast.manager, now=now + 2 * DAY)
    stored = fresh(case)
    assert [stored.solution_due_at, stored.first_due_at] == [last_second(10, 12), last_second(30)]
    assert [solution(case).moved_to, open_kinds(case)] == [last_second(10, 12), {"solution", "first_answer", "update"}]
    event = case.events.get(kind="extended")
    assert [event.is_public, event.text, event.values] == [
        True,
        "整台更换，12 月 10 日前办好。",
        {"until": "2026-12-10"},
    ]
    told = Delivery.objects.filter(reference=case.reference, template__contains="extension").order_by("id")
    assert [str(one.to_user) for one in told.select_related("to_user")] == ["周建国", "王志强"]
    assert Delivery.objects.filter(
        reference=case.reference, template__endswith="extended", to_customer=case.customer
    ).exists()


def test_a_refusal_leaves_the_date_and_says_why(case: Case, cast: Cast, now: datetime) -> None:
    cases.ask_extension(case, until=date(2026, 12, 10), why="忙", by=cast.engineer, now=now)
    cases.decide_extension(case, agreed=False, words="本周排得开。", by=cast.manager, now=now)
    assert [fresh(case).solution_due_at, solution(case).moved_to] == [last_second(30), None]
    assert [case.events.get(kind="not_extended").is_public, "extension" in open_kinds(case)] == [False, False]
    with pytest.raises(NothingAsked):
        cases.decide_extension(case, agreed=True, words="x", by=cast.manager, now=now)


def test_once_the_date_has_passed_there_is_no_later_one(case: Case, cast: Cast, now: datetime) -> None:
    cases.ask_extension(case, until=date(2026, 12, 10), why="忙", by=cast.engineer, now=now)
    late = last_second(30) + timedelta(seconds=1)
    with pytest.raises(TooLate):
        cases.decide_extension(case, agreed=True, words="x", by=cast.manager, now=late)
    cases.decide_extension(case, agreed=False, words="晚了。", by=cast.manager, now=late)
    with pytest.raises(TooLate) as caught:
        cases.ask_extension(case, until=date(2026, 12, 20), why="忙", by=cast.engineer, now=late)
    assert caught.value.field == "until"


def test_nobody_decides_for_himself_and_only_who_may(case: Case, cast: Cast, now: datetime) -> None:
    cases.ask_extension(case, until=date(2026, 12, 10), why="忙", by=cast.manager, now=now)
    assert Duty.objects.get(reference=case.reference, kind="extension").owner == cast.users["shen"]
    with pytest.raises(OwnRequest):
        cases.decide_extension(case, agreed=True, words="x", by=cast.manager, now=now)
    with pytest.raises(NotAllowed):
        cases.decide_extension(case, agreed=True, words="x", by=cast.engineer, now=now)
    cases.decide_extension(case, agreed=True, words="好", by=cast.director, now=now)
    assert fresh(case).solution_due_at == last_second(10, 12)


@pytest.mark.parametrize("until", [date(2026, 11, 30), date(2026, 11, 20), date(2027, 7, 1)])
def test_a_new_date_is_later_and_within_half_a_year(until: date, case: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongDay):
        cases.ask_extension(case, until=until, why="忙", by=cast.engineer, now=now)
