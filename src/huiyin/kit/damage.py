"""What spreadsheet programs do to what people type: numbers with .0, exponents, room numbers turned into days."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from huiyin.kit import chinese
from huiyin.kit.tables import Cell

_WHOLE = re.compile(r"(\d+)\.0+")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,3}")
_DAY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_FULL_DAY = re.compile(r"(?P<year>[1-9]\d{3})[-/年.](?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})日?(?: 0?0:00(?::00)?)?")
_MONTHS = {"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6}
_MONTHS |= {"JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12}
_ENGLISH_DAY = re.compile(r"(?P<day>\d{1,2})-(?P<name>[A-Z]{3})")
_FIRST_SERIAL, _LAST_SERIAL = 36526, 55153  # 2000-01-01 to 2050-12-31 as spreadsheet programs count days
_EPOCH = date(1899, 12, 30)
_NUMBERS = re.compile(r"\d[\d \-]{5,}\d")


def as_text(cell: Cell) -> str:
    """A cell as it was meant, cleaned and half-width: 13800000000.0 is a number without a point, '0301 is 0301."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, int | date):
        return str(cell)
    text = chinese.half_width(cell).lstrip("'`‘’").strip()
    whole = _WHOLE.fullmatch(text)
    if whole:
        return whole[1]
    return _unfolded(text) if _EXPONENT.fullmatch(text) else text


def _unfolded(text: str) -> str:
    """1.38001380012E+10 is a whole number still; 1.38E+10 has lost its digits and stays as it is."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    _sign, digits, exponent = value.as_tuple()
    return str(int(value)) if isinstance(exponent, int) and exponent == 0 and len(digits) < 20 else text


def has_lost_digits(text: str) -> bool:
    """Whether this is what is left of a long number: 1.38E+10."""
    return bool(_EXPONENT.fullmatch(text))


def typed_before(cell: Cell) -> list[str]:
    """What may have been typed where a spreadsheet program made a day of it: 3月1日 was 3-1; a day in 2502 was 3-2502.

    Empty where the cell is no day. Several where it cannot be told.
    """
    found = _as_day(cell)
    return list(dict.fromkeys(_readings(*found))) if found else []


def _readings(year: int | None, month: int, day: int) -> Iterator[str]:
    if year is None or 2000 <= year <= 2100:
        yield from (f"{month}-{day}", f"{month}-{day:02d}")
    if year is not None and 1930 <= year <= 2029:
        yield from (f"{year % 100}-{month}-{day}", f"{year % 100}-{month}-{day:02d}")
    if year is not None and day == 1:
        yield f"{month}-{year}"


def _as_day(cell: Cell) -> tuple[int | None, int, int] | None:
    if isinstance(cell, date):
        return cell.year, cell.month, cell.day
    text = as_text(cell).upper()
    hit = _DAY.fullmatch(text) or _FULL_DAY.fullmatch(text)
    if hit:
        named = hit.groupdict()
        return int(named["year"]) if named.get("year") else None, int(named["month"]), int(named["day"])
    english = _ENGLISH_DAY.fullmatch(text)
    if english and english["name"] in _MONTHS:
        return None, _MONTHS[english["name"]], int(english["day"])
    return None


def as_serial(cell: Cell) -> date | None:
    """The day a bare number like 45352 stands for in a spreadsheet program; None for numbers that are none."""
    text = as_text(cell)
    if len(text) != 5 or not text.isdecimal() or not _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return None
    return _EPOCH + timedelta(days=int(text))


def day_of(cell: Cell) -> date | None:
    """A day that is meant as one: a date cell, 2024-3-1, 2024年3月1日, 2024.3.1, 20240301, 45352. None for anything else."""
    if isinstance(cell, datetime):
        return cell.date()
    text = as_text(cell)
    hit = _FULL_DAY.fullmatch(text) or re.fullmatch(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)", text)
    if not hit:
        return as_serial(cell)
    try:
        return date(int(hit["year"]), int(hit["month"]), int(hit["day"]))
    except ValueError:
        return None


def without_numbers(text: str) -> str:
    """For a report: a long run of digits keeps its first three and last two signs, of an identity card the first three."""
    return _NUMBERS.sub(lambda hit: _shortened(hit.group()), text)


def _shortened(run: str) -> str:
    digits = "".join(sign for sign in run if sign.isdecimal())
    return digits[:3] + "****" + (digits[-2:] if len(digits) <= 13 else "")
