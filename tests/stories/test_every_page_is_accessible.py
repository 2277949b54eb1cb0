"""Every page, narrow and wide, light and dark: usable by everybody, nothing sticks out, nothing weighs too much."""

import gzip
from collections.abc import Iterator
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from tests.stories.conftest import DESK as WIDE
from tests.stories.conftest import PHONE as NARROW
from tests.stories.conftest import House, Stage
from tests.stories.pages import ELSEWHERE, PORTAL, STAFF, Shown, furnished, named, reader_of

pytestmark = pytest.mark.browser
KIB = 1024


def test_every_address_is_on_a_list() -> None:
    assert sorted(named()) == sorted([*PORTAL, *STAFF, *ELSEWHERE])


@pytest.fixture(scope="module")
def lived_in(house: House) -> Shown:
    return furnished(house)


@pytest.fixture(scope="module")
def windows(chromium: Browser, house: House) -> Iterator[dict[str, Page]]:
    """Two windows of each reader's, in light and in dark, shared by the pages."""
    opened = Stage(chromium, house)
    yield {
        f"{username} {scheme}": opened.desk(username, color_scheme=scheme)
        for username in ("zhou", "han", "fang")
        for scheme in ("light", "dark")
    }
    for context in opened.contexts:
        context.close()
    assert opened.complaints == []


@cache
def axe() -> Axe:
    return Axe()


def faults(page: Page) -> list[str]:
    """What axe finds, each with where, and whether the page is wider than its window."""
    found = axe().run(page).response["violations"]
    named = [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*named, *([f"{wider} px wider than the window"] if wider > 0 else [])]


@pytest.mark.parametrize("name", [*PORTAL, *STAFF])
def test_page(lived_in: Shown, windows: dict[str, Page], name: str) -> None:
    wrong = {}
    for address in lived_in.addresses(name):
        for scheme in ("light", "dark"):
            page = windows[f"{reader_of(name)} {scheme}"]
            answer = page.goto(address)
            assert (answer.status, page.url.split("?")[0]) == (200, lived_in.house.url + address.split("?")[0])
            for width, size in (("wide", WIDE), ("narrow", NARROW)):
                page.set_viewport_size(size)
                wrong[f"{address} {scheme} {width}"] = faults(page)
    assert {where: what for where, what in wrong.items() if what} == {}


def loaded(stage: Stage, page: Page, address: str) -> list[Response]:
    """Everything a first visit brings over the wire but photos, which are the person's own."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        if answer.request.resource_type != "image":
            answers.append(answer)

    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    return answers


def weight(answers: list[Response]) -> int:
    """Bytes as a server sends them, compressed."""
    return sum(len(gzip.compress(one.body())) for one in answers)


@pytest.mark.parametrize("name", PORTAL)
def test_a_public_page_weighs_at_most_15_kib_and_needs_no_script(lived_in: Shown, stage: Stage, name: str) -> None:
    for address in lived_in.addresses(name):
        page = stage.phone()
        answers = loaded(stage, page, address)
        scripts = 1 if name == "log_in" else 0  # a passkey is the one thing that only a script can ask for
        assert (address, page.locator("script").count()) == (address, scripts)
        assert (address, weight(answers) <= 15 * KIB) == (address, True)


def test_the_list_of_cases_weighs_at_most_45_kib_in_three_requests(lived_in: Shown, stage: Stage) -> None:
    state = stage.desk("zhou").context.storage_state()
    answers = loaded(stage, stage.window(WIDE, storage_state=state), "/cases/?show=all")
    assert len(answers) <= 3
    assert weight(answers) <= 45 * KIB
