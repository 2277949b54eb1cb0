"""One published year of days off and make-up days, read from a file or a form and judged before anything is kept.

A file says four things, in TOML, JSON or CSV (docs/calendar.md): year, source, days_off, make_up. Days are written
2027-02-05, 2027-02-05..2027-02-11, 2月5日 or 2月5日至11日. Pure but for reading the bytes it is given.
"""

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import DAY, SATURDAY, statutory_days

LARGEST_FILE = 100_000  # bytes
LONGEST_RANGE = 31  # days
LONGEST_SOURCE = 120
MOST_FAULTS = 20
YEARS = range(2001, 2100)
WORDS = {"年份": "year", "来源": "source", "放假": "days_off", "休": "days_off", "上班": "make_up", "班": "make_up"}
KEYS = ("year", "source", "days_off", "make_up")


@dataclass(frozen=True)
class Schedule:
    """A published year that may be kept: every day inside it, nothing twice, nothing both off and made up."""

    year: int
    source: str
    days_off: tuple[date, ...]
    make_up: tuple[date, ...]


@dataclass(frozen=True)
class Said:
    """Something a file or form says, as it is written there. Line 0 = not at one place."""

    text: str
    line: int = 0


@dataclass
class Draft:
    """What was said, not yet judged."""

    year: Said = field(default_factory=lambda: Said(""))
    source: Said = field(default_factory=lambda: Said(""))
    days_off: list[Said] = field(default_factory=list)
    make_up: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """What is wrong: under which key, in which line (0 = as a whole), in words."""

    key: str
    line: int
    reason: str


class WrongSchedule(Refusal):
    """Nothing of the file is kept. `faults` tells each place; the message names file, line and reason of the first twenty."""

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line == 0, fault.line)))
        shown = [self._worded(name, fault) for fault in self.faults[:MOST_FAULTS]]
        super().__init__("\n".join(shown), "FILE")

    @staticmethod
    def _worded(name: str, fault: Fault) -> str:
        values = {"name": name, "line": fault.line, "reason": fault.reason}
        return gettext("%(name)s 第 %(line)s 行：%(reason)s") % values if fault.line else f"{name}: {fault.reason}"


def read(name: str, data: bytes) -> Draft:
    """What a file says. `name` decides how it is read: .toml, .json or .csv. Refuses what cannot be read."""
    if len(data) > LARGEST_FILE:
        raise WrongSchedule(name, [Fault("", 0, gettext("文件太大：一年的放假安排不到一页。"))])
    text = _decoded(name, data)
    readers = {".toml": _from_toml, ".json": _from_json, ".csv": _from_csv}
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending not in readers:
        raise WrongSchedule(name, [Fault("", 0, gettext("只认 .toml、.json、.csv 文件。"))])
    draft, faults = Draft(), list[Fault]()
    for fault in readers[ending](text, draft):
        faults.append(fault)
    if faults:
        raise WrongSchedule(name, faults)
    return draft


def checked(draft: Draft, name: str = "") -> Schedule:
    """The schedule, or a refusal with everything that is wrong."""
    faults = list[Fault]()
    year = _year(draft.year, faults)
    source = _source(draft.source, faults)
    days_off = list(_days("days_off", draft.days_off, year, faults))
    make_up = list(_days("make_up", draft.make_up, year, faults))
    faults += _judged(year, days_off, make_up)
    if faults:
        raise WrongSchedule(name, faults)
    off, worked = ({day for day, _line in days} for days in (days_off, make_up))
    return Schedule(year, source, tuple(sorted(off)), tuple(sorted(worked)))


def typed(text: str) -> list[Said]:
    """The days somebody typed into a form or copied from a notice, line by line: weekdays in brackets are left out."""
    plain = re.sub(r"[(（][^)）\n]*[)）]|放假(?:调休)?|调休|上班|共\d+天", "", text)
    return [
        Said(part, line)
        for line, row in enumerate(plain.splitlines(), start=1)
        for part in re.split(r"[\s,，、;；。]+", row)
        if part
    ]


