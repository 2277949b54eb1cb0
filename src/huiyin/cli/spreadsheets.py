"""Reading spreadsheets of past messages: columns known by their usual headings, every row taken or named with its reason."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from huiyin.cases.actions import Past
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("留言编号", "编号", "工单编号", "受理编号", "序号", "number", "id"),
    "name": ("留言用户", "用户", "姓名", "顾客姓名", "反映人", "name", "user"),
    "subject": ("留言主题", "主题", "标题", "subject", "title"),
    "written_at": ("留言时间", "时间", "受理时间", "来访时间", "反映时间", "written at", "received_at", "date"),
    "words": ("留言详情", "详情", "内容", "情况说明", "反映内容", "text", "message", "situation"),
    "answer": ("答复意见", "答复", "回复", "处理结果", "回复内容", "answer", "reply"),
    "answered_at": ("答复时间", "回复时间", "办结时间", "answered at", "answered_at"),
}
NEEDED = ("words", "written_at")
LARGEST_FILE = 100 * 1024 * 1024
MOST_ROWS = 200_000
FORMS: tuple[str, ...] = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d",
)
FORMS += ("%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日", "%Y.%m.%d")
TITLE_ROWS = 10


class WrongSheet(Refusal):
    """A file that is no table of messages."""


class WrongRow(Refusal):
    """One row that cannot be taken."""


@dataclass(frozen=True)
class Row:
    """One row with its line in the file and what it became: a message, or the reason why not."""

    line: int
    past: Past | None
    reason: str = ""


def read(path: Path, *, kind: str, columns: Mapping[str, str]) -> list[Row]:
    """All rows below the headings. Refuses files that are no spreadsheet or lack the columns for words and time.

    `columns` maps our names to headings where a file uses others.
    """
    table = _table(path)
    head, places = _heads(table, columns)
    return list(_rows(table[head + 1 :], places, kind, first_line=head + 2))


def _table(path: Path) -> Sequence[Sequence[Any]]:
    if not path.is_file():
        raise WrongSheet(_("没有这个文件：%(path)s") % {"path": path}, "FILE")
    if path.stat().st_size > LARGEST_FILE:
        raise WrongSheet(_("文件太大：最多 100 MB。"), "FILE")
    table = _csv(path) if path.suffix.lower() in {".csv", ".tsv", ".txt"} else _workbook(path)
    if len(table) > MOST_ROWS:
        raise WrongSheet(_("行数太多：最多 %(most)s 行。") % {"most": MOST_ROWS}, "FILE")
    return table


def _workbook(path: Path) -> Sequence[Sequence[Any]]:
    try:
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as wrong:
        raise WrongSheet(_("这个文件不是能读的表格（支持 .xlsx 和 .csv）。"), "FILE") from wrong


def _csv(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise WrongSheet(_("文字编码看不懂：请存成 UTF-8 或 GBK。"), "FILE")
    if "\0" in text:
        raise WrongSheet(_("这个文件不是能读的表格（支持 .xlsx 和 .csv）。"), "FILE")
    csv.field_size_limit(1_000_000)
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as wrong:
        raise WrongSheet(_("这个文件不是能读的表格（支持 .xlsx 和 .csv）。"), "FILE") from wrong


def _heads(table: Sequence[Sequence[Any]], columns: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """The row of the headings (titles may stand above) and the column of each name."""
    known = {name: (*((columns[name],) if name in columns else ()), *headings) for name, headings in HEADINGS.items()}
    for at, row in enumerate(table[:TITLE_ROWS]):
        texts = [chinese.folded(str(cell)) for cell in row]
        places = {
            name: next(texts.index(chinese.folded(heading)) for heading in headings if chinese.folded(heading) in texts)
            for name, headings in known.items()
            if any(chinese.folded(heading) in texts for heading in headings)
        }
        if all(name in places for name in NEEDED):
            return at, places
    wanted = "、".join(HEADINGS[name][0] for name in NEEDED)
    raise WrongSheet(_("没有找到列：%(columns)s。请改表头，或用 --map 指明。") % {"columns": wanted}, "FILE")


def _rows(table: Sequence[Sequence[Any]], places: Mapping[str, int], kind: str, *, first_line: int) -> Iterator[Row]:
    for line, cells in enumerate(table, start=first_line):
        values = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(str(value).strip() for value in values.values()):
            continue
        try:
            yield Row(line, _past(values, kind))
        except Refusal as refusal:
            yield Row(line, None, str(refusal))


def _past(values: Mapping[str, Any], kind: str) -> Past:
    words = chinese.clean(_text(values.get("words", "")))
    if chinese.is_blank(words):
        raise WrongRow(_("没有内容"))
    answer = chinese.clean(_text(values.get("answer", "")))
    return Past(
        kind=kind,
        words=words,
        written_at=_instant(values["written_at"], _("留言时间")),
        subject=chinese.clean(_text(values.get("subject", ""))),
        number=_number(values.get("number", "")),
        name=chinese.clean(_text(values.get("name", "")))[:80],
        answer=answer,
        answered_at=_instant(values["answered_at"], _("答复时间")) if answer and values.get("answered_at") else None,
    )


def _text(value: Any) -> str:
    """A cell as it was meant: numbers that Excel made of numbers lose their .0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _number(value: Any) -> str:
    """The number in the old system: 1001.0 in a text file is the 1001 of the workbook it was saved from."""
    text = chinese.clean(_text(value))
    whole, _point, rest = text.partition(".")
    return whole if rest and not rest.strip("0") and whole.isdecimal() else text


def _instant(value: Any, name: str) -> datetime:
    """A time in the site's zone; a date without a time is its midnight."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time.min)
    else:
        found = _parsed(str(value).strip(), name)
    if not 2000 <= found.year <= 2100:
        raise WrongRow(_("%(name)s不在 2000 到 2100 年之间：%(value)s") % {"name": name, "value": str(value)[:40]})
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_default_timezone())


def _parsed(text: str, name: str) -> datetime:
    for form in FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added by the caller
        except ValueError:
            continue
    raise WrongRow(_("%(name)s看不懂：%(value)s") % {"name": name, "value": text[:40] or "–"})
