"""A list of rooms and people, row by row: what each says, or why it cannot be read. Nothing is looked up and nothing written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from huiyin.customers.rules.columns import Column, Head, WrongList, filled, head_of, role_of
from huiyin.customers.rules.reaching import Reached
from huiyin.customers.states import CustomerKind, OccupancyRole
from huiyin.kit import chinese, phones
from huiyin.kit.damage import as_text, day_of, has_lost_digits, without_numbers
from huiyin.kit.refusal import Refusal
from huiyin.kit.rooms import Cells, Habits, Spot, building_key
from huiyin.kit.tables import Cell, Sheet

_TOTALS = re.compile(
    r"(?:本?[页栋楼]?(?:合计|小计|总计|累计|总户数)|共\s*\d+\s*[户人间套条]|制表|审核人|填表|说明|备注|注[:：]).*"
)
_EMPTY_HOME = frozenset({"空置", "空房", "未入住", "空", "无", "无人", "暂无", "-", "--", "/", "—", "未售"})
_APART = re.compile(r"[/、,，;；|｜\n]+|或者?|和|以及")
_LABEL = re.compile(r"(?:手机号?码?|电话号?码?|联系电话|固话|座机|tel|mob(?:ile)?|phone)[:：.]?", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.ASCII)
_COMPANY = re.compile(
    r".{2,}(?:公司|银行|中心|商店|超市|酒店|工厂|事务所|研究院|学校|幼儿园|协会|委员会|合作社|工作室|店|局)"
)
_HAN = r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]"
_PADDED = re.compile(rf"({_HAN}) +({_HAN})")
_TWO_NAMES = re.compile(rf"{_HAN}{{2,4}}(?: +|[、,，/;；&＋+]|和){_HAN}{{2,4}}(?:[、,，/;；].*)?")
_LONGEST_NAME = 80


class WrongRow(Refusal):
    """A row that cannot be taken; `field` is the column."""


@dataclass(frozen=True)
class Listed:
    """Somebody as a row tells of them. `role` is empty where the row does not say."""

    name: str
    ways: tuple[Reached, ...] = ()
    role: str = ""
    from_on: date | None = None

    @property
    def kind(self) -> str:
        return CustomerKind.ORGANIZATION if _COMPANY.fullmatch(self.name) else CustomerKind.PERSON


@dataclass(frozen=True)
class Line:
    """One row: a room with the people it names, or the reason why it is not taken, with the column."""

    line: int
    sheet: str = ""
    spot: Spot | None = None
    building: str = ""
    cluster: str = ""
    people: tuple[Listed, ...] = ()
    reason: str = ""
    field: str = ""


@dataclass
class Listing:
    """A file read: its rows, the rows that are no data, and the headings of columns that are not kept."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[dict[str, object]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Raw:
    line: int
    cells: Cells
    building: str
    values: Mapping[Column, list[Cell]]

    def texts(self, name: str, of: str = "") -> list[str]:
        return [text for cell in self.values.get(Column(name, of), ()) if (text := as_text(cell))]


def read_list(sheets: Sequence[Sheet], own: Mapping[str, str]) -> Listing:
    """Every sheet with headings, each by its own habits. Refuses a file without any.

    Lines are counted as the spreadsheet program counts them, from 1.
    """
    listing, heads = Listing(), 0
    for sheet in sheets:
        head = head_of(sheet, own)
        name = sheet.name if len(sheets) > 1 else ""
        if head is None:
            if any(as_text(cell) for row in sheet.rows for cell in row):
                listing.skipped.append({"line": 1, "sheet": name, "what": str(_("没有认得的表头，这一张没有读"))})
            continue
        heads += 1
        listing.left_out += [one for one in head.left_out if one not in listing.left_out]
        raws = list(_raws(sheet, head, listing, name))
        habits = Habits(raw.cells for raw in raws)
        listing.lines += [_line(raw, habits, head, name) for raw in raws]
    if not heads:
        raise WrongList(
            _("没有找到表头：要有“房号”，还要有楼栋、姓名或电话。请改表头；在命令行也可以用 --map 指明。"), "FILE"
        )
    return listing


