"""Figures counted by the database are those one gets by looking at every case."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from huiyin.cases.models import Case
from huiyin.cases.queries import (
    Rate,
    figures,
    received_between,
    waiting_at,
    within_whole_days,
    words_of,
)
from huiyin.demo.cast import Cast
from tests import acts

DAY = timedelta(days=1)


def looked_at(seconds: list[float], share: float) -> float:
    """The quantile by hand: sorted, interpolated between the two nearest."""
    ordered = sorted(seconds)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round((ordered[low] + (ordered[high] - ordered[low]) * (place - low)) / 86_400, 1)


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_the_time_of_half_and_of_nine_tenths(count: int, cast: Cast, now: datetime) -> None:
    took = [Random(count * 100 + one).uniform(0, 20 * 86_400) for one in range(count)]
    for seconds in took:
        case = acts.take(cast, now - 25 * DAY)
        Case.objects.filter(pk=case.pk).update(answered_at=now - 25 * DAY + timedelta(seconds=seconds))
    acts.take(cast, now - 2 * DAY)
    counted = figures(received_between(cast.site, now - 30 * DAY, now), now=now)
    assert counted.received == count + 1
    assert [counted.median_days, counted.p90_days] == [looked_at(took, 0.5), looked_at(took, 0.9)]
    assert counted.within_168_hours == Rate(sum(one <= 7 * 86_400 for one in took), count + 1)


def test_whole_days_count_from_midnight_to_midnight(cast: Cast, now: datetime) -> None:
    """Received at ten in the morning: the last second of the seventh day counts, the first of the eighth does not."""
    for days, hours in ((7, 13.99), (7, 14.01), (0, 1)):
        case = acts.take(cast, now - 25 * DAY)
        answered = now - 25 * DAY + days * DAY + timedelta(hours=hours)
        Case.objects.filter(pk=case.pk).update(answered_at=answered)
    acts.take(cast, now - 25 * DAY)
    assert within_whole_days(received_between(cast.site, now - 30 * DAY, now)) == Rate(2, 4)


def test_nothing_has_no_time(cast: Cast, now: datetime) -> None:
    counted = figures(received_between(cast.site, now - DAY, now), now=now)
    assert [counted.received, counted.median_days, counted.p90_days] == [0, None, None]


def test_what_is_due_is_the_base(cast: Cast, now: datetime) -> None:
    acts.close(acts.take(cast, now - 20 * DAY), cast, now - 20 * DAY)
    acts.answer(acts.take(cast, now - 15 * DAY), cast, now - 15 * DAY)
    acts.take(cast, now - 10 * DAY)
    acts.take(cast, now - DAY)
    cases = received_between(cast.site, now - 30 * DAY, now)
    counted = figures(cases, now=now)
    assert [counted.received, counted.solution_on_time] == [4, Rate(2, 3)]


@pytest.mark.parametrize("count", [1, 3])
def test_figures_take_three_queries(count: int, cast: Cast, now: datetime, django_assert_num_queries: Any) -> None:
    for _one in range(count):
        acts.answer(acts.take(cast, now - 5 * DAY), cast, now - 5 * DAY)
    with django_assert_num_queries(3):
        figures(received_between(cast.site, now - 30 * DAY, now), now=now)


def test_what_waits_at_a_site(cast: Cast, now: datetime) -> None:
    late = acts.take(cast, now - 20 * DAY)
    acts.close(acts.take(cast, now - 20 * DAY), cast, now - 20 * DAY)
    acts.take(cast, now)
    assert waiting_at(cast.site, cast.clerk, now=now) == {"open": 2, "overdue": 1}
    assert waiting_at(cast.site, cast.stranger, now=now) == {"open": 0, "overdue": 0}
    assert words_of([late.reference_id]) == {late.reference_id: acts.WORDS}
