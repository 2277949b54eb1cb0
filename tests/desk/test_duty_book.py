"""The page of the duty log, its papers, and receipts for several cases at once."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Interaction
from tests.acts import contact, take
from tests.records.printed import pages_of, text_of

DAY = timedelta(days=1)


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_duty_book_says_what_became_of_each_and_what_came_late(client: Client, cast: Cast, now: datetime) -> None:
    case = take(cast, now, words="电梯坏了", by=cast.clerk, occurred_at=now - 3 * DAY)
    asked = contact(cast, "enquiry", "怎么交费", answered_at_once="按季度交。")
    cases.take(asked, by=cast.clerk, now=now)
    lost = take(cast, now, words="没人接")
    Interaction.objects.filter(subject=lost.reference).update(subject=None)
    client.force_login(cast.users["chen"])
    page = body(client, "/log/book")
    rows = {words: row for row in page.split("<tr>") for words in ("电梯坏了", "怎么交费", "没人接") if words in row}
    said = ("当场答复", "没有着落", "迟记", case.reference.number)
    assert {words: [one for one in said if one in row] for words, row in rows.items()} == {
        "电梯坏了": ["迟记", case.reference.number],
        "怎么交费": ["当场答复"],
        "没人接": ["没有着落"],
    }
    assert "按时记下 66.7%（2/3）" in page
    assert ("138****1111" in page or "138 **** 1111" in page, "13800001111" in page) == (True, False)


def test_taken_says_when_a_contact_has_no_outcome(client: Client, cast: Cast, now: datetime) -> None:
    lost = take(cast, now)
    Interaction.objects.filter(subject=lost.reference).update(subject=None)
    client.force_login(cast.users["chen"])
    page = body(client, f"/log/taken/{Interaction.objects.get().reference.number}")
    assert ("还没有着落" in page, "当场答复，已留记录" in page) == (True, False)


def test_duty_book_of_a_day_a_month_and_nonsense(client: Client, cast: Cast, now: datetime) -> None:
    for age in (0, 1, 40):
        take(cast, now - age * DAY, words=f"{age}天前的事", by=cast.clerk)
    client.force_login(cast.users["chen"])
    addresses = ("", "?from=2026-11-22&to=2026-11-22", "?period=2026-10", "?period=2026", "?period=x", "?from=x&page=9")
    shown = [re.findall(r"(\d+)天前的事", body(client, f"/log/book{address}")) for address in addresses]
    assert shown == [["0", "1"], ["1"], ["40"], ["0", "1", "40"], ["0", "1"], ["0", "1"]]


def test_duty_book_turns_its_pages(client: Client, cast: Cast, now: datetime) -> None:
    for serial in range(26):
        take(cast, now - timedelta(minutes=serial), words=f"第{serial}件", by=cast.clerk)
    client.force_login(cast.users["chen"])
    turned = [len(re.findall(r"第\d+件", body(client, f"/log/book?page={page}"))) for page in ("1", "2", "3", "²", "x")]
    assert turned == [25, 1, 25, 25, 25]


def test_book_paper_and_word_hold_the_days_of_the_page(client: Client, cast: Cast, now: datetime) -> None:
    take(cast, now, words="今天", by=cast.clerk)
    take(cast, now - 40 * DAY, words="很久以前", by=cast.clerk)
    client.force_login(cast.users["chen"])
    paper = client.get("/log/book/paper.pdf?period=2026-10")
    assert (paper["Content-Type"], paper["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="log-yulan.pdf"',
    )
    assert [word in text_of(paper.content) for word in ("很久以前", "今天", "2026-10-01至2026-10-31")] == [
        True,
        False,
        True,
    ]
    assert client.get("/log/book/paper.docx").content[:2] == b"PK"


def test_blank_book_prints_as_many_pages_as_asked_and_not_more_than_twenty(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["jin"])
    asked = ("", "?sheets=2", "?sheets=999", "?sheets=0", "?sheets=x")
    assert [pages_of(client.get(f"/log/book/blank.pdf{one}").content) for one in asked] == [1, 2, 20, 1, 1]


def test_case_slips_are_of_those_ticked_and_never_of_what_is_foreign(client: Client, cast: Cast, now: datetime) -> None:
    mine, other = take(cast, now), take(cast, now)
    foreign = take(cast, now, site=cast.sites["hengtai"])
    client.force_login(cast.users["chen"])
    text = text_of(
        client.get(f"/cases/slips.pdf?of={mine.reference.number}&of={foreign.reference.number}&of=x").content
    )
    assert [one.reference.number in text for one in (mine, other, foreign)] == [True, False, False]
    nothing = client.get(f"/cases/slips.pdf?of={foreign.reference.number}", follow=True)
    assert (nothing.redirect_chain, "先勾选要印回执的事项" in nothing.content.decode()) == ([("/cases/", 302)], True)
    assert "formaction" in body(client, "/cases/?show=all")


def test_book_slips_are_of_the_days_shown(client: Client, cast: Cast, now: datetime) -> None:
    recent, old = take(cast, now), take(cast, now - 40 * DAY)
    client.force_login(cast.users["chen"])
    text = text_of(client.get("/log/book/slips.pdf").content)
    assert [one.reference.number in text for one in (recent, old)] == [True, False]
    nothing = client.get("/log/book/slips.pdf?from=2026-01-01&to=2026-01-02", follow=True)
    assert nothing.redirect_chain == [("/log/book?from=2026-01-01&to=2026-01-02", 302)]
    assert "没有回执可印" in nothing.content.decode()


def test_more_receipts_than_go_into_a_file_are_not_cut_in_silence(
    client: Client, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.desk.views.book.SLIPS", 2)
    take(cast, now), take(cast, now)
    client.force_login(cast.users["chen"])
    assert client.get("/log/book/slips.pdf")["Content-Type"] == "application/pdf"
    take(cast, now)
    many = client.get("/log/book/slips.pdf?from=2026-11-22&to=2026-11-23", follow=True)
    assert many.redirect_chain == [("/log/book?from=2026-11-22&to=2026-11-23", 302)]
    assert "超过 2 张，请选短一些的日子。" in many.content.decode()
