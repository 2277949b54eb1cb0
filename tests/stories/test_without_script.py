"""Every page works without script: a resident's old phone, a locked-down counter."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import PHONE, House, Stage
from tests.stories.test_a_voice_gets_its_echo import do, reports_it

pytestmark = pytest.mark.browser


def test_from_the_report_to_the_answer(house: House, stage: Stage, picture: Path) -> None:
    phone = stage.phone(java_script_enabled=False)
    number, receipt = reports_it(phone, picture)
    desk = stage.desk("wang", java_script_enabled=False)
    desk.goto(f"/r/{number}")
    do(desk, "accept")
    do(desk, "solve", plan="周六上午换控制板。")
    do(desk, "answer", text="11月23日换好了。有事请找王师傅。")
    phone.goto(receipt)
    expect(phone.locator(".story")).to_contain_text("11月23日换好了。")
    phone.locator("#objection [name=words]").fill("今天又停了一次。")
    phone.get_by_role("button", name="交给我们").click()
    expect(phone.locator(".flash, .notice").first).to_contain_text("收到了，谢谢您说出来")
    desk.reload()
    expect(desk.locator(".timeline")).to_contain_text("今天又停了一次。")


def test_the_duty_log(stage: Stage) -> None:
    desk = stage.desk("chen", java_script_enabled=False)
    desk.get_by_role("link", name="记一笔").first.click()
    desk.locator("[name=situation]").fill("楼道灯不亮。")
    desk.get_by_role("button", name="记下").click()
    expect(desk.locator("h1")).to_have_text("已经记下")
    desk.goto("/log/?who=0001")
    expect(desk.locator("#who")).to_contain_text("2号楼")


def test_the_menu_on_a_narrow_screen(stage: Stage) -> None:
    desk = stage.desk("chen", size=PHONE, java_script_enabled=False)
    desk.get_by_role("button", name="全部").click()
    desk.locator(".rail").get_by_role("link", name="名录").click()
    expect(desk.locator("h1")).to_have_text("名录")


def test_language_and_large_print(stage: Stage) -> None:
    phone = stage.phone(java_script_enabled=False)
    phone.goto("/s/yulan/")
    phone.get_by_role("button", name="大字").click()
    expect(phone.locator("html[data-print=large]")).to_have_count(1)
    phone.get_by_role("button", name="English").click()
    expect(phone.locator("html[lang=en]")).to_have_count(1)
