"""Leaving staff lose access at once, by every door (S6); nothing is set that a form does not offer (S4); what each post is told (S3)."""

import json
import re
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory, override_settings

from huiyin import settings as shipped
from huiyin.customers.models import Customer
from huiyin.demo.cast import PASSWORD, Cast, settle
from huiyin.interactions.models import Receipt
from huiyin.interactions.queries import receipt_token
from huiyin.organization import actions
from huiyin.organization.models import ApiToken, Post, User
from huiyin.organization.queries import feed_token
from huiyin.organization.rules import SYSTEM
from tests import acts
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.access.clock.now", lambda: NOW)


def status(client: Client, key: str) -> int:
    return client.get("/api/v1/cases", headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.mark.parametrize("change", ["closed", "revoked", "run out"])
def test_a_key_ends_with_its_account(cast: Cast, client: Client, change: str) -> None:
    key = actions.issue_token(cast.users["chen"], label="x", by=SYSTEM, now=NOW, lasts=timedelta(days=1))
    before = status(client, key)
    if change == "closed":
        actions.deactivate(cast.users["chen"], by=SYSTEM, now=NOW)
    elif change == "revoked":
        ApiToken.objects.update(revoked_at=NOW)
    else:
        ApiToken.objects.update(expires_at=NOW)
    assert (before, status(client, key)) == (200, 401)


def test_a_post_taken_away_is_gone_from_the_next_answer(cast: Cast, client: Client) -> None:
    key = actions.issue_token(cast.users["zhou"], label="x", by=SYSTEM, now=NOW)
    before = status(client, key)
    actions.end_post(Post.objects.get(user=cast.users["zhou"]), on=NOW.date(), by=SYSTEM, now=NOW)
    assert (before, status(client, key)) == (200, 403)


def test_the_calendar_link_of_a_closed_account_is_missing(cast: Cast, client: Client) -> None:
    path = f"/feeds/{feed_token(cast.users['zhou'])}.ics"
    before = client.get(path).status_code
    actions.deactivate(cast.users["zhou"], by=SYSTEM, now=NOW)
    assert (before, client.get(path).status_code) == (200, 404)


def test_no_secret_of_ours_lies_open(cast: Cast) -> None:
    """Passwords by argon2, keys and links by their digest alone; a link has at least 128 bits (S5)."""
    key = actions.issue_token(cast.users["zhou"], label="x", by=SYSTEM, now=NOW)
    token = receipt_token(acts.take(cast, NOW).reference)
    tables = [*User.objects.values_list(), *ApiToken.objects.values_list(), *Receipt.objects.values_list()]
    assert [row for row in tables if key in map(str, row) or token in map(str, row)] == []
    settled = settle_password()
    assert (settled.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8"), len(token) * 5 >= 128, len(key) - 3 >= 43) == (
        True,
        True,
        True,
    )


def settle_password() -> str:
    """As the product hashes it, not as light as the tests."""
    with override_settings(PASSWORD_HASHERS=shipped.PASSWORD_HASHERS):
        user = User(username="x", name="x")
        user.set_password("x")
    return user.password


def test_what_a_form_does_not_offer_is_not_set(cast: Cast, client: Client) -> None:
    """Every field of the tables behind it, sent along with the form and the API's body (S4)."""
    case = acts.take(cast, NOW)
    extra = {
        "is_verified": "1", "state": "closed", "accountable": cast.users["he"].pk, "site": cast.sites["hengtai"].pk, "version": "1",
        "closed_at": "2020-01-01", "is_history": "1", "sensitivity": "0", "id": "1", "pk": "1", "is_active": "0", "generation": "99",
        "erased_at": "2020-01-01", "outcome": "accepted", "solution_due_at": "2030-01-01", "role": "director", "by": "1",
    }  # fmt: skip
    kept = ("state", "accountable_id", "site_id", "closed_at", "is_history", "outcome", "solution_due_at")
    before = [getattr(case, name) for name in kept]
    client.force_login(cast.users["chen"])
    client.post(f"/cases/{case.reference.number}/note", {"text": "x", **extra})
    client.post(f"/directory/{cast.resident.pk}/data/correct", {"name": "改名", **extra})
    client.post("/me/password", {"password_now": "x", **extra})
    person, after = Customer.objects.get(pk=cast.resident.pk), acts.fresh(case)
    assert [getattr(after, name) for name in kept] == before
    assert (person.name, person.erased_at, person.site_id) == ("改名", None, cast.site.pk)
    assert User.objects.get(username="chen").is_active


def test_the_api_refuses_what_it_does_not_know_or_sets_nothing_of_it(cast: Cast, client: Client) -> None:
    key = actions.issue_token(cast.users["zhou"], label="x", by=SYSTEM, now=NOW)
    body = {
        "site": "yulan",
        "channel": "phone",
        "kind": "complaint",
        "situation": "电梯",
        "state": "closed",
        "reference": "SX26-999999",
    }
    answer = client.post(
        "/api/v1/contacts", json.dumps(body), "application/json", headers={"Authorization": f"Bearer {key}"}
    )
    told = answer.json().get("case") or {}
    assert (
        answer.status_code in {201, 422},
        told.get("state", "received"),
        told.get("reference") == "SX26-999999",
    ) == (
        True,
        "received",
        False,
    )


def test_no_whole_number_in_what_the_api_tells(cast: Cast, client: Client) -> None:
    """Every list and thing, as a clerk, a manager and the company: no telephone number of a customer in clear (S3, P2)."""
    case = acts.take(cast, NOW)
    found = {}
    for username in ("chen", "wang", "zhou", "shen", "qian"):
        key = actions.issue_token(cast.users[username], label="x", by=SYSTEM, now=NOW)
        for path in (
            "cases",
            f"cases/{case.reference.number}",
            "search?q=电梯",
            "duties?site=yulan&from=2026-11-01&to=2026-12-31",
        ):
            answer = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})
            found[(username, path)] = re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", answer.content.decode())
    assert {key: hits for key, hits in found.items() if hits} == {}