def _raws(sheet: Sheet, head: Head, listing: Listing, name: str) -> Iterator[_Raw]:
    """The rows of data; blank rows, totals and repeated headings are put aside by name."""
    above = [as_text(cell) for cell in sheet.rows[head.first + head.height - 1]]
    start = head.first + head.height
    carried: tuple[Cell, Cell] = ("", "")
    house = sheet.name if building_key(sheet.name) and re.search(r"[栋幢座楼#]", sheet.name) else ""
    for at, cells in enumerate(filled(sheet)):
        if at < start:
            continue
        texts = [as_text(cell) for cell in cells]
        if not any(texts):
            continue
        raw = _raw(at + 1, cells, head)
        if _is_totals(texts, raw) or head.is_head(texts, above):
            listing.skipped.append(
                {"line": at + 1, "sheet": name, "what": without_numbers(" ".join(filter(None, texts)))[:40]}
            )
            carried = ("", "")
            continue
        raw, carried = _carried(raw, carried, house)
        yield raw


def _raw(line: int, cells: Sequence[Cell], head: Head) -> _Raw:
    values: dict[Column, list[Cell]] = {}
    for at, column in head.columns.items():
        if at < len(cells):
            values.setdefault(column, []).append(cells[at])

    def one(name: str) -> Cell:
        return next((cell for cell in values.get(Column(name), ()) if as_text(cell)), "")

    place = Cells(one("building"), one("unit"), one("room"))
    return _Raw(line, place, as_text(place.building), values)


def _is_totals(texts: Sequence[str], raw: _Raw) -> bool:
    """合计, 小计, 共 120 户, 制表人: in a row that names nobody's room and number."""
    first = next(text for text in texts if text)
    return bool(_TOTALS.fullmatch(first)) and not (as_text(raw.cells.room) and raw.texts("name"))


def _carried(raw: _Raw, carried: tuple[Cell, Cell], house: str) -> tuple[_Raw, tuple[Cell, Cell]]:
    """Building and entrance of the row above where this one leaves them empty, as merged cells do; a room is never carried."""
    building, unit = raw.cells.building, raw.cells.unit
    if not as_text(building):
        alone = len(raw.texts("room")) == 1 and Column("building") in raw.values
        building, unit = (carried[0], unit if as_text(unit) else carried[1]) if alone else ("", unit)
    told = Cells(building or house, unit, raw.cells.room)
    return _Raw(raw.line, told, as_text(told.building), raw.values), (building, unit)


def _line(raw: _Raw, habits: Habits, head: Head, sheet: str) -> Line:
    try:
        spot = habits.spot(raw.cells)
        people = tuple(_people(raw, head))
        cluster = next(iter(raw.texts("cluster")), "")[:80]
    except Refusal as refusal:
        return Line(raw.line, sheet, reason=str(refusal), field=refusal.field or "")
    return Line(raw.line, sheet, spot, raw.building, cluster, people)


def _people(raw: _Raw, head: Head) -> Iterator[Listed]:
    """Whoever the row names, one for each group of columns: 业主姓名 and 租户姓名 are two people of one room."""
    said = _role(raw)
    groups = list(dict.fromkeys(column.of for column in head.columns.values() if column.name in {"name", "phone"}))
    one_of_several = len(groups) > 1
    for of in groups:
        names = [text for cell in raw.values.get(Column("name", of), ()) if (text := _name(cell))]
        numbers = [way for cell in raw.values.get(Column("phone", of), ()) for way in _phones(cell)]
        mails = [_mail(text) for text in raw.texts("email", of)]
        if len(set(names)) > 1:
            raise WrongRow(_("一行里有两个名字：请分成两行"), "name")
        ways = tuple(dict.fromkeys([*numbers, *mails]))
        if names or ways:
            yield Listed(names[0] if names else "", ways, of if one_of_several and of else said or of, _day(raw, of))


