"""The u-chart by hand-counted numbers."""

import math

import pytest

from huiyin.kit.control import u_chart


def test_middle_and_limits_follow_the_base() -> None:
    """ū = 12 / 6 = 2 a thousand households; a small base has wide limits, never below zero."""
    chart = u_chart([4, 8], [2.0, 4.0])
    assert chart.mean == 2.0
    assert [(p.lower, p.upper) for p in chart.points] == [(0.0, 2 + 3.0), (0.0, 2 + 3 * math.sqrt(0.5))]
    assert chart.signals == ()


@pytest.mark.clause("S4.4.2.1.5.b")
def test_one_point_outside_is_a_signal() -> None:
    chart = u_chart([10] * 9 + [40], [1.0] * 10)
    assert [point.signal for point in chart.points][-1] == "above"
    assert chart.signals[-1:] == ("above",)


@pytest.mark.clause("S4.4.2.1.5.b")
def test_eight_on_one_side_are_a_signal_and_seven_are_not() -> None:
    assert [p.signal for p in u_chart([9] * 7 + [11] * 7, [1.0] * 14).points] == [""] * 14
    signals = [p.signal for p in u_chart([9] * 8 + [11] * 8, [1.0] * 16).points]
    assert signals == [""] * 7 + ["run"] + [""] * 7 + ["run"]


def test_a_point_on_the_middle_ends_a_run() -> None:
    counts = [9, 9, 9, 9, 10, 9, 9, 9, 9, 11, 11, 11, 11, 11, 11, 11, 11]
    assert sum(counts) / len(counts) == 10.0
    assert [p.signal for p in u_chart(counts, [1.0] * 17).points][:9] == [""] * 9


def test_below_its_limits_is_a_signal_too_and_without_a_base_nothing_is() -> None:
    assert u_chart([100, 100, 100, 20], [1.0] * 4).points[3].signal == "below"
    empty = u_chart([3, 0], [0.0, 0.0])
    assert (empty.mean, empty.signals) == (0.0, ())
    assert u_chart([], []).points == ()
