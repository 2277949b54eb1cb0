"""What a row of a list changes in the register: nothing where all of it is known, or the steps, or why it may not enter.

Judged against a `Book` of what is known about the rooms and people a few rows name; the book is kept up with what each row
would write, so that a preview and the real run say the same. People are never merged on a guess: a doubt is a refusal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from huiyin.customers.rules.listing import Line, Listed, WrongRow
from huiyin.customers.rules.reaching import Reached
from huiyin.kit import chinese
from huiyin.kit.rooms import Spot, bare, building_key

Key = tuple[str, str, str]  # building, entrance, door: as `Spot.key`, with the building's own key


@dataclass(eq=False)
class House:
    """A building of the site; `pk` 0 until it is written."""

    key: str
    code: str
    name: str
    pk: int = 0
    cluster: str = ""


@dataclass(eq=False)
class Flat:
    """A room; `pk` 0 until it is written."""

    house: House
    entrance: str
    number: str
    pk: int = 0

    @property
    def key(self) -> Key:
        return self.house.key, bare(self.entrance), bare(self.number)


@dataclass(eq=False)
class Person:
    """Somebody on the register: by which numbers, living where in which roles today; `pk` 0 until written."""

    name: str
    pk: int = 0
    is_verified: bool = True
    indexes: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    homes: dict[Key, set[str]] = field(default_factory=dict)


@dataclass
class Book:
    """What is known so far of the rooms and people that a list names."""

    usual_role: str
    houses: dict[str, list[House]] = field(default_factory=dict)
    clusters: set[str] = field(default_factory=set)
    flats: dict[tuple[str, str], list[Flat]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    reached: dict[str, list[Person]] = field(default_factory=dict)
    living: dict[Key, list[Person]] = field(default_factory=dict)

    def add_house(self, house: House) -> None:
        """By its code, its name, and the name without 号楼 or 栋."""
        for key in {house.key, building_key(house.code), building_key(house.name)}:
            self.houses.setdefault(key, []).append(house)

    def add_flat(self, flat: Flat) -> None:
        known = self.flats.setdefault((flat.house.key, bare(flat.number)), [])
        if all(one.key != flat.key for one in known):
            known.append(flat)

    def add_person(self, person: Person) -> None:
        if person.pk:
            self.people[person.pk] = person
        for index in person.indexes:
            self.reached.setdefault(index, []).append(person)
        for key in person.homes:
            self.living.setdefault(key, []).append(person)


@dataclass
class Entry:
    """What one row adds: a building, a room, people with their numbers and homes. Empty: all of it is known."""

    house: House | None = None
    flat: Flat | None = None
    cluster: str = ""
    at: Flat | None = None
    new: list[tuple[Person, Listed]] = field(default_factory=list)
    verified: list[Person] = field(default_factory=list)
    ways: list[tuple[Person, list[Reached]]] = field(default_factory=list)
    homes: list[tuple[Person, str, date | None]] = field(default_factory=list)
    meant: list[Person] = field(default_factory=list)

    def adds(self) -> bool:
        return bool(self.house or self.flat or self.cluster or self.new or self.verified or self.ways or self.homes)


def judge(line: Line, book: Book) -> Entry:
    """What the row adds. Refuses a row that could not be read, and every doubt about which room or person is meant.

    The book then knows what the row adds; a refused row leaves it as it was.
    """
    if line.spot is None:
        raise WrongRow(line.reason, line.field or None)
    house, is_new = _house(line, book)
    cluster = _cluster(line.cluster, house)
    flat, is_new_flat = _flat(line.spot, house, book)
    entry = Entry(house if is_new else None, flat if is_new_flat else None, cluster, flat)
    for listed in line.people:
        _meet(listed, flat, book, entry)
    if len(set(map(id, entry.meant))) < len(entry.meant):
        raise WrongRow(_("一行里同一个人写了两次"), "name")
    _note(entry, book)
    return entry


def _house(line: Line, book: Book) -> tuple[House, bool]:
    assert line.spot is not None  # noqa: S101 - asked before
    key = line.spot.building
    known = {id(one): one for one in book.houses.get(key, [])}
    if len(known) > 1:
        raise WrongRow(_("有几栋楼都叫 %(name)s：请写全名") % {"name": key}, "building")
    if known:
        return next(iter(known.values())), False
    return House(key, key[:20], _house_name(key, line.building)), True


def _house_name(key: str, written: str) -> str:
    """As the list calls it, else 3号楼, A座."""
    name = chinese.half_width(written).strip()
    if name and building_key(name) == key and name.upper() != key and not name.isdecimal():
        return name[:80]
    if key.isdecimal():
        return f"{key}号楼"
    return f"{key}座" if len(key) == 1 else key


def _cluster(name: str, house: House) -> str:
    """The cluster the building is put into; empty where nothing changes."""
    if not name or chinese.folded(name) == chinese.folded(house.cluster):
        return ""
    if house.cluster:
        told = {"house": house.name, "cluster": house.cluster}
        raise WrongRow(_("%(house)s 登记在 %(cluster)s：请先改楼栋的组团") % told, "cluster")
    return name


def _flat(spot: Spot, house: House, book: Book) -> tuple[Flat, bool]:
    """The room meant. Without an entrance it is the only one of that number; where the register has none, the list may not add one."""
    known = book.flats.get((house.key, bare(spot.number)), [])
    exact = [one for one in known if bare(one.entrance) == bare(spot.entrance)]
    if exact:
        return exact[0], False
    if not spot.entrance and len(known) == 1:
        return known[0], False
    if not spot.entrance and known:
        raise WrongRow(
            _("%(house)s 有几个 %(number)s：要写单元") % {"house": house.name, "number": spot.number}, "unit"
        )
    if any(not one.entrance for one in known):
        told = {"house": house.name, "number": spot.number}
        raise WrongRow(_("%(house)s 的 %(number)s 登记时没有单元，请核对") % told, "unit")
    return Flat(house, spot.entrance, spot.number), True


def _meet(listed: Listed, flat: Flat, book: Book, entry: Entry) -> None:
    person = _known(listed, flat, book)
    if person is None:
        person = Person(listed.name)
        entry.new.append((person, listed))
    else:
        fresh = [way for way in listed.ways if way.index not in person.indexes]
        if fresh:
            entry.ways.append((person, fresh))
        if not person.is_verified:
            entry.verified.append(person)
    entry.meant.append(person)
    roles = person.homes.get(flat.key, set())
    if not roles or (listed.role and listed.role not in roles):
        entry.homes.append((person, listed.role or book.usual_role, listed.from_on))


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike but for width, case, spaces and the kind of dot."""
    return bool(one) and _name_key(one) == _name_key(other)


