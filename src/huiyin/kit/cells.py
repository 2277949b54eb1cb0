"""Text in a spreadsheet file stays text: what a program would run when the file is opened is marked as words."""

import re

# Spreadsheet programs look for these after white space, invisible signs and controls; full-width forms count as well.
_LIVE = re.compile(r"^[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n\x00]")
_NUMBER = re.compile(r"^\s*[+-]?\d+([.,]\d+)*%?\s*$")


def inert(cell: object) -> object:
    """A cell for a .csv file: an apostrophe goes before what would become a formula. Numbers stay as they are."""
    if isinstance(cell, str) and _LIVE.match(cell) and not _NUMBER.match(cell):
        return "'" + cell
    return cell


def as_typed(cell: str) -> str:
    """What stood there before `inert`."""
    return cell[1:] if cell.startswith("'") and _LIVE.match(cell[1:]) else cell
