"""The audit pack of a real site: what stands in it, what does not, and that the same database gives the same bytes."""

import hashlib
import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.approvals.states import Verdict
from huiyin.clockwork.actions import open_recurring
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.journal.actions import close_days, seal
from huiyin.journal.models import Entry
from huiyin.kit.periods import Period
from huiyin.organization.rules import SYSTEM, NotAllowed
from huiyin.records.actions import lay_down
from huiyin.records.models import Seal
from huiyin.reports import actions as reports
from huiyin.reports.evidence import PackOrder
from huiyin.reports.proof import ENTRIES, MANIFEST, ROOTS, check
from huiyin.reports.queries import printed
from huiyin.reports.rules import ImpossibleYear
from tests import acts

CLAUSE = "clauses/management-office/S3.2.3.d.json"


@pytest.fixture
def lived(cast: Cast, now: datetime, media: Path) -> Cast:
    """A complaint of October handled to the end, its digest approved a day late and published; one case still open."""
    october = now - timedelta(days=40)
    acts.close(acts.take(cast, october, by=cast.clerk), cast, october)
    open_recurring(now=now - timedelta(days=20))
    seal(now=october)
    close_days(now=now - timedelta(days=20))
    at = now - timedelta(days=16)
    report = reports.draft(cast.site, Period.parse("2026-10"), by=SYSTEM, now=at)
    reports.write(report, summary="请打 13800001111 找张先生。", measures="", by=cast.clerk, now=at)
    reports.submit(report, by=cast.clerk, now=at)
    reports.decide(report, Verdict.RETURNED, by=cast.manager, now=at, comment="去掉 13800001111")
    reports.write(report, summary="一件，已办结。", measures="", by=cast.clerk, now=at)
    reports.submit(report, by=cast.clerk, now=at)
    reports.decide(report, Verdict.AGREED, by=cast.manager, now=at)
    reports.publish(report, lay_down(printed(report), "application/pdf"), by=cast.manager, now=at)
    seal(now=at)
    acts.take(cast, now - timedelta(hours=1), site=cast.sites["hengtai"], place="", words="别的站点的话")
    close_days(now=now)
    return cast


def packed(cast: Cast, now: datetime, year: int = 2026, by: Any = SYSTEM) -> bytes:
    stream = io.BytesIO()
    reports.pack(PackOrder(cast.site, year, by), stream, by=by, now=now)
    return stream.getvalue()


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def test_a_pack_is_whole_and_the_same_database_gives_the_same_bytes(lived: Cast, now: datetime, tmp_path: Path) -> None:
    """Also ten seconds later, and although the first making was put on record meanwhile."""
    one, other = packed(lived, now), packed(lived, now + timedelta(seconds=10))
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(other).hexdigest()
    path = tmp_path / "pack.zip"
    path.write_bytes(one)
    checked = check(path)
    assert (checked.findings, checked.about["site"], checked.about["year"]) == ([], "yulan", "2026")
    made = Entry.objects.filter(verb="reports.packed").values_list("facts", flat=True)
    assert list(made) == [{"site": "yulan", "year": 2026, "sha256": checked.number}] * 2


def test_a_clause_holds_its_duties_evidence_approvals_and_papers(lived: Cast, now: datetime) -> None:
    files = opened(packed(lived, now))
    clause = json.loads(files[CLAUSE])
    duty = next(one for one in clause["duties"] if one["period"] == "2026-10")
    paper = Seal.objects.get()
    assert (duty["standing"], duty["days_late"], duty["due"], duty["done"]) == (
        "late",
        2,
        "2026-11-05T23:59:59+08:00",
        "2026-11-07T10:00:00+08:00",
    )
    assert duty["documents"] == [
        {"path": f"documents/{paper.filing_number}.pdf", "sha256": paper.digest, "filing_number": paper.filing_number}
    ]
    assert [one["name"] for one in duty["evidence"]] == ["周建国"]
    assert [(one["version"], one["verdict"], one["by"], one["comment"]) for one in clause["approvals"]] == [
        (1, "returned", "周建国", "去掉 ████"),
        (2, "agreed", "周建国", ""),
    ]
    assert hashlib.sha256(files[f"documents/{paper.filing_number}.pdf"]).hexdigest() == paper.digest
    assert duty["why"]["en"] != duty["why"]["zh"] != ""


def test_every_adopted_clause_is_there_with_its_text(lived: Cast, now: datetime) -> None:
    files = opened(packed(lived, now))
    books = {name.split("/")[1] for name in files if name.startswith("clauses/")}
    assert books == {"management-office", "property-company", "defaults"}
    texts = [name for name in files if name.startswith("editions/")]
    assert sorted(name.split("/")[1].rsplit("-", 1)[0] for name in texts) == ["management-office", "property-company"]
    assert all(name.rsplit("-", 1)[1] == f"{hashlib.sha256(files[name]).hexdigest()[:12]}.toml" for name in texts)
    duties = sum(
        len(json.loads(data)["duties"])
        for name, data in files.items()
        if name.startswith("clauses/") and name.endswith(".json")
    )
    assert duties == Duty.objects.filter(site=lived.site, due_at__year=2026).count()


