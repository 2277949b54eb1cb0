"""Which characters the two printing fonts can set. The typesetter stays silent about the others and prints a gap."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

FACES = (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path())
_BREAKS = frozenset("\t\n")


def unsettable(text: str) -> set[str]:
    """The characters of a text for which neither face has a glyph: 𠮷, emoji and so on. Format characters need none."""
    return {char for char in set(text) if ord(char) not in _covered() and not _unseen(char)}


def settable(text: str) -> str:
    """The text as it can be printed: a character without a glyph shows its code, 〔U+20BB7〕, instead of vanishing."""
    spare = {ord(char): f"〔U+{ord(char):04X}〕" for char in unsettable(text)}
    unseen = {ord(char): "" for char in set(text) if _unseen(char) and char not in _BREAKS}
    return text.translate(spare | unseen) if spare or unseen else text


def _unseen(char: str) -> bool:
    """Characters that leave no ink: controls, joiners, variation selectors."""
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_selector or unicodedata.category(char) in {"Cc", "Cf"}


@cache
def _covered() -> frozenset[int]:
    """Code points with a glyph in one of the faces. Some 20 ms, once a process."""
    return frozenset().union(*(_code_points(face) for face in FACES))


def _code_points(face: Path) -> set[int]:
    """The keys of an OpenType file's character map, read from its segmented table (format 12)."""
    data = face.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    names = (struct.unpack_from(">4sIII", data, 12 + 16 * place) for place in range(tables))
    start: int = next(offset for name, _, offset, _ in names if name == b"cmap")
    maps = struct.unpack_from(">H", data, start + 2)[0]
    offsets = (start + struct.unpack_from(">HHI", data, start + 4 + 8 * place)[2] for place in range(maps))
    segmented: int = next(offset for offset in offsets if struct.unpack_from(">H", data, offset)[0] == 12)
    groups = struct.unpack_from(">I", data, segmented + 12)[0]
    spans = (struct.unpack_from(">III", data, segmented + 16 + 12 * place) for place in range(groups))
    return {code for first, last, glyph in spans for code in range(first, last + 1) if glyph + code - first}
