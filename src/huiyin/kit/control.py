"""Signal or noise: the u-chart of counts over unequal bases. Pure.

The middle is ū = all counts / all bases; the limits of a point with base n are ū ± 3 √(ū / n), not below zero. Two rules speak
of a signal: one point outside its limits, or eight in a row on one side of the middle. Anything else is noise, up or down.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

RUN = 8
SIGMAS = 3


@dataclass(frozen=True)
class Point:
    """One period: how many, over which base, its rate and limits, and what it signals ("" = nothing)."""

    count: int
    base: float
    rate: float
    lower: float
    upper: float
    signal: str


@dataclass(frozen=True)
class Chart:
    mean: float
    points: tuple[Point, ...]

    @property
    def signals(self) -> tuple[str, ...]:
        """The kinds of signal in it, each once: `above`, `below` (a point outside), `run` (eight on one side)."""
        return tuple(dict.fromkeys(point.signal for point in self.points if point.signal))


def u_chart(counts: Sequence[int], bases: Sequence[float]) -> Chart:
    """The chart of counts over their bases, in the order of time. Points without a base have no limits and signal nothing."""
    whole = sum(bases)
    mean = sum(counts) / whole if whole > 0 else 0.0
    points, run, side = [], 0, 0
    for count, base in zip(counts, bases, strict=True):
        rate = count / base if base > 0 else 0.0
        reach = SIGMAS * math.sqrt(mean / base) if base > 0 else 0.0
        here = (rate > mean) - (rate < mean) if base > 0 else 0
        run, side = (run + 1, side) if here and here == side else (1 if here else 0, here)
        points.append(_point(count, base, rate, (max(mean - reach, 0.0), mean + reach), run))
    return Chart(mean, tuple(points))


def _point(count: int, base: float, rate: float, limits: tuple[float, float], run: int) -> Point:
    lower, upper = limits
    signal = "run" if run >= RUN else ""
    if base > 0 and rate > upper:
        signal = "above"
    elif base > 0 and rate < lower:
        signal = "below"
    return Point(count, base, rate, lower, upper, signal)
