"""The clocks of a case: pure arithmetic on its log, and a ledger that says the same."""

import os
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import clocks_of, timeline
from huiyin.cases.rules.clocks import CLOCKS, Clock, Happened, clocks
from huiyin.cases.rules.triage import Triage
from huiyin.cases.states import Waiting
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.handbook.rules import Rulebook, defaults, shipped
from huiyin.interactions.states import ContactKind
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import published_calendar
from tests import acts
from tests.acts import fresh, take

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HISTORIES = int(os.environ.get("HUIYIN_HISTORIES", "75"))  # a seed; 250 make a thousand
CALENDAR = published_calendar(2019, 2026)
RULES = Rulebook((shipped("student-housing"),), defaults(), "student_housing")


def ledger(case: Case) -> set[tuple[Any, ...]]:
    rows = Duty.objects.filter(reference=case.reference, kind__in=CLOCKS)
    return {
        (
            one.kind,
            one.opens_at,
            one.due_at,
            one.clause,
            one.moved_to,
            one.done_at,
            bool(one.not_applicable),
            one.rests_since,
        )
        for one in rows
        if not one.not_applicable
    }


def from_log(case: Case) -> set[tuple[Any, ...]]:
    found = clocks_of(case, timeline(case))
    return {
        (one.name, one.starts_at, one.due_at, one.clause, one.moved_to, one.met_at, one.given_up, one.rests_since)
        for one in found
        if not one.given_up
    }


def due(case: Case, kind: str) -> list[datetime]:
    rows = Duty.objects.filter(reference=case.reference, kind=kind).order_by("id")
    return [one.due_at.astimezone(ZONE) for one in rows]


def open_kinds(case: Case) -> set[str]:
    return set(
        Duty.objects.filter(reference=case.reference, done_at=None, not_applicable="").values_list("kind", flat=True)
    )


# ---- the log and the ledger agree


