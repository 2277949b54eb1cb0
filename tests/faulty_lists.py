"""A thousand faulty rows of a directory from a seed: every kind of damage that real lists show, with what must become of each."""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜单曾仇解"
GIVEN = "桂英建华秀兰志远婷国强雨桐浩然玉珍海燕子涵文博晓明丽娟"
HEADS = {
    "apart": ("楼栋", "单元", "房号", "业主姓名", "联系电话", "身份", "入住日期", "面积"),
    "joined": ("房间号", "姓名", "手机", "身份", "入住日期", "备注"),
}


@dataclass
class Truth:
    """What a row really says, and what must become of it: `in`, `there`, or the field it is refused for."""

    building: int
    unit: int
    room: str
    name: str
    phones: list[str]
    role: str = "owner"
    becomes: str = "in"
    line: int = 0
    damage: str = ""

    @property
    def spot(self) -> tuple[str, str, str]:
        return str(self.building), str(self.unit), self.room


@dataclass
class Row:
    """The cells of a row, before they are put into columns."""

    truth: Truth
    building: Any = ""
    unit: Any = ""
    room: Any = ""
    name: Any = ""
    phone: Any = ""
    role: Any = "业主"
    moved: Any = ""
    joined: Any = ""


@dataclass
class Made:
    path: Path
    rows: list[Row] = field(default_factory=list)
    skipped: int = 0


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def _plain(row: Row, _dice: random.Random) -> None:
    """As it should be."""


def _phone(make: Callable[[str], Any], becomes: str = "in") -> Callable[[Row, random.Random], None]:
    def damage(row: Row, _dice: random.Random) -> None:
        row.phone, row.truth.becomes = make(row.truth.phones[0]), becomes
        if becomes != "in":
            row.truth.phones = []

    return damage


def _several(separator: str) -> Callable[[Row, random.Random], None]:
    def damage(row: Row, dice: random.Random) -> None:
        other = f"137{dice.randrange(10**8):08d}"
        row.phone = f"{row.truth.phones[0]}{separator}{other}"
        row.truth.phones.append(other)

    return damage


def _name(make: Callable[[str], Any], becomes: str = "in") -> Callable[[Row, random.Random], None]:
    def damage(row: Row, _dice: random.Random) -> None:
        row.name, row.truth.becomes = make(row.truth.name), becomes

    return damage


def _renamed(name: str, written: str = "") -> Callable[[Row, random.Random], None]:
    def damage(row: Row, dice: random.Random) -> None:
        row.truth.name = f"{name}{dice.choice(GIVEN)}"
        row.name = f"{written or name}{row.truth.name[-1]}"

    return damage


def _place(make: Callable[[Truth], dict[str, Any]], becomes: str = "in") -> Callable[[Row, random.Random], None]:
    def damage(row: Row, _dice: random.Random) -> None:
        for name, value in make(row.truth).items():
            setattr(row, name, value)
        row.truth.becomes = becomes

    return damage


def _role(word: str, role: str, becomes: str = "in") -> Callable[[Row, random.Random], None]:
    def damage(row: Row, _dice: random.Random) -> None:
        row.role, row.truth.role, row.truth.becomes = word, role, becomes

    return damage


def _moved(cell: Any, becomes: str = "in") -> Callable[[Row, random.Random], None]:
    def damage(row: Row, _dice: random.Random) -> None:
        row.moved, row.truth.becomes = cell, becomes

    return damage


