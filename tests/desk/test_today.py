"""The first page of the day: what the coming calendar makes hard, told while there is time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.handbook.actions import decide
from huiyin.handbook.queries import coming_troubles

SEPTEMBER = datetime(2026, 9, 7, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HARD = "接下来的日历有难处"


@pytest.fixture
def september(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("huiyin.access.clock.now", lambda: SEPTEMBER)
    return SEPTEMBER


def today(client: Client, cast: Cast, who: str) -> str:
    client.force_login(cast.users[who])
    return client.get("/today/?site=yulan").content.decode()


@pytest.mark.clause("S4.4.2.5.c", "S4.4.2.5.f")
def test_in_september_who_decides_hears_of_october(cast: Cast, client: Client, september: datetime) -> None:
    assert [today(client, cast, who).count(HARD) for who in ("zhou", "fang", "chen")] == [1, 1, 0]


def test_what_was_decided_stands_there(cast: Cast, client: Client, september: datetime) -> None:
    found = coming_troubles(cast.site, september.date())[0]
    way = found.ways_out[0]
    decide(found, way=way.id, site=cast.site, reason="提前交", by=cast.manager, now=september)
    page = today(client, cast, "zhou")
    assert [page.count(HARD), "已经决定：" in page] == [1, True]


def test_in_november_there_is_nothing_to_hear(cast: Cast, client: Client, now: Any) -> None:
    assert HARD not in today(client, cast, "zhou")
