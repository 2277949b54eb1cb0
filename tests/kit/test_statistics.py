"""Intervals and quantiles against values that are known from elsewhere, and by sorting."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kit.statistics import quantile, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(31, 38, 0.6658, 0.9078), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    assert (wilson(0, 0), quantile({}, 0.5)) == ((0.0, 1.0), None)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_a_quantile_of_counts_is_that_of_the_sorted_values(values: list[int], share: float) -> None:
    ordered, place = sorted(values), share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    by_hand = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    assert quantile(Counter(values), share) == by_hand
