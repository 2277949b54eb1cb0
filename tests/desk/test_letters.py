"""来信: what a person sees of letters, and what they can do with those the program left to them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Delivery, Interaction, Letter
from huiyin.journal.models import Entry
from tests import acts

pytestmark = pytest.mark.usefixtures("media")
PERSON = "From: 赵六 <zhao@example.com>\nSubject: 楼道灯\n\n三楼的灯坏了。\n\n在 2026年11月20日，服务 <s@h.cn> 写道：\n> 引用的话"


@pytest.fixture
def clerk(cast: Cast, client: Client, settings: Any) -> Client:
    settings.MAIL_OUT = "memory:"
    client.force_login(cast.users["chen"])
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_what_cannot_be_read_waits_where_a_person_sees_it(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.letter_that_waits(cast, now)
    shown = page(clerk, "/letters/")
    assert [letter.state, letter.reason, "看不出谁写的信" in shown] == ["quarantined", "no_sender", True]
    assert "没有看得明白的发件地址" in page(clerk, f"/letters/{letter.pk}/")
    assert "有一封来信要您看一眼" in page(clerk, "/inbox/")


def test_a_person_takes_it_in_with_words_of_their_own(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.letter_that_waits(cast, now)
    given = {"site": "yulan", "kind": "complaint", "words": "听不清是谁，说电梯有异响"}
    answer = clerk.post(f"/letters/{letter.pk}/take", given)
    case = Case.objects.get()
    letter.refresh_from_db()
    assert [answer.status_code, answer.headers["Location"]] == [302, f"/cases/{case.reference.number}/"]
    assert [case.kind, letter.state, letter.interaction and letter.interaction.situation] == [
        "complaint",
        "taken",
        given["words"],
    ]
    assert letter.decided_by == cast.users["chen"]
    again = clerk.post(f"/letters/{letter.pk}/take", given)
    assert [again.status_code, Case.objects.count()] == [422, 1]


def test_or_says_why_it_is_not_for_us(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.letter_that_waits(cast, now)
    assert clerk.post(f"/letters/{letter.pk}/set_aside", {"why": " \u200b"}).status_code == 422
    assert clerk.post(f"/letters/{letter.pk}/set_aside", {"why": "广告"}).status_code == 302
    letter.refresh_from_db()
    assert [letter.state, letter.reason, letter.words] == ["ignored", "set_aside", "广告"]
    assert Entry.objects.filter(verb="letters.set_aside").count() == 1
    assert "广告" in page(clerk, f"/letters/{letter.pk}/")


def test_what_was_typed_comes_back(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.letter_that_waits(cast, now)
    answer = clerk.post(f"/letters/{letter.pk}/take", {"site": "hengtai", "kind": "?", "words": "写了很久的话"})
    assert [answer.status_code, "写了很久的话" in answer.content.decode()] == [422, True]


def test_automatic_letters_are_shown_and_can_be_taken_in_all_the_same(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.sorted_letter(cast, now, f"Auto-Submitted: auto-replied\n{PERSON}".encode())
    assert [letter.state, letter.reason] == ["ignored", "auto_submitted"]
    assert "楼道灯" in page(clerk, "/letters/?show=ignored")
    assert (
        clerk.post(f"/letters/{letter.pk}/take", {"site": "yulan", "kind": "opinion", "words": "灯"}).status_code == 302
    )
    assert Interaction.objects.get().customer is not None


def test_the_case_leads_to_the_whole_letter(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.sorted_letter(cast, now, PERSON.encode())
    case = page(clerk, f"/cases/{Case.objects.get().reference.number}/")
    assert [f"/letters/{letter.pk}/" in case, "引用的话" in case] == [True, False]
    assert "引用的话" in page(clerk, f"/letters/{letter.pk}/")


def test_the_bytes_come_as_they_came_and_nothing_opens_them(cast: Cast, clerk: Client, now: datetime) -> None:
    raw = b"From: a@b.cn\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\xff\x00"
    letter = acts.sorted_letter(cast, now, raw)
    answer = clerk.get(f"/letters/{letter.pk}/raw.eml")
    assert [answer.content, answer.headers["Content-Type"]] == [raw, "application/octet-stream"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="letter-{letter.pk}.eml"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Entry.objects.filter(verb="letters.handed_out").count() == 1


def test_a_letter_of_no_site_is_seen_by_the_company_alone(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.sorted_letter(cast, now, PERSON.encode(), site="")
    assert [letter.reason, clerk.get(f"/letters/{letter.pk}/").status_code] == ["no_site", 404]
    clerk.force_login(cast.users["shen"])
    assert clerk.get(f"/letters/{letter.pk}/").status_code == 200
    assert (
        clerk.post(f"/letters/{letter.pk}/take", {"site": "yulan", "kind": "opinion", "words": "灯"}).status_code == 302
    )
    letter.refresh_from_db()
    assert letter.site == cast.site


def test_who_takes_no_contacts_in_reads_no_letters(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.letter_that_waits(cast, now)
    clerk.force_login(cast.users["wang"])
    assert [clerk.get("/letters/").status_code, clerk.get(f"/letters/{letter.pk}/").status_code] == [403, 404]


def test_a_letter_of_somebody_in_need_is_as_private_as_its_case(cast: Cast, clerk: Client, now: datetime) -> None:
    letter = acts.letter_that_waits(cast, now)
    clerk.post(f"/letters/{letter.pk}/take", {"site": "yulan", "kind": "assistance_request", "words": "家里困难"})
    assert clerk.get(f"/letters/{letter.pk}/").status_code == 404
    clerk.force_login(cast.users["zhou"])
    assert clerk.get(f"/letters/{letter.pk}/").status_code == 200


def test_what_did_not_arrive_is_tried_again_by_a_button(cast: Cast, clerk: Client, now: datetime) -> None:
    dead = acts.dead_mail(acts.take(cast, now, by=cast.clerk), now)
    assert "对方服务器不收这个地址" in page(clerk, "/letters/?show=unsent")
    assert clerk.post(f"/letters/unsent/{dead.pk}/again").status_code == 302
    dead.refresh_from_db()
    assert [dead.state, dead.attempts, dead.problem, dead.next_at] == ["waiting", 0, "", now]
    assert [
        clerk.post(f"/letters/unsent/{dead.pk}/again").status_code,
        Delivery.objects.filter(state="dead").count(),
    ] == [404, 0]


def test_a_house_without_mail_has_no_entry_for_letters(cast: Cast, clerk: Client, settings: Any) -> None:
    assert 'href="/letters/"' in page(clerk, "/today/")
    settings.MAIL_OUT = ""
    assert 'href="/letters/"' not in page(clerk, "/today/")


HOSTILE = "<script>fetch('/x')</script><img src=http://canary.example/1.gif onerror=alert(1)>{{ 7|add:7 }}"


def test_hostile_letters_are_words_on_the_page(cast: Cast, clerk: Client, now: datetime, media: Path) -> None:
    raw = f'From: "{HOSTILE[:40]}" <a@b.cn>\nSubject: {HOSTILE}\nAuthentication-Results: {HOSTILE}\nContent-Type: text/plain\n\n{HOSTILE}'
    letter = acts.sorted_letter(cast, now, raw.encode())
    assert letter.state == "taken"
    number = Case.objects.get().reference.number
    for address in (f"/letters/{letter.pk}/", "/letters/?show=all", f"/cases/{number}/"):
        shown = page(clerk, address)
        assert [address, "<script>fetch" in shown, "<img src=http" in shown] == [address, False, False]
    assert Letter.objects.count() == 1
