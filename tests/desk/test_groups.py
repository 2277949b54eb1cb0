"""Choosing several cases in the list, grouping and merging them; what the case page and the customer's page then say."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.queries import receipt_token
from tests.acts import answer, fresh, take

pytestmark = pytest.mark.usefixtures("plain_static_files", "still_clock")
HOUR = timedelta(hours=1)


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.users["chen"])
    return client


@pytest.fixture
def three(cast: Cast, now: datetime) -> list[str]:
    words = ("电梯又停了，老人下不了楼。", "电梯停在三楼不动。", "二单元电梯坏了没人管。")
    made = [
        take(cast, now - timedelta(days=1, minutes=-serial), words=text, by=cast.clerk, name=f"住户{serial}", phone="")
        for serial, text in enumerate(words)
    ]
    return [case.reference.number for case in made]


def of(number: str) -> Case:
    return fresh(Case.objects.get(reference__number=number))


def test_the_list_lets_several_be_chosen(clerk: Client, three: list[str]) -> None:
    page = clerk.get("/cases/").content.decode()
    assert page.count('type="checkbox" name="of"') == 3
    assert "放在一起办" in page


def test_who_may_not_group_ticks_for_receipts_alone(client: Client, cast: Cast, three: list[str]) -> None:
    client.force_login(cast.users["wang"])
    page = client.get("/cases/").content.decode()
    assert ("放在一起办" in page, "印回执" in page) == (False, True)
    assert client.get("/cases/together").status_code == 403


def test_chosen_cases_become_a_group(clerk: Client, three: list[str]) -> None:
    page = clerk.get("/cases/together", {"of": three})
    assert [page.status_code, page.content.decode().count(" checked")] == [200, 4]
    sent = {"of": three, "all": three, "lead": three[0], "matter": "二单元电梯反复停", "act": "group"}
    assert clerk.post("/cases/together", sent).headers["Location"] == f"/cases/{three[0]}/"
    assert [of(number).parent_id for number in three[1:]] == [of(three[0]).pk] * 2
    lead = clerk.get(f"/cases/{three[0]}/").content.decode()
    assert [number in lead for number in three[1:]] == [True, True]
    child = clerk.get(f"/cases/{three[1]}/").content.decode()
    assert "这件在群诉里，牵头的是" in child


def test_chosen_cases_become_one(clerk: Client, three: list[str]) -> None:
    sent = {"of": three, "all": three, "lead": three[0], "matter": "", "act": "merge"}
    clerk.post("/cases/together", sent)
    assert [of(number).outcome for number in three] == ["", "merged", "merged"]
    lead = clerk.get(f"/cases/{three[0]}/").content.decode()
    assert "电梯停在三楼不动。" in lead  # what the others said stands in the conversation
    assert "这件是重复的，已并入" in clerk.get(f"/cases/{three[1]}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"matter": ""}, "这一栏不能空着。"),
        ({"lead": "SX26-999999"}, "牵头"),
        ({"of": []}, "请至少选两件。"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    clerk: Client, three: list[str], changes: dict[str, object], words: str
) -> None:
    sent = {"of": three, "all": three, "lead": three[0], "matter": "二单元电梯", "act": "group", **changes}
    page = clerk.post("/cases/together", sent)
    text = page.content.decode()
    assert [page.status_code, words in text, all(number in text for number in three)] == [422, True, True]
    assert [of(number).parent_id for number in three] == [None] * 3


def test_nothing_chosen_says_what_to_do(clerk: Client) -> None:
    for query in ({}, {"of": "SX26-999999"}):
        assert "先选几件" in clerk.get("/cases/together", query).content.decode()
    assert clerk.post("/cases/together", {}).status_code == 200


def test_a_case_is_merged_by_its_number(clerk: Client, three: list[str]) -> None:
    wrong = clerk.post(f"/cases/{three[1]}/merge", {"into": "SX26-999999"})
    assert [wrong.status_code, "没有找到" in wrong.content.decode()] == [422, True]
    clerk.post(f"/cases/{three[1]}/merge", {"into": f" {three[0].lower()} "})
    assert of(three[1]).merged_into == of(three[0])


def test_a_household_is_taken_out_at_its_page(clerk: Client, cast: Cast, three: list[str], now: datetime) -> None:
    assert "移出群诉" not in clerk.get(f"/cases/{three[1]}/").content.decode()
    cases.group(of(three[0]), [of(three[1])], matter="电梯", by=cast.clerk, now=now)
    assert "移出群诉" in clerk.get(f"/cases/{three[1]}/").content.decode()
    clerk.post(f"/cases/{three[1]}/separate", {"why": "说的是货梯"})
    assert of(three[1]).parent_id is None


def test_the_link_of_a_duplicate_tells_the_story_of_the_case_it_went_into(
    client: Client, cast: Cast, three: list[str], now: datetime
) -> None:
    first, second = of(three[0]), of(three[1])
    cases.merge(second, into=first, by=cast.clerk, now=now)
    answer(of(three[0]), cast, now)
    page = client.get(f"/t/{receipt_token(second.reference)}").content.decode()
    told = ["电梯停在三楼不动。", "和先前反映的同一件事并成一件办", "更换门机控制板。", "已修好，恢复运行。", three[1]]
    assert [words in page for words in told] == [True] * 5
    assert ["电梯又停了，老人下不了楼。" in page, three[0] in page] == [False, False]
    client.post(f"/t/{receipt_token(second.reference)}/object", {"words": "还是停"})
    assert of(three[0]).state == "in_progress"


def test_each_household_reads_the_same_answer_behind_its_own_link(
    client: Client, cast: Cast, three: list[str], now: datetime
) -> None:
    cases.group(of(three[0]), [of(three[1]), of(three[2])], matter="电梯", by=cast.clerk, now=now)
    answer(of(three[0]), cast, now)
    for number in three[1:]:
        page = client.get(f"/t/{receipt_token(of(number).reference)}").content.decode()
        assert ["别的住户也反映了这件事" in page, "已修好，恢复运行。" in page, three[0] in page] == [True, True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_three_as_for_one(
    clerk: Client, three: list[str], count: int, django_assert_num_queries: object
) -> None:
    clerk.get("/cases/together")
    with django_assert_num_queries(4):  # type: ignore[operator]
        clerk.get("/cases/together", {"of": three[:count]})
