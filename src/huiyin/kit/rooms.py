"""Where somebody lives, as people write it: 3-1-502, 3栋1单元502室, 三号楼502, 3#1-502, or in columns of its parts."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext_lazy as _

from huiyin.kit import chinese
from huiyin.kit.damage import as_serial, as_text, typed_before, without_numbers
from huiyin.kit.refusal import Refusal
from huiyin.kit.tables import Cell

_HOUSE = r"(?:号楼|号栋|#楼|栋|幢|座|楼|#)"
_CALLED = r"(?:号楼|号栋|#楼|栋|幢|座|#)"  # beside a room, a bare 楼 is a floor
_DOOR = r"(?:单元|门洞|门)"
_ROOM = r"(?:号房|房间|室|房|号|户)"
_NUMERAL = re.compile(rf"[零一二三四五六七八九十两]{{1,3}}(?={_HOUSE}|{_DOOR}|{_ROOM})")
_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_WRITTEN = re.compile(
    rf"([^-]{{1,20}}?){_CALLED}-?(?:([0-9A-Z甲乙丙丁东西南北]{{1,4}}){_DOOR}-?)?([0-9A-Z-]{{1,14}}?){_ROOM}?"
)
_HOUSE_AND_DOOR = re.compile(rf"([^-]{{1,20}}?)(?:{_HOUSE}-?|-)([0-9A-Z甲乙丙丁东西南北]{{1,4}}){_DOOR}")
_SEPARATORS = re.compile(r"[-—–－_/\\.·、,，~]+|\s+")
_YEARS_OF_TYPING = frozenset(map(str, range(2000, 2041)))  # a room 2024 may be the year in which 3-1 was typed
_LONGEST = {"building": 20, "unit": 10, "room": 20}


class WrongPlace(Refusal):
    """A place nobody could find from what is written."""


@dataclass(frozen=True)
class Spot:
    """A room by its parts; `building` and `entrance` as keys (A, 3, 学苑3), `number` as on the door."""

    building: str
    entrance: str
    number: str

    @property
    def key(self) -> tuple[str, str, str]:
        """By this two spellings are the same room: 0301 and 301."""
        return self.building, self.entrance, bare(self.number)

    @property
    def shape(self) -> tuple[bool, int]:
        return bool(self.entrance), len(self.number)

    def __str__(self) -> str:
        return "-".join(part for part in (self.building, self.entrance, self.number) if part)


def bare(part: str) -> str:
    """Without leading zeros, upper case."""
    return part.upper().lstrip("0") or part


def written(text: str) -> str:
    """Half-width, upper case, one kind of dash, Chinese numerals before 栋, 单元, 室 as digits: 三号楼 -> 3号楼."""
    plain = re.sub(r"\s*[-—–－_/\\~]+\s*", "-", chinese.half_width(text).upper().strip())
    return _NUMERAL.sub(lambda hit: str(_value(hit.group())), plain)


def _value(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def building_key(text: str) -> str:
    """What a building is known by: 3号楼, 03栋, 三幢 and 3 are 3; A座 is A; 学苑3栋 is 学苑3."""
    plain = "".join(written(text).split())
    return bare(re.sub(rf"{_HOUSE}$", "", plain) or plain)


def _unit_key(text: str) -> str:
    plain = "".join(written(text).split())
    return bare(re.sub(rf"{_DOOR}$", "", plain) or plain)


def _room_parts(text: str) -> list[str]:
    """One part (a door's number), two or three. Raises where there are more."""
    plain = written(text)
    told = _WRITTEN.fullmatch("".join(plain.split()))
    if told:
        house, door, rest = building_key(told[1]), told[2], told[3].strip("-").split("-")
        return [house, *([bare(door)] if door else []), *rest]
    alone = re.fullmatch(
        rf"([0-9A-Z甲乙丙丁东西南北]{{1,4}}){_DOOR}-?([0-9A-Z]{{1,8}}){_ROOM}?", "".join(plain.split())
    )
    if alone:
        return [bare(alone[1]), alone[2]]
    parts = [re.sub(rf"(?<=[0-9A-Z])(?:{_ROOM}|{_HOUSE}|{_DOOR})$", "", part) for part in _SEPARATORS.split(plain)]
    return [part for part in parts if part]


def _place(building: str, unit: str, room: str, *, prefix_is_unit: bool) -> Spot:
    parts = _room_parts(room)
    if not parts:
        raise WrongPlace(_("没有房号"), "room")
    if len(parts) > 3 or (len(parts[-1]) > 8 and parts[-1].isdecimal()):
        raise WrongPlace(_("房号看不懂：%(text)s") % {"text": without_numbers(room)[:20]}, "room")
    house, door = _house_and_door(building)
    if unit:
        door = _agreed(door, _unit_key(unit), "unit")
    *before, number = parts
    if len(before) == 2:
        house, door = _agreed(house, bare(before[0]), "room"), _agreed(door, bare(before[1]), "room")
    elif len(before) == 1:
        house, door = _with_prefix(house, door, bare(before[0]), prefix_is_unit=prefix_is_unit)
    if not house:
        raise WrongPlace(_("没有楼栋"), "building")
    for name, part in (("building", house), ("unit", door), ("room", number)):
        if len(part) > _LONGEST[name]:
            raise WrongPlace(_("房号看不懂：%(text)s") % {"text": without_numbers(part)[:20]}, name)
    return Spot(house, door, number)


def _house_and_door(text: str) -> tuple[str, str]:
    """The building column may hold the entrance as well: 3栋1单元, 3-1."""
    plain = "".join(written(text).split())
    told = _HOUSE_AND_DOOR.fullmatch(plain)
    if told:
        return building_key(told[1]), bare(told[2])
    house, dash, door = plain.partition("-")
    return (building_key(house), _unit_key(door)) if dash and door else (building_key(plain) if plain else "", "")


def _with_prefix(house: str, door: str, prefix: str, *, prefix_is_unit: bool) -> tuple[str, str]:
    """A room of two parts: the first is the building where none is told, else what the whole file means by it."""
    if not house:
        return prefix, door
    if door:
        if prefix not in {house, door}:
            raise WrongPlace(_("房号和楼栋、单元两列对不上"), "room")
        return house, door
    if not prefix_is_unit and prefix == house:
        return house, ""
    return house, prefix


def _agreed(told: str, again: str, field: str) -> str:
    if told and again and told != again:
        raise WrongPlace(_("房号和楼栋、单元两列对不上"), field)
    return told or again


@dataclass(frozen=True)
class Cells:
    """The cells of a row that tell where: building, unit, room; empty text where there is no such column."""

    building: Cell
    unit: Cell
    room: Cell

    def texts(self) -> tuple[str, str, str]:
        return as_text(self.building), as_text(self.unit), as_text(self.room)

    def is_number(self) -> bool:
        return isinstance(self.room, float | int)


class Habits:
    """How one file writes rooms, learned from its undamaged rows; by it damaged ones are restored, or it is said why not."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        rows = list(rows)
        sound = [row for row in rows if not _damage(row)]
        self._prefix_is_unit = self._learn_prefix(sound)
        self._five_digits = sum(len(as_text(row.room)) == 5 and as_serial(row.room) is None for row in sound) > 0
        spots = [spot for row in sound if (spot := self._spot(row.texts())) is not None]
        self._shapes = {spot.shape for spot in spots}
        self._buildings = {spot.building for spot in spots}
        zeros = {len(text) for row in sound if (text := as_text(row.room)).startswith("0") and text.isdecimal()}
        self._with_zero = zeros.pop() if len(zeros) == 1 else 0
        self._on_doors: dict[tuple[str, str, str], str] = {}
        for spot in spots:
            if len(spot.number) > len(self._on_doors.get(spot.key, "")):
                self._on_doors[spot.key] = spot.number

    @staticmethod
    def _learn_prefix(rows: Sequence[Cells]) -> bool:
        """Whether the first part of a two-part room beside a building is the entrance, not the building said again."""
        said = [
            (building_key(building), bare(parts[0]))
            for building, unit, room in (row.texts() for row in rows)
            if building and not unit and len(parts := _room_parts(room)) == 2
        ]
        return any(house != prefix for house, prefix in said)

    def _spot(self, texts: tuple[str, str, str]) -> Spot | None:
        try:
            return self._placed(texts)
        except WrongPlace:
            return None

    def _placed(self, texts: tuple[str, str, str]) -> Spot:
        return _place(*texts, prefix_is_unit=self._prefix_is_unit)

    def spot(self, row: Cells) -> Spot:
        """The room of a row. Refuses what is missing, contradicts itself or cannot be restored, naming the column."""
        damaged = _damage(row, serials=not self._five_digits)
        if not damaged:
            return self._on_door(self._placed(row.texts()), is_number=row.is_number())
        found = {spot for spot in map(self._spot, _readings(row, damaged)) if spot is not None}
        fitting = [spot for spot in found if spot.shape in self._shapes and spot.building in self._buildings]
        if len(fitting) == 1 and fitting[0].number not in _YEARS_OF_TYPING:
            return self._on_door(fitting[0], is_number=False)
        name = next(iter(damaged))  # the first of them is enough to find the row
        shown = "、".join(damaged[name][:3]) or "–"
        raise WrongPlace(
            _("被电子表格改成了日期，原来可能是 %(readings)s：请改成文本再导入") % {"readings": shown}, name
        )

    def _on_door(self, spot: Spot, *, is_number: bool) -> Spot:
        """As on the door: the fullest spelling in the file; a zero lost by a numeric cell comes back where the file has it."""
        number = self._on_doors.get(spot.key, spot.number)
        if is_number and self._with_zero and len(number) == self._with_zero - 1 and number.isdecimal():
            number = "0" + number
        return Spot(spot.building, spot.entrance, number)


def _damage(row: Cells, *, serials: bool = False) -> dict[str, list[str]]:
    """Column -> what may have been typed there, for the cells that became days."""
    found = {}
    for name, cell in (("building", row.building), ("unit", row.unit), ("room", row.room)):
        day = as_serial(cell) if name == "room" else None
        readings = typed_before(cell) or (typed_before(day) if serials and day else [])
        if readings:
            found[name] = readings
    return found


def _readings(row: Cells, damaged: dict[str, list[str]]) -> Iterable[tuple[str, str, str]]:
    told: Callable[[str, str], list[str]] = lambda name, text: damaged.get(name) or [text]  # noqa: E731
    building, unit, room = row.texts()
    return list(product(told("building", building), told("unit", unit), told("room", room)))
