"""A complaint by mail, a suggestion by telephone and a referral upward: five roles at two sites, and nobody sees what is not theirs."""

import re

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from huiyin.interactions.gateways.memory import MEMORY
from tests import acts
from tests.stories.conftest import House, Stage, lines
from tests.stories.test_a_voice_gets_its_echo import do

pytestmark = pytest.mark.browser

COMPLAINT = "五号楼地下车库的排风机整夜在响，睡不好觉。"
LETTER = f"""From: =?utf-8?b?6ZmI5bu65paw?= <chenjx@example.com>
Subject: 排风机
Message-ID: <1@example.com>
Content-Type: text/plain; charset=utf-8

{COMPLAINT}
"""
SUGGESTION = "建议在大门口放一个旧衣回收箱。"
OUTSIDE = "校门外的公交站离得太远，晚上回来不安全。"


def logged(page: Page, kind: str, words: str, category: str, name: str) -> str:
    """Write down a telephone call; the number of the case."""
    page.goto("/log/")
    page.locator(f"[name=kind][value={kind}]").check(force=True)
    page.locator("[name=situation]").fill(words)
    page.locator("[name=category]").select_option(category)
    page.locator("main details:not(.act) > summary").first.click()
    page.locator("[name=name]").fill(name)
    page.locator("#log button[type=submit], #log button:not([type])").last.click()
    page.wait_for_url("**/log/taken/*")
    return re.findall(r"[A-Z]{2}\d{2}-\d{6}", page.locator("main .ref, main .number").last.inner_text())[-1]


def finds(page: Page, number: str, words: str) -> None:
    """Whoever works there finds it by its words and by its number."""
    for asked in (words, number):
        page.goto(f"/search/?q={asked}")
        expect(page.locator(f"main a[href*='{number}']").first).to_be_visible()


def sees_nothing(page: Page, number: str, words: str) -> None:
    """Neither by the address, nor by the permanent link, nor by searching the words or the number."""
    for address in (f"/cases/{number}/", f"/r/{number}"):
        assert page.request.get(address).status == 404
    for asked in (words, number):
        page.goto(f"/search/?q={asked}")
        expect(page.locator(f"main a[href*='{number}']")).to_have_count(0)


@pytest.fixture(autouse=True)
def _with_mail() -> object:
    MEMORY.sent.clear()
    with override_settings(MAIL_OUT="memory:"):
        yield


@pytest.mark.clause("S4.3.a", "S4.4.2.1.2.b")
def test_a_complaint_by_mail(house: House, stage: Stage) -> None:
    letter = acts.sorted_letter(house.cast, house.clock.at, LETTER.encode())
    assert letter.interaction is not None
    assert letter.interaction.subject is not None
    number = letter.interaction.subject.number

    clerk, engineer = stage.desk("chen"), stage.desk("wang")
    clerk.goto(f"/cases/{number}/")
    expect(clerk.locator(".timeline")).to_contain_text(COMPLAINT)
    do(clerk, "hand_off", to=str(house.cast.users["wang"].pk))
    house.clock.to(2026, 10, 23, 11)
    engineer.goto(f"/r/{number}")
    do(engineer, "accept")
    quality = stage.desk("fang")
    quality.goto(f"/cases/{number}/")
    do(quality, "comment", text="请把测得的分贝数告诉住户。")
    expect(quality.locator(".timeline")).to_contain_text("请把测得的分贝数告诉住户")
    house.clock.to(2026, 10, 26, 9)
    engineer.goto(f"/cases/{number}/")
    expect(engineer.locator(".timeline")).to_contain_text("请把测得的分贝数告诉住户")
    do(engineer, "answer", text="10月25日已经给排风机换了减震垫，夜里测得 38 分贝。有事请找王志强 021-5550 1103。")
    house.clockwork()
    sent = [body for key, _subject, body in MEMORY.sent if key.startswith(f"{number}.answered")]
    assert ["减震垫" in body for body in sent] == [True]
    assert [body for _key, _subject, body in MEMORY.sent if "分贝数告诉住户" in body] == []

    finds(clerk, number, COMPLAINT)
    sees_nothing(stage.desk("he"), number, COMPLAINT)
    sees_nothing(stage.desk("yang"), number, COMPLAINT)


@pytest.mark.clause("S4.4.2.1.3.a", "S4.4.2.1.3.b", "S3.2.4.a", "S3.2.4.b")
def test_a_suggestion_by_telephone(house: House, stage: Stage) -> None:
    clerk, manager = stage.desk("chen"), stage.desk("zhou")
    number = logged(clerk, "suggestion", SUGGESTION, "cleaning", "金玉兰")
    clerk.goto(f"/cases/{number}/")
    do(clerk, "weigh", costs="一个箱子 800 元", brings="住户方便", allowed="yes", would_own="秩序环境部")
    manager.goto(f"/cases/{number}/")
    do(manager, "name", to=str(house.cast.users["lin"].pk))
    house.clock.to(2026, 10, 24, 9)
    colleague = stage.desk("lin")
    colleague.goto(f"/cases/{number}/")
    do(
        colleague,
        "adopt",
        owner=str(house.cast.users["liu"].pk),
        due_on="2026-11-05",
        words="采纳了：11月5日前在东门放一个旧衣回收箱，刘建平负责。",
    )
    expect(colleague.locator(".timeline")).to_contain_text("旧衣回收箱，刘建平负责")
    finds(clerk, number, SUGGESTION)
    sees_nothing(stage.desk("sun"), number, SUGGESTION)


@pytest.mark.clause("S1.4.2.b", "S1.6.a")
def test_a_referral_upward(house: House, stage: Stage) -> None:
    clerk = stage.desk("yang")
    number = logged(clerk, "opinion", OUTSIDE, "safety", "秦雨桐")
    clerk.goto(f"/cases/{number}/")
    do(
        clerk,
        "refer",
        to="后勤集团",
        why="公交站点不归我们管，已报后勤集团与公交公司协商，11月6日前告诉您结果。",
        expected_on="2026-11-06",
    )
    expect(clerk.locator("main")).to_contain_text("后勤集团")
    house.clock.to(2026, 11, 4, 10)
    director = stage.desk("gao")
    director.goto(f"/cases/{number}/")
    expect(director.locator("main")).to_contain_text("后勤集团")
    house.clock.to(2026, 11, 5, 9)
    clerk.goto(f"/cases/{number}/")
    do(clerk, "hear_back", answered_by="后勤集团 运输科", words="公交公司同意在南门加一站，12月1日起。")
    expect(clerk.locator(".timeline")).to_contain_text("同意在南门加一站")
    assert "秦雨桐" in lines(clerk)
    finds(clerk, number, OUTSIDE)
    sees_nothing(stage.desk("chen"), number, OUTSIDE)
    sees_nothing(stage.desk("zhou"), number, OUTSIDE)