DAMAGES: dict[str, Callable[[Row, random.Random], None]] = {
    "as it should be": _plain,
    "phone as a float": _phone(float),
    "phone as text with .0": _phone(lambda n: n + ".0"),
    "phone that lost its digits": _phone(lambda _n: "1.38E+10", "phone"),
    "phone as a whole exponent": _phone(lambda n: f"{n[0]}.{n[1:]}E+10"),
    "phone with dashes": _phone(lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}"),
    "phone with spaces": _phone(lambda n: f" {n[:3]} {n[3:7]} {n[7:]}  "),
    "phone full width": _phone(_wide),
    "phone with +86": _phone(lambda n: "+86" + n),
    "phone with 0086": _phone(lambda n: "0086 " + n),
    "phone with an apostrophe": _phone(lambda n: "'" + n),
    "phone with invisible signs": _phone(lambda n: f"\u200b{n[:5]}\u200d{n[5:]}\ufeff"),
    "phone with a label": _phone(lambda n: "手机：" + n),
    "phone one digit short": _phone(lambda n: n[:10], "phone"),
    "phone one digit long": _phone(lambda n: n + "1", "phone"),
    "phone in words": _phone(lambda _n: "不详待补", "phone"),
    "phone with a remark": _phone(lambda n: n + "（妻子）", "phone"),
    "identity card for a phone": _phone(lambda _n: "11010119900101123X", "phone"),
    "two phones, slash": _several("/"),
    "two phones, Chinese comma": _several("、"),
    "two phones, semicolon": _several("；"),
    "two phones, space": _several(" "),
    "two phones, line break": _several("\n"),
    "two phones, one broken": _phone(lambda n: f"{n}/12345", "phone"),
    "no phone": _phone(lambda _n: ""),
    "phone of nobody": _phone(lambda _n: "无"),
    "name padded": _name(lambda n: f"{n[0]}　{n[1:]}"),
    "name with zero width": _name(lambda n: f"{n[0]}\u200b{n[1:]}\ufeff"),
    "name with spaces around": _name(lambda n: f"  {n}\u3000"),
    "name full width letters": _renamed("Li", "Ｌｉ"),
    "name from the private area": _renamed("王䶮", "王\ue863"),
    "name with a sign nobody knows": _name(lambda n: n + "\ue123", "name"),
    "two names in a cell": _name(lambda n: f"{n}、{n[::-1]}", "name"),
    "name with a remark": _name(lambda n: f"{n}（女）", "name"),
    "phone for a name": _name(lambda _n: "13800001111", "name"),
    "name of an organization": _renamed("恒泰商贸有限公司"),
    "Uyghur name": _renamed("阿卜杜拉·买买提"),
    "rare signs": _renamed("𠮷田㛃"),
    "family": _role("家属", "occupant"),
    "wife": _role("妻子", "occupant"),
    "tenant": _role("租客", "tenant"),
    "student": _role("学生", "student"),
    "unknown role": _role("金牌会员", "owner", "role"),
    "moved in, text": _moved("2021.3.5"),
    "moved in, Chinese": _moved("2021年3月5日"),
    "moved in, cell": _moved(date(2021, 3, 5)),
    "moved in, serial": _moved(44260.0),
    "moved in, nonsense": _moved("很久以前", "from_on"),
    "moved in, no such day": _moved("2021-02-30", "from_on"),
}
APART = {
    "house in words": _place(
        lambda t: {"building": f"{t.building}号楼", "unit": f"{t.unit}单元", "room": f"{t.room}室"}
    ),
    "house with zero": _place(lambda t: {"building": f"{t.building:02d}", "unit": f"0{t.unit}"}),
    "house 栋": _place(lambda t: {"building": f"{t.building}栋"}),
    "house in numerals": _place(lambda t: {"building": "一二三四五六七八九"[t.building - 1] + "号楼"}),
    "house as a float": _place(lambda t: {"building": float(t.building), "unit": float(t.unit), "room": float(t.room)}),
    "room as text with .0": _place(lambda t: {"room": f"{t.room}.0"}),
    "room with the entrance": _place(lambda t: {"room": f"{t.unit}-{t.room}"}),
    "room with everything": _place(lambda t: {"room": f"{t.building}-{t.unit}-{t.room}"}),
    "room full width": _place(lambda t: {"room": _wide(t.room)}),
    "room contradicts": _place(lambda t: {"room": f"{t.building + 1}-{t.unit}-{t.room}"}, "room"),
    "room missing": _place(lambda _t: {"room": ""}, "room"),
    "phone for a room": _place(lambda _t: {"room": "13800001111"}, "room"),
    "room became a day": _place(lambda _t: {"room": date(2024, 3, 1)}, "room"),
    "house and entrance became a day": _place(lambda t: {"building": f"{t.building}月{t.unit}日", "unit": ""}),
}
JOINED = {
    "in words": _place(lambda t: {"joined": f"{t.building}栋{t.unit}单元{t.room}室"}),
    "in numerals": _place(lambda t: {"joined": "一二三四五六七八九"[t.building - 1] + f"号楼{t.unit}单元{t.room}"}),
    "spaces around dashes": _place(lambda t: {"joined": f" {t.building} － {t.unit} — {t.room} "}),
    "number sign": _place(lambda t: {"joined": f"{t.building}#{t.unit}-{t.room}" if t.building else ""}),
    "only the door": _place(lambda t: {"joined": t.room}, "building"),
    "became a day, text": _place(lambda _t: {"joined": "3月1日"}, "room"),
    "became a day, cell": _place(lambda _t: {"joined": date(2024, 3, 1)}, "room"),
    "became a day, serial": _place(lambda _t: {"joined": 45352}, "room"),
    "four parts": _place(lambda t: {"joined": f"2-{t.building}-{t.unit}-{t.room}"}, "room"),
    "nothing": _place(lambda _t: {"joined": ""}, "room"),
}


