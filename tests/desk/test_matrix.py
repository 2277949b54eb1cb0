"""The matrix: signs, counts and links; as a page, on paper and as a spreadsheet; the same few statements for any number of sites."""

import io
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.duties.queries import by_standing, due_between, tallies
from huiyin.duties.rules import Tally
from huiyin.handbook.actions import settle
from huiyin.handbook.queries import facts_of
from huiyin.kit.periods import Period
from huiyin.organization.models import Site
from huiyin.organization.rules import SYSTEM
from huiyin.reports.queries import window


@pytest.fixture
def ledger(cast: Cast, now: datetime, client: Client) -> Cast:
    """Two months of duties at each site, some kept, some late; the manager is logged in."""
    for site in cast.sites.values():
        settle(site, facts_of(site, timezone.localdate(now)), now=now)
    weekly = Duty.objects.filter(site=cast.site, clause="S4.4.2.1.5.a", period__startswith="2026")
    first, second = weekly.order_by("due_at")[:2]
    Duty.objects.filter(pk=first.pk).update(done_at=first.due_at)
    Duty.objects.filter(pk=second.pk).update(done_at=now)
    client.force_login(cast.users["zhou"])
    return cast


def test_counts_agree_with_the_lists_they_lead_to(ledger: Cast, now: datetime) -> None:
    due = due_between(SYSTEM, *window(Period.parse("2026")))
    found = tallies(due, "site", "clause", now=now)
    for (site, clause), tally in found.items():
        mine = due.filter(site=site, clause=clause)
        listed = {one: by_standing(mine, one, now).count() for one in Tally.__dataclass_fields__}
        assert tally == Tally(**listed)
    assert sum(tally.all for tally in found.values()) == due.count()


def test_months_are_told_apart_by_the_sites_own_midnight(ledger: Cast, now: datetime) -> None:
    months = [(str(month), *window(month)) for month in (Period.parse("2026-11"), Period.parse("2026-12"))]
    due = due_between(SYSTEM, *window(Period.parse("2026"))).filter(site=ledger.site, clause="S4.4.2.6")
    assert tallies(due, "month", now=now, months=months) == {("2026-11",): Tally(running=1)}


@pytest.mark.clause("S4.1", "S4.3.a", "S3.1.1.a")
def test_each_clause_has_its_row_and_each_cell_leads_to_its_duties(ledger: Cast, client: Client) -> None:
    page = client.get("/matrix/?year=2026").content.decode()
    assert page.count('<th scope="row">') == 48 + 55
    assert "/duties/?site=yulan&amp;clause=S4.4.2.1.5.a&amp;month=2026-11" in page
    cell = page[page.index("/duties/?site=yulan&amp;clause=S4.4.2.1.5.a&amp;month=2026-11") :].partition("</td>")[0]
    assert ["逾期未办" in cell or "已履行" in cell, "S4.4.2.1.5.a 11" in cell] == [True, True]
    listed = client.get("/duties/?clause=S4.4.2.1.5.a&month=2026-11").content.decode()
    assert ["S4.4.2.1.5.a" in listed, "S3.2.9.a" in listed] == [True, False]


def test_what_has_no_date_says_what_it_is(ledger: Cast, client: Client) -> None:
    page = client.get("/matrix/?year=2026&handbook=property-company").content.decode()
    row = page[page.index(">S4.4.1.4<") :].partition("</tr>")[0]
    assert "还不支持" in row
    assert page.count('<th scope="row">') == 55


def test_a_year_without_duties_is_empty_and_odd_ones_are_this_year(ledger: Cast, client: Client) -> None:
    assert [client.get(f"/matrix/?year={odd}").status_code for odd in ("2001", "2026-11", "x", "")] == [200] * 4


@pytest.mark.parametrize("path", ["/matrix/", "/matrix/sites", "/matrix/people"])
def test_a_spreadsheet_holds_the_same(ledger: Cast, client: Client, path: str) -> None:
    answer = client.get(f"{path}?year=2026&as=xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    due = due_between(SYSTEM, *window(Period.parse("2026"))).filter(site=ledger.site)
    kept = sum(duty.done_at is not None and duty.done_at <= duty.due_at for duty in due)
    assert rows[-1][0] == "合计"
    assert int(rows[-1][-3]) == kept


def test_text_in_a_spreadsheet_is_never_a_formula() -> None:
    from huiyin.desk.sheets import spreadsheet

    data = spreadsheet("x", ["a"], [["=1+1", "+2", "-3", "@x", "http://x.cn"]])
    assert b"<f>" not in data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["=1+1", "+2", "-3", "@x", "http://x.cn"]


def test_a_person_sees_only_sites_of_theirs(ledger: Cast, client: Client) -> None:
    page = client.get("/matrix/sites").content.decode()
    assert [name in page for name in ("玉兰苑", "恒泰中心")] == [True, False]


def test_the_companys_matrix_asks_the_same_for_one_site_and_for_many(
    ledger: Cast, client: Client, now: datetime
) -> None:
    client.force_login(ledger.users["sun"] if "sun" in ledger.users else _director(ledger))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/matrix/sites?year=2026").status_code == 200
        return len(found)

    asked()
    before = asked()
    for serial in range(3):
        site = Site.objects.create(company=ledger.company, code=f"n{serial}", kind="residential", name=f"新{serial}")
        settle(site, facts_of(site, timezone.localdate(now)), now=now)
    asked()
    assert asked() == before


def _director(cast: Cast) -> Any:
    return next(user for user in cast.users.values() if user.posts.filter(role="director", site__isnull=True).exists())
