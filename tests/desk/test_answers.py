"""At the desk an answer that misses something comes back, point by point, and nothing typed is lost."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.queries import receipt_token
from tests.acts import answer, fresh, take

DAY = timedelta(days=1)
TWO_POINTS = "1. 电梯一天停两次。 2. 大堂的灯不亮。"


def at(case: Case, act: str = "") -> str:
    return f"/cases/{case.reference.number}/{act}"


def as_(client: Client, cast: Cast, who: str) -> Client:
    client.force_login(cast.users[who])
    return client


def test_what_is_missing_is_said_beside_what_was_typed(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, words=TWO_POINTS)
    page = as_(client, cast, "chen").get(at(case)).content.decode()
    assert "仍然发出，原因" not in page
    sent = client.post(at(case, "answer"), {"text": "大堂的灯换好了，以后有问题再说。", "finish_on": "2026-12-01"})
    page = sent.content.decode()
    assert [sent.status_code, fresh(case).state] == [422, "received"]
    for words in (
        "第 1 点没有答到：电梯一天停两次",
        "没有写日期",
        "没有写联系人",
        "仍然发出，原因",
        "大堂的灯换好了，以后有问题再说。",
        "2026-12-01",
    ):
        assert (words, words in page) == (words, True)
    assert "第 2 点没有答到" not in page


def test_a_reason_lets_it_leave_and_is_shown_inside_alone(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, words=TWO_POINTS)
    typed = {"text": "大堂的灯换好了。", "despite": "电梯的事当面说过了"}
    assert as_(client, cast, "chen").post(at(case, "answer"), typed).status_code == 302
    page = client.get(at(case)).content.decode()
    assert "发出时没有写到：第 1 点、日期、联系人。原因：电梯的事当面说过了" in page
    told = Client().get(f"/t/{receipt_token(case.reference)}").content.decode()
    assert ["大堂的灯换好了。" in told, "当面说过" in told] == [True, False]


def test_asked_again_the_field_stays_until_something_stands_in_it(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, words=TWO_POINTS)
    sent = as_(client, cast, "chen").post(at(case, "answer"), {"text": "换好了。", "despite": " "})
    assert [sent.status_code, "仍然发出，原因" in sent.content.decode()] == [422, True]
    whole = "1. 电梯大修过了。 2. 灯换好了。11月24日完工，有事找王师傅。"
    assert client.post(at(case, "answer"), {"text": whole, "despite": ""}).status_code == 302


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "好了", "finish_on": "2026-02-30"}, {"text": "字" * 20_000}])
def test_a_wrong_shape_is_said_first(wrong: dict[str, str], cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, words=TWO_POINTS)
    sent = as_(client, cast, "chen").post(at(case, "answer"), wrong)
    assert [sent.status_code, "没有写联系人" in sent.content.decode(), fresh(case).state] == [422, False, "received"]


def test_answered_is_not_finished_on_the_page(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now)
    text = "控制板到货就换，12月1日完工，有事找王师傅。"
    as_(client, cast, "wang").post(at(case, "answer"), {"text": text, "finish_on": "2026-12-01"})
    page = client.get(at(case)).content.decode()
    assert ["答复与完工" in page, "还没有，最迟" in page, "活还要干，最迟" in page] == [True, True, True]
    primary = page.split('data-rank="primary">')[1][:4]
    assert primary.startswith("完工")
    cases.follow_up(fresh(case), result="satisfied", channel="phone", by=cast.colleague, now=now)
    refused = as_(client, cast, "lin").post(at(case, "close"), {"outcome": "accepted"})
    assert [refused.status_code, "先记完工，再办结" in refused.content.decode()] == [422, True]
    assert as_(client, cast, "wang").post(at(case, "finish"), {"words": "换好了。"}).status_code == 302
    assert "还没有，最迟" not in client.get(at(case)).content.decode()
    assert as_(client, cast, "lin").post(at(case, "close"), {"outcome": "accepted"}).status_code == 302


def test_who_may_not_answer_has_no_form(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now)
    assert as_(client, cast, "qian").post(at(case, "answer"), {"text": "x"}).status_code in {403, 422}
    assert as_(client, cast, "he").post(at(case, "finish"), {"words": "x"}).status_code == 404
    assert fresh(case).state == "received"


def test_the_second_look_is_the_superiors_first_button(cast: Cast, now: datetime, client: Client) -> None:
    case = answer(take(cast, now - 3 * DAY), cast, now - 3 * DAY)
    cases.object_to(fresh(case), words="又坏了", by=NOBODY, now=now)
    page = as_(client, cast, "zhou").get(at(case)).content.decode()
    assert page.split('data-rank="primary">')[1].startswith("复核")
    assert 'action="' + at(case, "second_look") not in as_(client, cast, "lin").get(at(case)).content.decode()
    empty = as_(client, cast, "zhou").post(at(case, "second_look"), {"words": "我写的话"})
    assert [empty.status_code, "我写的话" in empty.content.decode()] == [422, True]
    sent = client.post(at(case, "second_look"), {"verdict": "upheld", "words": "数据附后。"})
    page = client.get(at(case)).content.decode()
    assert [sent.status_code, "复核 · 维持原答复" in page, fresh(case).state] == [302, True, "answered"]
    told = Client().get(f"/t/{receipt_token(case.reference)}").content.decode()
    assert "没有参与处理的上级重新看过了，维持原来的答复：" in told


def test_closing_before_it_is_refused_with_whom_to_ask(cast: Cast, now: datetime, client: Client) -> None:
    case = answer(take(cast, now - 3 * DAY), cast, now - 3 * DAY)
    cases.object_to(fresh(case), words="又坏了", by=NOBODY, now=now)
    cases.answer(fresh(case), text="又修了", by=cast.engineer, now=now)
    refused = as_(client, cast, "lin").post(at(case, "close"), {"outcome": "accepted", "words": "谢谢"})
    page = refused.content.decode()
    assert [refused.status_code, "先由周建国复核" in page, "谢谢" in page] == [422, True, True]