def acts_for(case: Case, cast: Cast, dice: random.Random, now: datetime) -> list[Any]:
    """Everything somebody might do next, as calls."""
    day = (now + dice.randint(1, 20) * DAY).date()
    by, boss = cast.engineer, cast.manager
    found = Triage(dice.random() < 0.1, dice.choice([None, 1, 2, 3, 4]))
    return [
        lambda: cases.acknowledge(case, way="phone", by=cast.clerk, now=now),
        lambda: cases.update(case, text="还在等配件。", by=by, now=now),
        lambda: cases.arrive(case, by=by, now=now),
        lambda: cases.triage(case, found=found, by=by, now=now),
        lambda: cases.pause(case, reason=dice.choice(Waiting.values), told="等一等", until=day, by=by, now=now),
        lambda: cases.resume(case, by=by, now=now),
        lambda: cases.ask_extension(case, until=day, why="要换整台", by=by, now=now),
        lambda: cases.decide_extension(case, agreed=dice.random() < 0.7, words="好", by=boss, now=now),
        lambda: cases.accept(case, by=by, now=now),
        lambda: cases.take(acts.contact(cast, channel=dice.choice(["email", "phone"])), joins=case, by=NOBODY, now=now),
        lambda: cases.object_to(case, words="还是不行", by=NOBODY, now=now),
        lambda: cases.second_look(
            case, verdict=dice.choice(["upheld", "changed"]), words="看过了", by=cast.actor("shen"), now=now
        ),
        *([lambda: cases.solve(case, plan="换", by=by, now=now)] if dice.random() < 0.5 else []),
        *([lambda: cases.answer(case, text="好了", by=by, now=now)] if dice.random() < 0.5 else []),
        *([lambda: cases.refer(case, to="市局", why="超出权限", by=boss, now=now)] if dice.random() < 0.2 else []),
        *([lambda: cases.reopen(case, why="又坏了", by=boss, now=now)] if dice.random() < 0.5 else []),
        lambda: cases.follow_up(case, result="dissatisfied", channel="phone", by=cast.colleague, now=now),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_histories_say_the_same_as_the_ledger(seed: int, cast: Cast, now: datetime) -> None:
    """Every beginning of a history is a history: after each act the log is worked out anew and compared."""
    dice, histories = random.Random(seed), 0
    while histories < HISTORIES:
        kind = dice.choice(ContactKind.values)
        urgency = dice.choice(["", "", "serious", "urgent", "danger"])
        at = now + dice.randint(0, 40) * DAY
        channel = dice.choice(["phone", "web", "email"])
        words = acts.contact(cast, kind, channel=channel)
        case = cases.take(words, by=dice.choice([NOBODY, cast.clerk]), now=at, urgency=urgency).case
        assert case is not None
        for _act in range(12):
            at += dice.choice([timedelta(0), timedelta(minutes=7), HOUR, 9 * HOUR, DAY, 3 * DAY])
            try:
                dice.choice(acts_for(fresh(case), cast, dice, at))()
            except Refusal:
                continue
            histories += 1
            assert ledger(case) == from_log(fresh(case)), (seed, histories, [one.kind for one in timeline(case)])


# ---- properties of the arithmetic

AT = datetime(2026, 9, 21, 10, 30, tzinfo=ZONE)
STEPS = st.lists(
    st.tuples(st.sampled_from(["paused", "resumed", "updated", "extended", "triaged"]), st.integers(0, 72)), max_size=8
)


def log_of(steps: list[tuple[str, int]], channel: str = "web") -> list[Happened]:
    log, at = [Happened("taken", AT, "link:portal", {"channel": channel})], AT
    for kind, hours in steps:
        at += hours * HOUR
        values = {"until": (at + 9 * DAY).date().isoformat(), "urgency": "serious"}
        log.append(Happened(kind, at, "staff:1", values))
    return log


def worked(log: list[Happened], kind: str = "complaint", calendar: Any = CALENDAR) -> list[Clock]:
    return clocks(log, kind, lambda _day: RULES, calendar)


def solutions(log: list[Happened], calendar: Any = CALENDAR) -> list[datetime]:
    return [one.runs_until for one in worked(log, calendar=calendar) if one.name == "solution" and one.clause]


@given(STEPS, st.dates(date(2026, 9, 21), date(2026, 11, 30)))
def test_a_further_holiday_never_moves_a_date_earlier(steps: list[tuple[str, int]], holiday: date) -> None:
    more = replace(CALENDAR, days_off=CALENDAR.days_off | {holiday}, make_up=CALENDAR.make_up - {holiday})
    before, after = solutions(log_of(steps)), solutions(log_of(steps), more)
    assert len(before) == len(after) == 1
    assert after[0] >= before[0]


@given(STEPS, st.integers(0, 200))
def test_a_pause_makes_nothing_late_that_was_in_time(steps: list[tuple[str, int]], hours: int) -> None:
    plain = [step for step in steps if step[0] not in {"paused", "resumed"}]
    without = log_of(plain)
    end = without[-1].at + hours * HOUR
    paused = [*without, Happened("paused", without[-1].at, "staff:1", {}), Happened("resumed", end, "staff:1", {})]
    assert solutions(paused)[0] >= solutions(without)[0]
    solved = Happened("solved", end, "staff:1", {})
    late_without, late_paused = (
        any(one.is_over(end) for one in worked([*log, solved]) if one.name == "solution" and one.clause)
        for log in (without, paused)
    )
    assert late_paused <= late_without


@given(STEPS)
def test_pausing_and_going_on_at_once_changes_nothing(steps: list[tuple[str, int]]) -> None:
    log = log_of([step for step in steps if step[0] not in {"paused", "resumed"}])
    at = log[-1].at
    same = [*log, Happened("paused", at, "system", {}), Happened("resumed", at, "system", {})]
    assert worked(same) == worked(log)


def test_a_pause_stops_the_solution_alone_by_whole_days() -> None:
    paused = Happened("paused", AT + DAY, "staff:1", {"reason": "parts"})
    rows = {one.name: one for one in worked([*log_of([]), paused]) if one.is_open}
    assert [rows["solution"].rests_since, rows["update"].rests_since] == [AT + DAY, None]
    assert rows["update"].due_at == datetime(2026, 9, 28, 23, 59, 59, tzinfo=ZONE)  # off 25 to 27 September
    resumed = Happened("resumed", AT + 3 * DAY + 14 * HOUR, "staff:1")  # half past midnight: the third midnight
    assert solutions([*log_of([]), paused, resumed]) == [
        datetime(2026, 10, 8, 23, 59, 59, tzinfo=ZONE)
    ]  # 1 to 7 October are off


def test_a_pause_after_the_date_saves_nothing() -> None:
    log = [*log_of([]), Happened("paused", AT + 8 * DAY, "staff:1"), Happened("resumed", AT + 20 * DAY, "staff:1")]
    rows = [one for one in worked(log) if one.name == "solution"]
    assert [(one.moved_to, one.is_over(AT + 20 * DAY)) for one in rows] == [(None, True)]


def test_only_people_are_heard() -> None:
    for signature, open_ones in (("system", 3), ("link:portal", 3), ("service:1", 2), ("staff:1", 2)):
        rows = worked([*log_of([]), Happened("updated", AT + HOUR, signature)])
        assert len({one.name for one in rows if one.is_open} - {"update"}) == open_ones, signature


# ---- the ledger


def test_four_clocks_start_with_the_case(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    assert open_kinds(case) == {"acknowledgement", "first_answer", "update", "solution", "acceptance"}
    days = {
        kind: (due(case, kind)[0].date() - now.date()).days
        for kind in ("acknowledgement", "first_answer", "update", "solution")
    }
    assert days == {"acknowledgement": 0, "first_answer": 1, "update": 3, "solution": 7}


@pytest.mark.parametrize(
    ("channel", "waits"), [("phone", False), ("desk", False), ("comment_book", True), ("email", True)]
)
def test_whoever_is_spoken_to_has_been_answered_that_it_came(
    channel: str, waits: bool, cast: Cast, now: datetime
) -> None:
    case = take(cast, now, by=cast.clerk, channel=channel)
    assert ("acknowledgement" in open_kinds(case)) == waits


def test_the_automatic_receipt_is_no_human_answer_and_a_slip_is(cast: Cast, now: datetime) -> None:
    case = take(cast, now, email="zhang@example.com")
    assert "acknowledgement" in open_kinds(case)
    cases.acknowledge(case, way="slip", by=cast.clerk, now=now + HOUR)
    duty = Duty.objects.get(reference=case.reference, kind="acknowledgement")
    assert [duty.done_at, case.events.get(kind="acknowledged").values] == [now + HOUR, {"way": "slip"}]


def test_a_word_starts_the_next_one_until_the_answer(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    for days in (1, 4):
        cases.update(case, text="配件在路上。", by=cast.engineer, now=now + days * DAY)
    assert [(one - now).days for one in due(case, "update")] == [3, 4, 7]
    assert "first_answer" in open_kinds(case)
    cases.answer(case, text="修好了。", by=cast.engineer, now=now + 5 * DAY)
    assert open_kinds(case) == {"follow_up"}
    rows = Duty.objects.filter(reference=case.reference, kind="update").order_by("id")
    assert [one.done_at for one in rows] == [now + DAY, now + 4 * DAY, now + 5 * DAY]


@pytest.mark.clause("S1.2.c")
def test_a_mail_has_an_owner_and_a_clock_and_so_has_the_next_one(cast: Cast, now: datetime) -> None:
    site = cast.sites["xueyuan"]
    case = take(cast, now, "enquiry", site=site, place="", channel="email", email="a@example.com")
    duty = Duty.objects.get(reference=case.reference, kind="first_answer")
    assert [duty.clause, duty.owner, duty.due_at.astimezone(ZONE).date()] == [
        "S1.2.c",
        case.accountable,
        date(2026, 11, 24),
    ]
    answered = cases.answer(case, text="周五下午。", by=cast.actor("yang"), now=now + HOUR)
    cases.take(
        acts.contact(cast, site=site, place="", channel="email"), joins=fresh(answered), by=NOBODY, now=now + DAY
    )
    assert open_kinds(case) == {"reply"}
    cases.update(fresh(case), text="收到，不客气。", by=cast.actor("yang"), now=now + DAY + HOUR)
    reply = Duty.objects.get(reference=case.reference, kind="reply")
    assert [reply.clause, reply.owner, reply.done_at, open_kinds(case)] == [
        "S1.2.c",
        case.accountable,
        now + DAY + HOUR,
        set(),
    ]


def test_being_there_is_the_first_answer_of_a_repair(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "repair_request")
    cases.arrive(case, by=cast.engineer, now=now + HOUR, words="关了水阀")
    done = Duty.objects.filter(reference=case.reference, done_at=now + HOUR).values_list("kind", flat=True)
    assert sorted(done) == ["acknowledgement", "first_answer", "update"]
    with pytest.raises(Refusal):
        cases.arrive(take(cast, now), by=cast.engineer, now=now)


def test_history_has_no_clocks(cast: Cast, now: datetime) -> None:
    case = take(cast, now, by=cast.manager, is_history=True, occurred_at=now - 90 * DAY)
    assert [Duty.objects.filter(reference=case.reference).count(), clocks_of(case, timeline(case))] == [0, []]


def test_reassessed_at_the_ledger_and_in_the_log(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.triage(case, found=Triage(is_safety=True), by=cast.clerk, now=now + HOUR)
    assert {kind: min(due(case, kind)) - now for kind in ("first_answer", "update", "solution")} == {
        "first_answer": HOUR + timedelta(minutes=15),
        "update": HOUR + timedelta(minutes=30),
        "solution": 3 * HOUR,
    }
    assert ledger(case) == from_log(case)
