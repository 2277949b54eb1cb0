"""One box finds people by whatever the caller says: any reading of a name, the end of a number, the room in any spelling."""

from datetime import date, datetime

import pytest

from huiyin.customers.actions import add_ways, enter, move_in, move_out, take_in
from huiyin.customers.actions.people import WrongDay
from huiyin.customers.models import Customer, Occupancy
from huiyin.customers.queries import find
from huiyin.customers.rules import Reached
from huiyin.customers.rules.listing import Listed, WrongRow
from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.organization.models import Building, Room
from huiyin.organization.queries import room_called
from huiyin.organization.rules import NotAllowed

READ = {
    "单明": ("shanming", "danming", "sm", "dm"),
    "曾乐": ("zengle", "cengle", "zl", "cl"),
    "仇英": ("qiuying", "chouying", "qy", "cy"),
    "解珍": ("xiezhen", "jiezhen", "xz", "jz"),
    "任重": ("renzhong", "renchong", "rz", "rc"),
    "尉迟恭": ("yuchigong", "weichigong", "ycg", "wcg"),
}


@pytest.mark.parametrize("name", READ)
def test_every_reading_of_a_name_finds_it(name: str, cast: Cast, now: datetime) -> None:
    person = enter(cast.site, name=name, by=cast.clerk, now=now)
    assert [person in find(text, cast.site, cast.clerk) for text in READ[name]] == [True] * 4


@pytest.mark.parametrize("tail", ["4567", "34567", "2345678"[:6] + "7", "12345674567"[4:], "13912344567"])
def test_the_end_of_a_number_finds_whose_it_is(tail: str, cast: Cast, now: datetime) -> None:
    person = enter(cast.site, name="王五", ways=[Reached.by_phone("13912344567")], by=cast.clerk, now=now)
    enter(cast.site, name="赵六", ways=[Reached.by_phone("13800004567")], by=cast.clerk, now=now)
    found = find(tail, cast.site, cast.clerk)
    ends = "13912344567".endswith(tail)
    assert (person in found, len(found) == 1) == (ends, ends and len(tail) > 4)


SPELLINGS = "3-1-502 3-1-0502 03-01-502 3号楼1单元502室 三号楼一单元502 3栋1单元502 3幢502 3#1-502 ３－１－５０２ 3号楼502 三栋502室"


@pytest.mark.parametrize("text", [*SPELLINGS.split(), "3 1 502"])
def test_a_room_in_every_spelling(text: str, cast: Cast) -> None:
    building = Building.objects.get(site=cast.site, code="3")
    room = Room.objects.create(site=cast.site, building=building, entrance="1", number="502")
    assert room_called(cast.site, text) == room


def test_somebody_known_moves_in_and_is_not_entered_twice(cast: Cast, now: datetime) -> None:
    first, second = Room.objects.filter(site=cast.site).order_by("pk")[:2]
    told = Listed("王五", (Reached.by_phone("13912344567"),), "owner")
    person = take_in(first, told, by=cast.clerk, now=now)
    assert [take_in(first, told, by=cast.clerk, now=now), take_in(second, told, by=cast.clerk, now=now)] == [person] * 2
    assert Occupancy.objects.filter(customer=person).count() == 2
    with pytest.raises(WrongRow):
        take_in(first, Listed("王五", (Reached.by_phone("13700000000"),), "tenant"), by=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        take_in(first, told, by=cast.actor("jin"), now=now)


def test_moving_out_is_once_and_never_before_moving_in(cast: Cast, now: datetime) -> None:
    home = Occupancy.objects.filter(site=cast.site).order_by("pk")[0]
    for day in (date(2020, 1, 1), date(2030, 1, 1)):
        with pytest.raises(WrongDay):
            move_out(home, on=day, by=cast.clerk, now=now)
    for day in (None, date(2026, 12, 1)):
        move_out(home, on=day, by=cast.clerk, now=now)
    home.refresh_from_db()
    assert [home.until_on, Entry.objects.filter(verb="customers.moved_out").count()] == [now.date(), 1]


def test_a_second_number_stays_beside_the_first(cast: Cast, now: datetime) -> None:
    way = Reached.by_phone("13912344567")
    assert [add_ways(cast.resident, [way, way], by=cast.clerk, now=now) for _turn in range(2)] == [["phone"], []]
    assert Customer.objects.get(pk=cast.resident.pk).contact_points.count() == 2
    room = Room.objects.filter(site=cast.site).order_by("-pk")[0]
    move_in(cast.resident, room, role="owner", by=cast.clerk, now=now, from_on=date(2026, 1, 1))
    assert cast.resident in find("4567", cast.site, cast.clerk)
