"""A list of rooms and people comes in: batch by batch, each row whole or not at all, everybody once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.customers.actions.people import add_ways, enter, move_in
from huiyin.customers.models import Customer
from huiyin.customers.queries import book_for, no_longer_listed
from huiyin.customers.rules.entering import Book, Entry, judge
from huiyin.customers.rules.listing import Line, Listed, WrongRow
from huiyin.journal import actions as journal
from huiyin.kit.refusal import Refusal
from huiyin.kit.rooms import Spot, building_key
from huiyin.organization.actions import lay_out_building, lay_out_rooms, put_into_cluster
from huiyin.organization.models import Building, Room, Site
from huiyin.organization.rules import Actor

BATCH = 50  # rows a transaction: the site goes on serving in between
LOOK = 2000  # rows looked up at once where nothing is written
MOST_NOT_LISTED = 1000


@dataclass
class Outcome:
    """What became of each row: rows = imported + already_there + len(rejected)."""

    rows: int = 0
    imported: int = 0
    already_there: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    buildings: set[int] = field(default_factory=set)
    listed: set[tuple[int, int]] = field(default_factory=set)
    refused_rooms: set[str] = field(default_factory=set)
    taken: list[tuple[Line, bool]] = field(default_factory=list)  # rows that may enter, and whether they add anything

    def told(self) -> dict[str, Any]:
        """The four figures, as JSON."""
        names = ("rows", "imported", "already_there", "rejected")
        return {name: getattr(self, name) for name in names}


def bring_in_list(
    lines: Sequence[Line],
    *,
    site: Site,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    before_each: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Enter the rooms and people of a list, or only say what would happen. Ends no occupancy. A second run adds nothing.

    `before_each` is called with the number of rows done before each batch. Killed anywhere, it is run again.
    """
    by.check("contacts.import", site)
    by.check("organization.write", site)
    outcome, book = Outcome(), None
    for batch in _batches(lines, LOOK if dry_run else BATCH):
        before_each(outcome.rows)
        if dry_run:
            book = book_for(site, batch, book)
            _judged(batch, book, outcome)
            continue
        with transaction.atomic():
            Site.objects.select_for_update().get(pk=site.pk)  # two lists at once would enter somebody twice
            _write_batch(batch, site, outcome, by, now)
    before_each(outcome.rows)
    return outcome


def _batches(lines: Sequence[Line], size: int) -> Iterator[Sequence[Line]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def _judged(batch: Sequence[Line], book: Book, outcome: Outcome) -> list[Entry]:
    """What each row adds, counted; refused rows are named with line, reason and field."""
    entries = []
    for line in batch:
        outcome.rows += 1
        try:
            entry = judge(line, book)
        except Refusal as refusal:
            told = {"line": line.line, "reason": str(refusal), "field": refusal.field or ""}
            outcome.rejected.append({**told, "sheet": line.sheet} if line.sheet else told)
            if line.spot:
                outcome.refused_rooms.add(str(line.spot))
            continue
        outcome.imported += entry.adds()
        outcome.already_there += not entry.adds()
        outcome.taken.append((line, entry.adds()))
        entries.append(entry)
    return entries


def _write_batch(batch: Sequence[Line], site: Site, outcome: Outcome, by: Actor, now: datetime) -> None:
    entries = _judged(batch, book_for(site, batch), outcome)
    for entry in entries:
        if entry.house:
            entry.house.pk = lay_out_building(site, code=entry.house.code, name=entry.house.name, by=by, now=now).pk
        if entry.cluster and entry.at:
            put_into_cluster(Building.objects.get(pk=entry.at.house.pk), name=entry.cluster, by=by, now=now)
    flats = [entry.flat for entry in entries if entry.flat]
    rooms = [Room(site=site, building_id=one.house.pk, entrance=one.entrance, number=one.number) for one in flats]
    lay_out_rooms(rooms, site=site, by=by, now=now)
    for flat, room in zip(flats, rooms, strict=True):
        flat.pk = room.pk
    for entry in entries:
        _write_people(entry, site, by, now)
        _remember(entry, outcome)
    added = sum(entry.adds() for entry in entries)
    if added:
        facts = {"site": site.code, "rows": len(batch), "added": added}
        journal.record("customers.list_brought_in", by=by, now=now, facts=facts)


def _write_people(entry: Entry, site: Site, by: Actor, now: datetime) -> None:
    for person, listed in entry.new:
        made = enter(site, name=listed.name, ways=listed.ways, kind=listed.kind, by=by, now=now)
        person.pk = made.pk
    for person, ways in entry.ways:
        add_ways(Customer(pk=person.pk, site=site), ways, by=by, now=now)
    Customer.objects.filter(pk__in=[person.pk for person in entry.verified]).update(is_verified=True)
    for person, role, from_on in entry.homes:
        room = Room(pk=entry.at.pk if entry.at else 0)
        day = from_on or _today(now)
        move_in(Customer(pk=person.pk, site=site), room, role=role, by=by, now=now, from_on=day)


def _today(now: datetime) -> date:
    return timezone.localdate(now)


def _remember(entry: Entry, outcome: Outcome) -> None:
    """Who stands in the list, so that it can be told who no longer does."""
    if entry.at:
        outcome.buildings.add(entry.at.house.pk)
        outcome.listed |= {(person.pk, entry.at.pk) for person in entry.meant}


def not_listed(outcome: Outcome, site: Site) -> list[dict[str, Any]]:
    """Who is registered in the list's buildings and no longer named in it; refused rows' rooms apart. Nobody is moved out."""
    missing = no_longer_listed(site, outcome.buildings, outcome.listed)
    return [
        {"customer": home.customer_id, "room": str(home.room), "since": home.from_on.isoformat()}
        for home in missing
        if str(home.room) not in outcome.refused_rooms
    ][:MOST_NOT_LISTED]


@transaction.atomic
def take_in(room: Room, listed: Listed, *, by: Actor, now: datetime) -> Customer:
    """Register somebody in a room by hand, by the rules of a list: whoever is known by name and number is not entered twice.

    Refuses a doubt about who is meant. Repeating it changes nothing.
    """
    by.check("customers.write", room.site)
    Site.objects.select_for_update().get(pk=room.site_id)
    spot = Spot(building_key(room.building.code), room.entrance, room.number)
    line = Line(0, spot=spot, people=(listed,))
    entry = judge(line, book_for(room.site, [line]))
    if entry.house or entry.flat:
        raise WrongRow(_("楼栋或房号在名录里不止一个，请先核对。"), "name")
    _write_people(entry, room.site, by, now)
    return Customer.objects.get(pk=entry.meant[0].pk)
