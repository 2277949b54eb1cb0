"""The people served: found by whatever is typed, masked unless there is a reason, unreadable on disk."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from huiyin.customers.actions import NoReason, enter, move_in, recognize, reveal
from huiyin.customers.models import ContactPoint, Customer
from huiyin.customers.queries import by_id, clear_value, find, homes_of, known_by, ways_to_reach
from huiyin.customers.rules import Reached, WrongPhone
from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.organization.models import Cluster, Room
from huiyin.organization.queries import actor_of
from huiyin.organization.rules import SYSTEM, NotAllowed

PHONE = "13912345678"


@pytest.fixture
def zeng(cast: Cast, now: datetime) -> Customer:
    """曾小明 of 3-1-101."""
    ways = [Reached.by_phone(PHONE), Reached.by_email(" Zeng@Example.com ")]
    customer = enter(cast.site, name="曾小明", ways=ways, by=cast.clerk, now=now)
    room = Room.objects.get(site=cast.site, building__code="3")
    move_in(customer, room, role="owner", by=cast.clerk, now=now, from_on=date(2025, 5, 1))
    room.occupancies.exclude(customer=customer).update(until_on=date(2025, 5, 1))
    return customer


@pytest.mark.parametrize(
    "query",
    [
        "13912345678",
        "139 1234 5678",
        "139-1234-5678",
        "+86 139 1234 5678",
        "0086 13912345678",
        "１３９１２３４５６７８",
        " 13912345678 ",
        "5678",
        "3-1-101",
        "3号楼1单元101室",
        "3栋1单元101",
        "曾小明",
        "曾",
        "小明",
        "zengxiaoming",
        "zeng xiao",
        "ZXM",
        "zx",
    ],
)
def test_one_box_finds_the_person(query: str, zeng: Customer, cast: Cast) -> None:
    assert find(query, cast.site, cast.clerk) == [zeng]


@pytest.mark.parametrize("query", ["13912345679", "9999", "3-2-101", "王五", "xyz", "", "   ", "%", "_", "0" * 40, "'"])
def test_anything_else_finds_nobody(query: str, zeng: Customer, cast: Cast) -> None:
    assert find(query, cast.site, cast.clerk) == []


def test_only_who_lives_there_now_is_found_by_room(zeng: Customer, cast: Cast) -> None:
    zeng.occupancies.update(until_on=date(2026, 1, 1))
    assert find("3-1-101", cast.site, cast.clerk) == []


def test_another_site_finds_nobody_and_sees_nobody(zeng: Customer, cast: Cast) -> None:
    assert [find(PHONE, cast.site, cast.stranger), by_id(zeng.pk, cast.stranger)] == [[], None]
    assert find(PHONE, cast.sites["hengtai"], cast.stranger) == []


def test_a_supervisor_finds_the_people_of_the_cluster(zeng: Customer, cast: Cast, now: datetime) -> None:
    north = Cluster.objects.create(site=cast.site, code="north", name="北区")
    user = cast.users["lin"]
    user.posts.update(cluster=north, role="cluster_supervisor")
    supervisor = actor_of(user)
    assert find("曾小明", cast.site, supervisor) == []
    cast.site.buildings.filter(code="3").update(cluster=north)
    assert find("曾小明", cast.site, supervisor) == [zeng]


def test_finding_takes_three_queries_with_one_person_and_with_three(
    zeng: Customer, cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    actor = cast.clerk
    with django_assert_num_queries(3):
        assert [[str(home.room) for home in homes_of(one)] for one in find("曾", cast.site, actor)] == [["3-1-101"]]
    for name in ("曾二", "曾三"):
        enter(cast.site, name=name, ways=[Reached.by_phone("13700000001")], by=cast.clerk, now=now)
    with django_assert_num_queries(3):
        assert [len(one.contact_points.all()) for one in find("曾", cast.site, actor)] == [1, 1, 2]


def test_the_list_says_only_the_mask(zeng: Customer) -> None:
    assert [str(point) for point in ways_to_reach(zeng)] == ["Z***@example.com".lower(), "139****5678"]
    assert [str(zeng), PHONE in str(zeng)] == [f"customer {zeng.pk}", False]


def test_the_disk_does_not_hold_the_number(zeng: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ciphertext, blind_index, masked, last_four FROM customers_contactpoint")
        kept = repr(cursor.fetchall())
    assert [PHONE in kept, "12345" in kept, "zeng@" in kept] == [False, False, False]
    assert [clear_value(point) for point in ways_to_reach(zeng)] == ["zeng@example.com", "+8613912345678"]


def test_the_same_number_is_written_differently_every_time_and_still_found(cast: Cast, now: datetime) -> None:
    people = [enter(cast.site, name="", ways=[Reached.by_phone(PHONE)], by=SYSTEM, now=now) for _twice in range(2)]
    points = ContactPoint.objects.filter(customer__in=people)
    assert [len({point.ciphertext for point in points}), len({point.blind_index for point in points})] == [2, 1]


def test_a_number_is_shown_for_a_reason_which_goes_on_record(zeng: Customer, cast: Cast, now: datetime) -> None:
    point = ways_to_reach(zeng).get(kind="phone")
    clerk = cast.clerk
    assert reveal(point, reason="约上门维修", by=clerk, now=now) == "+8613912345678"
    entry = Entry.objects.get(verb="customers.revealed")
    assert entry.facts == {"customer": zeng.pk, "contact_point": point.pk, "site": "yulan"}
    assert [entry.actor, entry.detail.values] == [clerk.signature, {"reason": "约上门维修"}]
    assert [PHONE in repr(vars(entry)), "5678" in repr(entry.facts)] == [False, False]


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "\u3164", "\n"])
def test_without_a_reason_it_stays_masked(reason: str, zeng: Customer, cast: Cast, now: datetime) -> None:
    with pytest.raises(NoReason) as refused:
        reveal(ways_to_reach(zeng)[0], reason=reason, by=cast.clerk, now=now)
    assert [refused.value.field, Entry.objects.filter(verb="customers.revealed").count()] == ["reason", 0]


@pytest.mark.parametrize("who", ["wang", "he", "qian", "fang"])
def test_without_the_right_it_stays_masked(who: str, zeng: Customer, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        reveal(ways_to_reach(zeng)[0], reason="好奇", by=cast.actor(who), now=now)
    assert Entry.objects.filter(verb="customers.revealed").count() == 0


def test_entering_leaves_digests_alone_in_the_journal(zeng: Customer) -> None:
    entry = Entry.objects.filter(verb="customers.entered").latest("id")
    assert ["曾小明" in repr(vars(entry)), list(entry.digests)] == [False, ["name"]]


def test_a_claim_on_a_form_changes_nothing_that_is_known(zeng: Customer, cast: Cast, now: datetime) -> None:
    ways = [Reached.by_phone("+86 139-1234-5678")]
    assert recognize(cast.site, name="冒名者", ways=ways, by=SYSTEM, now=now) == zeng
    zeng.refresh_from_db()
    assert [zeng.name, zeng.is_verified, zeng.contact_points.count()] == ["曾小明", True, 2]


def test_an_unknown_voice_is_kept_as_unverified_and_silence_as_nobody(cast: Cast, now: datetime) -> None:
    made = recognize(cast.site, name="新来的", ways=[Reached.by_phone("13600000000")], by=SYSTEM, now=now)
    assert made is not None
    assert [made.name, made.is_verified] == ["新来的", False]
    assert recognize(cast.site, name="", ways=[], by=SYSTEM, now=now) is None


def test_the_same_number_at_another_site_is_another_customer(zeng: Customer, cast: Cast, now: datetime) -> None:
    assert known_by(cast.sites["hengtai"], Reached.by_phone(PHONE)) is None
    made = recognize(cast.sites["hengtai"], name="曾小明", ways=[Reached.by_phone(PHONE)], by=SYSTEM, now=now)
    assert made is not None
    assert made.pk != zeng.pk


def test_whoever_staff_entered_comes_before_a_claim(cast: Cast, now: datetime) -> None:
    way = Reached.by_phone(PHONE)
    recognize(cast.site, name="自称", ways=[way], by=SYSTEM, now=now)
    verified = enter(cast.site, name="登记", ways=[way], by=cast.clerk, now=now)
    assert known_by(cast.site, way) == verified


@pytest.mark.parametrize("text", ["12", "abcdefg", "1234567890123456789", "138000"])
def test_what_is_no_number_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(WrongPhone) as refused:
        Reached.by_phone(text)
    assert refused.value.field == "phone"


def test_names_survive_as_they_are_written(cast: Cast, now: datetime) -> None:
    names = ["𠮷田", "王䶮", "Müller-李", "阿卜杜拉·买买提", "扎西༄", "欧阳静怡"]
    people = [enter(cast.site, name=name, by=cast.clerk, now=now) for name in names]
    assert [find(one.name, cast.site, cast.clerk) for one in people] == [[one] for one in people]


def test_moving_in_twice_is_moving_in_once(zeng: Customer, cast: Cast, now: datetime) -> None:
    room = zeng.occupancies.get().room
    move_in(zeng, room, role="owner", by=cast.clerk, now=now, from_on=date(2025, 5, 1))
    assert zeng.occupancies.count() == 1
