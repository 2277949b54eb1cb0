"""What a small number may be said to show: intervals of shares, and quantiles of counted values."""

from collections.abc import Mapping
from math import sqrt

Z95 = 1.959963984540054  # of the normal distribution, for 95 %


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's formula, both ends between 0 and 1. Of nothing it says nothing: 0 to 1."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, Z95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The value that a share of the values did not exceed, interpolated between the two nearest; None of nothing.

    `counts` says how often each value occurs.
    """
    total = sum(counts.values())
    if not total:
        return None
    place = share * (total - 1)
    low = int(place)
    below, above = _at(counts, low), _at(counts, min(low + 1, total - 1))
    return below + (above - below) * (place - low)


def _at(counts: Mapping[int, int], rank: int) -> int:
    """The value at a place, from 0, among all values in order."""
    for value in sorted(counts):
        if rank < counts[value]:
            return value
        rank -= counts[value]
    raise LookupError(rank)