def test_deviations_are_all_there(lived: Cast, now: datetime) -> None:
    """Done late, not done, or not applicable with its reason."""
    Duty.objects.filter(site=lived.site, done_at__isnull=True, kind="committee_talk").update(
        not_applicable="没有业委会"
    )
    files = opened(packed(lived, now))
    rows = json.loads(files["deviations.json"])
    counted = {one["duty"] for one in rows if one["standing"] in {"late", "missing", "not_applicable"}}
    wanted = {
        duty.pk
        for duty in Duty.objects.filter(site=lived.site, due_at__year=2026)
        if duty.not_applicable or (duty.done_at or now) > duty.due_at
    }
    assert counted == wanted
    assert {one["not_applicable"] for one in rows if one["standing"] == "not_applicable"} == {"没有业委会"}


def test_no_customer_and_no_other_site_is_in_it(lived: Cast, now: datetime) -> None:
    """No name, phone, words or room of a customer; of other sites nothing but hashes."""
    everything = b"".join(
        data for name, data in opened(packed(lived, now)).items() if not name.endswith(".pdf")
    ).decode()
    secrets = [
        acts.WORDS,
        "张三丰",
        "13800001111",
        "3-1-101",
        "别的站点的话",
        *(one.name for one in lived.residents["yulan"]),
    ]
    assert [word for word in secrets if word in everything] == []
    entries = [json.loads(line) for line in opened(packed(lived, now))[ENTRIES].splitlines()]
    foreign = set(lived.sites["hengtai"].references.values_list("number", flat=True))
    assert foreign & {one["reference"] for one in entries} == set()
    assert foreign != set()


def test_it_reads_without_a_program_in_both_languages(lived: Cast, now: datetime) -> None:
    files = opened(packed(lived, now))
    assert "逐条" in files["index.html"].decode()
    assert "Clause by clause" in files["index.en.html"].decode()
    links = [
        (name, target)
        for name, data in files.items()
        if name.endswith(".html")
        for target in re.findall(r'href="([^"#]+)', data.decode())
    ]
    base = {name: (name.rsplit("/", 1)[0] + "/" if "/" in name else "") for name, _target in links}
    dead = [one for one in links if str(Path("/", base[one[0]], one[1]).resolve().relative_to("/")) not in files]
    assert (dead, len(links) > 500) == ([], True)
    assert b"<script" not in files["index.html"] + files["journal/journal.html"]


def test_sums_can_be_checked_with_the_usual_tool(lived: Cast, now: datetime) -> None:
    files = opened(packed(lived, now))
    lines = [line.split("  ", 1) for line in files["SHA256SUMS"].decode().splitlines()]
    assert {name: digest for digest, name in lines} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name not in {"SHA256SUMS", MANIFEST}
    }


def test_a_paper_that_is_gone_from_the_store_is_named_and_no_obstacle(lived: Cast, now: datetime, media: Path) -> None:
    paper = Seal.objects.get()
    (media / paper.file.key[:2] / paper.file.key).unlink()
    files = opened(packed(lived, now))
    assert paper.filing_number in files["index.html"].decode()
    assert f"documents/{paper.filing_number}.pdf" not in files


def test_before_the_first_midnight_a_pack_has_no_day_yet(cast: Cast, now: datetime, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(packed(cast, now))
    checked = check(path)
    assert (checked.findings, checked.days) == ([], 0)
    assert json.loads(opened(path.read_bytes())[ROOTS]) == []


def test_a_year_without_anything_is_an_empty_pack(lived: Cast, now: datetime, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(packed(lived, now, year=2015))
    checked = check(path)
    assert (checked.findings, checked.entries, checked.days) == ([], 0, 0)


def test_only_who_may_audit_gets_one(lived: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        packed(lived, now, by=lived.clerk)
    with pytest.raises(NotAllowed):
        packed(lived, now, by=lived.actor("zheng"))
    with pytest.raises(ImpossibleYear):
        packed(lived, now, year=9999)
    assert len(packed(lived, now, by=lived.actor("qian"))) > 1000


def test_more_cases_are_not_more_questions_to_the_database(lived: Cast, now: datetime) -> None:
    packed(lived, now)
    asked = []
    for count in (1, 3):
        for _case in range(count):
            october = now - timedelta(days=40)
            acts.close(acts.take(lived, october, by=lived.clerk, place="公共区域"), lived, october)
        seal(now=now)
        with CaptureQueriesContext(connection) as queries:
            packed(lived, now)
        asked.append(len(queries))
    assert asked[0] == asked[1]
