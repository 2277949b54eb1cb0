"""Cases: the list, one case, and every act on it."""

from collections.abc import Callable
from typing import Any

import pytest

from huiyin.cases.models import Case, Event, FollowUp
from tests.api.conftest import COMPLAINT, Api, fields_of

pytestmark = pytest.mark.django_db

ACTS: dict[str, dict[str, Any] | None] = {
    "solution": {"plan": "更换门机控制板，周五前完成"},
    "answer": {"text": "已修好，11月24日恢复运行。还有问题请找王志强。"},
    "follow-up": {"result": "satisfied", "channel": "phone"},
    "hand-off": {"to": "wang"},
    "accept": None,
    "decline": {"why": "不归我们管"},
    "refer": {"to": "街道办事处", "why": "不在物业职权内"},
    "close": {"outcome": "accepted"},
    "reopen": {"why": "又坏了"},
}
WITH_BODY = {name: body for name, body in ACTS.items() if body}


def test_one_case_whole(api: Api, case: str) -> None:
    sheet = api.get(f"cases/{case}").json()
    assert (sheet["reference"], sheet["state"], sheet["site"]) == (case, "received", "yulan")
    assert (sheet["accountable"], sheet["handed_to"]) == ("陈晓雯", "王志强")
    assert [contact["reached_by"] for contact in sheet["contacts"]] == [["138****1111"]]
    assert [contact["situation"] for contact in sheet["contacts"]] == [COMPLAINT["situation"]]
    assert [event["kind"] for event in sheet["timeline"]] == ["taken", "informed"]
    assert {duty["kind"]: duty["status"] for duty in sheet["duties"]} == {
        "solution": "running",
        "first_answer": "running",
        "update": "running",
        "acknowledgement": "due_soon",
        "acceptance": "due_soon",
    }
    assert "13800001111" not in api.get(f"cases/{case}").content.decode()


def test_internal_notes_are_for_those_who_may_write_them(api: Api, api_of: Callable[[str], Api], case: str) -> None:
    api.post(f"cases/{case}/hand-off", {"to": "lin", "why": "请接手"})
    everything = [event["kind"] for event in api.get(f"cases/{case}").json()["timeline"]]
    public = [event["kind"] for event in api_of("qian").get(f"cases/{case}").json()["timeline"]]
    assert (everything, public) == (["taken", "informed", "handed_off"], ["taken", "informed"])


def test_the_way_of_a_complaint(api: Api, api_of: Callable[[str], Api], case: str) -> None:
    engineer, colleague = api_of("wang"), api_of("lin")
    accepted = engineer.post(f"cases/{case}/accept")
    assert (accepted.status_code, accepted.json()["accountable"]) == (200, "王志强")
    assert engineer.post(f"cases/{case}/solution", ACTS["solution"]).json()["state"] == "solved"
    assert engineer.post(f"cases/{case}/answer", ACTS["answer"]).json()["state"] == "answered"
    asked = colleague.post(f"cases/{case}/follow-up", ACTS["follow-up"])
    assert (asked.status_code, asked.json()["state"]) == (200, "answered")
    closed = colleague.post(f"cases/{case}/close", ACTS["close"]).json()
    assert (closed["state"], closed["outcome"]) == ("closed", "accepted")
    again = api.post(f"cases/{case}/reopen", ACTS["reopen"]).json()
    assert (again["state"], again["outcome"]) == ("in_progress", "")


def test_offered_declined_referred(api: Api, api_of: Callable[[str], Api], case: str) -> None:
    assert api.post(f"cases/{case}/hand-off", {"to": "lin"}).json()["handed_to"] == "林小梅"
    declined = api_of("lin").post(f"cases/{case}/decline", ACTS["decline"]).json()
    assert (declined["handed_to"], declined["accountable"]) == ("", "陈晓雯")
    referred = api.post(f"cases/{case}/refer", ACTS["refer"]).json()
    assert (referred["state"], referred["referred_to"]) == ("referred", "街道办事处")


@pytest.mark.parametrize("name", ACTS)
def test_every_act_asks_for_a_token(nobody: Api, name: str) -> None:
    assert nobody.post(f"cases/SX26-000001/{name}", ACTS[name]).status_code == 401


