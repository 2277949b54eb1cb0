"""At the desk: compliments, the remit, hardship, and the outcomes each kind has."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.queries import receipt_token
from tests.acts import answer, fresh, take

OUTCOMES = {
    "complaint": ["accepted", "exhausted", "referred"],
    "suggestion": ["adopted", "declined", "exhausted", "referred"],
}


def at(case: Case, act: str = "") -> str:
    return f"/cases/{case.reference.number}/{act}"


def as_(client: Client, cast: Cast, who: str) -> Client:
    client.force_login(cast.users[who])
    return client


def page_of(case: Case, client: Client) -> str:
    return client.get(at(case)).content.decode()


def primary(page: str) -> list[str]:
    """What the darkest of the acts says."""
    return re.findall(r'<summary class="button" data-rank="primary">(.*?)</summary>', page)


# ---- outcomes


@pytest.mark.parametrize("kind", sorted(OUTCOMES))
def test_the_outcomes_on_offer_are_those_of_the_kind(kind: str, cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, kind)
    if kind == "suggestion":
        cases.name(case, to=cast.users["chen"], by=cast.manager, now=now)
    cases.answer(fresh(case), text="x", by=cast.clerk, now=now)
    form = page_of(case, as_(client, cast, "chen")).split(f'action="{at(case, "close")}"')[1].split("</form>")[0]
    assert re.findall(r'<option value="(\w+)"', form) == OUTCOMES[kind]


def test_an_outcome_of_another_kind_is_refused_in_the_form(cast: Cast, now: datetime, client: Client) -> None:
    case = answer(take(cast, now), cast, now)
    sent = as_(client, cast, "lin").post(at(case, "close"), {"outcome": "passed_on", "words": "我写的话"})
    assert [sent.status_code, "我写的话" in sent.content.decode(), fresh(case).state] == [422, True, "answered"]


def test_what_was_put_off_has_no_first_button(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, "suggestion")
    cases.name(case, to=cast.users["chen"], by=cast.manager, now=now)
    cases.weigh(fresh(case), analysis=cases.Analysis("x", "x", "yes", "x"), by=cast.clerk, now=now)
    cases.defer(fresh(case), words="x", to="业委会", by=cast.clerk, now=now)
    page = page_of(case, as_(client, cast, "chen"))
    assert [primary(page), at(case, "adopt") in page] == [[], True]


# ---- compliment


def test_a_compliment_is_passed_on_with_one_form(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now, "compliment", "王师傅半夜来修水管，谢谢。")
    cases.accept(case, by=cast.actor("chen"), now=now)
    page = page_of(case, as_(client, cast, "chen"))
    assert [primary(page), at(case, "solve") in page, at(case, "answer") in page] == [["转达并致谢"], False, False]
    wrong = client.post(at(case, "thank"), {"whom": "u999999", "words": "话带到了"})
    assert [wrong.status_code, "话带到了" in wrong.content.decode()] == [422, True]
    whom = f"u{cast.users['wang'].pk}"
    assert client.post(at(case, "thank"), {"whom": whom, "words": "话带到了"}).status_code == 302
    page = page_of(case, client)
    assert ["表扬王志强，已转达：周建国" in page, "已转达" in page, fresh(case).outcome] == [True, True, "passed_on"]
    told = Client().get(f"/t/{receipt_token(case.reference)}").content.decode()
    assert ["您的表扬已经转达给王志强和上级：" in told, "话带到了" in told] == [True, True]


# ---- the remit


def on_the_day(case: Case, client: Client) -> bool:
    """Whether a signature about the case waits on the page of the day."""
    page = client.get("/today/?site=yulan").content.decode()
    return f"/r/{case.reference.number}" in page and "复签" in page


def test_a_second_person_signs_what_is_not_ours(cast: Cast, now: datetime, client: Client) -> None:
    case = take(cast, now)
    typed: dict[str, Any] = {"in_scope": "no", "why": "路灯归市政管", "instead": ""}
    refused = as_(client, cast, "zhou").post(at(case, "scope"), typed)
    assert [refused.status_code, "路灯归市政管" in refused.content.decode()] == [422, True]
    assert client.post(at(case, "scope"), typed | {"instead": "12319"}).status_code == 302
    page = page_of(case, client)
    assert ["范围以外，等复签" in page, at(case, "countersign") in page] == [True, False]
    other = as_(client, cast, "shen")
    assert at(case, "countersign") in page_of(case, other)
    assert [primary(page_of(case, other)), on_the_day(case, other)] == [["复签职责范围"], True]
    assert other.post(at(case, "countersign"), {"agreed": "yes"}).status_code == 302
    assert on_the_day(case, other) is False
    page = page_of(case, other)
    assert ["已复签，范围以外" in page, "12319" in page] == [True, True]
    told = Client().get(f"/t/{receipt_token(case.reference)}").content.decode()
    assert "12319" not in told


# ---- hardship


def test_hardship_is_seen_by_those_who_need_it_alone(cast: Cast, now: datetime, client: Client) -> None:
    case, why = take(cast, now), "独居，刚出院"
    cases.accept(case, by=cast.engineer, now=now)
    assert as_(client, cast, "wang").post(at(case, "flag"), {"why": why}).status_code == 302
    pages = {who: page_of(case, as_(client, cast, who)) for who in ("wang", "zhou", "chen", "fang", "qian")}
    assert {who for who, page in pages.items() if case.summary not in page} == set()
    seen = {who: why in page for who, page in pages.items()}
    assert seen == {"wang": True, "zhou": True, "chen": False, "fang": False, "qian": False}
    chen = as_(client, cast, "chen")
    elsewhere = ["/cases/", "/log/", "/search/?q=独居", reverse("household", args=[case.room_id])]
    assert [(url, why in chen.get(url, follow=True).content.decode()) for url in elsewhere] == [
        (url, False) for url in elsewhere
    ]
    told = Client().get(f"/t/{receipt_token(case.reference)}").content.decode()
    assert why not in told
    assert chen.post(at(case, "unflag"), {"why": "x"}).status_code == 422
    assert as_(client, cast, "zhou").post(at(case, "unflag"), {"why": "社区已接手"}).status_code == 302
    assert "这位顾客有困难" not in page_of(case, client)
