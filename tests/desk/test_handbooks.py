"""The pages of handbooks: what is followed, what it asks for, and changing it without losing a word."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.access import clock
from huiyin.demo.cast import Cast
from huiyin.desk.views.handbooks import MEANS
from huiyin.handbook.models import Adoption
from huiyin.handbook.queries import adopted_by
from huiyin.handbook.rules import shipped, shipped_ids, shipped_text

OURS = shipped_text("residential-community").replace('"2026-11"', '"ours-1"', 1).replace("share = 20", "share = 30")


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.users["zhou"])
    return client


def today() -> date:
    return timezone.localdate(clock.now())


def given(text: str, **more: str) -> dict[str, str]:
    first = (today() + timedelta(days=10)).isoformat()
    return {"text": text, "effective_on": first, "scope": "site"} | more


def test_every_means_has_a_word_and_its_page_exists(manager: Client) -> None:
    named = {one for name in shipped_ids() for clause in shipped(name).clauses for one in clause.by}
    assert named <= MEANS.keys()
    for name in ("management-office", "property-company", "residential-community"):
        assert manager.get(f"/handbooks/{name}/").status_code == 200


def test_the_list_shows_what_is_followed_and_what_could_be(manager: Client) -> None:
    page = manager.get("/handbooks/").content.decode()
    assert ["/handbooks/management-office/" in page, "/handbooks/residential-community/adopt" in page] == [True, True]
    assert "/handbooks/student-housing/" not in page
    assert "7.2.3-G01-F1" in page


@pytest.mark.clause("S4.4.2.5.c")
def test_a_clause_says_when_it_is_due_next_and_why(manager: Client) -> None:
    page = manager.get("/handbooks/property-company/").content.decode()
    row = page[page.index('id="S4.4.2.5.c"') :].partition("</tr>")[0]
    assert "第 8 个工作日" in row
    assert "还不支持" in page


def test_a_handbook_for_other_sites_is_missing(manager: Client) -> None:
    assert [manager.get(f"/handbooks/{name}/").status_code for name in ("student-housing", "nothing")] == [404, 404]


def test_the_file_is_shown_with_numbered_lines_and_can_be_taken_away(manager: Client) -> None:
    page = manager.get("/handbooks/property-company/text").content.decode()
    assert 'id="L1"' in page
    file = manager.get("/handbooks/property-company/text?download=1")
    assert file.content.decode() == shipped_text("property-company")
    assert file["Content-Disposition"] == 'attachment; filename="property-company.toml"'


def test_seeing_what_would_change_changes_nothing(manager: Client, cast: Cast) -> None:
    before = Adoption.objects.count()
    page = manager.post("/handbooks/residential-community/adopt", given(OURS, preview="1")).content.decode()
    assert ("走访" in page, Adoption.objects.count()) == (True, before)


def test_a_change_is_shown_before_it_holds_and_then_holds_from_its_day(manager: Client, cast: Cast) -> None:
    address = "/handbooks/residential-community/adopt"
    manager.post(address, given(shipped_text("residential-community"), effective_on=today().isoformat(), adopt="1"))
    page = manager.post(address, given(OURS, preview="1")).content.decode()
    assert ["proactive_contacts" in page, "<del>20</del>" in page, "<ins>30</ins>" in page] == [True, True, True]
    assert manager.post(address, given(OURS, adopt="1")).status_code == 302
    spans = {
        one.edition.edition: (one.effective_on, one.ended_on)
        for one in Adoption.objects.filter(site=cast.site, edition__handbook="residential-community")
    }
    later = today() + timedelta(days=10)
    assert spans == {"2026-11": (today(), later), "ours-1": (later, None)}


def test_who_will_owe_a_duty_is_shown_where_it_changes(manager: Client) -> None:
    text = shipped_text("management-office")
    step = text.index('clauses = ["S3.2.5.a"]')
    changed = text[:step] + text[step:].replace('owner = "site_manager"', 'owner = "service_assistant"', 1)
    page = manager.post("/handbooks/management-office/adopt", given(changed, preview="1")).content.decode()
    assert "管理处经理 → 客服助理" in page


def test_a_changed_text_under_an_old_name_is_told_with_the_changes(manager: Client) -> None:
    text = shipped_text("management-office").replace("5 日为止交出", "3 日为止交出")
    answer = manager.post("/handbooks/management-office/adopt", given(text, preview="1"))
    page = answer.content.decode()
    assert (answer.status_code, "请换一个版本号" in page, "<ins>" in page) == (422, True, True)


def test_a_file_takes_the_place_of_the_text(manager: Client, cast: Cast) -> None:
    file = SimpleUploadedFile("ours.toml", b"\xef\xbb\xbf" + OURS.replace("\n", "\r\n").encode())
    answer = manager.post("/handbooks/residential-community/adopt", given("x", adopt="1") | {"file": file})
    assert answer.status_code == 302
    followed = adopted_by(cast.site, today() + timedelta(days=10))
    assert [one.edition.text for one in followed if one.edition.handbook == "residential-community"] == [OURS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "第 1 行“x =”"),
        (OURS.replace("[[quotas]]", "[[quota]]"), "这里没有“quota”这一项"),
        (OURS.replace('"residential"]', '"engineering"]'), "不适用于这类站点"),
        ("", "id_text_error"),
    ],
)
def test_a_wrong_text_is_refused_with_its_line_and_nothing_typed_is_lost(manager: Client, text: str, said: str) -> None:
    before = Adoption.objects.count()
    answer = manager.post("/handbooks/residential-community/adopt", given(text, adopt="1"))
    page = answer.content.decode()
    assert (answer.status_code, said in page, Adoption.objects.count()) == (422, True, before)
    assert "主动接触" in page or "主动接触" not in text


@pytest.mark.parametrize("day", ["2001-01-01", "2099-01-01", "soon", ""])
def test_a_day_out_of_range_is_refused(manager: Client, day: str) -> None:
    answer = manager.post("/handbooks/residential-community/adopt", given(OURS, effective_on=day, adopt="1"))
    assert (answer.status_code, Adoption.objects.filter(edition__edition="ours-1").exists()) == (422, False)


def test_no_bytes_that_are_no_text(manager: Client) -> None:
    file = SimpleUploadedFile("ours.toml", b"\xff\xfe\x00")
    answer = manager.post("/handbooks/residential-community/adopt", given(OURS, adopt="1") | {"file": file})
    assert (answer.status_code, "UTF-8" in answer.content.decode()) == (422, True)


def test_only_who_may_adopts_and_only_the_company_for_all(cast: Cast, client: Client, now: datetime) -> None:
    client.force_login(cast.users["chen"])
    assert client.get("/handbooks/residential-community/adopt").status_code == 403
    client.force_login(cast.users["zhou"])
    answer = client.post("/handbooks/residential-community/adopt", given(OURS, scope="company", adopt="1"))
    assert (answer.status_code, "关系到全公司" in answer.content.decode()) == (422, True)
