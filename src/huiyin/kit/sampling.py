"""Drawing by lot so that anybody can draw again: the same list and the same number give the same lots on any machine.

The list is sorted and written one item a line. Its SHA-256 can be told before the number is: then nobody can have
chosen the number to suit the list, nor the list to suit the number.
"""

import hashlib
from collections.abc import Iterable


def list_text(items: Iterable[str]) -> str:
    """The list as it is hashed: each item once, sorted by code point, one a line, with a line end after the last."""
    return "".join(f"{item}\n" for item in sorted(set(items)))


def list_digest(items: Iterable[str]) -> str:
    """SHA-256 (hex) of the list."""
    return hashlib.sha256(list_text(items).encode()).hexdigest()


def lot(number: str, digest: str, item: str) -> str:
    """The lot of one item: SHA-256 (hex) of `number:list digest:item`."""
    return hashlib.sha256(f"{number}:{digest}:{item}".encode()).hexdigest()


def drawn(items: Iterable[str], number: str, count: int) -> list[str]:
    """The `count` items with the smallest lots, in the order of their lots; all of them where there are fewer."""
    listed = set(items)
    digest = list_digest(listed)
    return sorted(listed, key=lambda item: lot(number, digest, item))[: max(count, 0)]
