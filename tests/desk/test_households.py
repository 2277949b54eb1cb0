"""一户一档: who lives here, what happened, and people registered by hand; each reader sees what is theirs."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.customers.actions import enter, give_consent, move_out
from huiyin.customers.models import Customer, Occupancy
from huiyin.demo.cast import Cast
from huiyin.organization.models import Room
from huiyin.organization.rules import SYSTEM
from tests import acts


@pytest.fixture
def room(cast: Cast) -> Room:
    return Room.objects.get(occupancies__customer=cast.resident)


def page(client: Client, cast: Cast, room: Room, who: str = "chen", query: str = "") -> str:
    client.force_login(cast.users[who])
    return client.get(f"/directory/rooms/{room.pk}/{query}").content.decode()


def test_everything_around_a_household_in_one_view(cast: Cast, client: Client, room: Room, now: datetime) -> None:
    case = acts.take(cast, now - timedelta(days=5), words="厨房漏水", customer=cast.resident, room=room, by=cast.clerk)
    acts.close(case, cast, now - timedelta(days=5))
    told = page(client, cast, room)
    assert [word in told for word in (cast.resident.name, "厨房漏水", "回访：满意", str(room), "记一笔")] == [True] * 5
    assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", told) == []
    only = page(client, cast, room, query="?show=follow_ups")
    assert ["回访：满意" in only, f"/cases/{case.reference.number}/" in only] == [True, True]
    assert only.count("<tr>") == 1
    assert "没有来往" in page(client, cast, room, query="?show=letters")


def test_linked_from_the_directory_the_person_and_the_case(
    cast: Cast, client: Client, room: Room, now: datetime
) -> None:
    link = f'href="/directory/rooms/{room.pk}/"'
    case = acts.take(cast, now, customer=cast.resident, room=room, by=cast.clerk)
    client.force_login(cast.users["chen"])
    places = (f"/directory/?q={room}", f"/directory/{cast.resident.pk}/", f"/cases/{case.reference.number}/")
    assert [link in client.get(place).content.decode() for place in places] == [True] * 3
    assert cast.resident.name in client.get(f"/search/?q={cast.resident.name}").content.decode()


@pytest.mark.parametrize("homes", [1, 3])
def test_as_many_queries_however_many_live_there(
    homes: int, cast: Cast, client: Client, room: Room, now: datetime
) -> None:
    for serial in range(homes):
        person = enter(cast.site, name=f"同住{serial}", by=SYSTEM, now=now)
        Occupancy.objects.create(customer=person, site=cast.site, room=room, role="occupant", from_on=now.date())
        acts.take(cast, now, words=f"第 {serial} 件", customer=person, room=room, by=cast.clerk)
    page(client, cast, room)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/directory/rooms/{room.pk}/")
    assert len(asked) == 11, "\n".join(query["sql"][:140] for query in asked.captured_queries)


def test_who_may_see_which_room(cast: Cast, client: Client, room: Room) -> None:
    west = Room.objects.filter(site__code="xueyuan", building__cluster__code="west").first()
    east = Room.objects.filter(site__code="xueyuan", building__cluster__code="east").first()
    asked = {("he", room): 404, ("chen", room): 200, ("zhou", room): 200, ("luo", east): 200, ("luo", west): 404}
    for (who, where), status in asked.items():
        client.force_login(cast.users[who])
        assert where is not None
        assert (who, str(where), client.get(f"/directory/rooms/{where.pk}/").status_code) == (who, str(where), status)


def test_care_and_past_occupants_are_for_those_who_need_them(
    cast: Cast, client: Client, room: Room, now: datetime
) -> None:
    give_consent(cast.resident, purpose="hardship", way="paper", by=cast.manager, now=now)
    gone = enter(cast.site, name="老住户", by=SYSTEM, now=now)
    Occupancy.objects.create(
        customer=gone, site=cast.site, room=room, role="tenant", from_on=now.date() - timedelta(90), until_on=now.date()
    )
    seen = {who: page(client, cast, room, who) for who in ("zhou", "chen", "wang")}
    assert ["需要关照" in seen[who] for who in seen] == [True, False, False]
    assert ["老住户" in seen[who] for who in seen] == [True, True, False]


def test_by_hand_somebody_moves_in_gets_a_second_number_and_moves_out(
    cast: Cast, client: Client, room: Room, now: datetime
) -> None:
    client.force_login(cast.users["chen"])
    form = {"name": "新住户", "phone": "139 1234 4567", "role": "tenant", "from_on": "2026-11-01"}
    assert client.post(f"/directory/rooms/{room.pk}/people", form).status_code == 302
    person = Customer.objects.get(name="新住户")
    home = person.occupancies.get()
    assert (home.role, str(home.from_on)) == ("tenant", "2026-11-01")
    wrong = client.post(f"/directory/rooms/{room.pk}/people", {**form, "phone": "12"})
    assert (wrong.status_code, "电话号码看不明白" in wrong.content.decode(), "新住户" in wrong.content.decode()) == (
        422,
        True,
        True,
    )
    client.post(f"/directory/{person.pk}/ways", {"phone": "021-5550 1234"})
    assert person.contact_points.count() == 2
    early = client.post(f"/directory/homes/{home.pk}/end", {"until_on": "2026-10-01"})
    assert (early.status_code, "搬离不能早于入住" in early.content.decode()) == (422, True)
    client.post(f"/directory/homes/{home.pk}/end")
    home.refresh_from_db()
    assert home.until_on == now.date()


def test_who_may_not_write_changes_nothing(cast: Cast, client: Client, room: Room, now: datetime) -> None:
    home = cast.resident.occupancies.get()
    client.force_login(cast.users["wang"])
    answers = [
        client.post(f"/directory/rooms/{room.pk}/people", {"name": "x", "role": "owner"}),
        client.post(f"/directory/homes/{home.pk}/end"),
        client.post(f"/directory/{cast.resident.pk}/ways", {"phone": "13900000000"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    move_out(home, on=None, by=cast.clerk, now=now)
    assert "没有登记住户" in page(client, cast, room)
