"""One voice from the QR code on a wall to the published month: five people, one browser, nothing skipped."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from huiyin.duties import queries as ledger
from huiyin.duties.models import Duty
from huiyin.duties.rules import standing
from huiyin.journal import actions as journal
from huiyin.journal.queries import verify
from tests.stories.conftest import House, Stage, lines

pytestmark = pytest.mark.browser

WORDS = "三号楼电梯今天又停了两次，我妈妈被关在里面二十分钟。"
WISH = "请彻底检修，告诉我们结果。"
NAME, NUMBER = "邹丽萍", "13800138000"
PLAN = "维保单位周六上午更换门机控制板，由王志强现场监修。"
ANSWER = "门机控制板10月24日已经更换，连续运行两天没有再停，有事请找王志强。"
MEASURE = "电梯维保由每月一次改为半月一次，结果贴在轿厢内。"
SUMMARY = "本月收到的投诉已经办结，电梯的维保加密了。"


def do(page: Page, name: str, **given: str) -> None:
    """Unfold an act of the case, fill it in and send it."""
    form = page.locator(f"form[action$='/{name}']")
    if not form.is_visible():
        rarer = page.locator(".more:not([open])", has=form)
        if rarer.count():
            rarer.locator("> summary").click()
        page.locator(".act", has=form).locator("summary").click()
    for field, words in given.items():
        control = form.locator(f"[name={field}]")
        if control.first.get_attribute("type") == "radio":
            form.locator(f"[name={field}][value={words}]").check(force=True)
        elif control.evaluate("field => field.tagName") == "SELECT":
            control.select_option(words)
        else:
            control.fill(words)
    form.locator("button").last.click()
    expect(page.locator(".flash")).to_have_text(re.compile("已记下"))


def reports_it(phone: Page, picture: Path) -> tuple[str, str]:
    """Scan, write, photograph, send. Returns the number and the address of the receipt."""
    phone.goto("/s/yulan/report?b=3")
    expect(phone.locator("h1")).to_have_text("有什么事，告诉我们")
    expect(phone.locator("[name=place]")).to_have_value("3号楼")
    phone.locator("[name=situation]").fill(WORDS)
    phone.locator("[name=photos]").set_input_files(picture)
    phone.locator("form summary").click()
    phone.locator("[name=phone]").fill(NUMBER)
    phone.locator("[name=name]").fill(NAME)
    phone.get_by_text("我要投诉").click()
    phone.locator("[name=category]").select_option("elevator")
    phone.locator("[name=remedy_sought]").fill(WISH)
    phone.get_by_role("button", name="提交").click()
    phone.wait_for_url("**/t/*?new=1")
    expect(phone.locator("h1")).to_have_text("收到了，谢谢您")
    return phone.locator(".slip .number").inner_text(), phone.url.removesuffix("?new=1")


@pytest.mark.clause("S1.4.2.a", "S3.2.1.b", "S3.2.3.a", "S3.2.3.b", "S3.2.3.c", "S3.2.3.d", "S3.2.3.e")
def test_a_voice_gets_its_echo(house: House, stage: Stage, picture: Path) -> None:
    clock = house.clock
    house.clockwork()

    # 23 October, ten in the morning: somebody stands in front of the lift.
    phone = stage.phone()
    number, receipt = reports_it(phone, picture)
    slip = lines(phone, ".slip")
    assert WORDS in slip
    assert f"您希望 {WISH}" in slip
    assert "谁负责 陈晓雯 021-5550 1101" in slip
    assert "最迟回音 2026年10月30日 周五" in slip
    assert "收到时间 2026年10月23日 周五 10:00" in slip
    expect(phone.locator(".story")).to_contain_text("已派给工程维修部，王志强。")
    expect(phone.locator(".story img")).to_have_count(1)
    phone.locator(".story img").scroll_into_view_if_needed()
    expect(phone.locator(".story img")).to_have_js_property("naturalWidth", 640)

    # The assistant on duty sees it where the day begins.
    clock.to(2026, 10, 23, 10, 20)
    clerk = stage.desk("chen")
    expect(clerk.locator("h1")).to_have_text("今日")
    clerk.locator(".rail").get_by_role("link", name="事项").click()
    row = clerk.locator("tbody tr", has_text=number)
    expect(row).to_contain_text("3号楼")
    expect(row).to_contain_text("还剩 7 天")
    row.get_by_role("link").click()
    expect(clerk.locator("h1")).to_contain_text("三号楼电梯今天又停了两次")
    page = lines(clerk)
    assert WISH in page
    assert "138****8000" in page.replace(" ", "")
    assert NUMBER not in clerk.content()

    # The department was told at once: its person finds it under 待我, accepts and says what will be done.
    clock.to(2026, 10, 23, 11)
    engineer = stage.desk("wang")
    engineer.locator(".top .waiting").click()
    engineer.get_by_role("link", name=re.compile(number)).or_(engineer.locator("tbody a")).first.click()
    do(engineer, "accept")
    expect(engineer.locator("main")).to_contain_text("王志强 接办")
    do(engineer, "acknowledge", way="phone")
    clock.to(2026, 10, 24, 9)
    do(engineer, "solve", plan=PLAN)
    expect(engineer.locator(".timeline")).to_contain_text(PLAN)
    phone.goto(receipt)
    expect(phone.locator("h1")).to_have_text(re.compile("三号楼电梯今天又停了两次"))
    expect(phone.locator("main > p")).to_contain_text("王志强")
    expect(phone.locator(".story")).to_contain_text(PLAN)

    # Done and answered, with what keeps it from coming back. The inside note stays inside.
    clock.to(2026, 10, 26, 16)
    do(engineer, "measure", text=MEASURE, due_on="2026-11-20")
    do(engineer, "note", text="门机是十年前的旧件。")
    do(engineer, "answer", text=ANSWER)
    phone.reload()
    expect(phone.locator(".story")).to_contain_text(ANSWER)
    assert "旧件" not in phone.content()

    # Somebody else calls back, and only then it is closed.
    clock.to(2026, 10, 28, 10)
    colleague = stage.desk("lin")
    colleague.goto(f"/r/{number}")
    do(colleague, "follow_up", result="satisfied", channel="phone", words="现在很稳，谢谢。")
    do(colleague, "close", outcome="accepted")
    expect(colleague.locator(".head .status")).to_have_text("已办结")
    phone.reload()
    assert lines(phone, ".story").endswith("办完了。")
    expect(phone.locator(".story")).to_contain_text("我们回访过了，回答是：满意。")

    # The month ends: the digest drafts itself, the assistant adds the words and hands it in.
    clock.to(2026, 11, 1, 0, 10)
    house.clockwork()
    clock.to(2026, 11, 2, 9)
    clerk.goto("/reports/")
    clerk.get_by_role("link", name="玉兰苑 2026年10月 顾客投诉及处理情况").click()
    expect(clerk.locator(".figures")).to_contain_text("收到投诉")
    assert lines(clerk, ".figure") == "1 收到投诉"
    expect(clerk.locator("[name=measures]")).to_have_value(MEASURE)
    clerk.locator("[name=summary]").fill(f"{NAME}反映电梯停运，已经修好。")
    clerk.get_by_role("button", name="提交审批").click()
    expect(clerk.locator(".flash")).to_contain_text("已记下")

    # The gate shows the name; the manager cannot approve and sends it back; without the name it goes through.
    clock.to(2026, 11, 2, 14)
    manager = stage.desk("zhou")
    manager.get_by_role("link", name="去审批").first.click()
    gate = manager.locator("aside .notice")
    expect(gate).to_contain_text(NAME)
    manager.get_by_role("button", name="批准").click()
    expect(manager.locator("main")).to_contain_text(re.compile("个人信息|姓名"))
    manager.locator("[name=comment]").fill("请去掉姓名。")
    manager.get_by_role("button", name="退回修改").click()
    expect(manager.locator(".flash")).to_contain_text("已记下")
    clock.to(2026, 11, 3, 9)
    clerk.goto("/inbox/")
    clerk.locator("tbody a").first.click()
    clerk.locator("[name=summary]").fill(SUMMARY)
    clerk.get_by_role("button", name="提交审批").click()
    clock.to(2026, 11, 3, 15)
    manager.goto("/today/")
    manager.get_by_role("link", name="去审批").first.click()
    expect(gate).to_contain_text("没有发现电话、房号、车牌、证件号和当事人姓名。")
    manager.get_by_role("button", name="批准").click()
    manager.get_by_role("button", name="公布并归档").click()
    expect(manager.locator(".head .status")).to_have_text("已公布归档")
    expect(manager.locator("aside")).to_contain_text("备案号")

    # Everybody reads it, nobody is named.
    phone.goto("/s/yulan/")
    phone.get_by_role("link", name=re.compile("2026年10月 顾客投诉及处理情况")).click()
    expect(phone.locator("h1")).to_have_text("玉兰苑 2026年10月 顾客投诉及处理情况")
    public = lines(phone)
    assert SUMMARY in public
    assert MEASURE in public
    assert number in public
    named = [name for name in (NAME, NUMBER, "8000", WORDS[:12], "王志强", "妈妈") if name in phone.content()]
    assert named == []

    # What keeps it from coming back was done, with a picture, and somebody else looked at it.
    clock.to(2026, 11, 3, 16)
    engineer.goto(f"/r/{number}")
    engineer.locator("form[action$='/finish_measure'] [name=photos]").set_input_files(picture)
    do(engineer, "finish_measure", result="第一次半月维保做完，结果贴在轿厢内。")
    expect(engineer.locator(".timeline img")).to_have_count(2)
    manager.goto("/measures/?show=to_check")
    manager.get_by_role("link", name=MEASURE).click()
    do(manager, "check_measure", worked="yes", words="看了现场，单子贴着。")
    expect(manager.locator(".head .status")).to_have_text("验证有效")

    # Sealed, and every duty on the way was kept in time.
    assert journal.seal(now=clock.at) > 0
    verdict = verify()
    assert (verdict.whole, verdict.unlinked) == (True, 0)
    owed = [
        *Duty.objects.filter(reference__number=number),
        *ledger.serving(house.cast.site, "complaint_digest", "2026-10"),
    ]
    stands = {(duty.kind, duty.clause, duty.step): standing(duty.due_at, duty.done_at, clock.at) for duty in owed}
    assert {duty: how for duty, how in stands.items() if how != "kept"} == {}
    assert {"solution", "acceptance", "follow_up", "complaint_digest"} <= {kind for kind, _clause, _step in stands}
    manager.goto("/duties/?month=2026-11")
    expect(manager.locator("tbody tr", has_text="2026年10月").first.locator(".status").first).to_have_text("已履行")
