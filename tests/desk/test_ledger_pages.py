"""One duty at a time: registering what was done, with papers or without; what does not apply; who may."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from huiyin.demo.cast import Cast
from huiyin.duties import actions
from huiyin.duties.models import Duty, Evidence
from huiyin.handbook.actions import settle
from huiyin.handbook.queries import facts_of
from huiyin.organization.rules import SYSTEM
from huiyin.references.models import Reference

DAY = timedelta(days=1)


@pytest.fixture
def ledger(cast: Cast, now: datetime, settings: Any, tmp_path: Path) -> Cast:
    """The site's duties of today: 2026Q4 and 2026H2 are running."""
    settings.MEDIA = tmp_path
    settle(cast.site, facts_of(cast.site, timezone.localdate(now)), now=now)
    return cast


def duty_of(clause: str, period: str) -> Duty:
    return Duty.objects.get(
        clause=clause, period=period, kind__in=("committee_talk", "event", "year_end_survey", "annual_survey")
    )


def login(client: Client, cast: Cast, who: str) -> Client:
    client.force_login(cast.users[who])
    return client


def photo() -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(stream, "PNG")
    return SimpleUploadedFile("a.png", stream.getvalue(), "image/png")


def given(now: datetime, **more: Any) -> dict[str, Any]:
    return {"what": "与业委会主任面谈", "happened_on": timezone.localdate(now).isoformat(), "note": "谈了电梯。"} | more


@pytest.mark.clause("S3.2.5.a", "S4.4.2.2.a")
def test_one_talk_keeps_the_quarters_and_the_half_years_clause(ledger: Cast, now: datetime, client: Client) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.5.a", "2026Q4")
    page = client.get(f"/duties/{one.pk}/").content.decode()
    assert ["S4.4.2.2.a" in page, "登记办理" in page] == [True, True]
    assert client.post(f"/duties/{one.pk}/attest", given(now, papers=photo())).status_code == 302
    done = Duty.objects.filter(kind="committee_talk", done_at__isnull=False).order_by("clause")
    assert [(duty.clause, duty.period) for duty in done] == [("S3.2.5.a", "2026Q4"), ("S4.4.2.2.a", "2026H2")]
    act = Reference.objects.get(kind="DJ")
    page = client.get(f"/acts/{act.number}/").content.decode()
    assert ["谈了电梯。" in page, "S4.4.2.2.a" in page, act.files.count()] == [True, True, 1]
    assert client.get(f"/r/{act.number}").headers["Location"] == f"/acts/{act.number}/"


