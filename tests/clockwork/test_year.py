"""A clock that is moved: whatever recurs is opened once, whoever owes it is reminded once, and nothing stops the rest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from huiyin.cases import actions as cases
from huiyin.cases.models import Event
from huiyin.clockwork import actions
from huiyin.clockwork.models import Backup, Heartbeat
from huiyin.clockwork.queries import heartbeat_age, status
from huiyin.clockwork.worker import JOBS, Job, run_jobs
from huiyin.demo.cast import Cast, settle
from huiyin.duties.actions import open_duties
from huiyin.duties.models import Duty, Nudge
from huiyin.duties.rules import Asked
from huiyin.interactions.actions import WAITS
from huiyin.interactions.gateways.failures import TryLater
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery
from huiyin.interactions.queries import worded
from huiyin.journal.queries import verify
from huiyin.kit.periods import Period
from huiyin.organization.models import User
from huiyin.reports.models import Report
from tests.acts import answer, fresh, take

ZONE = ZoneInfo("Asia/Shanghai")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 1, 1, 0, 5, tzinfo=ZONE)
CLAUSES = {
    "yulan": {"S3.2.3.c", "S3.2.3.d", "S3.2.3.e", "S4.4.2.1.6.c", "S4.4.2.1.6.d"},
    "hengtai": {"S3.2.3.c", "S3.2.3.d", "S3.2.3.e"},
    "xueyuan": set(),
}


@pytest.fixture
def town(db: None) -> Cast:
    return settle(now=START - 30 * DAY, households=1)


def days(first: datetime, count: int, *, step: int = 1) -> Iterator[datetime]:
    return (first + place * DAY for place in range(0, count, step))


def of_months() -> QuerySet[Duty]:
    return Duty.objects.filter(kind="complaint_digest").exclude(period__contains="W")


def opened() -> dict[tuple[str, str], set[str]]:
    """(site, month) -> the clauses that have a digest duty."""
    found: dict[tuple[str, str], set[str]] = {}
    for duty in of_months().select_related("site"):
        found.setdefault((duty.site.code, duty.period), set()).add(duty.clause)
    return found


def expected(first: str, last: str) -> dict[tuple[str, str], set[str]]:
    months = [Period.parse(first)]
    while str(months[-1]) != last:
        months.append(months[-1].next())
    return {(code, str(month)): CLAUSES[code] for code in CLAUSES if CLAUSES[code] for month in months}


@pytest.mark.clause("S3.2.3.c", "S4.4.2.1.6.c")
def test_a_year_of_days_opens_each_digest_once(town: Cast) -> None:
    """From the month before the adoption on; every second day, twice a day, over New Year and February."""
    for at in days(START, 368, step=2):
        for _run in range(2):
            actions.open_recurring(now=at)
    assert opened() == expected("2025-11", "2026-12")
    rows = of_months()
    assert rows.count() == 14 * (5 + 3)
    windows = {(duty.opens_at.astimezone(ZONE).day, duty.due_at.astimezone(ZONE).day) for duty in rows}
    assert windows == {(1, 5)}
    late = [
        duty
        for duty in rows
        if Period.parse(duty.period).next() != Period.month_of(duty.due_at.astimezone(ZONE).date())
    ]
    assert late == []


def test_two_months_of_sleep_lose_nothing(town: Cast) -> None:
    actions.open_recurring(now=START)
    actions.open_recurring(now=START + 61 * DAY)
    assert opened() == expected("2025-11", "2026-02")


def test_the_worker_drafts_each_digest_once_and_after_two_missed_months_all_of_them(town: Cast) -> None:
    for at in (START, START + HOUR, START + 31 * DAY, START + 31 * DAY + HOUR):
        actions.open_recurring(now=at)
        actions.draft_digests(now=at)
    months = ["2025-11", "2025-12", "2026-01"]
    found = sorted(Report.objects.exclude(period__contains="W").values_list("site__code", "period"))
    assert found == [(code, month) for code in ("hengtai", "yulan") for month in months]
    actions.open_recurring(now=START + 92 * DAY)
    actions.draft_digests(now=START + 92 * DAY)  # asleep from the 1st of February to the 3rd of April
    found = sorted(Report.objects.filter(site=town.site).exclude(period__contains="W").values_list("period", flat=True))
    assert found == [*months, "2026-02", "2026-03"]


def test_from_the_last_evening_of_december_into_january(town: Cast) -> None:
    evening = datetime(2026, 12, 31, 23, 59, tzinfo=ZONE)
    for at in (evening, evening + timedelta(minutes=2), evening + DAY):
        assert run_jobs(now=at) == []
    december = of_months().filter(site=town.site, period="2026-12").order_by("clause")
    assert {duty.due_at.astimezone(ZONE).isoformat() for duty in december} == {"2027-01-05T23:59:59+08:00"}
    assert {duty.clause for duty in december} == CLAUSES["yulan"]
    assert Report.objects.filter(site=town.site, period="2026-12").count() == 1


def test_nothing_is_opened_before_its_time(town: Cast) -> None:
    last_second = datetime(2026, 2, 28, 23, 59, 59, tzinfo=ZONE)
    actions.open_recurring(now=last_second)
    assert ("yulan", "2026-02") not in opened()
    actions.open_recurring(now=last_second + timedelta(seconds=1))
    assert ("yulan", "2026-02") in opened()


# ---- jobs


def test_a_job_that_fails_stops_no_other(db: None, now: datetime) -> None:
    done = []

    def fails(*, now: datetime) -> None:
        raise DatabaseError("gone")

    jobs = (
        Job("one", 1, lambda *, now: done.append("one")),
        Job("broken", 1, fails),
        Job("two", 1, lambda *, now: done.append("two")),
    )
    assert [run_jobs(jobs, now=now), run_jobs(jobs, now=now), done] == [
        ["broken"],
        ["broken"],
        ["one", "two", "one", "two"],
    ]


def test_all_jobs_run_twice_and_leave_the_same(cast: Cast, now: datetime) -> None:
    take(cast, now - 20 * DAY)

    def everything() -> list[int]:
        return [table.objects.count() for table in (Duty, Nudge, Delivery, Report, Event)]

    assert run_jobs(now=now) == []
    first = everything()
    assert [run_jobs(now=now), everything()] == [[], first]
    assert [verify().whole, len(JOBS)] == [True, 11]


def test_the_heartbeat_shows_within_two_minutes(db: None, now: datetime) -> None:
    assert [heartbeat_age(now), status(now)["worker"]["alive"]] == [None, False]
    for seconds in (0, 15):
        actions.beat(now=now + timedelta(seconds=seconds))
    assert [Heartbeat.objects.count(), heartbeat_age(now + timedelta(seconds=30))] == [1, 15.0]
    alive = [status(now + timedelta(seconds=15 + silent))["worker"]["alive"] for silent in (0, 119, 120, 600)]
    assert alive == [True, True, False, False]


def test_the_status_counts_what_waits(cast: Cast, now: datetime, post: Memory) -> None:
    actions.seal_journal(now=now)
    take(cast, now, email="zhang@example.com")
    actions.note_backup("/x", "d", 1, now=now)
    found = status(now)
    assert [found["queues"]["outbox"], found["queues"]["open_duties"]] == [{"waiting": 1, "dead": 0}, 5]
    assert [found["queues"]["unsealed"], found["migrations"], Backup.objects.count()] == [1, {"unapplied": 0}, 1]
    actions.seal_journal(now=now)
    assert [status(now)["queues"]["unsealed"], found["last_backup"]["path"]] == [0, "/x"]


def test_a_thousand_tries_deliver_once(cast: Cast, now: datetime, post: Memory) -> None:
    take(cast, now, email="zhang@example.com")
    post.troubles += [TryLater("down")] * len(WAITS)
    for minute in range(0, 400, 3):
        actions.deliver(now=now + timedelta(minutes=minute))
    assert len(post.sent) == 1


# ---- reminders


def nudged() -> list[tuple[int, str]]:
    return [(one.rung, one.to.username) for one in Nudge.objects.order_by("id").select_related("to")]


@pytest.fixture
def ten_days(cast: Cast, now: datetime) -> Duty:
    """A duty of ten days that the clerk owes."""
    asked = Asked("forum", now, now + 10 * DAY, owner_id=cast.users["chen"].pk)
    open_duties(cast.site, [asked])
    return Duty.objects.get()


def told(template: str) -> list[str]:
    rows = Delivery.objects.filter(template__endswith=template).order_by("id").select_related("to_user")
    return [str(row.to_user) for row in rows]


def test_each_rung_is_told_once(ten_days: Duty, cast: Cast, now: datetime) -> None:
    for hour in range(0, 24 * 20, 6):
        actions.nudge(now=now + hour * HOUR)
    assert nudged() == [(50, "chen"), (80, "chen"), (100, "zhou"), (150, "shen")]
    assert [told("reminder"), told("overdue")] == [["陈晓雯"] * 2, ["陈晓雯", "周建国", "陈晓雯", "沈国梁"]]


@pytest.mark.parametrize(
    ("after", "rungs"),
    [(4.9, []), (5, [50]), (7.9, [50]), (8, [80]), (9.9, [80]), (10, [100]), (15, [150]), (400, [150])],
)
def test_after_a_sleep_only_the_highest_rung_is_told(
    after: float, rungs: list[int], ten_days: Duty, now: datetime
) -> None:
    for _time in range(3):
        actions.nudge(now=now + after * DAY)
    assert [rung for rung, _who in nudged()] == rungs


def test_three_days_of_sleep_skip_what_is_stale(ten_days: Duty, now: datetime) -> None:
    """Told of the half on the 5th day, asleep over 80 % until the 10th day has ended."""
    for days_after in (5, 10.1, 10.2):
        actions.nudge(now=now + days_after * DAY)
    assert [rung for rung, _who in nudged()] == [50, 100]


@pytest.mark.parametrize("leaving", ["deactivated", "post ended"])
def test_when_the_owner_left_somebody_living_is_told(leaving: str, ten_days: Duty, cast: Cast, now: datetime) -> None:
    chen = cast.users["chen"]
    chen.posts.update(ended_on=now.date())
    if leaving == "deactivated":
        User.objects.filter(pk=chen.pk).update(is_active=False)
    actions.nudge(now=now + 5 * DAY)
    assert nudged() == [(50, "lin")]


def test_a_post_that_nobody_holds_falls_to_whoever_answers(cast: Cast, now: datetime) -> None:
    open_duties(cast.site, [Asked("forum", now, now + 10 * DAY, owner_role="cluster_supervisor")])
    actions.nudge(now=now + 5 * DAY)
    assert nudged() == [(50, "chen")]


def test_what_one_act_keeps_is_told_of_once_by_name(cast: Cast, now: datetime) -> None:
    owner = cast.users["chen"].pk
    asked = [Asked("forum", now, now + 10 * DAY, "hold", "2026Q4", "a", c, owner_id=owner) for c in ("1", "2", "3")]
    open_duties(cast.site, [*asked, Asked("event", now, now + 10 * DAY, "hold", "2026Q4", owner_id=owner)])
    assert [actions.nudge(now=now + 5 * DAY), len(nudged())] == [2, 4]
    assert [worded(one) for one in Delivery.objects.order_by("id")] == [
        ("座谈会 · 举行 · 2026年第4季度 快到期了", "玉兰苑 · 最迟 2026年12月3日。请打开办理。"),
        ("社区文化活动 · 举行 · 2026年第4季度 快到期了", "玉兰苑 · 最迟 2026年12月3日。请打开办理。"),
    ]


def test_what_is_done_lifted_or_history_reminds_nobody(ten_days: Duty, cast: Cast, now: datetime) -> None:
    owner = cast.users["chen"].pk
    more = [
        Asked("lifted", now, now + 10 * DAY, owner_id=owner),
        Asked("history", now, now + 10 * DAY, owner_id=owner, is_history=True),
        Asked("not begun", now + 90 * DAY, now + 100 * DAY, owner_id=owner),
    ]
    open_duties(cast.site, more)
    Duty.objects.filter(kind="forum").update(done_at=now)
    Duty.objects.filter(kind="lifted").update(not_applicable="x")
    assert [actions.nudge(now=now + 20 * DAY), nudged()] == [0, []]


def test_a_case_that_runs_over_is_escalated_to_the_manager_and_written_down(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "suggestion")
    cases.accept(fresh(case), by=cast.engineer, now=now)
    for day in range(20):
        actions.nudge(now=now + day * DAY)
    events = Event.objects.filter(case=case, kind="escalated").order_by("id")
    assert [event.values for event in events if event.values["clock"] == "solution"] == [
        {"clock": "solution", "rung": 100, "to": "王志强、周建国"},
        {"clock": "solution", "rung": 150, "to": "王志强、沈国梁"},
    ]
    assert {event.values["clock"] for event in events} == {"acknowledgement", "first_answer", "solution"}
    assert [event for event in events if event.is_public] == []


def test_an_answered_case_is_not_escalated(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now, "enquiry"), cast, now)
    for day in range(3, 30):
        actions.nudge(now=now + day * DAY)
    events = Event.objects.filter(case=case, kind="escalated")
    assert [event for event in events if event.values["clock"] != "follow_up"] == []