def _name_key(name: str) -> str:
    return "".join(chinese.folded(name).split()).translate(dict.fromkeys(map(ord, "•・‧∙⋅.．"), "·"))


def _known(listed: Listed, flat: Flat, book: Book) -> Person | None:
    """Who is meant: same name and a number in common; else the same name in the same room. None for somebody new."""
    reached = _each(person for way in listed.ways for person in book.reached.get(way.index, ()))
    here = book.living.get(flat.key, [])
    if not listed.name:
        return _nameless(reached, here)
    by_number = [one for one in reached if same_name(one.name, listed.name)]
    if len(by_number) > 1:
        by_number = [one for one in by_number if one in here]
        if len(by_number) != 1:
            raise WrongRow(_("名录里有几个同名同号的人：请先核对合并"), "name")
    if by_number:
        return by_number[0]
    namesakes = [one for one in here if same_name(one.name, listed.name)]
    if not namesakes:
        return None
    numbered = any(way.kind == "phone" for way in listed.ways)
    if len(namesakes) > 1 or (numbered and namesakes[0].phones):
        raise WrongRow(_("这间房已有同名的人，登记的号码不同：请核对后手工改"), "phone")
    return namesakes[0]


def _nameless(reached: list[Person], here: list[Person]) -> Person | None:
    found = [one for one in reached if one in here]
    if len(found) == 1:
        return found[0]
    if reached:
        raise WrongRow(_("没有姓名，号码又登记在别人名下"), "name")
    return None


def _each(people: Iterable[Person]) -> list[Person]:
    return list({id(one): one for one in people}.values())


def _note(entry: Entry, book: Book) -> None:
    """Let the book know what the row adds."""
    if entry.house:
        book.add_house(entry.house)
    assert entry.at is not None  # noqa: S101 - a judged row has a room
    if entry.cluster:
        entry.at.house.cluster = entry.cluster
        book.clusters.add(entry.cluster)
    if entry.flat:
        book.add_flat(entry.flat)
    for person, listed in entry.new:
        entry_ways = listed.ways
        _reach(person, entry_ways, book)
    for person, ways in entry.ways:
        _reach(person, ways, book)
    for person in entry.verified:
        person.is_verified = True
    for person, role, _from_on in entry.homes:
        if entry.at.key not in person.homes:
            book.living.setdefault(entry.at.key, []).append(person)
        person.homes.setdefault(entry.at.key, set()).add(role)


def _reach(person: Person, ways: Iterable[Reached], book: Book) -> None:
    for way in ways:
        person.indexes.add(way.index)
        if way.kind == "phone":
            person.phones.add(way.index)
        book.reached.setdefault(way.index, []).append(person)
