"""No spreadsheet of ours runs what somebody typed (H5)."""

import csv
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from huiyin.desk.sheets import spreadsheet
from huiyin.kit.cells import as_typed, inert

STARTS = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋cmd",
    "－1+x",
    "＠x",
]
STARTS += [
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "+8613800001111x",
    "-@x",
    "\x01=1",
    "@",
    "=",
    "\u202e=1",
]
HARMLESS = ["电梯坏了", "-5", "+3.5", "1-1-101", "a=b", "'x", "", "12%", "2026-11-23"]


@pytest.mark.parametrize("text", STARTS)
def test_a_formula_is_a_word(text: str) -> None:
    assert (inert(text), as_typed(str(inert(text)))) == ("'" + text, text)


def test_what_is_harmless_stays() -> None:
    assert [inert(one) for one in [*HARMLESS, 5, 2.5, None]] == [*HARMLESS, 5, 2.5, None]


def test_a_csv_comes_back_as_it_was() -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([[inert(text)] for text in STARTS + HARMLESS])
    stream.seek(0)
    assert [as_typed(row[0]) if row else "" for row in csv.reader(stream)] == STARTS + HARMLESS


def test_a_workbook_holds_no_formula() -> None:
    data = spreadsheet("x", ["a"], [[text] for text in [*STARTS, "{=1+1}"]])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert ("<f" in sheets.replace("<fitTo", ""), [str(row[0]).lstrip() for row in rows[1:6]]) == (
        False,
        [text.lstrip() for text in STARTS[:5]],
    )
