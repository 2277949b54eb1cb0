"""Whatever is sent, the API answers with a problem and never with an error of its own."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.cases.models import Case
from tests.api.conftest import COMPLAINT, Api, fields_of

pytestmark = pytest.mark.django_db

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)
WORDS = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
PERSON = st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "phone", "room", "email"), WORDS | ANYTHING))
CONTACTS = st.fixed_dictionaries(
    {
        "site": st.just("yulan") | ANYTHING,
        "channel": st.just("phone") | ANYTHING,
        "kind": st.sampled_from(["complaint", "enquiry"]) | ANYTHING,
        "situation": WORDS | ANYTHING,
    },
    optional={
        "remedy_sought": WORDS,
        "category": WORDS | st.just("elevator"),
        "place": WORDS,
        "occurred_at": st.datetimes().map(str)
        | st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
        | ANYTHING,
        "answered_at_once": WORDS | st.none(),
        "customer": PERSON | ANYTHING,
    },
)
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _is_told(answer: Any) -> None:
    assert answer.status_code < 500
    if answer.status_code >= 400:
        fields_of(answer)


@OFTEN
@given(body=CONTACTS)
def test_made_up_contacts(api: Api, body: dict[str, Any]) -> None:
    answer = api.post("contacts", body)
    assert answer.status_code in {201, 400, 404, 422}
    _is_told(answer)


@OFTEN
@given(
    body=ANYTHING,
    name=st.sampled_from(["solution", "answer", "follow-up", "hand-off", "refer", "close", "reopen", "decline"]),
)
def test_made_up_acts(api: Api, case: str, body: Any, name: str) -> None:
    _is_told(api.post(f"cases/{case}/{name}", body))


@OFTEN
@given(words=WORDS, name=st.sampled_from(["solution", "answer", "refer", "reopen", "decline", "hand-off"]))
def test_made_up_words(api: Api, case: str, words: str, name: str) -> None:
    _is_told(api.post(f"cases/{case}/{name}", {"plan": words, "text": words, "why": words, "to": words}, key="k"))


@OFTEN
@given(raw=st.binary(max_size=200))
def test_bytes(api: Api, raw: bytes) -> None:
    answer = api.post("contacts", raw)
    assert answer.status_code in {400, 422}
    _is_told(answer)


@OFTEN
@given(query=st.dictionaries(st.sampled_from(["site", "state", "cursor", "from", "to", "q"]), st.text(), max_size=4))
@pytest.mark.parametrize("address", ["cases", "duties", "search", "cases/SX26-000001"])
def test_made_up_queries(api: Api, address: str, query: dict[str, str]) -> None:
    from urllib.parse import urlencode

    _is_told(api.get(f"{address}?{urlencode(query, errors='surrogatepass')}"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[" * 20_000,
        b'{"a":' * 20_000,
        b"[" * 20_000 + b"]" * 20_000,
        b'{"site": NaN}',
        b'{"site": 1e999}',
        b'{"site": Infinity}',
        b'{"site": "\xff\xfe"}',
        b'{"site": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"site": ' + b"9" * 5000 + b"}",
    ],
)
def test_broken_json(api: Api, raw: bytes) -> None:
    answer = api.post("contacts", raw)
    assert answer.status_code in {400, 422}
    fields_of(answer)


def test_too_large(api: Api) -> None:
    answer = api.post("contacts", COMPLAINT | {"situation": "长" * 1_000_000})
    assert (answer.status_code, fields_of(answer)) == (413, [])


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "multipart/form-data; boundary=x", "application/xml", "application/x-www-form-urlencoded"],
)
def test_another_content_type(api: Api, content_type: str) -> None:
    answer = api.send(json.dumps(COMPLAINT), content_type)
    assert (answer.status_code, fields_of(answer), Case.objects.count()) == (415, [], 0)


def test_json_with_a_charset_is_json(api: Api) -> None:
    assert api.send(json.dumps(COMPLAINT), "application/json; charset=utf-8").status_code == 201


def test_other_methods_and_addresses(api: Api) -> None:
    for method in ("delete", "put", "patch", "get"):
        answer = getattr(api.client, method)("/api/v1/contacts")
        assert (answer.status_code, answer["Allow"], fields_of(answer)) == (405, "POST", [])
    assert api.client.post("/api/v1/openapi.json").status_code == 405
    for address in ("nothing", "contacts/", "cases/SX26-000001/burn"):
        answer = api.post(address, {})
        assert (answer.status_code, fields_of(answer)) == (404, [])


def test_no_cookie_no_csrf(api: Api) -> None:
    from django.test import Client

    api.client = Client(enforce_csrf_checks=True)
    answer = api.post("contacts", COMPLAINT)
    assert (answer.status_code, dict(answer.cookies)) == (201, {})


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.1"])
def test_json_is_answered_to_whoever_takes_it(api: Api, case: str, accept: str) -> None:
    assert api.get(f"cases/{case}", Accept=accept).status_code == 200
    missing = api.get("cases/SX99-000000", Accept=accept)
    assert (missing.status_code, fields_of(missing)) == (404, [])


def test_nothing_else_is_spoken(api: Api) -> None:
    answer = api.get("cases", Accept="text/html")
    assert (answer.status_code, fields_of(answer)) == (406, [])


def test_signs_no_address_holds(api: Api) -> None:
    for address, status in (
        ("cases/%00", 400),
        ("search?q=%00", 400),
        ("cases/%ff", 404),
        ("search?q=%ff%ed%a0%80", 200),
    ):
        answer = api.get(address)
        assert answer.status_code == status, address
        assert status == 200 or fields_of(answer) == []
