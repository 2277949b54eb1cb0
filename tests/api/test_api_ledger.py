"""Duties, the search, and the description of it all."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from huiyin.api.urls import router
from huiyin.demo.cast import Cast
from huiyin.duties.actions import open_duties
from huiyin.duties.rules import Asked
from tests.api.conftest import COMPLAINT, NOW, Api, fields_of

pytestmark = pytest.mark.django_db


def test_duties_of_a_site_between_two_days(api: Api, case: str) -> None:
    rows = api.get("duties?site=yulan&from=2026-10-30&to=2026-10-30").json()["items"]
    assert [(row["kind"], row["reference"], row["status"], row["due"]) for row in rows] == [
        ("solution", case, "running", "2026-10-30T23:59:59+08:00")
    ]
    assert rows[0]["why"].startswith("2026-10-23 收到，当天不计")
    assert api.get("duties?site=yulan&from=2026-10-31&to=2026-11-02").json()["items"] == []


def test_evidence_stands_beside_the_duty(api: Api, case: str) -> None:
    api.post(f"cases/{case}/solution", {"plan": "周五前修好"})
    rows = api.get("duties?site=yulan&from=2026-10-30&to=2026-10-30").json()["items"]
    assert [(row["status"], row["evidence"], row["done"]) for row in rows] == [
        ("kept", [case], "2026-10-23T10:00:00+08:00")
    ]


def test_reasons_are_worded_in_the_readers_language(api: Api, case: str) -> None:
    answer = api.get("duties?site=yulan&from=2026-10-30&to=2026-10-30", **{"Accept-Language": "en"})
    assert answer["Content-Language"] == "en"


def test_duties_walk_by_cursor(api: Api, cast: Cast) -> None:
    due = NOW + timedelta(days=3)
    asked = [Asked("forum", NOW, due + timedelta(days=n % 5), period=f"{2026 + n}") for n in range(120)]
    open_duties(cast.site, asked)
    pages, cursor = [], ""
    while cursor is not None:
        page = api.get(f"duties?site=yulan&from=2026-10-23&to=2026-10-31&cursor={cursor}").json()
        pages.append([(row["due"], row["period"]) for row in page["items"]])
        cursor = page["next_cursor"]
    seen = [row for rows in pages for row in rows]
    assert [len(rows) for rows in pages] == [50, 50, 20]
    assert (len(set(seen)), [row[0] for row in seen]) == (120, sorted(row[0] for row in seen))


def test_duties_say_who_may_not(api_of: Callable[[str], Api], nobody: Api, api: Api) -> None:
    assert nobody.get("duties?site=yulan").status_code == 401
    assert api_of("he").get("duties?site=yulan").status_code == 404
    assert fields_of(api.get("duties")) == ["site"]
    assert fields_of(api.get("duties?site=yulan&from=soon&to=2026-13-40")) == ["from", "to"]
    assert fields_of(api.get("duties?site=yulan&from=0001-01-01")) == ["from"]
    assert fields_of(api.get("duties?site=yulan&to=9999-12-31")) == ["to"]


def test_a_case_is_found_by_its_contacts_words(api: Api, case: str) -> None:
    newer = api.post("contacts", COMPLAINT | {"situation": "电梯按钮坏了"}).json()["case"]["reference"]
    items = api.get("search?q=电梯").json()["items"]
    assert [(item["reference"], item["kind"], item["state"]) for item in items] == [
        (newer, "case", "received"),
        (case, "case", "received"),
    ]
    assert [item["reference"] for item in api.get("search?q=老人 三号楼").json()["items"]] == [case]
    assert api.get("search?q=").json() == {"items": [], "next_cursor": None}


def test_the_search_sees_what_the_account_sees(api: Api, api_of: Callable[[str], Api], nobody: Api, case: str) -> None:
    assert api_of("he").get("search?q=电梯").json()["items"] == []
    assert nobody.get("search?q=电梯").status_code == 401
    assert fields_of(api.get("search")) == ["q"]


def test_the_description_covers_every_address(nobody: Api) -> None:
    answer = nobody.get("openapi.json")
    document = answer.json()
    addresses = {"/" + f"api/v1/{url.pattern}".replace("<str:reference>", "{reference}") for url in router.urls}
    assert (answer.status_code, set(document["paths"])) == (200, addresses)
    for address, item in document["paths"].items():
        for method in {"get", "post"} & set(item):
            operation = item[method]
            assert operation["summary"], address
            assert operation["security"] == [{"token": []}], address
            assert {"401", "403", "404", "422"} <= set(operation["responses"]), address
            problem = operation["responses"]["404"]["content"]
            assert list(problem) == ["application/problem+json"], address
            if method == "post":
                assert {"409", "413", "415"} <= set(operation["responses"]), address
                assert "Idempotency-Key" in {part["name"] for part in operation["parameters"]}, address
