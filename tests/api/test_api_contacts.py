"""POST /api/v1/contacts: exactly as the contract says."""

from collections.abc import Callable

import pytest

from huiyin.cases.models import Case
from huiyin.cases.states import FollowUpResult, State
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Interaction
from huiyin.interactions.states import Channel, ContactKind
from huiyin.organization.models import Room
from tests.api.conftest import COMPLAINT, Api, fields_of

pytestmark = pytest.mark.django_db


def test_a_complaint_becomes_a_case_with_a_date_and_a_person(api: Api) -> None:
    answer = api.post("contacts", COMPLAINT)
    assert answer.status_code == 201
    body = answer.json()
    kept = Interaction.objects.get(reference__number=body["reference"])
    case = Case.objects.get()
    assert kept.situation == COMPLAINT["situation"]
    assert body["case"] == {
        "reference": case.reference.number,
        "state": "received",
        "solution_due": "2026-10-30T23:59:59+08:00",
        "accountable": "陈晓雯",
    }
    token = body["receipt_url"].removeprefix("http://127.0.0.1:8000/t/")
    assert len(token) == 32
    assert api.client.get(f"/t/{token}").status_code == 200


def test_the_clock_starts_when_the_contact_reached_us(api: Api) -> None:
    body = api.post("contacts", COMPLAINT | {"occurred_at": "2026-10-20T23:30:00+08:00"}).json()
    assert body["case"]["solution_due"] == "2026-10-27T23:59:59+08:00"
    same = api.post("contacts", COMPLAINT | {"occurred_at": "2026-10-20T23:30:00"}).json()
    assert same["case"]["solution_due"] == "2026-10-27T23:59:59+08:00"


def test_what_was_answered_at_once_is_no_case(api: Api) -> None:
    answer = api.post("contacts", COMPLAINT | {"kind": "enquiry", "answered_at_once": "周一到周五九点开门。"})
    assert (answer.status_code, answer.json()["case"], Case.objects.count()) == (201, None, 0)


def test_least_of_all_is_enough(api: Api) -> None:
    least = {"site": "yulan", "channel": "letter", "kind": "opinion", "situation": "楼道灯太暗"}
    assert api.post("contacts", least | {"customer": None, "place": None}).status_code == 201


def test_the_customers_room_is_found(api: Api, cast: Cast) -> None:
    room = Room.objects.filter(site=cast.site).select_related("building").first()
    assert room is not None
    text = f"{room.building.code}-{room.entrance}-{room.number}"
    api.post("contacts", COMPLAINT | {"customer": {"room": text}})
    kept = Interaction.objects.get()
    assert (kept.room_id, kept.place) == (room.pk, text)


def test_an_unknown_room_stays_in_the_place(api: Api) -> None:
    api.post("contacts", COMPLAINT | {"place": "北门旁", "customer": {"room": "99-9-999"}})
    kept = Interaction.objects.get()
    assert (kept.room_id, kept.place) == (None, "北门旁 99-9-999")


def test_without_a_token_or_with_a_wrong_one(nobody: Api) -> None:
    for answer in (
        nobody.post("contacts", COMPLAINT),
        nobody.post("contacts", COMPLAINT, Authorization="Bearer hy_wrong"),
        nobody.post("contacts", COMPLAINT, Authorization="Basic aGFsbG8="),
        nobody.post("contacts", b"{broken"),
    ):
        assert (answer.status_code, answer["WWW-Authenticate"], fields_of(answer)) == (401, "Bearer", [])


def test_without_the_right(api_of: Callable[[str], Api]) -> None:
    answer = api_of("wang").post("contacts", COMPLAINT)
    assert (answer.status_code, fields_of(answer), Case.objects.count()) == (403, [""], 0)


