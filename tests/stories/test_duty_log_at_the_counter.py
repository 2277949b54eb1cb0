"""The counter, by keyboard alone: who, what, Enter; the household beside it; nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from huiyin.cases.actions import take
from huiyin.cases.models import Case
from huiyin.interactions.rules import Contact
from tests.stories.conftest import House, Stage, lines

pytestmark = pytest.mark.browser

WORDS = "单元门夜里关不上，风一吹就响。"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it is there, as somebody without a mouse has to."""
    wanted = page.locator(selector).first
    for _press in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"40 times Tab did not reach {selector}")


def test_a_call_is_written_down_by_keyboard(stage: Stage) -> None:
    desk = stage.desk("chen")
    desk.keyboard.press("n")
    desk.wait_for_url("**/log/")
    expect(desk.locator("#id_q")).to_be_focused()
    desk.keyboard.type("0002")
    expect(desk.locator("#who h2").first).not_to_have_text("先写是谁")
    beside = lines(desk, "#who")
    assert "3号楼" in beside
    assert re.search(r"\*\*\*\* ?0002", beside)
    tab_to(desk, "[name=kind]:checked")
    desk.keyboard.press("ArrowRight")
    tab_to(desk, "[name=situation]")
    desk.keyboard.type(WORDS)
    tab_to(desk, "form#log button:not([name])")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/log/taken/*")
    case = Case.objects.get(summary=WORDS)
    assert (case.kind, str(case.building), case.customer.contact_points.get().last_four) == (
        "complaint",
        "3号楼",
        "0002",
    )
    expect(desk.locator("main")).to_contain_text(
        f"您的事情编号是 {case.reference.number}，由 陈晓雯 负责，最迟 2026年10月30日 周五"
    )
    expect(desk.locator(".slip .number")).to_have_text(case.reference.number)
    expect(desk.locator(".slip svg").last).to_be_visible()


def test_who_is_meant_shows_while_typing(house: House, stage: Stage) -> None:
    resident = house.cast.neighbor
    desk = stage.desk("chen")
    for typed in (resident.name, resident.pinyin, "2号楼101"):
        desk.goto("/log/")
        desk.locator("#id_q").fill("")
        desk.keyboard.type(typed)
        expect(desk.locator("#who h2").first, typed).to_have_text(resident.name)
    desk.locator("#id_q").fill("13900000000")
    expect(desk.locator("#who")).to_contain_text("名录里没有这个人")


def test_an_open_case_that_looks_alike_is_offered_before_a_second_is_made(house: House, stage: Stage) -> None:
    words = "5号楼电梯抖得厉害。"
    building = house.cast.site.buildings.get(code="5")
    contact = Contact(house.cast.site, "phone", "complaint", words, category="elevator", building=building)
    first = take(contact, by=house.cast.clerk, now=house.clock.at).case
    desk = stage.desk("lin")
    desk.goto("/log/")
    desk.locator("[name=situation]").fill("电梯又抖了，吓人。")
    desk.locator("[name=place]").fill("5号楼")
    desk.locator("[name=category]").select_option("elevator")
    expect(desk.locator("#alike")).to_contain_text(words)
    desk.locator("#alike").get_by_role("button", name="并入这件").click()
    desk.wait_for_url("**/log/taken/*")
    expect(desk.locator(".slip .number")).to_have_text(first.reference.number)
    desk.goto(f"/cases/{first.reference.number}/")
    expect(desk.locator(".timeline")).to_contain_text("电梯又抖了，吓人。")


def test_wrong_input_keeps_everything_that_was_typed(stage: Stage) -> None:
    desk = stage.desk("chen")
    desk.goto("/log/")
    typed = {
        "situation": "水表箱的门掉了。",
        "remedy_sought": "装回去。",
        "place": "北门",
        "name": "欧阳新",
        "phone": "12",
    }
    desk.locator("#id_q").fill("新来的")
    desk.locator("form#log details summary").first.click()
    for name, words in typed.items():
        desk.locator(f"#log [name={name}]").fill(words)
    desk.locator("[name=kind][value=complaint]").check(force=True)
    desk.locator("[name=category]").select_option("elevator")
    desk.locator("[name=channel]").select_option("desk")
    desk.get_by_role("button", name="记下").click()
    expect(desk.get_by_role("alert")).to_contain_text("您填的内容都还在。")
    kept = {name: desk.locator(f"#log [name={name}]").input_value() for name in typed}
    chosen = [desk.locator(f"#log [name={name}]").input_value() for name in ("category", "channel")]
    assert kept == typed
    expect(desk.locator("#id_q")).to_have_value("新来的")
    assert chosen == ["elevator", "desk"]
    expect(desk.locator("[name=kind][value=complaint]")).to_be_checked()
    assert Case.objects.filter(summary=typed["situation"]).count() == 0


def test_what_was_typed_survives_leaving_the_page(stage: Stage) -> None:
    desk = stage.desk("chen")
    desk.goto("/log/")
    desk.locator("[name=situation]").fill("写到一半来了电话。")
    desk.goto("/today/")
    desk.goto("/log/")
    expect(desk.locator("[name=situation]")).to_have_value("写到一半来了电话。")
