"""Entering a page that was written by hand: all rows or none, half a row named, nothing lost, gaps shown."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.interactions.models import Interaction

SHEET = "261123-080000-01"


def row(number: int, **typed: str) -> dict[str, str]:
    whole = {"occurred_at": "2026-11-22T21:30", "situation": f"第{number}行的话", "channel": "phone", "kind": "opinion"}
    return {f"r{number}-{name}": value for name, value in (whole | typed).items()}


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.users["chen"])
    return client


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_rows_become_contacts_of_their_own_time(clerk: Client, now: datetime) -> None:
    typed = (
        row(1)
        | row(2, situation="怎么交费", answered_at_once="按季度交。", kind="enquiry")
        | row(4, phone="13800001111")
    )
    answer = clerk.post("/log/page", {"sheet": SHEET, "key": "k", **typed}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/log/page?sheet={SHEET}", 302)]
    kept = Interaction.objects.order_by("id")
    assert [(one.source_number, one.subject is None) for one in kept] == [
        (f"{SHEET}/1", False),
        (f"{SHEET}/2", True),
        (f"{SHEET}/4", False),
    ]
    assert {(one.occurred_at, one.recorded_at) for one in kept} == {(now - timedelta(hours=12, minutes=30), now)}
    assert [word in page for word in ("第 3 行还没有补录", "第 1 行 SX26-", "第 2 行 JL26-")] == [True, True, True]


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"occurred_at": ""}, "第 2 行 什么时候："),
        ({"situation": ""}, "第 2 行 说了什么："),
        ({"phone": "12"}, "第 2 行 电话："),
        ({"occurred_at": "2026-12-24T10:00"}, "第 2 行 什么时候：来访时间不能在将来。"),
        ({"occurred_at": "1026-12-24T10:00"}, "第 2 行 什么时候："),
        ({"kind": "x"}, "第 2 行 什么事："),
    ],
)
def test_half_a_row_stops_the_page_and_nothing_typed_is_lost(clerk: Client, typed: dict[str, str], said: str) -> None:
    answer = clerk.post("/log/page", {"sheet": SHEET, "key": "k", **row(1), **row(2, **typed)})
    page = answer.content.decode()
    assert (answer.status_code, said in page, "第1行的话" in page, SHEET in page) == (422, True, True, True)
    assert Interaction.objects.count() == 0


def test_an_empty_page_is_told(clerk: Client) -> None:
    answer = clerk.post("/log/page", {"sheet": "", "key": "k", "r1-channel": "phone", "r1-kind": "opinion"})
    assert (answer.status_code, "一行也没有填。" in answer.content.decode()) == (422, True)


def test_the_same_page_sent_twice_is_entered_once(clerk: Client) -> None:
    codes = [clerk.post("/log/page", {"sheet": SHEET, "key": key, **row(1)}).status_code for key in ("k", "k", "l")]
    assert (codes, Interaction.objects.count()) == ([302, 302, 422], 1)
    again = clerk.post("/log/page", {"sheet": SHEET, "key": "m", **row(1), **row(2)}).content.decode()
    assert ("第 1 行 说了什么：这一页的这一行已经补录过。" in again, Interaction.objects.count()) == (True, 1)


def test_pages_without_a_number_are_entered_too(clerk: Client) -> None:
    codes = [clerk.post("/log/page", {"sheet": "", "key": key, **row(1)}).status_code for key in ("k", "l")]
    assert (codes, Interaction.objects.filter(source_number="").count()) == ([302, 302], 2)


def test_who_takes_no_contacts_enters_no_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["fang"])
    assert client.get("/log/page").status_code == 403
