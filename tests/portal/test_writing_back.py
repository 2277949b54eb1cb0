"""Writing back by the link: more words, an objection, an answer to a letter of ours; with photos, without an account or a script."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.actions import Taken
from huiyin.cases.models import Case, Event
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Interaction
from huiyin.interactions.queries import receipt_token
from huiyin.interactions.rules import Contact
from huiyin.records.models import StoredFile
from tests.portal.conftest import jpeg, text_of


@pytest.mark.clause("S5.1", "S1.4.3.b")
def test_writing_back_is_shown_on_the_page_and_changes_no_state(cast: Cast, taken: Taken, client: Client) -> None:
    photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    fields = {"purpose": "say", "words": "夜里也响。\n<b>", "photos": [photo]}
    answer = client.post(f"/t/{taken.token}/object", fields)
    assert [answer.status_code, answer["Location"]] == [303, f"/t/{taken.token}?said=1"]
    assert [Event.objects.filter(kind=kind).count() for kind in ("joined", "objected", "reopened")] == [1, 0, 0]
    page = client.get(f"/t/{taken.token}")
    assert "您又写来：" in text_of(page)
    assert "夜里也响。<br>&lt;b&gt;" in page.content.decode()
    key = StoredFile.objects.get().key
    assert [f"/photo/{key}" in page.content.decode(), client.get(f"/t/{taken.token}/photo/{key}").status_code] == [
        True,
        200,
    ]


def test_pressing_twice_says_it_once(cast: Cast, taken: Taken, client: Client) -> None:
    for _press in range(2):
        client.post(f"/t/{taken.token}/object", {"purpose": "say", "words": "夜里也响。"})
    assert Interaction.objects.count() == 2


def test_what_one_voice_adds_is_not_shown_to_another(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    assert taken.case is not None
    other = Contact(cast.site, "phone", "complaint", "我也被困过。", name="李四", phone="13800002222")
    from_other = cases.take(other, by=cast.clerk, now=now, joins=taken.case)
    client.post(f"/t/{from_other.token}/object", {"purpose": "say", "words": "只给物业看的话"})
    assert "只给物业看的话" in text_of(client.get(f"/t/{from_other.token}"))
    assert "只给物业看的话" not in text_of(client.get(f"/t/{taken.token}"))


def test_a_wrong_purpose_or_photo_comes_back_with_the_words(cast: Cast, taken: Taken, client: Client) -> None:
    page = client.post(f"/t/{taken.token}/object", {"purpose": "shout", "words": "留下的话"})
    assert [page.status_code, "留下的话" in page.content.decode()] == [422, True]
    broken = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    page = client.post(f"/t/{taken.token}/object", {"purpose": "say", "words": "留下的话", "photos": [broken]})
    assert [page.status_code, "留下的话" in page.content.decode()] == [422, True]
    assert [Interaction.objects.count(), Event.objects.filter(kind="joined").count()] == [1, 0]


def test_too_many_words_back_wait_a_moment(cast: Cast, taken: Taken, client: Client, settings) -> None:
    settings.REPORTS_PER_MINUTE = 1
    client.post(f"/t/{taken.token}/object", {"purpose": "say", "words": "一"})
    page = client.post(f"/t/{taken.token}/object", {"purpose": "say", "words": "二"})
    assert [page.status_code, "二" in page.content.decode()] == [429, True]


@pytest.mark.clause("S5.1")
def test_a_letter_of_ours_is_answered_by_its_link(cast: Cast, client: Client, now: datetime) -> None:
    letter = cases.write_to(cast.resident, words="想约个时间换阀门。", by=cast.clerk, now=now)
    token = receipt_token(letter.reference)
    page = text_of(client.get(f"/t/{token}"))
    assert ["想约个时间换阀门。" in page, "回话" in page, "看回执" in page] == [True, True, False]
    assert client.post(f"/t/{token}/object", {"words": "周六上午可以。"}).status_code == 303
    matter = Case.objects.get()
    page = text_of(client.get(f"/t/{token}"))
    assert ["周六上午可以。" in page, matter.accountable.name in page] == [True, True]
    client.post(f"/t/{token}/object", {"purpose": "say", "words": "改周日吧。"})
    assert "改周日吧。" in text_of(client.get(f"/t/{token}"))
    assert [Case.objects.count(), Interaction.objects.count()] == [1, 2]
    slip = client.get(f"/t/{token}/slip.pdf")
    assert [slip.status_code, slip["Content-Type"]] == [200, "application/pdf"]
