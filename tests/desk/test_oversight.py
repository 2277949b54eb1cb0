"""The quality department's pages: every site, every number a list, the digests it receives, the analysis it sends back (S4.3.a)."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.clockwork.actions import draft_digests, open_recurring
from huiyin.demo.cast import Cast
from huiyin.reports import actions as reports
from huiyin.reports.models import Report
from tests.acts import answer, fresh, take
from tests.desk.test_supervision import shown

WORDS = "两件都是电梯，属于波动。"


@pytest.fixture
def weeks(cast: Cast, now: datetime) -> Report:
    """Complaints of last week and today at two sites; the estate's digest of last week has drafted itself."""
    for serial, (site, days) in enumerate((("yulan", 0), ("yulan", 4), ("hengtai", 4), ("yulan", 12))):
        at = now - timedelta(days=days)
        take(cast, at, site=cast.sites[site], place="", words=f"电梯坏了 {serial}", phone=f"1390000555{serial}")
    open_recurring(now=now)
    draft_digests(now=now)
    return Report.objects.get(site=cast.site, period="2026-W47")


@pytest.mark.clause("S4.3.a")
def test_every_site_stands_in_one_table_and_each_number_is_its_list(weeks: Report, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["fang"])
    rows = client.get("/oversight/").context["rows"]
    found = {row["site"].code: (row["open"].n, row["overdue"].n, row["week"].n, row["month"].n) for row in rows}
    assert found == {"binjiang": (0, 0, 0, 0), "hengtai": (1, 0, 0, 1), "xueyuan": (0, 0, 0, 0), "yulan": (3, 1, 1, 3)}
    for row in rows:
        for name in ("open", "overdue", "week", "month", "on_time", "fell_due"):
            assert (row["site"].code, name, shown(client, row[name].url)) == (row["site"].code, name, str(row[name].n))


@pytest.mark.parametrize("path", ["/oversight/", "/analyses/", "/analyses/2026-W47/", "/analyses/2026-W47/paper.pdf"])
@pytest.mark.parametrize(("who", "status"), [("fang", 200), ("zhou", 403), ("shen", 403), ("chen", 403)])
def test_they_are_the_quality_departments_alone(path: str, who: str, status: int, cast: Cast, client: Client) -> None:
    client.force_login(cast.users[who])
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/analyses/2026-11/", "/analyses/x/", "/analyses/2026-W60/"])
def test_only_weeks_are_analyzed(path: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["fang"])
    assert client.get(path).status_code == 404


@pytest.mark.clause("S4.3.a")
def test_it_acts_on_a_case_of_any_site_and_the_site_finds_it_under_today(
    cast: Cast, client: Client, now: datetime
) -> None:
    case = answer(take(cast, now - timedelta(days=3)), cast, now - timedelta(days=3))
    client.force_login(cast.users["fang"])
    page = client.get(f"/cases/{case.reference.number}/").content.decode()
    assert [word in page for word in ("督办意见", "发回重办", "/take_over")] == [True, True, False]
    refused = client.post(f"/cases/{case.reference.number}/send_back", {"why": " "})
    assert refused.status_code == 422
    assert client.post(f"/cases/{case.reference.number}/send_back", {"why": "没有写日期"}).status_code == 302
    assert fresh(case).state == "in_progress"
    client.force_login(cast.users["wang"])
    assert "没有写日期" in client.get("/today/").content.decode()
    client.get(f"/cases/{case.reference.number}/")
    assert client.get("/today/").context["told"] == []
    assert client.post(f"/cases/{case.reference.number}/comment", {"text": "x"}).status_code in {403, 422}


@pytest.mark.clause("S4.4.2.1.5.a", "S4.4.2.1.5.b")
def test_the_week_goes_up_and_comes_back(weeks: Report, cast: Cast, client: Client) -> None:
    number = weeks.reference.number
    client.force_login(cast.users["chen"])
    assert "交品质管理部" in client.get(f"/reports/{number}/").content.decode()
    sent = {"summary": "", "measures": "", "seen": weeks.words_seen}
    assert client.post(f"/reports/{number}/submit", sent).status_code == 302
    assert client.post(f"/reports/{number}/acknowledge").status_code == 403
    client.force_login(cast.users["fang"])
    assert client.post(f"/reports/{number}/acknowledge").status_code == 302
    page = client.get("/analyses/2026-W47/").content.decode()
    assert [len(re.findall(r'r="2" fill="currentColor"', page)), "已签收" in page] == [26, True]
    assert client.post("/analyses/2026-W47/conclude", {"conclusion": ""}).status_code == 422
    assert client.post("/analyses/2026-W47/conclude", {"conclusion": WORDS}).status_code == 302
    client.force_login(cast.users["zhou"])
    back = client.get(f"/reports/{number}/").content.decode()
    assert [WORDS in back, "方静" in back] == [True, True]
    assert client.get("/reports/").status_code == 200


@pytest.mark.parametrize("path", ["/oversight/", "/analyses/", "/analyses/2026-W47/", "/reports/"])
def test_they_read_in_english(path: str, weeks: Report, cast: Cast, client: Client) -> None:
    reports.submit(weeks, by=cast.clerk, now=weeks.drafted_at)
    client.force_login(cast.users["fang"])
    assert client.get(path, headers={"accept-language": "en"}).status_code == 200
