"""Recurring duties become dated ones, and each date can be explained."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huiyin.handbook.rules import Facts, ImpossibleSpan, Planned, Span, WrongSiteKind, due_of, planned, shipped, upon
from huiyin.handbook.schema import Handbook, When
from huiyin.kit.counting import explain
from huiyin.kit.periods import Period
from huiyin.kit.workdays import Calendar, published_calendar

CALENDAR = published_calendar(2019, 2026)
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def only(book: Handbook, *kinds: str, every: str = "") -> Handbook:
    """A handbook with its duties of these kinds."""
    duties = tuple(duty for duty in book.recurring if duty.kind in kinds and every in {"", duty.every})
    return msgspec.structs.replace(book, recurring=duties)


OFFICE = only(shipped("management-office"), "complaint_digest")
COMPANY = only(shipped("property-company"), "complaint_digest", every="month")


@pytest.mark.clause("S3.2.3.c", "S3.2.3.d", "S3.2.3.e")
def test_the_digest_of_september_is_due_on_the_fifth_though_it_is_a_holiday() -> None:
    rows = planned([OFFICE], "residential", CALENDAR, date(2026, 10, 1), date(2026, 10, 31))
    told = [(row.clause, row.kind, row.step, row.period, row.opens, row.due, row.provisional) for row in rows]
    opens, due = date(2026, 10, 1), date(2026, 10, 5)
    assert CALENDAR.is_holiday(due)
    assert told == [
        ("S3.2.3.c", "complaint_digest", "submit", "2026-09", opens, due, False),
        ("S3.2.3.d", "complaint_digest", "publish", "2026-09", opens, due, False),
        ("S3.2.3.e", "complaint_digest", "file", "2026-09", opens, due, False),
    ]


@pytest.mark.clause("S4.4.2.1.6.c", "S4.4.2.1.6.d")
def test_the_company_asks_for_two_hand_ins_by_the_fifth() -> None:
    rows = planned([COMPANY], "single_owner", CALENDAR, date(2026, 1, 1), date(2026, 1, 31))
    assert [(row.clause, row.step, row.period, row.due, row.owner) for row in rows] == [
        ("S4.4.2.1.6.c", "submit", "2025-12", date(2026, 1, 5), "service_assistant"),
        ("S4.4.2.1.6.d", "submit", "2025-12", date(2026, 1, 5), "site_manager"),
    ]


def test_the_reasons_say_that_the_day_counts_and_what_is_ours() -> None:
    submit, publish, _file = planned([OFFICE], "residential", CALENDAR, date(2026, 10, 1), date(2026, 10, 31))
    assert explain(submit.why) == "当月 5 日为止，含当日，不顺延"
    assert explain(publish.why) == "当月 5 日为止，含当日，不顺延；原文没有写期限，这是我们定的默认值"


def test_each_clause_gives_one_row_a_month_and_handbooks_are_not_merged() -> None:
    rows = planned([OFFICE, COMPANY], "residential", CALENDAR, date(2026, 1, 1), date(2026, 12, 31))
    assert len(rows) == 12 * 5
    assert len({(row.clause, row.period) for row in rows}) == len(rows)
    assert [row.due for row in rows] == sorted(row.due for row in rows)


def test_the_series_crosses_new_year_and_a_leap_day() -> None:
    rows = planned([OFFICE], "residential", CALENDAR, date(2023, 12, 31), date(2024, 3, 31))
    periods = [(row.period, row.due) for row in rows if row.step == "submit"]
    assert periods == [("2023-12", date(2024, 1, 5)), ("2024-01", date(2024, 2, 5)), ("2024-02", date(2024, 3, 5))]


def test_both_ends_of_the_span_belong_to_it() -> None:
    due = date(2026, 10, 5)
    assert len(planned([OFFICE], "residential", CALENDAR, due, due)) == 3
    assert planned([OFFICE], "residential", CALENDAR, due + timedelta(days=1), due + timedelta(days=20)) == []


def test_a_step_without_a_clause_gives_no_row() -> None:
    steps = {row.step for row in planned([OFFICE], "residential", CALENDAR, date(2026, 1, 1), date(2026, 12, 31))}
    assert [step.step for step in OFFICE.recurring[0].steps] == ["draft", "submit", "publish", "file"]
    assert steps == {"submit", "publish", "file"}


def test_a_duty_for_other_sites_is_left_out() -> None:
    office_only = msgspec.structs.replace(OFFICE.recurring[0], site_kinds=("single_owner",))
    book = msgspec.structs.replace(OFFICE, recurring=(office_only,))
    assert planned([book], "residential", CALENDAR, date(2026, 1, 1), date(2026, 12, 31)) == []


def test_a_handbook_for_other_sites_is_refused() -> None:
    with pytest.raises(WrongSiteKind):
        planned([OFFICE], "engineering", CALENDAR, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 2, 1), date(2026, 1, 1)), (date.min, date(2026, 1, 1)), (date(2026, 1, 1), date.max)],
)
def test_an_impossible_span_is_refused(first: date, last: date) -> None:
    with pytest.raises(ImpossibleSpan):
        planned([OFFICE], "residential", CALENDAR, first, last)


def span(name: str) -> Span:
    period = Period.parse(name)
    return Span(name, period.first, period.last)


def by(due: When, every: str) -> Handbook:
    """The office's handbook with one step, due by another rule."""
    submit = msgspec.structs.replace(OFFICE.recurring[0].steps[1], due=due, opens=When(days_after=1))
    duty = msgspec.structs.replace(OFFICE.recurring[0], every=every, steps=(submit,))
    return msgspec.structs.replace(OFFICE, recurring=(duty,))


