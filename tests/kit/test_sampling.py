"""A draw that anybody can repeat: on another machine, in another order, with nothing but a SHA-256."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from huiyin.kit.sampling import drawn, list_digest, list_text, lot

ITEMS = [f"SX26-{serial:06d}" for serial in range(1, 41)]


def test_the_same_number_draws_the_same_in_any_order() -> None:
    assert drawn(ITEMS, "20261123", 5) == drawn(reversed(ITEMS), "20261123", 5)
    assert drawn([*ITEMS, *ITEMS], "20261123", 5) == drawn(ITEMS, "20261123", 5)


def test_the_draw_by_hand() -> None:
    """The three lines of docs/audit.md."""
    digest = hashlib.sha256("".join(f"{item}\n" for item in sorted(ITEMS)).encode()).hexdigest()
    by_hand = sorted(ITEMS, key=lambda item: hashlib.sha256(f"20261123:{digest}:{item}".encode()).hexdigest())
    assert drawn(ITEMS, "20261123", 7) == by_hand[:7]
    assert (list_digest(ITEMS), list_text(["b", "a"])) == (digest, "a\nb\n")


def test_these_lots_are_fixed_for_ever() -> None:
    assert drawn(["a", "b", "c", "d"], "7", 2) == ["d", "a"]
    assert lot("7", list_digest(["a"]), "a")[:8] == hashlib.sha256(f"7:{list_digest(['a'])}:a".encode()).hexdigest()[:8]


def test_another_list_is_another_draw() -> None:
    assert list_digest(ITEMS) != list_digest(ITEMS[:-1])
    assert drawn(ITEMS, "1", 10) != drawn(ITEMS, "2", 10)


def test_no_more_than_there_are_and_no_fewer_than_none() -> None:
    assert (sorted(drawn(ITEMS, "1", 99)), drawn(ITEMS, "1", 0), drawn(ITEMS, "1", -3), drawn([], "1", 3)) == (
        ITEMS,
        [],
        [],
        [],
    )


@given(
    st.sets(st.text(alphabet="abc0123电", min_size=1), max_size=30),
    st.text("0123456789", min_size=1),
    st.integers(0, 30),
)
def test_a_larger_draw_begins_with_the_smaller_one(items: set[str], number: str, count: int) -> None:
    assert drawn(items, number, count + 5)[:count] == drawn(items, number, count)
    assert set(drawn(items, number, count)) <= items


def test_every_item_has_its_chance() -> None:
    taken = {item for number in range(400) for item in drawn(ITEMS, str(number), 4)}
    assert taken == set(ITEMS)
