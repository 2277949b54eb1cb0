"""A manager sets up a passkey and an app in a real browser, and comes in by either."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from huiyin.demo.cast import PASSWORD
from tests.stories.conftest import DESK, House, Stage

pytestmark = pytest.mark.browser


def with_device(page: Page) -> None:
    """A device that keeps passkeys and whose owner always puts the finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_out(page: Page) -> None:
    page.locator("details.me summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/log-in")


def log_in(page: Page, username: str) -> None:
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_passkey_then_app(stage: Stage, house: House, settings) -> None:
    settings.SECOND_FACTOR = "required"
    page = stage.window(DESK)
    with_device(page)
    page.goto("/log-in")
    log_in(page, "gao")
    page.wait_for_url("**/me/")
    page.goto("/cases/")
    page.wait_for_url("**/me/")
    page.get_by_role("link", name="加一把通行密钥").click()
    page.locator("[name=name]").fill("办公室电脑")
    page.locator("[name=password_now]").fill(PASSWORD)
    page.get_by_role("button", name="加上").click()
    page.get_by_text("只显示这一次").wait_for()
    codes = page.locator(".codes li").all_inner_texts()
    page.get_by_role("link", name="收好了，开始办事").click()
    page.wait_for_url("**/today/")

    log_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/today/")

    log_out(page)
    log_in(page, "gao")
    page.wait_for_url("**/log-in/second*")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url("**/today/")

    page.goto("/me/app")
    secret = page.locator("p .num").inner_text().replace(" ", "")
    code = format_hotp_value(hotp_value(secret, int(house.clock.at.timestamp()) // 30))
    page.locator("[name=code]").fill(code)
    page.locator("[name=password_now]").fill(PASSWORD)
    page.get_by_role("button", name="设好").click()
    page.wait_for_url("**/me/")

    log_out(page)
    log_in(page, "gao")
    page.wait_for_url("**/log-in/second*")
    page.locator("[name=code]").fill(codes[0])
    page.get_by_role("button", name="进入").click()
    page.wait_for_url("**/today/")
    assert (len(codes), all(re.fullmatch(r"\d{4} \d{4}", one) for one in codes)) == (10, True)