@pytest.mark.parametrize(
    ("year", "due"), [(2019, 16), (2020, 19), (2021, 18), (2022, 17), (2023, 16), (2024, 16), (2025, 17), (2026, 16)]
)
def test_the_eighth_working_day_of_october(year: int, due: int) -> None:
    rows = planned(
        [by(When(nth_working_day=8), "quarter")], "residential", CALENDAR, date(year, 10, 1), date(year, 10, 31)
    )
    assert [(row.period, row.due, row.provisional) for row in rows] == [(f"{year}Q3", date(year, 10, due), False)]


def test_a_working_day_of_an_unpublished_year_is_provisional() -> None:
    book = by(When(nth_working_day=8), "quarter")
    (row,) = planned([book], "residential", CALENDAR, date(2030, 1, 1), date(2030, 3, 31))
    assert (row.period, row.provisional) == ("2029Q4", True)


def test_a_week_is_due_so_many_days_after_it_ended() -> None:
    rows = planned([by(When(days_after=1), "week")], "residential", CALENDAR, date(2026, 12, 28), date(2027, 1, 4))
    assert [(row.period, row.due) for row in rows] == [("2026-W52", date(2026, 12, 28)), ("2026-W53", date(2027, 1, 4))]


@pytest.mark.parametrize(
    ("rule", "due", "codes"),
    [
        (When(day=5), date(2026, 10, 5), ["by_day"]),
        (When(day=5, inclusive=False), date(2026, 10, 4), ["before_day"]),
        (When(day=5, roll="following"), date(2026, 10, 8), ["by_day", "rolled_on"]),
        (When(day=5, roll="preceding"), date(2026, 9, 30), ["by_day", "rolled_back"]),
        (When(day=31, month=2), date(2026, 11, 30), ["by_day"]),
        (When(day=20, month=0), date(2026, 9, 20), ["by_day"]),
        (When(days_after=10), date(2026, 10, 10), ["days_after"]),
        (When(working_days_after=3), date(2026, 10, 10), ["counted_from", "working_days"]),
        (When(day_of_period=3), date(2026, 9, 3), ["day_of_period"]),
        (When(days_before_end=0), date(2026, 9, 30), ["last_day"]),
        (When(days_before_end=10), date(2026, 9, 20), ["days_before_end"]),
        (When(days_before_end=99), date(2026, 9, 1), ["days_before_end"]),
        (When(nth_working_day=10, no_later_than=18), date(2026, 10, 18), ["nth_working_day", "no_later_than"]),
        (When(nth_working_day=8, no_later_than=18), date(2026, 10, 16), ["nth_working_day"]),
    ],
)
def test_each_way_to_name_a_day(rule: When, due: date, codes: list[str]) -> None:
    found = due_of(span("2026-09"), rule, CALENDAR)
    assert (found.day, [reason.code for reason in found.reasons]) == (due, codes)
    assert explain(found.reasons)


DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))


@given(DAYS, st.integers(1, 15), st.integers(1, 10))
def test_adding_a_holiday_never_moves_a_working_day_deadline_earlier(holiday: date, n: int, month: int) -> None:
    more = replace(CALENDAR, days_off=CALENDAR.days_off | {holiday}, make_up=CALENDAR.make_up - {holiday})
    about = span(f"2026-{month:02d}")
    assert due_of(about, When(nth_working_day=n), more).day >= due_of(about, When(nth_working_day=n), CALENDAR).day


@given(DAYS, st.integers(1, 20), st.integers(1, 10))
def test_adding_a_holiday_never_moves_a_deadline_after_a_period_earlier(holiday: date, n: int, month: int) -> None:
    more = replace(CALENDAR, days_off=CALENDAR.days_off | {holiday}, make_up=CALENDAR.make_up - {holiday})
    about, rule = span(f"2026-{month:02d}"), When(working_days_after=n)
    assert due_of(about, rule, more).day >= due_of(about, rule, CALENDAR).day


@given(DAYS, st.integers(1, 28))
def test_adding_a_holiday_never_moves_a_fixed_date_that_does_not_roll(holiday: date, day: int) -> None:
    more = Calendar(CALENDAR.days_off | {holiday}, CALENDAR.make_up, CALENDAR.published)
    assert due_of(span("2026-03"), When(day=day), more).day == date(2026, 4, day)


# ---- the five procedures as they stand


def dated(book: str, kind: str, step: str, years: range, site_kind: str = "residential") -> list[tuple[str, date]]:
    rows = planned([shipped(book)], site_kind, CALENDAR, date(years[0], 1, 1), date(years[-1], 12, 31))
    return [(row.period, row.due) for row in rows if (row.kind, row.step) == (kind, step)]


@pytest.mark.clause("S4.4.2.5.c")
def test_the_hand_in_of_the_service_report_by_the_calendars_of_eight_years() -> None:
    october = {2019: 16, 2020: 19, 2021: 18, 2022: 17, 2023: 16, 2024: 16, 2025: 17, 2026: 16}
    found = dict(dated("property-company", "service_report", "submit", range(2019, 2027)))
    assert {year: found[f"{year}Q3"].day for year in october} == october
    assert [found[period] for period in ("2025Q4", "2026Q1", "2026Q2")] == [
        date(2026, 1, 13),
        date(2026, 4, 13),
        date(2026, 7, 10),
    ]


@pytest.mark.clause("S4.4.2.5.f", "S3.2.6a")
def test_the_service_report_is_public_by_the_18th_and_by_the_20th() -> None:
    quarters = [("2025Q4", 1), ("2026Q1", 4), ("2026Q2", 7), ("2026Q3", 10)]
    for book, day in (("property-company", 18), ("management-office", 20)):
        found = dated(book, "service_report", "publish", range(2026, 2027))
        assert found == [(period, date(2026, month, day)) for period, month in quarters]
    assert dated("management-office", "service_report", "publish", range(2026, 2027), "single_owner") == []


@pytest.mark.clause("S3.2.6b.i", "S3.2.6b.ii")
def test_the_brief_of_last_month_by_the_third_where_there_is_one_owner() -> None:
    for step in ("draft", "submit"):
        found = dated("management-office", "client_brief", step, range(2026, 2027), "single_owner")
        assert [due for _period, due in found] == [date(2026, month, 3) for month in range(1, 13)]
        assert found[0][0] == "2025-12"
        assert dated("management-office", "client_brief", step, range(2026, 2027)) == []


