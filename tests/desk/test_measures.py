"""整改 at the desk: ordered on the matter, taken step by step, listed and taken away as a sheet."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.demo.cast import Cast
from huiyin.records.models import StoredFile
from tests.acts import CAUSE, MEASURE, close, fresh, measure, take
from tests.portal.conftest import jpeg

pytestmark = pytest.mark.usefixtures("still_clock", "plain_static_files")
DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast, now: datetime) -> Case:
    return take(cast, now)


@pytest.fixture
def ordered(case: Case, cast: Cast, now: datetime) -> CorrectiveMeasure:
    return measure(case, cast, now)


def as_(client: Client, cast: Cast, who: str) -> Client:
    client.force_login(cast.users[who])
    return client


@pytest.mark.clause("S3.2.3.b")
def test_ordered_on_the_page_of_the_matter(case: Case, cast: Cast, client: Client) -> None:
    page = as_(client, cast, "zhou")
    address = f"/cases/{case.reference.number}/measure"
    told = {"text": MEASURE, "cause": CAUSE, "owner": cast.users["wang"].pk, "due_on": "2026-12-03"}
    assert page.post(address, told).status_code == 302
    one = CorrectiveMeasure.objects.get()
    shown = page.get(f"/cases/{case.reference.number}/").content.decode()
    assert [words in shown for words in (MEASURE, CAUSE, "由王志强负责，最迟 12月3日", f"/measures/{one.pk}/")] == [
        True
    ] * 4


def test_a_hint_about_the_words_comes_back_with_them_and_a_way_on(case: Case, cast: Cast, client: Client) -> None:
    page = as_(client, cast, "zhou")
    address = f"/cases/{case.reference.number}/measure"
    told = {"text": "批评教育", "cause": "", "owner": cast.users["wang"].pk, "due_on": "2026-12-03"}
    answer = page.post(address, told)
    shown = answer.content.decode()
    assert [answer.status_code, "换一个人还会再发生" in shown, 'name="seen"' in shown, "批评教育" in shown] == [
        422,
        True,
        True,
        True,
    ]
    blank = page.post(address, told | {"text": ""}).content.decode()
    assert 'name="seen"' not in blank
    assert 'name="seen"' not in page.get(f"/cases/{case.reference.number}/").content.decode()
    assert [page.post(address, told | {"seen": "on", "hinted": ""}).status_code, CorrectiveMeasure.objects.count()] == [
        302,
        1,
    ]


@pytest.mark.clause("S2.2.3.b")
def test_taken_on_done_with_photos_and_looked_at(
    ordered: CorrectiveMeasure, cast: Cast, client: Client, media: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    address = f"/measures/{ordered.pk}/"
    engineer = as_(client, cast, "wang")
    assert [name in engineer.get(address).content.decode() for name in ("accept_measure", "check_measure")] == [
        True,
        False,
    ]
    assert engineer.post(address + "accept_measure").headers["Location"] == address
    photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    done = engineer.post(address + "finish_measure", {"result": "检查表改了", "photos": photo, "back": "case"})
    assert done.headers["Location"] == f"/cases/{ordered.case.reference.number}/"
    key = StoredFile.objects.get(label="照片").key
    matter = engineer.get(done.headers["Location"]).content.decode()
    assert [matter.count(f'href="/files/{key}"'), engineer.get(f"/files/{key}").status_code] == [1, 200]
    refused = as_(client, cast, "zhou").post(address + "check_measure", {"worked": "yes", "words": "看过"})
    assert [refused.status_code, "才看得出有没有效果" in refused.content.decode()] == [422, True]
    monkeypatch.setattr("huiyin.access.clock.now", lambda: now + 40 * DAY)
    assert client.post(address + "check_measure", {"worked": "yes", "words": "看过"}).status_code == 302
    shown = client.get(address).content.decode()
    assert ["验证有效" in shown, "同样的事还来吗" in shown] == [True, True]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("finish_measure", {}),
        ("finish_measure", {"result": "\u200b"}),
        ("finish_measure", {"result": "字" * 20_000}),
        ("decline_measure", {"why": ""}),
        ("check_measure", {"worked": "?", "words": "x", "due_on": "x"}),
        ("withdraw_measure", {"why": "没有权利"}),
    ],
)
def test_odd_steps_are_refused_with_what_was_typed(
    act: str, body: dict[str, str], ordered: CorrectiveMeasure, cast: Cast, client: Client
) -> None:
    answer = as_(client, cast, "wang").post(f"/measures/{ordered.pk}/{act}", body)
    ordered.refresh_from_db()
    assert (answer.status_code in {403, 422}, ordered.version) == (True, 1)


def test_what_is_no_step_or_no_measure_is_not_there(ordered: CorrectiveMeasure, cast: Cast, client: Client) -> None:
    page = as_(client, cast, "wang")
    paths = [f"/measures/{ordered.pk}/nonsense", "/measures/999999/accept_measure", f"/measures/{2**70}/accept_measure"]
    assert [page.post(path).status_code for path in paths] == [404, 404, 404]
    assert [as_(client, cast, "he").get(f"/measures/{ordered.pk}/").status_code] == [404]


def test_the_list_its_figures_and_the_sheet(
    ordered: CorrectiveMeasure, case: Case, cast: Cast, client: Client, now: datetime
) -> None:
    measure(fresh(case), cast, now, text="=1+1 另一项", owner=cast.users["liu"])
    page = as_(client, cast, "zhou")
    shown = page.get("/measures/?show=offered&owner=&kind=").content.decode()
    assert [MEASURE in shown, "等王志强接下" in shown, "整改及时率" in shown] == [True, True, True]
    assert MEASURE not in page.get("/measures/?show=mine&kind=correction").content.decode()
    assert page.get("/measures/?show=x&owner=x&kind=x&page=x").status_code == 200
    sheet = page.get("/measures/?as=xlsx")
    with ZipFile(io.BytesIO(sheet.content)) as book:
        cells = "".join(book.read(name).decode() for name in book.namelist())
    assert [sheet.headers["Content-Disposition"], CAUSE in cells, "=1+1 另一项" in cells, "<f>" in cells] == [
        'attachment; filename="measures-yulan.xlsx"',
        True,
        True,
        False,
    ]


def test_what_is_owed_leads_to_the_measure(ordered: CorrectiveMeasure, cast: Cast, client: Client) -> None:
    page = as_(client, cast, "zhou").get("/today/").content.decode()
    assert [f'href="/measures/{ordered.pk}/"' in page, "整改" in page] == [True, True]
    matter = as_(client, cast, "wang").get(f"/cases/{ordered.case.reference.number}/").content.decode()
    assert "整改 · 接办" in matter


def test_the_printed_form_says_who_and_until_when(ordered: CorrectiveMeasure, cast: Cast, now: datetime) -> None:
    from huiyin.cases.papers import _handling_form

    assert f"整改：{MEASURE}（周建国，2026-12-03 前）" in _handling_form(fresh(ordered.case), 1).remark
    cases.withdraw_measure(ordered, why="重复", by=cast.manager, now=now)
    assert "整改" not in _handling_form(fresh(ordered.case), 1).remark


# ---- justified complaints without one


@pytest.mark.clause("S3.2.3.b")
def test_the_page_says_that_a_justified_complaint_has_no_measure(case: Case, cast: Cast, client: Client) -> None:
    cases.scope(case, in_scope=True, by=cast.clerk, now=case.received_at)
    page, address = as_(client, cast, "lin"), f"/cases/{case.reference.number}"
    shown = page.get(f"{address}/").content.decode()
    assert ["投诉属实，还没有整改：" in shown, f"{address}/spare" in shown] == [True, True]
    assert page.post(f"{address}/spare", {"why": ""}).status_code == 422
    assert page.post(f"{address}/spare", {"why": "已和解"}).status_code == 302
    shown = page.get(f"{address}/").content.decode()
    assert ["正等复签：已和解" in shown, f"{address}/agree_spare" in shown] == [True, False]
    manager = as_(client, cast, "zhou")
    assert "投诉属实，还没有定整改" in manager.get("/measures/?site=yulan").content.decode()
    assert "属实没定整改" in manager.get("/supervision/?site=yulan").content.decode()
    assert manager.post(f"{address}/agree_spare", {"agreed": "yes"}).status_code == 302
    shown = manager.get(f"{address}/").content.decode()
    assert ["不需整改：已和解" in shown, "不需整改 · 已复签" in shown] == [True, True]
    assert "投诉属实，还没有定整改" not in manager.get("/measures/?site=yulan").content.decode()


def test_a_measure_may_be_ordered_after_the_end_where_one_is_missing(
    case: Case, cast: Cast, now: datetime, client: Client
) -> None:
    address = f"/cases/{case.reference.number}"
    cases.scope(case, in_scope=True, by=cast.clerk, now=now)
    close(fresh(case), cast, now)
    assert f"{address}/measure" in as_(client, cast, "zhou").get(f"{address}/").content.decode()
    measure(fresh(case), cast, now + DAY)
    assert f"{address}/measure" not in client.get(f"{address}/").content.decode()