def test_without_papers_it_is_only_said(ledger: Cast, now: datetime, client: Client) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.5.a", "2026Q4")
    client.post(f"/duties/{one.pk}/attest", given(now))
    assert "只有口头登记" in client.get(f"/duties/{one.pk}/").content.decode()
    other = duty_of("S3.2.9.a", "2026Q4")
    client.post(f"/duties/{other.pk}/attest", given(now, papers=SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")))
    assert "有凭据" in client.get(f"/duties/{other.pk}/").content.decode()


@pytest.mark.clause("S3.2.9.c", "S3.2.9.d", "S3.2.9.e", "S4.4.2.4.c", "S4.4.2.4.d")
def test_an_event_sets_off_its_record_and_that_is_kept_under_its_number(
    ledger: Cast, now: datetime, client: Client
) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.9.a", "2026Q4")
    client.post(f"/duties/{one.pk}/attest", given(now, what="中秋游园"))
    act = Reference.objects.get(kind="DJ")
    set_off = Duty.objects.filter(reference=act).order_by("clause")
    assert [(duty.clause, duty.step) for duty in set_off] == [
        ("S3.2.9.c", "file"),
        ("S3.2.9.d", "file"),
        ("S3.2.9.e", "review"),
        ("S4.4.2.4.c", "file"),
        ("S4.4.2.4.d", "review"),
    ]
    first = set_off[0]
    assert client.post(f"/duties/{first.pk}/attest", given(now, what="照片和记录表", papers=photo())).status_code == 302
    assert [duty.clause for duty in set_off.filter(done_at__isnull=False)] == ["S3.2.9.c", "S3.2.9.d", "S4.4.2.4.c"]
    assert Reference.objects.filter(kind="DJ").count() == 1


@pytest.mark.clause("S3.2.11.a", "S4.4.2.6")
def test_one_survey_keeps_two_procedures_where_the_person_says_so(ledger: Cast, now: datetime, client: Client) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.11.a", "2026")
    assert "年度满意度调查" in client.get(f"/duties/{one.pk}/").content.decode()
    client.post(f"/duties/{one.pk}/attest", given(now, what="年底普查", also=["annual_survey"]))
    kept = Duty.objects.filter(done_at__isnull=False, kind__in=("year_end_survey", "annual_survey")).order_by("clause")
    assert [duty.clause for duty in kept] == ["S3.2.11.a", "S4.4.2.6"]


def test_what_was_done_earlier_is_entered_later_and_says_so(ledger: Cast, now: datetime, client: Client) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.5.a", "2026Q4")
    client.post(f"/duties/{one.pk}/attest", given(now, happened_on=timezone.localdate(now - 5 * DAY).isoformat()))
    evidence = Evidence.objects.get(duties=one)
    assert (evidence.entered_at, timezone.localdate(evidence.happened_at)) == (now, timezone.localdate(now - 5 * DAY))
    assert "补登于" in client.get(f"/duties/{one.pk}/").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"happened_on": "2026-11-24"}, "还没有发生"),
        ({"happened_on": "2026-09-30"}, "从 2026-10-01 开始"),
        ({"happened_on": "soon"}, "日期"),
        ({"what": ""}, "id_what_error"),
        ({"papers": SimpleUploadedFile("x.exe", b"MZ\x00\x01")}, "照片"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_typed_is_lost(
    ledger: Cast, now: datetime, client: Client, change: dict[str, Any], said: str
) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.5.a", "2026Q4")
    answer = client.post(f"/duties/{one.pk}/attest", given(now) | change)
    page = answer.content.decode()
    assert (answer.status_code, said in page, "谈了电梯。" in page) == (422, True, True)
    assert Duty.objects.get(pk=one.pk).done_at is None


def test_only_who_owes_it_or_manages_the_site_registers(ledger: Cast, now: datetime, client: Client) -> None:
    one = duty_of("S3.2.5.a", "2026Q4")
    login(client, ledger, "chen")
    assert "登记办理" not in client.get(f"/duties/{one.pk}/").content.decode()
    assert client.post(f"/duties/{one.pk}/attest", given(now)).status_code == 422
    login(client, ledger, "he")
    assert [client.get(f"/duties/{one.pk}/").status_code, client.post(f"/duties/{one.pk}/attest").status_code] == [
        404,
        404,
    ]
    assert Duty.objects.get(pk=one.pk).done_at is None


def test_a_second_registration_is_refused(ledger: Cast, now: datetime, client: Client) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.5.a", "2026Q4")
    answers = [client.post(f"/duties/{one.pk}/attest", given(now)).status_code for _twice in range(2)]
    assert (answers, Reference.objects.filter(kind="DJ").count()) == ([302, 422], 1)


def test_not_applicable_needs_a_reason_and_comes_back(ledger: Cast, now: datetime, client: Client) -> None:
    login(client, ledger, "zhou")
    one = duty_of("S3.2.9.a", "2026Q4")
    assert client.post(f"/duties/{one.pk}/waive", {"reason": " "}).status_code == 422
    assert client.post(f"/duties/{one.pk}/waive", {"reason": "停业装修", "recheck_on": "2026-12-01"}).status_code == 302
    one.refresh_from_db()
    assert (one.not_applicable, one.recheck_on) == ("停业装修", date(2026, 12, 1))
    assert actions.ask_again(by=SYSTEM, now=now + 8 * DAY) == 0
    assert actions.ask_again(by=SYSTEM, now=now + 9 * DAY) == 1
    one.refresh_from_db()
    assert (one.not_applicable, one.recheck_on) == ("", None)


def test_a_clerk_waives_nothing(ledger: Cast, client: Client) -> None:
    login(client, ledger, "chen")
    one = duty_of("S3.2.9.a", "2026Q4")
    client.post(f"/duties/{one.pk}/waive", {"reason": "不想办"})
    assert Duty.objects.get(pk=one.pk).not_applicable == ""
