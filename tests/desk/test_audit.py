"""The audit pages: who may, draws on record and drawn again, trails with their links checked, packs and sheets to take away."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.journal.actions import close_days, seal
from huiyin.journal.models import DailyRoot, Entry
from huiyin.kit.sampling import drawn
from huiyin.reports import actions as reports
from huiyin.reports.lots import clauses_of, duties_of
from huiyin.reports.proof import check
from huiyin.reports.rules import IllegalNumber, NothingToDraw, as_number
from tests import acts
from tests.journal.test_journal import without_triggers

CLAUSE = "management-office S3.2.3.a"


@pytest.fixture(autouse=True)
def _files(media: Path) -> None:
    pass


def live(cast: Cast, now: datetime, count: int) -> list[Case]:
    """Complaints of a month ago, handled to the end; a night has passed."""
    at = now - timedelta(days=30)
    cases = [acts.take(cast, at + timedelta(minutes=turn), by=cast.clerk) for turn in range(count)]
    for case in cases:
        acts.close(case, cast, at)
    seal(now=now - timedelta(days=1))
    close_days(now=now)
    return cases


def auditor(client: Client, cast: Cast, name: str = "qian") -> Client:
    client.force_login(cast.users[name])
    client.get("/audit/?site=yulan")
    return client


def draw(client: Client, **given: Any) -> Any:
    return client.post("/audit/draw", {"clause": CLAUSE, "number": "20261123", "count": 3} | given)


@pytest.mark.parametrize(
    ("who", "code"), [("qian", 200), ("zhou", 200), ("fang", 200), ("shen", 200), ("chen", 403), ("wang", 403)]
)
def test_who_may_audit(who: str, code: int, cast: Cast, client: Client) -> None:
    client.force_login(cast.users[who])
    assert client.get("/audit/").status_code == code
    assert ("/audit/" in client.get("/today/").content.decode()) == (code == 200)


def test_nobody_is_asked_to_log_in(cast: Cast, client: Client) -> None:
    for path in (
        "/audit/",
        "/audit/roots/2026-11-22.pdf",
        "/audit/draws/1/",
        "/audit/draws/1/list.txt",
        "/audit/trail/SX26-000001/",
    ):
        assert (path, client.get(path).status_code) == (path, 302)


def test_a_draw_is_on_record_and_can_be_drawn_again_by_hand(cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, 8)
    answer = draw(auditor(client, cast))
    entry = Entry.objects.get(verb="reports.drawn")
    assert (answer.status_code, answer.url, entry.actor) == (
        302,
        f"/audit/draws/{entry.pk}/",
        cast.actor("qian").signature,
    )
    listed = client.get(f"/audit/draws/{entry.pk}/list.txt").content.decode().splitlines()
    assert (len(listed), entry.facts["base"]) == (8, 8)
    assert drawn(listed, "20261123", 3) == entry.facts["lots"]
    page = client.get(answer.url).content.decode()
    numbers = [re.search(r"SX26-\d+", item).group() for item in entry.facts["lots"]]  # type: ignore[union-attr]
    assert [number for number in numbers if f"/audit/trail/{number}/" not in page] == []
    assert ("结果相同" in page, "日志不符" in page) == (True, False)


def test_the_same_number_gives_the_same_lots_whoever_draws(cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, 8)
    for who in ("qian", "zhou"):
        draw(auditor(client, cast, who))
    one, other = Entry.objects.filter(verb="reports.drawn").values_list("facts", flat=True)
    assert one == other


def test_the_clause_itself_is_drawn_where_none_is_chosen(cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, 2)
    draw(auditor(client, cast), clause="", number="７ 7")
    facts = Entry.objects.get(verb="reports.drawn").facts
    clauses = clauses_of(cast.site, cast.actor("qian"), until=now)
    assert (facts["number"], facts["clause"]) == ("77", drawn(clauses, "77", 1)[0])
    assert facts["clauses"] != ""


def test_a_list_that_changed_since_is_told(cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, 4)
    url = draw(auditor(client, cast)).url
    live(cast, now, 1)
    page = client.get(url).content.decode()
    assert ("名单后来有了变化" in page, "结果相同" in page) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "abc"},
        {"number": ""},
        {"number": "1" * 41},
        {"count": 0},
        {"count": 51},
        {"count": ""},
        {"clause": "x y"},
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_typed_is_lost(
    wrong: dict[str, Any], cast: Cast, client: Client, now: datetime
) -> None:
    live(cast, now, 1)
    answer = draw(auditor(client, cast), **({"number": "314159"} | wrong))
    assert (answer.status_code, Entry.objects.filter(verb="reports.drawn").count()) == (422, 0)
    if "number" not in wrong:
        assert 'value="314159"' in answer.content.decode()


def test_numbers_are_plain_digits() -> None:
    assert (as_number("１２ 3"), as_number("007")) == ("123", "007")
    for wrong in ("", "-1", "1e9", "²", "一"):
        with pytest.raises(IllegalNumber):
            as_number(wrong)


def test_nothing_to_draw_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingToDraw):
        reports.draw(cast.site, clause="no such", number="1", count=1, by=cast.actor("qian"), now=now)
    assert duties_of(cast.site, cast.actor("qian"), "", until=now) == {}


def test_a_trail_shows_every_entry_with_its_link(cast: Cast, client: Client, now: datetime) -> None:
    number = live(cast, now, 1)[0].reference.number
    page = auditor(client, cast).get(f"/audit/trail/{number}/").content.decode()
    hashes = Entry.objects.filter(reference=number).values_list("link__hash", flat=True)
    assert [one for one in hashes if one not in page] == []
    assert ("每一条都与链相符" in page, "cases.taken" in page, "王志强" in page) == (True, True, True)


def test_a_trail_tells_when_an_entry_was_changed(cast: Cast, client: Client, now: datetime) -> None:
    number = live(cast, now, 1)[0].reference.number
    url = draw(auditor(client, cast)).url
    without_triggers(
        "UPDATE journal_entry SET actor = 'staff:1' WHERE reference = %s AND verb = 'cases.closed'", number
    )
    assert "有记录与链不符" in client.get(f"/audit/trail/{number}/").content.decode()
    assert "日志不符" in client.get(url).content.decode()


def test_to_a_stranger_draws_and_trails_are_missing(cast: Cast, client: Client, now: datetime) -> None:
    number = live(cast, now, 1)[0].reference.number
    url = draw(auditor(client, cast)).url
    client.force_login(cast.users["zheng"])  # the manager of another site
    for path in (
        url,
        f"{url}list.txt",
        f"/audit/trail/{number}/",
        "/audit/draws/99999999999999999999/",
        "/audit/trail/x/",
    ):
        assert (path, client.get(path).status_code) == (path, 404)
    client.force_login(cast.users["chen"])
    assert [client.get(url).status_code, client.get(f"/audit/trail/{number}/").status_code] == [404, 403]


def test_a_pack_by_the_page_is_the_pack_of_the_command(
    cast: Cast, client: Client, now: datetime, tmp_path: Path
) -> None:
    live(cast, now, 1)
    answer = auditor(client, cast).post("/audit/pack.zip", {"year": 2026})
    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'attachment; filename="huiyin-yulan-2026.zip"')
    checked = check(path)
    assert (checked.findings, checked.about["sight"]) == ([], "whole")
    assert Entry.objects.get(verb="reports.packed").facts["sha256"] == checked.number
    assert client.post("/audit/pack.zip", {"year": "x"}).status_code == 422
    assert client.get("/audit/pack.zip").status_code == 405


def test_a_sheet_for_the_notice_board(cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, 1)
    sheet = auditor(client, cast).get("/audit/roots/2026-11-22.pdf")
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")
    for odd in ("2026-11-23", "2026-13-01", "x", "2026-11-22x"):
        assert (odd, client.get(f"/audit/roots/{odd}.pdf").status_code) == (odd, 404)


def test_an_auditor_reads_and_changes_nothing(cast: Cast, client: Client, now: datetime) -> None:
    case = live(cast, now, 1)[0]
    auditor(client, cast)
    assert client.get(f"/cases/{case.reference.number}/").status_code == 200
    point = cast.resident.contact_points.get().pk
    assert client.post(f"/directory/reveal/{point}", {"reason": "想看"}).status_code == 403
    assert client.get("/log/").status_code == 403


def test_the_public_sees_the_roots(cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, 1)
    root = DailyRoot.objects.get(day="2026-11-22")
    for path in ("/s/yulan/", "/s/yulan/seals"):
        page = client.get(path).content.decode()
        assert (path, root.grouped in page, f'id="2026-11-22={root.root}"' in page) == (path, True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_three_rows_as_for_one(rows: int, cast: Cast, client: Client, now: datetime) -> None:
    live(cast, now, rows)
    url = draw(auditor(client, cast)).url
    number = Case.objects.order_by("pk").first().reference.number  # type: ignore[union-attr]
    asked = {}
    for name, path in (
        ("audit", "/audit/"),
        ("drawn", url),
        ("trail", f"/audit/trail/{number}/"),
        ("seals", "/s/yulan/seals"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked[name] = len(queries)
    assert asked == {"audit": 8, "drawn": 11, "trail": 6, "seals": 3}


def test_a_pack_opens(cast: Cast, client: Client, now: datetime) -> None:
    """What the browser gets is a ZIP with a page to begin with."""
    answer = auditor(client, cast).post("/audit/pack.zip", {"year": 2026})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:
        assert opened.testzip() is None
        assert "index.html" in opened.namelist()
