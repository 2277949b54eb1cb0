"""Tables out of files people send: .xlsx, .xls and .csv, as sheets of cells. What is no table is refused, bombs included."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.kit import workbooks
from huiyin.kit.refusal import Refusal

Cell = str | float | int | bool | datetime | date | None
Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell (row, column), both within, counted from 0

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
TEXT_FILES = frozenset({".csv", ".tsv", ".txt"})
_LONGEST_WAIT = 90  # seconds


class WrongTable(Refusal):
    """A file that is no table, or too large a one."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows from the first one on, and which cells were merged (None: the file cannot tell)."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: tuple[Range, ...] | None = None


def sheets(path: Path, *, named: str = "") -> list[Sheet]:
    """All sheets of a file. `named`: what it was called where it comes from; its ending tells text from workbook.

    Refuses what is missing, larger than 20 MB, longer than 100,000 rows, wider than 200 columns, or no table at all.
    """
    if not path.is_file():
        raise WrongTable(_("没有这个文件：%(path)s") % {"path": path}, "FILE")
    if path.stat().st_size > LARGEST_FILE:
        raise WrongTable(_("文件太大：最多 %(size)s MB。") % {"size": LARGEST_FILE // 1024 // 1024}, "FILE")
    if Path(named or path.name).suffix.lower() in TEXT_FILES:
        return [Sheet("", _text_rows(path.read_bytes()))]
    return _workbook(path)


def _no_table() -> WrongTable:
    return WrongTable(_("这个文件不是能读的表格，或者大得读不了（支持 .xlsx、.xls 和 .csv）。"), "FILE")


def _workbook(path: Path) -> list[Sheet]:
    asked = [sys.executable, "-m", workbooks.__name__, str(path), str(MOST_COLUMNS), str(MOST_ROWS)]
    try:
        told = subprocess.run(asked, capture_output=True, timeout=_LONGEST_WAIT, check=False)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired:
        raise _no_table() from None
    if told.returncode == workbooks.TOO_WIDE:
        raise WrongTable(_("列数太多：最多 %(most)s 列。") % {"most": MOST_COLUMNS}, "FILE")
    if told.returncode == workbooks.TOO_LONG:
        raise WrongTable(_("行数太多：最多 %(most)s 行。") % {"most": MOST_ROWS}, "FILE")
    if told.returncode:
        raise _no_table()
    return list(_sheets(io.StringIO(told.stdout.decode("utf-8", "replace"))))


def _sheets(stream: io.StringIO) -> Iterator[Sheet]:
    sheet: Sheet | None = None
    for line in stream:
        told = json.loads(line)
        if isinstance(told, list):
            assert sheet is not None  # noqa: S101 - the reader says the sheet before its rows
            sheet.rows.append([_cell(cell) for cell in told])
            continue
        if sheet is not None:
            yield sheet
        merged = tuple((tuple(first), tuple(last)) for first, last in told["merged"])
        sheet = Sheet(told["sheet"], merged=merged)
    if sheet is not None:
        yield sheet


def _cell(told: Any) -> Cell:
    return datetime.fromisoformat(told["day"]) if isinstance(told, dict) else told


def _text_rows(data: bytes) -> list[list[Cell]]:
    """A .csv in UTF-8, GB18030 or UTF-16, separated by commas, semicolons or tabs, whichever the first lines hold most of."""
    text = _decoded(data)
    if "\0" in text:
        raise _no_table()
    csv.field_size_limit(1_000_000)
    head = text[:4000]
    separator = max(",;\t", key=head.count)
    try:
        rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as wrong:
        raise _no_table() from wrong
    if len(rows) > MOST_ROWS:
        raise WrongTable(_("行数太多：最多 %(most)s 行。") % {"most": MOST_ROWS}, "FILE")
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise WrongTable(_("列数太多：最多 %(most)s 列。") % {"most": MOST_COLUMNS}, "FILE")
    return rows


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongTable(_("文字编码看不懂：请存成 UTF-8 或 GBK。"), "FILE")
