"""督办: every number is the list behind it; who sees whose."""

import html
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.queries import Load, Narrow, filtered, gathered, loads, narrowed, visible_to
from huiyin.demo.cast import Cast
from huiyin.kit.periods import Period
from tests.acts import fresh, take

AGES = ("today", "days", "week", "older")


@pytest.fixture
def work(cast: Cast, now: datetime) -> None:
    """The engineer is asked for six matters of all ages, accepts two of them and answers one late; the order team has one."""
    for serial, days in enumerate((0, 1, 3, 4, 9, 20)):
        case = take(
            cast, now - timedelta(days=days), words=f"电梯坏了 {serial}", phone=f"1390000111{serial}", by=cast.clerk
        )
        if days in {9, 20}:
            cases.accept(case, by=cast.engineer, now=now - timedelta(days=days, hours=-1))
        if days == 20:
            cases.answer(fresh(case), text="修好了", by=cast.engineer, now=now - timedelta(days=1))
    take(cast, now, "opinion", category="noise", phone="13900003333", by=cast.clerk)
    take(cast, now, site=cast.sites["hengtai"], place="", phone="13900004444")


def shown(client: Client, address: str) -> str:
    """How many a list says it has."""
    found = re.search(r"共 ([\d,+]+) 件", client.get(address).content.decode())
    return found.group(1) if found else "0"


@pytest.mark.clause("S3.1.1.a")
def test_open_work_is_told_by_age_and_what_fell_due_by_its_base(work: None, cast: Cast, now: datetime) -> None:
    site = visible_to(cast.manager).filter(site=cast.site)
    by_person = dict(loads(site, "accountable", now=now).items())
    assert by_person == {
        cast.users["chen"].pk: Load(5, 2, 2, 1, 0, 0, 5, 0, 0),
        cast.users["wang"].pk: Load(2, 0, 0, 0, 2, 1, 0, 2, 0),
    }
    assert [load.open for load in loads(site, "department", now=now).values()] in ([6, 1], [1, 6])


@pytest.mark.clause("S3.1.1.a")
@pytest.mark.usefixtures("work")
def test_every_number_of_the_page_is_the_list_behind_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    page = client.get("/supervision/").content.decode()
    links = re.findall(r'<a href="(/cases/\?[^"]+)">([\d,]+)</a>', page)
    assert len(links) >= 20
    assert [(url, n, shown(client, html.unescape(url))) for url, n in links] == [(url, n, n) for url, n in links]
    late = re.findall(r'<a href="(/duties/\?[^"]+)">(\d+)</a>', page)
    assert late
    for url, n in late:
        assert client.get(html.unescape(url)).context["page"].paginator.count == int(n)


def test_ages_share_out_what_is_open(work: None, cast: Cast, now: datetime) -> None:
    opened = filtered(visible_to(cast.manager).filter(site=cast.site), now=now, actor=cast.manager, show="open")
    parts = [set(narrowed(opened, Narrow(age=age), now=now)) for age in AGES]
    assert set().union(*parts) == set(opened)
    assert sum(len(part) for part in parts) == opened.count() == 7


@pytest.mark.clause("S1.6.a", "S1.6.b")
def test_a_supervisor_sees_the_own_clusters_and_the_manager_all_of_them(
    cast: Cast, client: Client, now: datetime
) -> None:
    site = cast.sites["xueyuan"]
    for serial, place in enumerate(("1-101", "1-101", "3-101")):
        case = take(cast, now, site=site, category="repair", place=place, phone=f"1390000222{serial}")
        if serial == 0:
            cases.answer(fresh(case), text="修好了", by=cast.actor("yang"), now=now)
    month = Period.parse("2026-11")
    for who, clusters, received in (
        ("luo", ["东区组团"], [2]),
        ("song", ["西区组团"], [1]),
        ("gao", ["东区组团", "西区组团"], [2, 1]),
    ):
        client.force_login(cast.users[who])
        rows = client.get("/supervision/?site=xueyuan").context["clusters"]
        assert [row["name"] for row in rows] == clusters
        assert [row["received"].n for row in rows] == received
        assert [shown(client, row["received"].url) for row in rows] == [str(n) for n in received]
        assert sum(
            one.received for one in gathered(visible_to(cast.actor(who)).filter(site=site), month).values()
        ) == sum(received)
    assert [(row["who"], row["answered"].n) for row in rows] == [("罗佳", 1), ("宋平", 0)]


@pytest.mark.parametrize(
    ("who", "status"), [("zhou", 200), ("fang", 200), ("shen", 200), ("chen", 403), ("wang", 403), ("qian", 403)]
)
def test_who_may_open_it(who: str, status: int, cast: Cast, client: Client) -> None:
    client.force_login(cast.users[who])
    assert client.get("/supervision/").status_code == status


@pytest.mark.clause("S1.6.b")
def test_the_matrix_is_filled_in_refused_with_its_gaps_and_put_in_force(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["gao"])
    form = client.get("/remits/?site=xueyuan").context["form"]
    unit = next(code for code, name in form.fields["remit.repair.east"].choices if name == "维修组")
    names = [name for name in form.fields if name.startswith("remit.")]
    gap = {name: unit for name in names if name != "remit.repair.west"} | {"on": ""}
    refused = client.post("/sites/xueyuan/remits/start", gap)
    assert refused.status_code == 422
    assert "维修 × 西区组团" in refused.content.decode()
    twice = client.post(
        "/sites/xueyuan/remits/start",
        {**gap, "remit.repair.west": [unit, form.fields["remit.repair.east"].choices[-1][0]]},
    )
    assert (twice.status_code, "维修 × 西区组团" in str(twice.context["form"].non_field_errors())) == (422, True)
    assert client.post("/sites/xueyuan/remits", gap).status_code == 302
    assert client.get("/remits/").context["draft"].version == 1
    assert client.post("/sites/xueyuan/remits/start", dict.fromkeys(names, unit)).status_code == 302
    assert client.get("/remits/").context["current"].version == 1


@pytest.mark.parametrize(
    "path", ["/supervision/", "/remits/", "/cases/?person=x&department=99999999999&cluster=٣&age=old&period=x"]
)
def test_they_read_in_english_and_take_odd_words(path: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    assert client.get(path, headers={"accept-language": "en"}).status_code == 200