@pytest.mark.clause("S4.4.2.1.5.a")
def test_a_week_of_complaints_every_monday() -> None:
    weekly = [
        row for row in dated("property-company", "complaint_digest", "submit", range(2026, 2027)) if "W" in row[0]
    ]
    assert len(weekly) == 52
    assert {due.weekday() for _week, due in weekly} == {0}
    assert weekly[0] == ("2026-W01", date(2026, 1, 5))


@pytest.mark.clause("S3.2.5.a", "S4.4.2.2.a")
def test_the_talk_with_the_committee_quarterly_and_half_yearly() -> None:
    assert [due.month for _q, due in dated("management-office", "committee_talk", "hold", range(2026, 2027))] == [
        3,
        6,
        9,
        12,
    ]
    assert [due.month for _h, due in dated("property-company", "committee_talk", "hold", range(2026, 2027))] == [6, 12]


@pytest.mark.clause("S3.2.10.a", "S3.2.11.a", "S4.4.2.6")
def test_the_surveys_have_their_windows() -> None:
    rows = planned([shipped("management-office"), shipped("property-company")], "residential", CALENDAR, *YEAR)
    windows = {row.kind: (row.opens, row.due) for row in rows if row.kind.endswith("survey")}
    assert windows == {
        "mid_year_survey": (date(2026, 5, 1), date(2026, 7, 31)),
        "year_end_survey": (date(2026, 10, 1), date(2026, 12, 31)),
        "annual_survey": (date(2026, 10, 1), date(2026, 11, 30)),
    }


@pytest.mark.clause("S1.2.a")
def test_a_semester_follows_the_calendar_of_its_site_else_the_usual_one() -> None:
    term = Span("2026-2027-1", date(2026, 8, 31), date(2027, 1, 15))
    of_site = planned([shipped("student-housing")], "student_housing", CALENDAR, *YEAR, facts=Facts(terms=(term,)))
    later = planned(
        [shipped("student-housing")],
        "student_housing",
        CALENDAR,
        date(2027, 1, 1),
        date(2027, 12, 31),
        facts=Facts(terms=(term,)),
    )
    assert forums(of_site) == [("2025-2026-1", date(2026, 1, 20), True), ("2025-2026-2", date(2026, 7, 10), True)]
    assert forums(later) == [("2026-2027-1", date(2027, 1, 15), False), ("2026-2027-2", date(2027, 7, 10), True)]


def forums(rows: list[Planned]) -> list[tuple[str, date, bool]]:
    """(semester, due, whether the usual terms were taken) of the forums; the questionnaires go with them."""
    told = {
        kind: [
            (row.period, row.due, "usual_terms" in [why.code for why in row.why]) for row in rows if row.kind == kind
        ]
        for kind in ("forum", "survey")
    }
    assert told["forum"] == told["survey"]
    return told["forum"]


@pytest.mark.clause("S2.2.4.a", "S2.2.2.a", "S2.2.2.c")
def test_parts_under_warranty_and_the_phases_of_a_project() -> None:
    part = Span("roof", date(2021, 6, 1), date(2026, 5, 31))
    built = Span("construction", date(2020, 1, 1), date(2021, 5, 31))
    facts = Facts(phases=(built,), parts=(part,))
    book = shipped("engineering-project")
    last = planned([book], "engineering", CALENDAR, *YEAR, facts=facts)
    assert [(row.kind, row.clause, row.scope, row.due) for row in last] == [
        ("warranty_visit", clause, "part:roof", date(2026, 5, 1)) for clause in ("S2.2.4.a", "S2.2.4.b")
    ]
    first = planned([book], "engineering", CALENDAR, date(2021, 1, 1), date(2021, 12, 31), facts=facts)
    quarterly = [(row.period, row.step, row.due) for row in first if row.kind == "quarterly_satisfaction"]
    assert quarterly == [
        ("2020Q4", "file", date(2021, 1, 8)),
        ("2021Q1", "close", date(2021, 3, 31)),
        ("2021Q1", "file", date(2021, 4, 8)),
        ("2021Q2", "close", date(2021, 6, 30)),
        ("2021Q2", "file", date(2021, 7, 7)),
    ]


