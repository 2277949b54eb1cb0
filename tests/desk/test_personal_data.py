"""A person's copy, correction and deletion; what the law lets us keep, and for how long (P3)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.rules import GONE, StillNeeded
from huiyin.customers import actions as customers
from huiyin.customers.models import ContactPoint, Customer
from huiyin.customers.queries import agrees, find
from huiyin.demo.cast import Cast
from huiyin.interactions.letters import forget
from huiyin.interactions.models import Interaction
from huiyin.journal import actions as journal
from huiyin.journal.models import Detail, Entry
from huiyin.journal.queries import verify
from huiyin.records.actions import attach, forget_pictures, lay_down
from huiyin.records.models import StoredFile
from huiyin.reports.dossier import NAMED_IN, everything_about
from tests import acts
from tests.conftest import NOW

SEEN = "看过身份证"


@pytest.fixture
def person(cast: Cast) -> Customer:
    """Somebody who wrote once and whose matter was closed a month ago."""
    case = acts.take(cast, NOW - timedelta(days=40), name="欧阳修竹", phone="13900007777", place="")
    acts.close(case, cast, NOW - timedelta(days=40))
    return Customer.objects.get(name="欧阳修竹")


def boss(client: Client, cast: Cast) -> Client:
    client.force_login(cast.users["zhou"])
    return client


def test_every_table_that_names_a_person_is_in_the_copy() -> None:
    naming = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and getattr(field, "concrete", False) and field.related_model is Customer
    }
    assert naming == set(NAMED_IN)


def test_the_copy_holds_all_of_it(cast: Cast, person: Customer) -> None:
    copy = everything_about(person, now=NOW)
    assert (copy["person"]["name"], copy["ways_to_reach"][0]["value"]) == ("欧阳修竹", "+8613900007777")
    assert [row["words"] for row in copy["contacts"]] == [acts.WORDS]
    assert [row["told"][-1]["words"] for row in copy["matters"]] != []


def test_a_copy_is_handed_over_on_record(cast: Cast, person: Customer, client: Client) -> None:
    address = f"/directory/{person.pk}/data/copy"
    bare = boss(client, cast).post(address, {"identity": ""}).status_code
    page = client.post(address, {"identity": SEEN})
    file = client.post(address, {"identity": SEEN, "as": "file"})
    assert (bare, page.status_code, "欧阳修竹" in page.content.decode()) == (422, 200, True)
    assert (file.json()["person"]["name"], "attachment" in file["Content-Disposition"]) == ("欧阳修竹", True)
    assert Entry.objects.filter(verb="customers.copy_given").count() == 2


def test_a_clerk_corrects_and_does_not_erase(cast: Cast, person: Customer, client: Client) -> None:
    client.force_login(cast.users["chen"])
    address = f"/directory/{person.pk}/data"
    refused = [client.post(f"{address}/{act}", {"identity": SEEN}).status_code for act in ("copy", "erase")]
    wrong = client.post(f"{address}/correct", {"name": "欧阳修", "phone": "12"})
    right = client.post(f"{address}/correct", {"name": "欧阳修", "phone": "13900008888"})
    person.refresh_from_db()
    assert (refused, wrong.status_code, right.status_code) == ([403, 403], 422, 302)
    assert (person.name, [point.last_four for point in person.contact_points.all()]) == ("欧阳修", ["8888"])
    assert find("欧阳修", cast.site, cast.clerk) == [person]


def test_who_lives_here_is_not_deleted_and_hears_why(cast: Cast, client: Client) -> None:
    answer = boss(client, cast).post(f"/directory/{cast.resident.pk}/data/erase", {"identity": SEEN})
    assert (answer.status_code, "服务合同" in answer.content.decode()) == (422, True)
    assert Entry.objects.get(verb="customers.erasure_refused").facts["why"][0] == "lives_here"


def test_an_open_matter_stands_against_it(cast: Cast) -> None:
    acts.take(cast, NOW, name="上官云", phone="13900006666")
    person = Customer.objects.get(name="上官云")
    with pytest.raises(StillNeeded, match="没办完"):
        cases.erase_person(person, identity=SEEN, by=cast.actor("zhou"), now=NOW)
    person.refresh_from_db()
    assert person.name == "上官云"


def test_deleted_is_found_nowhere_and_the_chain_stays_whole(cast: Cast, person: Customer, client: Client) -> None:
    customers.correct(person, name="欧阳修竹子", by=cast.clerk, now=NOW)
    journal.seal(now=NOW)
    gone = boss(client, cast).post(f"/directory/{person.pk}/data/erase", {"identity": SEEN})
    pages = [
        client.get(path).content.decode()
        for path in ("/directory/?q=欧阳", "/directory/?q=7777", "/log/who?q=7777", "/cases/?show=all")
    ]
    assert (gone.status_code, client.get(f"/directory/{person.pk}/").status_code) == (302, 404)
    assert [
        word for page in pages for word in ("欧阳修竹", "7777****", "139****7777") if word in page.replace("q=7777", "")
    ] == []
    assert ContactPoint.objects.filter(customer=person).count() == 0
    assert [detail for detail in Detail.objects.all() if "欧阳" in str(detail.values)] == []
    assert verify().whole


def test_words_lie_still_for_three_years_and_then_go(cast: Cast, person: Customer) -> None:
    boss_, case = cast.actor("zhou"), Case.objects.get(customer=person)
    until = cases.erase_person(person, identity=SEEN, by=boss_, now=NOW)
    assert (until, Interaction.objects.get(customer=person).situation) == (
        (case.closed_at + timedelta(days=365 * 3 + 1)).date() if until else None,
        acts.WORDS,
    )
    early = cases.erase_what_is_over(now=NOW + timedelta(days=365 * 2))
    late = [cases.erase_what_is_over(now=NOW + timedelta(days=366 * 3 + 40)) for _one in range(2)]
    case.refresh_from_db()
    words = [contact.situation for contact in Interaction.objects.filter(customer=person)]
    assert (early, late, set(words), case.summary) == (0, [1, 0], {GONE}, GONE)
    assert {event.text for event in case.events.all()} <= {"", GONE}


def test_why_an_answer_left_incomplete_goes_with_the_words(cast: Cast, person: Customer) -> None:
    case = acts.fresh(Case.objects.get(customer=person))
    cases.reopen(case, why="再看一次", by=cast.manager, now=NOW)
    cases.answer_checked(acts.fresh(case), text="好了", despite="上官女士电话里听过了", by=cast.engineer, now=NOW)
    cases.follow_up(acts.fresh(case), result="satisfied", channel="phone", by=cast.colleague, now=NOW)
    cases.close(acts.fresh(case), outcome="accepted", by=cast.colleague, now=NOW)
    cases.erase_person(person, identity=SEEN, by=cast.manager, now=NOW)
    cases.erase_what_is_over(now=NOW + timedelta(days=366 * 3 + 40))
    told = [event.values for event in case.events.filter(kind="answered").order_by("id")]
    assert told[-1] == {"gaps": ["day", "person"], "despite": GONE}


def test_letters_are_in_the_copy_and_go_with_the_words(cast: Cast, media: Path) -> None:
    raw = "From: 欧阳修竹 <ou@example.com>\nSubject: 漏水\nMessage-ID: <a@b>\n\n卫生间一直漏水。".encode()
    letter = acts.sorted_letter(cast, NOW, raw)
    contact = letter.interaction
    person = contact.customer or Customer.objects.get(name="欧阳修竹")
    Interaction.objects.filter(pk=contact.pk).update(customer=person)
    told = everything_about(person, now=NOW)["letters"]
    assert [(row["number"], row["from"], row["words"]) for row in told] == [
        (contact.reference.number, "欧阳修竹", "卫生间一直漏水。")
    ]
    bytes_at = media / letter.key[:2] / letter.key
    before = bytes_at.exists()
    forget([contact], said=GONE)
    letter.refresh_from_db()
    assert (before, letter.text, letter.sender_name, letter.sender, letter.facts) == (True, GONE, "", "", {})


def test_pictures_go_and_sealed_papers_stay(cast: Cast, media: Path, django_capture_on_commit_callbacks: Any) -> None:
    case = acts.take(cast, NOW)
    laid = [lay_down(b"x", "image/webp"), lay_down(b"y", "application/pdf")]
    picture, paper = attach(case.reference, laid, label="x", by=cast.clerk, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        forget_pictures([case.reference_id])
    left = [one.pk for one in StoredFile.objects.filter(reference=case.reference)]
    assert (left, [(media / one.key[:2] / one.key).exists() for one in (picture, paper)]) == ([paper.pk], [False, True])


def test_consent_is_given_withdrawn_and_in_the_copy(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["chen"])
    person, address = cast.resident, f"/directory/{cast.resident.pk}/consents/"
    seen = []
    for body in ({"way": "paper"}, {"way": "spoken"}, {}, {}, {"way": "phone"}):
        seen.append((client.post(address + "pictures", body).status_code, agrees(person, "pictures")))
    assert seen == [(302, True), (302, True), (302, False), (302, False), (302, True)]
    rows = everything_about(person, now=NOW)["consents"]
    assert [(row["how"], bool(row["withdrawn"]), "随时可以撤回" in row["told"]) for row in rows] == [
        ("书面签字", True, True),
        ("电话里", False, True),
    ]
    assert client.post(address + "nonsense", {"way": "paper"}).status_code == 404
    assert Entry.objects.filter(verb__startswith="customers.consent").count() == 3
