"""English is whole: what is left in Chinese are the words and names of people and places, as they were written."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from huiyin.cases.models import Case, CorrectiveMeasure, Event, Referral, Suggestion
from huiyin.customers.models import Customer
from huiyin.duties.models import Evidence
from huiyin.engineering.models import Project, WarrantyPart
from huiyin.handbook.models import Decision
from huiyin.handbook.rules import shipped, shipped_ids
from huiyin.interactions.models import Interaction, Letter
from huiyin.notices.models import Notice, ServiceCatalog
from huiyin.organization.models import Building, CalendarYear, Circumstance, Company, Department, Room, Site, User
from huiyin.references.models import Reference
from huiyin.reports.models import Analysis, Report
from tests.stories.conftest import House, Stage
from tests.stories.pages import PORTAL, STAFF, Shown, furnished, reader_of

pytestmark = pytest.mark.browser
HAN = re.compile(r"[\u3400-\u9fff]+")
# What the page shows or says aloud, without what stands in a field to be filled in.
SHOWN = """() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const here = walker.currentNode.parentElement;
        if (!here.closest("textarea, script, [lang=zh-Hans]")) texts.push(walker.currentNode.data);
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"])
        for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name));
    return texts;
}"""


def written() -> set[str]:
    """Names and words of this town: said by people or kept as they were made."""
    texts: set[str] = set()
    for model, fields in (
        (Company, ("name",)),
        (Site, ("name", "address", "external_routes")),
        (Department, ("name",)),
        (Building, ("name",)),
        (User, ("name",)),
        (Customer, ("name",)),
        (Reference, ("title",)),
        (Evidence, ("what", "note")),
        (Decision, ("reason",)),
        (Case, ("summary", "referred_to")),
        (Suggestion, ("costs", "brings", "hurdles", "would_own", "reason")),
        (Referral, ("to", "asked", "answered_by", "answer")),
        (Interaction, ("situation", "remedy_sought", "answered_at_once", "place")),
        (Letter, ("sender_name", "subject_line", "text")),
        (Event, ("text",)),
        (CorrectiveMeasure, ("text", "cause", "result", "verdict")),
        (Report, ("summary", "measures")),
        (Analysis, ("conclusion",)),
        (Notice, ("title",)),
        (CalendarYear, ("source",)),
        (Circumstance, ("reason",)),
        (Project, ("contractor", "client")),
        (WarrantyPart, ("name",)),
    ):
        for row in model.objects.values_list(*fields):
            texts.update(
                part.strip() for text in row for line in str(text).splitlines() for part in (line, *_sentences(line))
            )
    texts.update(form.title for name in shipped_ids() for form in shipped(name).forms)
    texts.update(clause.vague for name in shipped_ids() for clause in shipped(name).clauses)
    texts.update(str(room) for room in Room.objects.all())
    for catalog in ServiceCatalog.objects.all():
        texts.update(_pieces(catalog.services))
    for notice in Notice.objects.all():
        texts.update(_pieces(notice.body))
    for report in Report.objects.all():
        texts.update(one["name"] for one in report.figures["by_category"])
    return {text for text in texts if HAN.search(text)}


def _sentences(text: str) -> list[str]:
    """A headline shows the first sentence only."""
    return re.split(r"[。！？]", text)


def _pieces(body: object) -> Iterator[str]:
    """Every text inside a published body: published once, in the language of the place."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict | list):
        for part in body.values() if isinstance(body, dict) else body:
            yield from _pieces(part)


def left_over(page: Page, known: list[str]) -> list[str]:
    """Texts that still hold Chinese once the known words are taken out."""
    found = []
    for text in page.evaluate(SHOWN):
        rest = " ".join(text.split())
        for words in known:
            rest = rest.replace(words, "")
        rest = re.sub(r"\S*(\.\.\.|…)$", "", rest)  # words cut short
        if HAN.search(rest):
            found.append(rest.strip())
    return found


@pytest.fixture(scope="module")
def lived_in(house: House) -> Shown:
    return furnished(house)


@pytest.fixture(scope="module")
def known(lived_in: Shown) -> list[str]:
    return sorted(written(), key=len, reverse=True)


@pytest.mark.parametrize("name", [*PORTAL, *STAFF])
def test_page(lived_in: Shown, known: list[str], stage: Stage, name: str) -> None:
    page = stage.desk(reader_of(name))
    page.context.add_cookies([{"name": "huiyin_language", "value": "en", "url": lived_in.house.url}])
    left = {}
    for address in lived_in.addresses(name):
        assert page.goto(address).status == 200
        left[address] = left_over(page, known)
    assert {address: texts for address, texts in left.items() if texts} == {}


def test_what_is_wrong_is_said_in_english(house: House, stage: Stage) -> None:
    page = stage.phone()
    page.context.add_cookies([{"name": "huiyin_language", "value": "en", "url": house.url}])
    page.goto("/s/yulan/report")
    page.locator("[name=situation]").evaluate("field => field.required = false")
    page.get_by_role("button", name="Submit").or_(page.locator("form [data-rank=primary]")).first.click()
    assert left_over(page, sorted(written(), key=len, reverse=True)) == []
