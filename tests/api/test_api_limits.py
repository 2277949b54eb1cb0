"""How often the API may be asked; counted in the table, told in the answer."""

from datetime import timedelta

import pytest

from huiyin.access import limits
from huiyin.access.models import Tally
from tests.api.conftest import NOW, Api

pytestmark = pytest.mark.django_db
THREE = limits.Limit("test", 3, 60)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_lots", {})


def test_a_key_has_its_share(api: Api, settings) -> None:
    settings.API_PER_MINUTE = 3
    answers = [api.get("cases") for _one in range(4)]
    last = answers[-1]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (last["Content-Type"], last["Retry-After"], last.json()["status"]) == ("application/problem+json", "60", 429)
    assert "3" in last.json()["detail"]


def test_wrong_keys_are_counted_and_missing_ones_are_not(nobody: Api, api: Api) -> None:
    nobody.token = "hy_wrong"
    wrong = [nobody.get("cases").status_code for _one in range(61)]
    nobody.token = ""
    missing = [nobody.get("cases").status_code for _one in range(3)]
    assert (wrong, missing, api.get("cases").status_code) == ([401] * 60 + [429], [401] * 3, 200)


def test_a_span_begins_anew() -> None:
    counts = [limits.spend(THREE, "x", now=NOW + timedelta(seconds=at)) for at in (0, 1, 59, 60, 61)]
    assert (counts, limits.seconds_left(THREE, NOW + timedelta(seconds=59))) == ([1, 2, 3, 1, 2], 1)


def test_lots_are_never_more_than_allowed() -> None:
    """Two processes take from one table: together they let through no more than the limit."""
    limit, let = limits.Limit("test", 50, 60), 0
    for _process in range(2):
        limits._lots.clear()
        for _call in range(60):
            try:
                limits.check_cheaply(limit, "x", now=NOW)
                let += 1
            except limits.TooOften:
                break
    assert let == 40


def test_what_is_over_is_thrown_away() -> None:
    limits.spend(THREE, "x", now=NOW)
    kept = [limits.forget(now=NOW + timedelta(minutes=30)), limits.forget(now=NOW + timedelta(hours=2))]
    assert (kept, Tally.objects.count()) == ([0, 1], 0)


def test_no_address_stands_in_the_table() -> None:
    limits.spend(THREE, "203.0.113.77", now=NOW)
    assert "203.0.113.77" not in str(Tally.objects.values_list())