@pytest.mark.parametrize("name", ACTS)
def test_a_foreign_case_looks_like_none(api_of: Callable[[str], Api], case: str, name: str) -> None:
    stranger = api_of("he")
    foreign = stranger.post(f"cases/{case}/{name}", ACTS[name])
    missing = stranger.post(f"cases/SX99-000000/{name}", ACTS[name])
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert stranger.get(f"cases/{case}").status_code == 404


@pytest.mark.parametrize("name", ["solution", "answer", "hand-off", "refer"])
def test_acts_need_their_right(api_of: Callable[[str], Api], case: str, name: str) -> None:
    assert api_of("qian").post(f"cases/{case}/{name}", ACTS[name]).status_code == 403


@pytest.mark.parametrize("name", ["follow-up", "close", "reopen"])
def test_later_acts_need_their_right(api: Api, api_of: Callable[[str], Api], case: str, name: str) -> None:
    api.post(f"cases/{case}/answer", ACTS["answer"])
    if name == "close":
        api_of("lin").post(f"cases/{case}/follow-up", ACTS["follow-up"])
    assert api_of("qian").post(f"cases/{case}/{name}", ACTS[name]).status_code == 403


@pytest.mark.parametrize("name", WITH_BODY)
def test_every_act_names_what_is_missing(api: Api, case: str, name: str) -> None:
    needed = {"follow-up": ["result", "channel"]}.get(name) or list(WITH_BODY[name])
    answer = api.post(f"cases/{case}/{name}", {})
    assert (answer.status_code, fields_of(answer)) == (422, needed)
    assert api.post(f"cases/{case}/{name}").status_code == 400


def test_blank_words_are_refused_by_field(api: Api, case: str) -> None:
    answer = api.post(f"cases/{case}/solution", {"plan": "\u3000 "})
    assert (answer.status_code, fields_of(answer)) == (422, ["plan"])
    answer = api.post(f"cases/{case}/hand-off", {"to": "he"})
    assert (answer.status_code, fields_of(answer)) == (422, ["to"])


def test_an_answer_leaves_as_it_is_where_nobody_asks_for_the_check(api: Api, case: str) -> None:
    assert api.post(f"cases/{case}/answer", {"text": "已修好，恢复运行。"}).status_code == 200
    assert Event.objects.get(kind="answered").values == {}


def test_with_check_an_answer_that_leaves_something_out_is_refused_by_gap(api: Api, case: str) -> None:
    refused = api.post(f"cases/{case}/answer", {"text": "已修好，恢复运行。", "check": True}, key="k1")
    told = [one["message"][:5] for one in refused.json()["errors"]]
    assert [refused.status_code, fields_of(refused), told] == [422, ["text", "text"], ["没有写日期", "没有写联系"]]
    assert Event.objects.filter(kind="answered").count() == 0
    sent = api.post(f"cases/{case}/answer", {"text": "已修好，恢复运行。", "despite": "电话里都说了"}, key="k1")
    kept = Event.objects.get(kind="answered").values
    assert [sent.status_code, kept] == [200, {"gaps": ["day", "person"], "despite": "电话里都说了"}]


@pytest.mark.parametrize(
    ("kind", "act"), [("compliment", "answer"), ("compliment", "refer"), ("suggestion", "solution")]
)
def test_an_act_of_other_kinds_is_a_conflict(api: Api, kind: str, act: str) -> None:
    number = api.post("contacts", COMPLAINT | {"kind": kind}).json()["case"]["reference"]
    refused = api.post(f"cases/{number}/{act}", ACTS[act])
    assert [refused.status_code, "不适用于这一类事项" in refused.json()["detail"]] == [409, True]


def test_an_answer_may_promise_the_day_of_the_work(api: Api, case: str) -> None:
    past = api.post(f"cases/{case}/answer", WITH_BODY["answer"] | {"finish_on": "2020-01-01"})
    assert [past.status_code, fields_of(past)] == [422, ["finish_on"]]
    assert api.post(f"cases/{case}/answer", WITH_BODY["answer"] | {"finish_on": "2026-12-01"}).status_code == 200
    assert Event.objects.get(kind="answered").values == {"finish_on": "2026-12-01"}


def test_what_the_state_forbids_is_a_conflict(api: Api, case: str) -> None:
    assert api.post(f"cases/{case}/close", ACTS["close"]).status_code == 409
    assert api.post(f"cases/{case}/decline", ACTS["decline"]).status_code == 409
    api.post(f"cases/{case}/answer", ACTS["answer"])
    same_hands = api.post(f"cases/{case}/follow-up", ACTS["follow-up"])
    assert (same_hands.status_code, fields_of(same_hands)) == (409, ["waiver"])
    waived = api.post(f"cases/{case}/follow-up", WITH_BODY["follow-up"] | {"waiver": "只有一个人值班"})
    assert waived.status_code == 200