def _name(cell: Cell) -> str:
    """The name as it is kept. Refuses two names in a cell, numbers, and signs that only one machine knows."""
    told = str(cell) if isinstance(cell, str) else as_text(cell)
    if any("\ue000" <= sign <= "\uf8ff" and sign != "\ue863" for sign in told) or "\ufffd" in told or "\udc00" in told:
        raise WrongRow(_("姓名里有别的电脑认不出的造字，请改成正字或拼音"), "name")
    text = as_text(told) if told.isascii() else chinese.half_width(told)
    text = " ".join(text.split())
    if text in _EMPTY_HOME or chinese.is_blank(text):
        return ""
    if _TWO_NAMES.fullmatch(text):
        raise WrongRow(_("一格里像是有两个人：请分成两行"), "name")
    if "(" in text and not _COMPANY.fullmatch(text):
        raise WrongRow(_("姓名后面有备注：%(text)s；请只写姓名") % {"text": without_numbers(text)[:20]}, "name")
    text = _PADDED.sub(r"\1\2", _PADDED.sub(r"\1\2", text))
    if sum(sign.isdecimal() for sign in text) > 4 or not any(sign.isalpha() for sign in text):
        raise WrongRow(_("姓名看不懂：%(text)s") % {"text": without_numbers(text)[:20]}, "name")
    if len(text) > _LONGEST_NAME:
        raise WrongRow(_("姓名太长：最多 %(most)s 字") % {"most": _LONGEST_NAME}, "name")
    return text


def _phones(cell: Cell) -> list[Reached]:
    """All numbers of a cell. Refuses a number that lost digits, and anything beside the numbers that is none."""
    text = as_text(cell)
    if text in _EMPTY_HOME or not text:
        return []
    whole = None if _APART.search(text) else phones.parse(text)  # a library takes the first of two and drops the other
    if whole:
        return [Reached("phone", whole)]
    return [Reached("phone", number) for part in _APART.split(text) for number in _numbers(part)]


def _numbers(part: str) -> list[str]:
    text = _LABEL.sub(" ", as_text(part)).strip()
    if not text or text in _EMPTY_HOME:
        return []
    if has_lost_digits(text):
        raise WrongRow(_("电话被电子表格改成了科学计数，后几位丢了：%(text)s") % {"text": text[:12]}, "phone")
    number = phones.parse(text)
    if number:
        return [number]
    pieces = [phones.parse(as_text(piece)) for piece in text.split()]
    if len(pieces) > 1 and all(pieces):
        return [piece for piece in pieces if piece]
    raise WrongRow(_("电话看不懂：%(text)s") % {"text": without_numbers(text)[:30]}, "phone")


def _mail(text: str) -> Reached:
    if not _MAIL.fullmatch(text):
        raise WrongRow(_("邮箱看不懂：%(text)s") % {"text": without_numbers(text)[:30]}, "email")
    return Reached.by_email(text)


def _role(raw: _Raw) -> str:
    said = next(iter(raw.texts("role")), "")
    role = role_of(said) if said else ""
    if role is None:
        roles = "、".join(str(one.label) for one in OccupancyRole)
        told = {"text": without_numbers(said)[:20], "roles": roles}
        raise WrongRow(_("身份看不懂：%(text)s；写成 %(roles)s") % told, "role")
    return role


def _day(raw: _Raw, of: str) -> date | None:
    cells = [*raw.values.get(Column("from_on", of), ()), *(raw.values.get(Column("from_on"), ()) if of else ())]
    cell = next((one for one in cells if as_text(one) and as_text(one) not in _EMPTY_HOME), None)
    if cell is None:
        return None
    day = day_of(cell)
    if day is None or not 1950 <= day.year <= 2100:
        raise WrongRow(_("入住日期看不懂：%(text)s") % {"text": as_text(cell)[:20]}, "from_on")
    return day