def test_a_foreign_site_looks_like_none(api_of: Callable[[str], Api]) -> None:
    clerk = api_of("he")
    foreign, missing = clerk.post("contacts", COMPLAINT), clerk.post("contacts", COMPLAINT | {"site": "nowhere"})
    assert (foreign.status_code, foreign.content) == (404, missing.content)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"channel": "pigeon"}, ["channel"]),
        ({"kind": "rant"}, ["kind"]),
        ({"situation": 7}, ["situation"]),
        ({"situation": " \u3000\u200b"}, ["situation"]),
        ({"situation": "长" * 10_001}, ["situation"]),
        ({"situation": "a\0b"}, ["situation"]),
        ({"category": "c" * 41}, ["category"]),
        ({"place": ["a"]}, ["place"]),
        ({"occurred_at": "yesterday"}, ["occurred_at"]),
        ({"occurred_at": "2026-10-24T10:00:00+08:00"}, ["occurred_at"]),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, ["occurred_at"]),
        ({"occurred_at": "9999-12-31T23:59:59-12:00"}, ["occurred_at"]),
        ({"customer": {"phone": "not a number"}}, ["customer.phone"]),
        ({"customer": {"email": "nobody"}}, ["customer.email"]),
        ({"customer": {"name": "x\0"}}, ["customer.name"]),
        ({"customer": {"name": 1, "phone": True}}, ["customer.name", "customer.phone"]),
        ({"customer": []}, ["customer"]),
        ({"site": None, "kind": 1, "channel": {}}, ["site", "channel", "kind"]),
    ],
)
def test_wrong_fields_are_named(api: Api, change: dict[str, object], fields: list[str]) -> None:
    answer = api.post("contacts", COMPLAINT | change)
    assert (answer.status_code, fields_of(answer), Case.objects.count()) == (422, fields, 0)


def test_missing_fields_are_all_named(api: Api) -> None:
    assert fields_of(api.post("contacts", {})) == ["site", "channel", "kind", "situation"]
    assert fields_of(api.post("contacts", [])) == [""]


def test_words_are_chinese_unless_english_is_asked_for(api: Api) -> None:
    wrong = COMPLAINT | {"situation": 7}
    assert api.post("contacts", wrong).json()["errors"][0]["message"] == "类型不对：这里要写文本。"
    english = api.post("contacts", wrong, **{"Accept-Language": "en-US,en;q=0.9"}).json()
    assert english["errors"] == [{"field": "situation", "message": "Wrong type: this should be text."}]
    assert english["detail"] == "Some fields need correcting."


def test_the_same_key_and_body_answer_the_same(api: Api) -> None:
    first, second = api.post("contacts", COMPLAINT, key="k1"), api.post("contacts", COMPLAINT, key="k1")
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert Case.objects.count() == 1


def test_another_body_under_the_key_is_a_conflict(api: Api) -> None:
    api.post("contacts", COMPLAINT, key="k1")
    answer = api.post("contacts", COMPLAINT | {"situation": "另一件事"}, key="k1")
    assert (answer.status_code, fields_of(answer)) == (409, ["Idempotency-Key"])
    assert Case.objects.count() == 1


def test_another_room_is_another_body(api: Api, cast: Cast) -> None:
    one, two = (f"{room.building.code}-1-{room.number}" for room in Room.objects.filter(site=cast.site)[:2])
    api.post("contacts", COMPLAINT | {"place": "家里", "customer": {"room": one}}, key="k1")
    assert api.post("contacts", COMPLAINT | {"place": "家里", "customer": {"room": two}}, key="k1").status_code == 409


def test_a_key_is_free_again_after_an_error(api: Api) -> None:
    assert api.post("contacts", COMPLAINT | {"situation": ""}, key="k1").status_code == 422
    assert api.post("contacts", COMPLAINT, key="k1").status_code == 201


@pytest.mark.parametrize("key", ["k" * 81, "空", "a b"])
def test_a_key_is_short_and_plain(api: Api, key: str) -> None:
    answer = api.post("contacts", COMPLAINT, key=key)
    assert (answer.status_code, fields_of(answer)) == (422, ["Idempotency-Key"])


def test_the_closed_lists_of_the_contract_are_those_of_the_domain() -> None:
    from typing import get_args

    from huiyin.api.schema import ChannelCode, KindCode, ResultCode, StateCode

    assert set(get_args(ChannelCode)) == set(Channel.values)
    assert set(get_args(KindCode)) == set(ContactKind.values)
    assert set(get_args(StateCode)) == set(State.values)
    assert set(get_args(ResultCode)) == set(FollowUpResult.values)
