"""How alike short texts are, by the pairs of characters they share, and which of many belong together. Pure."""

from collections.abc import Callable, Sequence

from huiyin.kit.guessing import pairs


def masks(texts: Sequence[str]) -> list[int]:
    """Each text as a set of bits, one a pair, so that what two share is counted in one step."""
    places: dict[str, int] = {}
    return [sum(1 << places.setdefault(pair, len(places)) for pair in pairs(text)) for text in texts]


def percent_alike(one: int, other: int) -> int:
    """Shared pairs in percent of the average of both: 100 for the same, 0 for nothing in common or nothing to compare."""
    both = one.bit_count() + other.bit_count()
    return 200 * (one & other).bit_count() // both if both else 0


def clusters(count: int, belong: Callable[[int, int], bool]) -> list[list[int]]:
    """The places 0 to count-1 gathered so that whoever belongs to anybody of a cluster is in it. Single ones are left out."""
    root = list(range(count))

    def find(place: int) -> int:
        while root[place] != place:
            place = root[place] = root[root[place]]
        return place

    for one in range(count):
        for other in range(one + 1, count):
            if find(one) != find(other) and belong(one, other):
                root[find(other)] = find(one)
    gathered: dict[int, list[int]] = {}
    for place in range(count):
        gathered.setdefault(find(place), []).append(place)
    return [places for places in gathered.values() if len(places) > 1]