def test_no_whole_number_on_the_pages_about_people(cast: Cast, client: Client) -> None:
    """Directory, person, household, search and matter, as each of them may see it (S3, P2)."""
    home = cast.resident.occupancies.get()
    case = acts.take(cast, NOW, customer=cast.resident, room=home.room, by=cast.clerk)
    name, number = cast.resident.name, case.reference.number
    pages = (
        f"/directory/?q={name}",
        f"/directory/{cast.resident.pk}/",
        f"/directory/rooms/{home.room_id}/",
        f"/search/?q={name}",
        f"/log/who?q={home.room}",
        f"/cases/{number}/",
        "/log/book",
    )
    found, seen = {}, set()
    for username in ("chen", "wang", "zhou", "shen", "qian"):
        client.force_login(cast.users[username])
        for path in pages:
            answer = client.get(path)
            body = answer.content.decode()
            seen |= {path} if "****" in body else set()
            found[(username, path)] = re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", body)
    assert {key: hits for key, hits in found.items() if hits} == {}
    assert {*pages[:5]} <= seen


def test_a_wrong_name_takes_as_long_as_a_wrong_password(db: None) -> None:
    settle(now=NOW - timedelta(days=300), households=1, password=PASSWORD)

    def took(username: str) -> float:
        spans = []
        for n in range(5):
            request = RequestFactory(REMOTE_ADDR=f"203.0.113.{n}").post("/log-in", {"username": username})
            start = perf_counter()
            authenticate(request, username=username, password="wrong")
            spans.append(perf_counter() - start)
        return median(spans)

    known, unknown = took("chen"), took("ghost")
    assert abs(known - unknown) < 0.5 * max(known, unknown), (known, unknown)
