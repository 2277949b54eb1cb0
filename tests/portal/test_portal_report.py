"""报事: what is sent becomes one case; what is wrong comes back with everything that was typed."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Interaction
from huiyin.organization.models import Site
from huiyin.records.models import StoredFile
from huiyin.records.queries import bytes_of
from tests.portal.conftest import WORDS, jpeg, text_of

Send = Callable[..., HttpResponse]
GPS, LATITUDE = 0x8825, 2


def photo(name: str = "1.jpg", data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or jpeg(), "image/jpeg")


@pytest.mark.clause("S1.4.2.a", "S4.4.2.1.1.a")
def test_report(cast: Cast, send: Send, client: Client) -> None:
    answer = send(kind="complaint", category="elevator", remedy_sought="尽快修好", name="张三丰", phone="13800001111")
    case = Case.objects.get()
    contact = Interaction.objects.get()
    assert answer.status_code == 303
    assert answer["Location"].startswith("/t/")
    assert answer["Location"].endswith("?new=1")
    assert (case.kind, case.category, case.site) == ("complaint", "elevator", cast.site)
    assert (contact.channel, contact.situation, contact.remedy_sought) == ("web", WORDS, "尽快修好")
    assert client.get(answer["Location"]).status_code == 200


def test_report_takes_three_fields(cast: Cast, client: Client) -> None:
    answer = client.post("/s/yulan/report", {"situation": WORDS, "kind": "opinion"})
    assert (answer.status_code, Case.objects.count()) == (303, 1)


def test_getting_the_page_changes_nothing(cast: Cast, client: Client) -> None:
    page = client.get("/s/yulan/report", {"situation": WORDS})
    assert (page.status_code, Case.objects.count()) == (200, 0)


def test_code_on_a_building_fills_in_the_place(cast: Cast, client: Client, send: Send) -> None:
    assert 'value="3号楼"' in client.get("/s/yulan/report?b=3").content.decode()
    send("/s/yulan/report?b=3", place="3号楼大堂")
    assert str(Case.objects.get().building) == str(cast.site.buildings.get(code="3"))


def test_another_place_overrules_the_building_of_the_code(cast: Cast, send: Send) -> None:
    send("/s/yulan/report?b=3", place="北门")
    assert Case.objects.get().building is None


@pytest.mark.parametrize("code", ["99", "", "3' OR 1=1", "楼", "A"])
def test_unknown_building_is_no_building(cast: Cast, client: Client, code: str) -> None:
    page = client.get("/s/yulan/report", {"b": code})
    assert (page.status_code, page.context["form"]["place"].value()) == (200, "")


def test_the_same_form_twice_is_one_case(cast: Cast, send: Send) -> None:
    first, second = send(), send()
    assert (Case.objects.count(), first["Location"]) == (1, second["Location"])


def test_another_form_with_the_same_key_asks_once_more(cast: Cast, send: Send) -> None:
    send()
    page = send(situation="另一件事：路灯不亮。")
    assert (page.status_code, Case.objects.count()) == (422, 1)
    assert "另一件事：路灯不亮。" in page.content.decode()
    assert "k" * 22 not in page.content.decode()
    assert "Idempotency" not in page.content.decode()


@pytest.mark.parametrize("key", ["", "short", "x" * 500, "有字", "k\0" * 20])
def test_a_key_of_somebody_elses_making_is_replaced(cast: Cast, send: Send, key: str) -> None:
    assert send(key=key).status_code in {303, 422}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("situation", ""),
        ("situation", " 　\u200b\u3164 "),
        ("situation", "长" * 10_001),
        ("situation", "a\0b"),
        ("place", "长" * 121),
        ("place", "a\0b"),
        ("name", "长" * 81),
        ("phone", "123"),
        ("phone", "打给我"),
        ("remedy_sought", "长" * 10_001),
        ("kind", "bribe"),
        ("kind", ""),
        ("category", "no-such"),
    ],
)
def test_wrong_input_names_its_field_and_keeps_the_rest(cast: Cast, send: Send, field: str, value: str) -> None:
    kept = {"situation": "别的话都还在", "place": "北门第二盏灯", "remedy_sought": "换一盏", "name": "某先生"}
    page = send(**{**kept, field: value})
    body = page.content.decode()
    assert (page.status_code, Case.objects.count()) == (422, 0)
    assert list(page.context["form"].errors) == [field]
    assert [words for name, words in kept.items() if name != field and words not in body] == []


def test_broken_signs_do_not_break_the_page(cast: Cast, client: Client) -> None:
    body = b"situation=%ED%A0%80%FF&place=%00&kind=opinion"
    answer = client.post("/s/yulan/report", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {303, 400, 422}


def test_html_is_shown_as_text(cast: Cast, send: Send, client: Client) -> None:
    address = send(situation="<script>alert(1)</script>", place="<b>x</b>")["Location"]
    assert "<script>" not in client.get(address).content.decode()


def test_photos_lose_their_position(cast: Cast, send: Send, client: Client) -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS)[LATITUDE] = (31.0, 14.0, 0.0)
    data = jpeg(exif=exif.tobytes())
    assert dict(Image.open(io.BytesIO(data)).getexif().get_ifd(GPS)) != {}
    address = send(photos=[photo(data=data), photo("2.jpg")])["Location"]
    kept = StoredFile.objects.order_by("id")
    assert [file.media_type for file in kept] == ["image/webp", "image/webp"]
    assert dict(Image.open(io.BytesIO(bytes_of(kept[0]))).getexif()) == {}
    assert client.get(address).content.decode().count("<img") == 2


@pytest.mark.parametrize(
    "photos",
    [
        [photo("virus.jpg", b"MZ" + b"\0\xff" * 500)],
        [photo("empty.jpg", b"\xff\xd8\xff")],
        [photo("page.svg", b"<svg onload='alert(1)'/>")],
        [photo(f"{count}.jpg") for count in range(6)],
    ],
    ids=["binary", "cut off", "svg", "six"],
)
def test_photos_that_fail_leave_the_words(cast: Cast, send: Send, photos: list[SimpleUploadedFile]) -> None:
    for one in photos:
        one.seek(0)
    page = send(photos=photos, situation="灯不亮了，很黑。")
    assert (page.status_code, Case.objects.count(), StoredFile.objects.count()) == (422, 0, 0)
    assert list(page.context["form"].errors) == ["photos"]
    assert "照片没有传上去，您写的内容还在。" in text_of(page)
    assert "灯不亮了，很黑。" in page.content.decode()


def test_wrong_words_lay_no_photo_down(cast: Cast, send: Send, settings) -> None:
    page = send(photos=[photo()], phone="123")
    assert page.status_code == 422
    assert "照片要请您再选一次" in text_of(page)
    assert not settings.MEDIA.exists()


def test_more_files_than_anybody_sends_are_refused(cast: Cast, send: Send) -> None:
    assert send(photos=[photo(f"{count}.jpg") for count in range(30)]).status_code == 400
    assert Case.objects.count() == 0


@pytest.mark.parametrize("site", ["nowhere", "YULAN", "yulan2"])
def test_unknown_site_is_not_there(cast: Cast, client: Client, site: str) -> None:
    assert client.get(f"/s/{site}/report").status_code == 404
    assert client.post(f"/s/{site}/report", {"situation": WORDS}).status_code == 404


def test_closed_site_takes_nothing(cast: Cast, client: Client) -> None:
    Site.objects.filter(code="yulan").update(is_open=False)
    assert client.post("/s/yulan/report", {"situation": WORDS, "kind": "opinion"}).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(cast: Cast, client: Client, method: str) -> None:
    assert getattr(client, method)("/s/yulan/report").status_code == 405


def test_report_costs_the_same_with_one_photo_and_with_three(cast: Cast, send: Send) -> None:
    counts = []
    for count in (1, 1, 3):
        with CaptureQueriesContext(connection) as seen:
            send(photos=[photo(f"{n}.jpg") for n in range(count)], key=f"{len(counts)}" * 22)
        counts.append(len(seen))
    assert counts[1] == counts[2]