def _decoded(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongSchedule(name, [Fault("", 0, gettext("不是文本文件。"))])


def _from_toml(text: str, draft: Draft) -> Iterator[Fault]:
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:
        place = re.search(r"line (\d+)", str(wrong))
        yield Fault(
            "", int(place[1]) if place else text.count("\n") + 1, gettext("这里不是 TOML：%(why)s") % {"why": wrong}
        )
        return
    yield from _from_table(content, text, draft)


def _from_json(text: str, draft: Draft) -> Iterator[Fault]:
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as wrong:
        yield Fault("", getattr(wrong, "lineno", 0), gettext("这里不是 JSON：%(why)s") % {"why": wrong})
        return
    if not (isinstance(pairs, list) and all(isinstance(pair, tuple) for pair in pairs)):
        yield Fault("", 1, gettext("最外面要是 { … }，里面写 year、source、days_off、make_up。"))
        return
    names = [name for name, _value in pairs]
    for name in {name for name in names if names.count(name) > 1}:
        yield Fault(name, _line_of_key(text, name)[0], gettext("“%(key)s”写了两次") % {"key": name})
    yield from _from_table(dict(pairs), text, draft)


def _from_table(content: dict[str, Any], text: str, draft: Draft) -> Iterator[Fault]:
    for name, value in content.items():
        key, (line, position) = WORDS.get(name, name), _line_of_key(text, name)
        if key not in KEYS:
            yield _unknown(name, line)
        elif key in {"year", "source"}:
            setattr(draft, key, Said(_plain(value), line))
        elif not isinstance(value, list):
            yield Fault(key, line, gettext("“%(key)s”要是一列日子：[ … ]") % {"key": name})
        else:
            getattr(draft, key).extend(_located(value, text, position))


def _located(values: list[Any], text: str, position: int) -> Iterator[Said]:
    """Each entry of a list with the line it stands in, searched from where the list begins."""
    for value in values:
        said = _plain(value)
        found = text.find(said, position)
        if found >= 0:
            position = found + len(said)
        yield Said(said, text.count("\n", 0, position) + 1)


def _plain(value: object) -> str:
    """A value as it is written in the file; for what can be no year, source or day, the name of its kind."""
    if isinstance(value, str | date):
        return str(value)
    return str(value) if type(value) is int and abs(value) < 10_000 else type(value).__name__


def _line_of_key(text: str, name: str) -> tuple[int, int]:
    """(line, position) where a key is written; (0, 0) where it is not found."""
    found = re.search(rf"""["']?{re.escape(name)}["']?\s*[:=]""", text)
    return (text.count("\n", 0, found.start()) + 1, found.end()) if found else (0, 0)


def _from_csv(text: str, draft: Draft) -> Iterator[Fault]:
    """Two columns: what it is (year, source, days_off, make_up), and the day or words."""
    rows = csv.reader(io.StringIO(text))
    try:
        for row in rows:
            name, value = (cell.strip() for cell in [*row, "", ""][:2])
            key = WORDS.get(name, name)
            if not any(row) or (name, value) in {("kind", "value"), ("项目", "内容")}:
                continue
            if key not in KEYS:
                yield _unknown(name, rows.line_num)
            elif key in {"year", "source"} and getattr(draft, key).text:
                yield Fault(key, rows.line_num, gettext("“%(key)s”写了两次") % {"key": name})
            elif key in {"year", "source"}:
                setattr(draft, key, Said(value, rows.line_num))
            else:
                getattr(draft, key).append(Said(value, rows.line_num))
    except csv.Error as wrong:
        yield Fault("", rows.line_num, gettext("这里不是 CSV：%(why)s") % {"why": wrong})


def _unknown(name: str, line: int) -> Fault:
    values = {"key": name[:40], "known": "year, source, days_off, make_up"}
    return Fault("", line, gettext("不认识“%(key)s”；可写：%(known)s") % values)


def _year(said: Said, faults: list[Fault]) -> int:
    text = said.text.strip().removesuffix("年")
    if not text:
        faults.append(Fault("year", said.line, gettext("没有写是哪一年（year）。")))
    elif not (text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in YEARS):
        faults.append(Fault("year", said.line, gettext("“%(text)s”不是年份，例如 2027。") % {"text": text[:40]}))
    else:
        return int(text)
    return 0


def _source(said: Said, faults: list[Fault]) -> str:
    text = chinese.clean(said.text)
    if chinese.is_blank(text):
        faults.append(Fault("source", said.line, gettext("没有写来源（source），例如通知的文号。")))
    elif len(text) > LONGEST_SOURCE:
        values = {"n": LONGEST_SOURCE}
        faults.append(Fault("source", said.line, gettext("来源最多 %(n)s 字。") % values))
    return text


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_SPOKEN = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日?", re.ASCII)
_TO = re.compile(r"\.\.|至|到|~|～|—+")


def _days(key: str, said: list[Said], year: int, faults: list[Fault]) -> Iterator[tuple[date, int]]:
    """(day, line) of everything a list names; faults of what is no day, outside the year or there twice."""
    seen = set[date]()
    for one in said if year else ():
        days = _range(one.text, year)
        if days is None:
            faults.append(Fault(key, one.line, gettext("“%(text)s”不是日子。") % {"text": one.text[:40]}))
            continue
        for day in days:
            values = {"day": day, "year": year, "other": day.year}
            if day.year != year:
                words = gettext("%(day)s 不在 %(year)s 年：请写进 %(other)s 年的文件。")
                faults.append(Fault(key, one.line, words % values))
            elif day in seen:
                faults.append(Fault(key, one.line, gettext("%(day)s 写了两次。") % values))
            else:
                yield day, one.line
            seen.add(day)


def _range(text: str, year: int) -> list[date] | None:
    """The days of `2027-02-05`, `2027-02-05..2027-02-11`, `2月5日` or `2月5日至11日`; None where it names none."""
    ends = [part.strip() for part in _TO.split(text.strip())]
    first = _day(ends[0], year, month=None)
    last = _day(ends[1], year, month=first.month) if first and len(ends) == 2 else first
    if not (first and last and len(ends) <= 2 and 0 <= (last - first).days < LONGEST_RANGE):
        return None
    return [first + DAY * step for step in range((last - first).days + 1)]


def _day(text: str, year: int, *, month: int | None) -> date | None:
    iso, spoken = _ISO.fullmatch(text), _SPOKEN.fullmatch(text)
    if iso:
        numbers = [int(part) for part in iso.groups()]
    elif spoken and (spoken[2] or month):
        numbers = [int(spoken[1] or year), int(spoken[2] or month or 0), int(spoken[3])]
    else:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def _judged(year: int, days_off: list[tuple[date, int]], make_up: list[tuple[date, int]]) -> Iterator[Fault]:
    """What no notice can say: no days off, a made-up working day, a day both ways, a holiday of the law left out."""
    off = {day for day, _line in days_off}
    for day, line in make_up:
        if day in off:
            yield Fault("make_up", line, gettext("%(day)s 既放假又上班。") % {"day": day})
        elif day.weekday() < SATURDAY:
            yield Fault("make_up", line, gettext("%(day)s 本来就是工作日，不用调休上班。") % {"day": day})
    if not year:
        return
    missing = sorted(statutory_days(year) - off)
    if not off:
        yield Fault("days_off", 0, gettext("没有写放假的日子（days_off）：没有哪一年不放假。"))
    elif missing:
        days = gettext("、").join(map(str, missing))
        yield Fault("days_off", 0, gettext("少了法定放假日：%(days)s。") % {"days": days})
