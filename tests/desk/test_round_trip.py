"""Exports opened and saved by an office program, and read in by our own import (H5). LibreOffice without a window, where it is.

HUIYIN_WHOLE=1: it takes ten seconds to start.
"""

import csv
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from huiyin.desk.sheets import spreadsheet
from huiyin.kit.cells import as_typed, inert
from huiyin.kit.tables import sheets
from tests.desk.test_sheets_are_inert import HARMLESS, STARTS

OFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""
TEXTS = [
    *STARTS,
    *HARMLESS,
    "13800001111",
    "0012",
    "2026-1-2",
    "1/2",
    "TRUE",
    "㐂䶮𠮷ༀ",
    '"=1+1"',
    "a\n=1+1",
    "#REF!",
    "{=1+1}",
]
AS_UTF8 = "CSV:44,34,76,1"  # comma, quotation mark, UTF-8, from the first line
NUMBERS = ("-5", "+3.5", "12%", "13800001111", "0012", "2026-11-23", "2026-1-2", "1/2", "TRUE", "#REF!")

pytestmark = pytest.mark.skipif(
    not OFFICE or not os.environ.get("HUIYIN_WHOLE"), reason="HUIYIN_WHOLE=1, and an office program"
)


def opened_and_saved(path: Path, kind: str, *more: str) -> Path:
    """The file as the office program saves it."""
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = [
        OFFICE,
        profile,
        "--headless",
        *more,
        "--convert-to",
        kind,
        "--outdir",
        str(path.parent / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return path.parent / "out" / f"{path.stem}.{kind}"


def texts(path: Path) -> list[str]:
    """The second column as our import reads it, without the head."""
    return ["" if row[1] is None else str(row[1]) for row in sheets(path)[0].rows[1:]]


def live(path: Path, *more: str) -> int:
    """Cells that the office program holds for formulas, links or fields; it says so in its own flat format."""
    said = opened_and_saved(path, "fods", *more).read_text(encoding="utf-8")
    assert said.count("<table:table-row") >= len(TEXTS)
    return len(re.findall(r"table:formula=|<text:a |xlink:href=\"(?!http://www.w3|http://open)", said))


def test_a_workbook_of_ours_comes_back_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(spreadsheet("x", ["a", "b"], [["n", text] for text in TEXTS]))
    assert (live(path), texts(path), texts(opened_and_saved(path, "xlsx"))) == (0, TEXTS, TEXTS)


def test_a_csv_of_ours_comes_back_with_its_marks(tmp_path: Path) -> None:
    """Numbers and days are the office program's own from then on; \\r is a line end like any other."""
    path = tmp_path / "x.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream).writerows([["a", "b"], *(["n", inert(text)] for text in TEXTS)])
    back = [as_typed(text) for text in texts(opened_and_saved(path, "xlsx", f"--infilter={AS_UTF8}"))]
    pairs = [(text.replace("\r", "\n"), found) for text, found in zip(TEXTS, back, strict=True) if text not in NUMBERS]
    assert [(text, found) for text, found in pairs if text != found] == []
    assert (live(path, f"--infilter={AS_UTF8}"), [as_typed(text) for text in texts(path)]) == (0, TEXTS)
