"""What several handbooks mean together: limits, chains, subjects, forms."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huiyin.handbook import states
from huiyin.handbook.rules import Limit, Matter, Rulebook, defaults, shipped
from huiyin.handbook.schema import ChainStep, Handbook
from huiyin.handbook.states import CaseKind, LimitName
from huiyin.interactions.states import Channel as ChannelOfContact
from huiyin.interactions.states import ContactKind
from huiyin.kit.counting import explain
from huiyin.kit.workdays import published_calendar
from huiyin.organization.states import SiteKind

CALENDAR = published_calendar(2019, 2026)
ZONE = ZoneInfo("Asia/Shanghai")
HOUSING, OFFICE, COMPANY = shipped("student-housing"), shipped("management-office"), shipped("property-company")


def rules(*adopted: Handbook, site_kind: str = "residential") -> Rulebook:
    return Rulebook(adopted, defaults(), site_kind)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_the_language_knows_the_kinds_and_channels_of_the_program() -> None:
    assert list(get_args(CaseKind)) == ContactKind.values
    assert set(get_args(states.Channel)) == set(ChannelOfContact.values)
    assert list(get_args(states.SiteKind)) == SiteKind.values


@pytest.mark.clause("S1.4.2.a")
@pytest.mark.parametrize(
    ("received", "due", "why"),
    [
        ("2026-10-01T09:00", "2026-10-08T23:59:59", "2026-10-01 收到，当天不计；数 7 天，到 2026-10-08"),
        (
            "2025-10-01T23:50",
            "2025-10-09T23:59:59",
            "2025-10-01 收到，当天不计；数 7 天，到 2025-10-08；2025-10-08 是放假日，顺延到 2025-10-09",
        ),
        ("2026-11-20T00:00", "2026-11-27T23:59:59", "2026-11-20 收到，当天不计；数 7 天，到 2026-11-27"),
    ],
)
def test_a_solution_within_a_week_and_how_it_was_counted(received: str, due: str, why: str) -> None:
    limit = rules(HOUSING).limit("solution", "opinion")
    due_at, reasons, provisional = limit.due(at(received), CALENDAR)
    assert (due_at, explain(reasons), provisional) == (at(due), why, False)
    assert (limit.handbook, limit.clause, limit.ours) == ("student-housing", "S1.4.2.a", False)


def test_where_no_adopted_handbook_speaks_the_default_does_and_says_so() -> None:
    limit = rules(OFFICE, COMPANY).limit("solution", "complaint")
    assert limit == Limit("solution", 7, None, "calendar", "following", "", "", ours=True)
    _due_at, reasons, _provisional = limit.due(at("2026-11-20T08:00"), CALENDAR)
    assert [reason.code for reason in reasons] == ["received", "days", "ours"]


def test_an_enquiry_has_one_working_day() -> None:
    due_at, _why, _provisional = rules().limit("solution", "enquiry").due(at("2026-09-30T17:00"), CALENDAR)
    assert due_at == at("2026-10-08T23:59:59")


def test_hours_run_from_the_stated_time() -> None:
    due_at, _why, provisional = rules(COMPANY).limit("inform", "complaint").due(at("2026-10-01T23:30"), CALENDAR)
    assert (due_at, provisional) == (at("2026-10-02T01:30"), False)


@pytest.mark.parametrize(
    "name",
    [name for name in get_args(LimitName) if name not in {"follow_up", "update", "case_feedback", "measure_wanted"}],
)
@pytest.mark.parametrize("kind", get_args(CaseKind))
def test_every_kind_of_case_has_every_limit(name: str, kind: str) -> None:
    for book in (rules(), rules(HOUSING), rules(OFFICE, COMPANY)):
        asked = book.limit(name, kind).asked(name, at("2026-12-31T23:59:59"), CALENDAR, 1)
        assert asked.due_at >= asked.opens_at


def test_a_limit_on_the_last_second_of_its_day_is_not_over_before_it_began() -> None:
    start = at("2026-11-20T23:59:59") + timedelta(microseconds=500_000)
    asked = rules().limit("acknowledgement", "complaint").asked("acknowledgement", start, CALENDAR, 1)
    assert asked.due_at == asked.opens_at


def test_the_duty_of_a_limit_is_its_clause_and_a_default_has_none() -> None:
    start = at("2026-11-20T08:00")
    asked = rules(OFFICE).limit("follow_up", "complaint").asked("follow_up", start, CALENDAR, 7, period="2")
    assert (asked.handbook, asked.clause, asked.owner_id, asked.period) == ("management-office", "S3.2.3.a", 7, "2")
    asked = rules(OFFICE).limit("follow_up", "opinion").asked("follow_up", start, CALENDAR, 7)
    assert (asked.handbook, asked.clause) == ("", "")


def test_kinds_that_need_no_follow_up() -> None:
    assert rules(OFFICE).limit_or_none("follow_up", "enquiry") is None
    with pytest.raises(LookupError):
        rules(OFFICE).limit("follow_up", "enquiry")
    assert [limit.clause for limit in rules(COMPANY).limits("follow_up", "enquiry")] == ["S4.4.2.1.6.b"]


def test_an_urgency_shortens_beside_the_clause_which_keeps_its_own_date() -> None:
    book, start = rules(HOUSING), at("2026-11-20T08:00")
    limits = [(limit.hours, limit.days, limit.clause) for limit in book.limits("solution", "complaint", "danger")]
    assert limits == [(2, None, ""), (None, 7, "S1.4.2.a")]
    strands = book.strands("solution", Matter("complaint", "danger"), start, CALENDAR)
    assert [(one.clause, one.due_at) for one in strands] == [
        ("", at("2026-11-20T10:00")),
        ("S1.4.2.a", at("2026-11-27T23:59:59")),
    ]
    ours = rules(OFFICE).strands("solution", Matter("complaint", "serious"), start, CALENDAR)
    assert [(one.clause, one.due_at) for one in ours] == [("", at("2026-11-23T23:59:59"))]
    normal = book.strands("solution", Matter("complaint", "normal"), start, CALENDAR)
    assert normal == book.strands("solution", Matter("complaint"), start, CALENDAR)


@pytest.mark.parametrize(
    ("kind", "urgency", "minutes"),
    [
        ("complaint", "danger", (5, 15, 120, 30)),
        ("repair_request", "danger", (5, 15, 120, 30)),
        ("repair_request", "urgent", (15, 30, 24 * 60, 240)),
    ],
)
def test_what_is_urgent_is_counted_in_minutes(kind: str, urgency: str, minutes: tuple[int, ...]) -> None:
    start = at("2026-11-20T23:50")
    names = ("acknowledgement", "first_answer", "solution", "update")
    found = [rules().strands(name, Matter(kind, urgency, "web"), start, CALENDAR)[0] for name in names]
    counted = tuple(int((one.due_at - start).total_seconds() // 60) for one in found)
    assert counted == (min(minutes[0], 9), *minutes[1:])  # the day ends within ten minutes


@pytest.mark.parametrize("channel", ["email", "online_chat"])
def test_a_message_promises_an_answer_within_a_working_day(channel: str) -> None:
    found = rules(HOUSING).strands("first_answer", Matter("opinion", "", channel), at("2026-11-20T17:00"), CALENDAR)
    assert [(one.clause, one.due_at) for one in found] == [("S1.2.c", at("2026-11-23T23:59:59"))]
    plain = rules(HOUSING).strands("first_answer", Matter("opinion", "", "desk"), at("2026-11-20T17:00"), CALENDAR)
    assert [(one.clause, one.due_at) for one in plain] == [("", at("2026-11-22T23:59:59"))]


def test_what_is_answered_at_once_needs_no_word_in_between() -> None:
    assert rules(HOUSING).strands("update", Matter("enquiry"), at("2026-11-20T08:00"), CALENDAR) == []


def test_the_strictest_adopted_limit_leads_and_the_others_keep_their_clause() -> None:
    quick = msgspec.structs.replace(HOUSING.limits[0], days=3, counting="working")
    stricter = msgspec.structs.replace(HOUSING, id="stricter", limits=(quick,))
    found = rules(HOUSING, stricter).limits("solution", "complaint")
    assert [(limit.handbook, limit.days, limit.counting) for limit in found] == [
        ("stricter", 3, "working"),
        ("student-housing", 7, "calendar"),
    ]


def test_approval_of_the_digest() -> None:
    expected = (ChainStep("approve", "site_manager"),)
    assert [rules(*books).chain("complaint_digest") for books in ((), (OFFICE,), (OFFICE, COMPANY))] == [expected] * 3
    assert rules(OFFICE).chain("service_report") == ()


@pytest.mark.clause("S4.4.2.5.d", "S4.4.2.5.e")
def test_the_service_report_is_reviewed_and_then_ratified() -> None:
    assert rules(OFFICE, COMPANY).chain("service_report") == (
        ChainStep("review", "quality_officer"),
        ChainStep("ratify", "general_manager"),
    )


@pytest.mark.clause("S3.2.5.c", "S3.2.5.d", "S4.4.2.2.c", "S4.4.2.2.d")
def test_minutes_are_read_by_both_reviewers_and_approved_by_the_chair_who_is_a_customer() -> None:
    assert rules(OFFICE, COMPANY).chain("committee_minutes") == (
        ChainStep("read_review", "quality_officer"),
        ChainStep("read_review", "assistant_general_manager"),
        ChainStep("approve", "committee_chair"),
    )


@pytest.mark.clause("S4.4.2.1.4.b", "S3.2.10.d", "S3.2.11.b")
@pytest.mark.parametrize(
    ("quota", "base", "needed"),
    [
        ("follow_up_sample", 0, 0),
        ("follow_up_sample", 1, 1),
        ("follow_up_sample", 80, 8),
        ("follow_up_sample", 81, 9),
        ("mid_year_returns", 500, 250),
        ("year_end_returns", 101, 31),
    ],
)
def test_a_quota_is_rounded_up_and_nothing_is_needed_of_nothing(quota: str, base: int, needed: int) -> None:
    found = rules(OFFICE, COMPANY).quota(quota)
    assert found is not None
    assert found.needed(base) == needed


def test_which_hand_ins_wait_for_approval() -> None:
    book = rules(OFFICE, COMPANY)
    asked = partial(book.clauses_of, "complaint_digest", "submit")
    assert asked(every="month") == ("S3.2.3.c", "S4.4.2.1.6.c")
    assert asked(every="month", after="approve") == ("S4.4.2.1.6.d",)
    assert asked(every="week") == ("S4.4.2.1.5.a",)


def test_publication_of_the_digest() -> None:
    assert rules(OFFICE).display_days("complaint_digest") == 30
    publication = rules(OFFICE).publication("complaint_digest")
    assert publication is not None
    assert (publication.clause, publication.audience, publication.deidentified) == ("S3.2.3.d", "site", True)


@pytest.mark.clause("S1.3")
def test_student_housing_has_thirteen_subjects() -> None:
    assert len(rules(HOUSING, site_kind="student_housing").categories()) == 13


def test_subjects_are_named_in_the_language_of_the_reader() -> None:
    book = rules(OFFICE)
    assert (book.category_name("elevator"), book.category_name(""), book.category_name("gone")) == ("电梯", "", "gone")
    with translation.override("en"):
        assert book.category_name("elevator") == "Elevators"
        assert ("other", "Other") in book.categories()


def test_the_form_comes_from_the_handbook_that_controls_it() -> None:
    found = rules(OFFICE, COMPANY).form("complaint_handling_form")
    assert found is not None
    form, handbook = found
    assert (form.title, form.number, form.clause, handbook) == ("顾客意见处理表", "", "S4.F.1", "property-company")
    assert rules(OFFICE).form("nothing") is None


def test_the_ladder_of_reminders() -> None:
    rungs = [(rung.percent, rung.roles) for rung in rules(OFFICE).rungs()]
    assert rungs == [(50, ()), (80, ()), (100, ("site_manager",)), (150, ("director",))]


def test_channels_and_retention() -> None:
    friday, cases = datetime(2026, 11, 20, 10, tzinfo=ZONE), rules().retention("case")
    web = rules().promised("web", friday, CALENDAR)
    assert [one.due_at for one in web] == [datetime(2026, 11, 23, 23, 59, 59, tzinfo=ZONE)]  # the next working day
    assert cases is not None
    assert (cases.years, cases.counted_from) == (3, "closed")
    assert (rules().promised("interview", friday, CALENDAR), rules().retention("nothing")) == ([], None)


def test_the_recurring_duties_of_the_adopted() -> None:
    rows = rules(OFFICE, COMPANY).recurring(CALENDAR, date(2026, 10, 5), date(2026, 10, 5))
    rows = [row for row in rows if row.period == "2026-09"]
    assert [row.clause for row in rows] == ["S3.2.3.c", "S3.2.3.d", "S3.2.3.e", "S4.4.2.1.6.c", "S4.4.2.1.6.d"]
    asked = rows[0].asked()
    assert (asked.opens_at, asked.due_at) == (at("2026-10-01T00:00"), at("2026-10-05T23:59:59"))
    assert (asked.owner_role, asked.step, asked.period) == ("service_assistant", "submit", "2026-09")


DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 11, 30))


@given(DAYS, DAYS, st.sampled_from(["solution", "refer"]), st.sampled_from(get_args(CaseKind)))
def test_adding_a_holiday_never_shortens_a_limit(start: date, holiday: date, name: str, kind: str) -> None:
    limit = rules(HOUSING).limit(name, kind)
    more = replace(CALENDAR, days_off=CALENDAR.days_off | {holiday}, make_up=CALENDAR.make_up - {holiday})
    received = datetime(start.year, start.month, start.day, 12, tzinfo=ZONE)
    assert limit.due(received, more)[0] >= limit.due(received, CALENDAR)[0]
