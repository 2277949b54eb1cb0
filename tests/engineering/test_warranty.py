"""Phases and warranty ends: pure counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.engineering.rules import (
    COOLING,
    HEATING,
    Milestones,
    PartFacts,
    PhaseSpan,
    ProjectFacts,
    Season,
    WrongPart,
    WrongPhase,
    WrongSeason,
    check_milestones,
    check_part,
    phases,
    warranty_end,
)
from huiyin.engineering.states import LEAST, PartKind

TODAY = date(2026, 11, 23)
ACCEPTED = date(2021, 6, 1)
WINTER, SUMMER = Season.parse(HEATING), Season.parse(COOLING)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("structure", date(2071, 6, 1)),
        ("waterproofing", date(2026, 6, 1)),
        ("insulation", date(2026, 6, 1)),
        ("heating", date(2023, 3, 15)),
        ("cooling", date(2022, 9, 15)),
        ("services", date(2023, 6, 1)),
        ("fit_out", date(2023, 6, 1)),
    ],
)
def test_the_least_of_the_law(kind: str, end: date) -> None:
    """Quality Management Regulation §40; energy conservation §23. Accepted on 1 June 2021."""
    season = {"heating": WINTER, "cooling": SUMMER}.get(kind)
    least = LEAST[kind]
    assert warranty_end(kind, ACCEPTED, least.seasons or least.years, season) == end


@pytest.mark.parametrize(
    ("accepted", "end"),
    [
        (date(2021, 11, 14), date(2023, 3, 15)),
        (date(2021, 11, 15), date(2023, 3, 15)),
        (date(2021, 11, 16), date(2024, 3, 15)),
        (date(2022, 1, 10), date(2024, 3, 15)),
        (date(2022, 3, 16), date(2024, 3, 15)),
    ],
)
def test_a_season_already_running_does_not_count(accepted: date, end: date) -> None:
    assert warranty_end("heating", accepted, 2, WINTER) == end


def test_no_29_february_in_the_year_of_the_end() -> None:
    """Civil Code §202."""
    assert warranty_end("services", date(2024, 2, 29), 2, None) == date(2026, 2, 28)
    assert warranty_end("waterproofing", date(2020, 2, 29), 4, None) == date(2024, 2, 29)


@given(day=DAYS, count=st.integers(1, 10))
def test_so_many_whole_seasons_lie_between(day: date, count: int) -> None:
    for season in (WINTER, SUMMER):
        end = season.end_of_nth_whole(day, count)
        whole = sum(
            date(year, *season.first) >= day and date(year + (season.last < season.first), *season.last) <= end
            for year in range(day.year - 1, end.year + 1)
        )
        assert (whole, (end.month, end.day)) == (count, season.last)


@given(first=DAYS, second=DAYS, years=st.integers(1, 60))
def test_accepted_later_ends_no_earlier(first: date, second: date, years: int) -> None:
    first, second = sorted((first, second))
    assert warranty_end("services", first, years, None) <= warranty_end("services", second, years, None)
    assert warranty_end("heating", first, years, WINTER) <= warranty_end("heating", second, years, WINTER)


@pytest.mark.parametrize(
    "text", ["", "11-15", "11-15/02-30", "1-1/3-1", "13-01/01-01", "11-15/03-15x", "１１-15/03-15"]
)
def test_no_season(text: str) -> None:
    with pytest.raises(WrongSeason):
        Season.parse(text)


MILESTONES = Milestones(date(2019, 3, 1), date(2019, 9, 1), ACCEPTED, date(2021, 8, 1))


def part(kind: str, ends_on: date) -> PartFacts:
    return PartFacts(1, kind, kind, ACCEPTED, ends_on)


def test_phases_follow_one_another_half_open() -> None:
    parts = [part("structure", date(2071, 6, 1)), part("waterproofing", date(2026, 6, 1)), part("services", ACCEPTED)]
    spans = phases(MILESTONES, parts)
    assert spans == (
        PhaseSpan("bidding", date(2019, 3, 1), date(2019, 9, 1)),
        PhaseSpan("construction", date(2019, 9, 1), ACCEPTED),
        PhaseSpan("completion", ACCEPTED, date(2021, 8, 1)),
        PhaseSpan("warranty", date(2021, 8, 1), date(2026, 6, 2)),
    )
    facts = ProjectFacts(spans, tuple(parts), ACCEPTED, None)
    days = [date(2019, 2, 28), date(2019, 3, 1), date(2019, 9, 1), ACCEPTED, date(2026, 6, 1), date(2026, 6, 2)]
    assert [facts.phase_on(day) for day in days] == [None, "bidding", "construction", "completion", "warranty", None]
    assert [span.last for span in spans][-1] == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (Milestones(), []),
        (Milestones(completed_on=ACCEPTED), [("completion", None)]),
        (Milestones(completed_on=ACCEPTED, handed_over_on=ACCEPTED), [("warranty", None)]),
        (Milestones(construction_from=date(2026, 1, 1)), [("construction", None)]),
        (
            Milestones(date(2019, 3, 1), date(2019, 3, 1), None, None),
            [("construction", None)],
        ),
        (Milestones(date(2019, 3, 1), None, ACCEPTED, None), [("bidding", ACCEPTED), ("completion", None)]),
    ],
)
def test_phases_that_are_not_known_are_left_out(days: Milestones, expected: list[tuple[str, date | None]]) -> None:
    assert [(span.phase, span.end) for span in phases(days, [])] == expected


@given(dates=st.lists(DAYS, min_size=3, max_size=3), day=DAYS)
def test_a_day_lies_in_one_phase_at_most(dates: list[date], day: date) -> None:
    bidding, construction, completed = sorted(dates)
    spans = phases(
        Milestones(bidding, construction, completed, completed), [part("services", completed + timedelta(days=730))]
    )
    assert sum(span.contains(day) for span in spans) == (bidding <= day <= completed + timedelta(days=730))


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("construction_from", Milestones(date(2020, 1, 1), date(2019, 12, 31))),
        ("completed_on", Milestones(date(2020, 1, 1), None, date(2019, 12, 31))),
        ("handed_over_on", Milestones(None, None, ACCEPTED, ACCEPTED - timedelta(days=1))),
        ("completed_on", Milestones(None, None, None, ACCEPTED)),
        ("completed_on", Milestones(None, None, TODAY + timedelta(days=1))),
        ("handed_over_on", Milestones(None, None, ACCEPTED, TODAY + timedelta(days=1))),
        ("bidding_from", Milestones(date(9999, 12, 31))),
        ("construction_from", Milestones(None, date(1, 1, 1))),
    ],
)
def test_days_out_of_order_are_refused(field: str, days: Milestones) -> None:
    with pytest.raises(WrongPhase) as refused:
        check_milestones(days, today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize("kind", PartKind.values)
def test_shorter_than_the_law_is_refused(kind: str) -> None:
    least = LEAST[kind].seasons or LEAST[kind].years
    check_part(kind, ACCEPTED, least, completed_on=ACCEPTED, today=TODAY)
    for amount in (least - 1, 0, -1, 101):
        with pytest.raises(WrongPart) as refused:
            check_part(kind, ACCEPTED, amount, completed_on=ACCEPTED, today=TODAY)
        assert refused.value.field == "amount"


@pytest.mark.parametrize(
    ("starts_on", "completed_on"),
    [(ACCEPTED, None), (ACCEPTED - timedelta(days=1), ACCEPTED), (TODAY + timedelta(days=1), ACCEPTED)],
)
def test_a_warranty_begins_with_the_acceptance(starts_on: date, completed_on: date | None) -> None:
    with pytest.raises(WrongPart) as refused:
        check_part("services", starts_on, 2, completed_on=completed_on, today=TODAY)
    assert refused.value.field == "starts_on"