def test_an_act_sent_twice_happens_once(api: Api, case: str) -> None:
    first = api.post(f"cases/{case}/answer", ACTS["answer"], key="k1")
    second = api.post(f"cases/{case}/answer", ACTS["answer"], key="k1")
    assert (first.status_code, second.status_code, first.json()) == (200, 200, second.json())
    assert Event.objects.filter(kind="answered").count() == 1
    other = api.post(f"cases/{case}/answer", {"text": "别的话"}, key="k1")
    assert (other.status_code, fields_of(other)) == (409, ["Idempotency-Key"])


def test_a_key_belongs_to_its_address(api: Api, case: str) -> None:
    assert api.post(f"cases/{case}/solution", ACTS["solution"], key="k1").status_code == 200
    assert api.post(f"cases/{case}/answer", ACTS["answer"], key="k1").status_code == 200
    assert api.post("contacts", COMPLAINT, key="k1").status_code == 201
    assert Case.objects.count() == 2


def test_a_refused_act_may_be_tried_again_under_its_key(api: Api, case: str) -> None:
    assert api.post(f"cases/{case}/follow-up", ACTS["follow-up"], key="k1").status_code == 409
    api.post(f"cases/{case}/answer", ACTS["answer"])
    waived = WITH_BODY["follow-up"] | {"waiver": "只有一个人值班"}
    assert api.post(f"cases/{case}/follow-up", waived, key="k1").status_code == 200
    assert api.post(f"cases/{case}/follow-up", waived, key="k1").status_code == 200
    assert FollowUp.objects.count() == 1


def test_the_list_walks_by_cursor_newest_first(api: Api) -> None:
    numbers = [
        api.post(
            "contacts", COMPLAINT | {"customer": None, "occurred_at": f"2026-10-22T10:{n % 30:02}:00+08:00"}
        ).json()["case"]
        for n in range(53)
    ]
    expected = [
        case.reference.number for case in Case.objects.order_by("-received_at", "-id").select_related("reference")
    ]
    first = api.get("cases?site=yulan").json()
    second = api.get(f"cases?site=yulan&cursor={first['next_cursor']}").json()
    assert (len(numbers), len(first["items"]), second["next_cursor"]) == (53, 50, None)
    assert [row["reference"] for row in first["items"] + second["items"]] == expected


def test_the_list_is_narrowed_and_scoped(api: Api, api_of: Callable[[str], Api], nobody: Api, case: str) -> None:
    assert [row["reference"] for row in api.get("cases?state=received").json()["items"]] == [case]
    assert api.get("cases?state=closed").json() == {"items": [], "next_cursor": None}
    assert api_of("he").get("cases").json()["items"] == []
    assert api_of("he").get("cases?site=yulan").status_code == 404
    assert nobody.get("cases").status_code == 401
    assert fields_of(api.get("cases?state=lost&cursor=" + "x" * 130)) == ["state", "cursor"]


@pytest.mark.parametrize(
    "cursor", ["x", "%E4%BD%A0", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE", "MS45OTk5OTk5OTk5OTk5OTk5OTk5OTk", "LTEuLTE"]
)
def test_a_made_up_cursor_is_refused(api: Api, cursor: str) -> None:
    answer = api.get(f"cases?cursor={cursor}")
    assert (answer.status_code, fields_of(answer)) == (422, ["cursor"])


def test_an_account_without_posts_has_no_right(api: Api, account: Any, case: str) -> None:
    account.posts.all().delete()
    assert (api.get("cases").status_code, api.get("search?q=a").status_code) == (403, 403)
    assert api.get(f"cases/{case}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_length(
    api: Api, count: int, settings: Any, django_assert_num_queries: Callable[[int], Any]
) -> None:
    settings.API_PER_MINUTE = 0  # the counting of callers is written down once in twenty
    for _ in range(count):
        api.post("contacts", COMPLAINT)
    api.get("cases?site=yulan")  # who works where is put together once per process
    with django_assert_num_queries(4):  # token, posts, site, cases
        api.get("cases?site=yulan")
