"""Letters in a real browser: a person takes in what the program could not, and what means harm is words."""

# ruff: noqa: E501

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from huiyin.cases.models import Case
from huiyin.interactions.models import Letter
from tests import acts
from tests.stories.conftest import House, Stage, lines

pytestmark = pytest.mark.browser

CANARY = "http://canary.example"
HARM = [
    f"<script>fetch('{CANARY}/script')</script>",
    f'<img src="{CANARY}/img.gif" onerror="document.title=\'ran\'">',
    f'<iframe src="{CANARY}/frame"></iframe><object data="{CANARY}/object"></object>',
    f'<svg onload="document.title=\'ran\'"><use href="{CANARY}/svg#x"/></svg>',
    f"<style>@import '{CANARY}/css'; body{{background:url({CANARY}/bg)}}</style>",
    f'<link rel="stylesheet" href="{CANARY}/link"><link rel="dns-prefetch" href="//canary.example">',
    f'<meta http-equiv="refresh" content="0;url={CANARY}/meta"><base href="{CANARY}/">',
    f'<video poster="{CANARY}/poster" src="{CANARY}/video" autoplay></video>',
    f'<a href="javascript:document.title=\'ran\'" ping="{CANARY}/ping">press me</a><form action="{CANARY}/form"><input autofocus onfocus="document.title=\'ran\'">',
    f'<body background="{CANARY}/body" onload="document.title=\'ran\'"><table background="{CANARY}/table">',
]


def harmful(place: int, kind: str) -> bytes:
    """As HTML, as plain text, and in every header that is shown."""
    words = HARM[place]
    head = [
        f'From: "{words.replace(chr(34), "")[:60]}" <a{place}{kind[-1]}@b.cn>',
        f"Subject: {words}",
        f"Message-ID: <{place}{kind}@b.cn>",
    ]
    more = [f"Authentication-Results: {words}", f"Content-Type: {kind}; charset=utf-8"]
    return "\r\n".join([*head, *more, "", f"{words}<p>灯坏了</p>{words}"]).encode()


@pytest.fixture(autouse=True)
def _with_mail() -> object:
    with override_settings(MAIL_OUT="memory:"):
        yield


def test_letters_that_mean_harm_are_words_and_call_nobody(stage: Stage, house: House) -> None:
    kept = [
        acts.sorted_letter(house.cast, house.clock.at, harmful(place, kind))
        for place in range(len(HARM))
        for kind in ("text/html", "text/plain")
    ]
    desk = stage.desk("chen")
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    pages = [f"/letters/{one.pk}/" for one in kept] + ["/letters/?show=all"]
    pages += [
        f"/cases/{one.interaction.subject.number}/" for one in kept if one.interaction and one.interaction.subject
    ]
    for address in pages:
        desk.goto(address)
        if desk.locator("details:not(.menu) > summary").count():
            for summary in desk.locator("main details:not(.menu):not(.act) > summary").all():
                summary.click()
        assert (address, desk.title() == "ran") == (address, False)
        assert (
            desk.locator("main script, main iframe, main object, main svg[onload], main link, main base").count() == 0
        )
    assert [url for url in asked if not url.startswith(house.url)] == []
    assert {one.state for one in kept} == {"taken"}


def test_what_the_program_could_not_place_is_taken_in_by_a_person(stage: Stage, house: House) -> None:
    acts.sorted_letter(house.cast, house.clock.at, "Subject: 水管\n\n地下室的水管在滴水。".encode())
    desk = stage.desk("chen")
    desk.get_by_role("link", name="来信").first.click()
    desk.get_by_role("link", name="水管").click()
    expect(desk.get_by_text("没有看得明白的发件地址")).to_be_visible()
    desk.locator("[name=kind]").select_option("repair_request")
    desk.locator("form[action$=take] button").click()
    desk.wait_for_url("**/cases/*/")
    case = Case.objects.get(summary__contains="水管")
    assert [case.kind, "地下室的水管在滴水。" in lines(desk)] == ["repair_request", True]
    assert Letter.objects.get(subject_line="水管").state == "taken"