def test_what_is_not_there_makes_a_duty_not_applicable_with_its_reason() -> None:
    facts = Facts(lacking=(("owners_committee", "没有成立业委会"),))
    rows = planned([shipped("management-office")], "residential", CALENDAR, *YEAR, facts=facts)
    assert {row.kind for row in rows if row.lacking} == {"committee_talk"}


@pytest.mark.clause("S3.2.5.b", "S3.2.5.c", "S3.2.5.d", "S3.2.5.e")
def test_a_committee_meeting_sets_off_its_minutes() -> None:
    rows = upon(
        [shipped("management-office")], "residential", "committee_meeting", date(2026, 3, 10), calendar=CALENDAR
    )
    assert [(row.clause, row.step, row.due, row.owner) for row in rows] == [
        ("S3.2.5.b", "draft", date(2026, 3, 11), "site_manager"),
        ("S3.2.5.c", "review", date(2026, 3, 12), "quality_officer"),
        ("S3.2.5.d", "ratify", date(2026, 3, 13), "committee_chair"),
        ("S3.2.5.e", "publish", date(2026, 3, 13), "site_manager"),
    ]


def test_what_comes_with_an_occasion_is_in_no_plan() -> None:
    for book, kind in (("management-office", "residential"), ("engineering-project", "engineering")):
        rows = planned([shipped(book)], kind, CALENDAR, *YEAR)
        assert {row.kind for row in rows}.isdisjoint({"committee_minutes", "visit_finding", "tender_review"})


def test_a_year_of_a_residential_site_counts_as_the_procedures_do() -> None:
    books = [shipped(name) for name in ("management-office", "property-company", "residential-community")]
    rows = planned(books, "residential", CALENDAR, *YEAR)
    acts = {(row.kind, row.step, row.period) for row in rows}
    counted = Counter((kind, step, Period.parse(period).kind) for kind, step, period in acts)
    assert counted == {
        ("complaint_digest", "submit", "week"): 52,
        ("complaint_digest", "review", "week"): 52,
        ("complaint_digest", "submit", "month"): 12,
        ("complaint_digest", "publish", "month"): 12,
        ("complaint_digest", "file", "month"): 12,
        ("follow_up_sample", "close", "month"): 12,
        **{("service_report", step, "quarter"): 4 for step in REPORT_STEPS},
        ("committee_talk", "hold", "quarter"): 4,
        ("committee_talk", "hold", "half"): 2,
        **{("consultation_meeting", step, "half"): 2 for step in ("draft", "publish", "hold", "file")},
        ("event", "hold", "quarter"): 4,
        ("event_plan", "submit", "year"): 1,
        ("event_plan", "ratify", "year"): 1,
        ("mid_year_survey", "close", "year"): 1,
        ("year_end_survey", "close", "year"): 1,
        ("annual_survey", "close", "year"): 1,
        ("visit_round", "close", "year"): 1,
    }


REPORT_STEPS = ("draft", "finance_section", "submit", "review", "ratify", "publish")


@given(DAYS)
def test_one_sites_calendar_never_changes_anothers(day: date) -> None:
    book = shipped("student-housing")
    before = planned([book], "student_housing", CALENDAR, *YEAR)
    theirs = Facts(terms=(Span("2025-2026-2", date(2026, 1, 1), day),))
    planned([book], "student_housing", CALENDAR, *YEAR, facts=theirs)
    assert planned([book], "student_housing", CALENDAR, *YEAR) == before


def test_every_planned_date_explains_itself_in_both_languages() -> None:
    for name in ("management-office", "property-company", "residential-community"):
        for row in planned([shipped(name)], "residential", CALENDAR, *YEAR):
            zh = explain(row.why)
            with translation.override("en"):
                assert explain(row.why) not in {zh, ""}