def faulty(seed: int, count: int, layout: str) -> list[Row]:
    """Rows in an order of their own; in the list with columns apart the first of each house are sound, so that zeros stay told."""
    dice, rows = random.Random(seed), []
    damages = {**DAMAGES, **(APART if layout == "apart" else JOINED)}
    for serial in range(count):
        truth = Truth(
            building=serial % 9 + 1,
            unit=dice.randrange(1, 4),
            room=f"{serial // 9 + 1}{dice.randrange(1, 5):02d}",
            name=dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN),
            phones=[f"13{seed % 10}{serial:04d}{dice.randrange(10**4):04d}"],
        )
        row = Row(truth, str(truth.building), str(truth.unit), truth.room, truth.name, truth.phones[0])
        row.joined = "-".join(truth.spot)
        truth.damage = list(damages)[serial % len(damages)] if serial >= 9 else "as it should be"
        damages[truth.damage](row, dice)
        if row.phone in {"", "无"}:
            truth.phones = []
        rows.append(row)
        if serial % 23 == 22 and truth.becomes == "in":  # the same row again, further down
            again = Row(Truth(**{**vars(truth), "becomes": "there"}))
            again.__dict__.update({name: value for name, value in vars(row).items() if name != "truth"})
            rows.append(again)
        if serial % 29 == 28 and truth.phones and truth.becomes == "in":  # a spouse behind the same telephone
            spouse = Truth(truth.building, truth.unit, truth.room, "陪" + truth.name, [truth.phones[0]], "occupant")
            spouse.damage = "two people, one phone"
            rows.append(Row(spouse, spouse.spot[0], spouse.spot[1], spouse.room, spouse.name, truth.phones[0], "配偶"))
            rows[-1].joined = "-".join(spouse.spot)
    return rows


def _cells(row: Row, layout: str) -> list[Any]:
    if layout == "apart":
        return [row.building, row.unit, row.room, row.name, row.phone, row.role, row.moved, 89.5]
    return [row.joined, row.name, row.phone, row.role, row.moved, "见附件"]


def table(rows: list[Row], layout: str, made: Made) -> list[list[Any]]:
    """The rows under a title, two rows of headings, with blank rows, repeated headings and totals between."""
    lines: list[list[Any]] = [["花园小区住户一览表（2026年）"], ["制表日期：2026-11-01"]]
    head = list(HEADS[layout])
    lines.append(head)
    for at, row in enumerate(rows, start=1):
        lines.append(_cells(row, layout))
        row.truth.line = len(lines)
        if at % 40 == 0:
            lines += [[f"共 {at} 户"], []]
            made.skipped += 1
        if at % 100 == 0:
            lines.append(head)
            made.skipped += 1
    lines += [["合计", "", "", len(rows)], ["制表人：王五"]]
    made.skipped += 2
    made.rows = rows
    return lines


def as_workbook(path: Path, rows: list[Row], layout: str) -> Made:
    made = Made(path)
    with Workbook(path) as book:
        sheet, day = book.add_worksheet("名单"), book.add_format({"num_format": 'm"月"d"日"'})
        for at, cells in enumerate(table(rows, layout, made)):
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(at, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(at, place, cell)
                else:
                    sheet.write(at, place, cell)
    return made


def as_text(path: Path, rows: list[Row], layout: str, encoding: str) -> Made:
    made = Made(path)
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(table(rows, layout, made))
    return made
