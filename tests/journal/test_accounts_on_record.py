"""What becomes of accounts, rights and numbers is on record (P1): each kind of event once, end to end, and its line.

That no form changes anything without a line is shown, form by form, in tests/house/test_only_what_is_offered.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.access import sessions
from huiyin.demo.cast import PASSWORD, Cast
from huiyin.journal.models import Entry
from huiyin.organization import actions
from huiyin.organization.models import Post, User
from huiyin.organization.rules import SYSTEM
from tests.conftest import NOW

Done = Callable[[Cast, Client], Any]


def _in(cast: Cast, client: Client, username: str = "chen") -> Client:
    client.force_login(cast.users[username])
    return client


def _try(password: str, username: str = "chen") -> Done:
    return lambda cast, client: client.post("/log-in", {"username": username, "password": password})


def _reveal(cast: Cast, client: Client) -> Any:
    return _in(cast, client).post(f"/directory/reveal/{cast.resident.contact_points.get().pk}", {"reason": "回电话"})


def _at(path: str, username: str = "chen", **given: str) -> Done:
    return lambda cast, client: _in(cast, client, username).post(path.format(person=cast.resident.pk), given)


def _five(cast: Cast, client: Client) -> None:
    for _time in range(5):
        client.post("/log-in", {"username": "chen", "password": "wrong"})


EVENTS: dict[str, tuple[Done, list[str]]] = {
    "log-in": (_try(PASSWORD), ["access.logged_in"]),
    "log-in with a wrong password": (_try("wrong"), ["access.refused"]),
    "log-in by a name that nobody has": (_try("wrong", "ghost"), ["access.refused"]),
    "lock": (_five, ["access.locked", "access.refused"]),
    "unlock": (lambda cast, client: sessions.unlock("chen", by=SYSTEM, now=NOW), ["access.unlocked"]),
    "log-out": (_at("/log-out"), ["access.logged_out"]),
    "sign out everywhere": (
        _at("/me/sign-out-everywhere", password_now=PASSWORD),
        ["organization.signed_out_everywhere"],
    ),
    "new password": (
        _at("/me/password", password_now=PASSWORD, password="Kai-Wai_2026_回音", again="Kai-Wai_2026_回音"),
        ["organization.password_changed"],
    ),
    "a post given": (
        lambda cast, client: actions.appoint(
            cast.users["chen"], role="site_manager", by=SYSTEM, now=NOW, company=cast.company.pk, site=cast.site
        ),
        ["organization.appointed"],
    ),
    "a post ended": (
        lambda cast, client: actions.end_post(
            Post.objects.filter(user=cast.users["chen"])[0], on=NOW.date(), by=SYSTEM, now=NOW
        ),
        ["organization.post_ended"],
    ),
    "an account closed": (
        lambda cast, client: actions.deactivate(cast.users["chen"], by=SYSTEM, now=NOW),
        ["organization.deactivated"],
    ),
    "a key for the API": (
        lambda cast, client: actions.issue_token(cast.users["chen"], label="x", by=SYSTEM, now=NOW),
        ["organization.token_issued"],
    ),
    "a number shown": (_reveal, ["customers.revealed"]),
    "a copy of everything": (_at("/directory/{person}/data/copy", "zhou", identity="证件"), ["customers.copy_given"]),
    "a correction": (_at("/directory/{person}/data/correct", name="改名"), ["customers.corrected"]),
    "consent": (_at("/directory/{person}/consents/pictures", way="paper"), ["customers.consent_given"]),
    "deletion, not possible yet": (
        _at("/directory/{person}/data/erase", "zhou", identity="证件"),
        ["customers.erasure_refused"],
    ),
    "an audit pack": (_at("/audit/pack.zip", "zhou", year="2026"), ["reports.packed"]),
}


@pytest.mark.parametrize("event", EVENTS)
def test_it_is_on_record(
    event: str, cast: Cast, client: Client, still_clock: None, media: Any, plain_static_files: None
) -> None:
    chen = User.objects.get(username="chen")
    chen.set_password(PASSWORD)
    chen.save()
    cast.users["chen"] = chen
    before = set(Entry.objects.values_list("pk", flat=True))
    do, verbs = EVENTS[event]
    do(cast, client)
    assert sorted(set(Entry.objects.exclude(pk__in=before).values_list("verb", flat=True))) == verbs
