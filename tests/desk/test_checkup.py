"""The page 制度体检: findings with their lines, decisions with who, when and why; nothing typed is lost."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.handbook.actions import decide
from huiyin.handbook.models import Decision
from huiyin.handbook.queries import adopted_by, findings_for
from huiyin.handbook.rules import shipped_text
from huiyin.organization.models import Site

TALKS = ("S3.2.5.a", "S4.4.2.2.a")


@pytest.fixture
def talks(cast: Cast, now: datetime) -> str:
    """The anchor of the finding about talks with the committee's chair."""
    found = findings_for(cast.site, now.date())
    return "f-" + next(one.key[:12] for one in found if one.clauses == TALKS)


def page(client: Client, cast: Cast, who: str, address: str = "/checkup/") -> str:
    client.force_login(cast.users[who])
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def section(html: str, anchor: str) -> str:
    return html.split(f'id="{anchor}"', 1)[1].split("</li>\n", 1)[0]


def test_findings_stand_by_severity_with_their_line(cast: Cast, client: Client, now: datetime) -> None:
    html = page(client, cast, "zhou")
    found = findings_for(cast.site, now.date())
    severities = list(dict.fromkeys(one.severity for one in found if one.severity != "impossible"))
    assert re.findall(r'<section class="section" id="(\w+)"', html) == [*severities, "decided"]
    assert len(re.findall(r'<li id="f-\w{12}">', html)) == len(found)
    line = next(one.line for one in found if one.clauses == TALKS)
    assert (
        f'<li value="{line}" aria-current="true"><code lang="zh-Hans">every = &quot;quarter&quot;</code></li>' in html
    )


def test_the_company_sees_all_sites_and_a_manager_the_own(cast: Cast, client: Client) -> None:
    whole = page(client, cast, "shen", "/checkup/?of=company")
    assert ("玉兰苑 · " in whole or " · 玉兰苑" in whole, "全公司" in whole) == (True, True)
    own = page(client, cast, "zhou", "/checkup/?of=company")
    assert "玉兰苑" in own.split("<h1>")[1].split("</header>")[0]
    assert 'href="/checkup/?of=company' not in own


def test_deciding_puts_it_on_record_with_who_when_and_why(
    cast: Cast, client: Client, talks: str, now: datetime
) -> None:
    assert 'name="way"' not in page(client, cast, "zhou")
    asked = page(client, cast, "zhou", f"/checkup/?decide={talks}")
    assert (asked.count('name="way"'), 'type="hidden" name="holds" value="site"' in asked) == (3, True)
    given = {"finding": talks, "way": "strictest", "reason": "按季度谈，一次算两条", "holds": "site"}
    answer = client.post("/checkup/", given)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/checkup/#{talks}")
    kept = Decision.objects.latest("id")
    assert (kept.site, kept.way, kept.decided_by, kept.decided_at) == (cast.site, "strictest", cast.users["zhou"], now)
    told = section(client.get("/checkup/").content.decode(), talks)
    for words in (
        "按最密的做，一份证据同时算数",
        "按季度谈，一次算两条",
        "周建国",
        "2026年11月23日",
        "玉兰苑",
        "改决定",
    ):
        assert words in told


def test_who_decides_for_all_may_choose_whom_it_holds_for(cast: Cast, client: Client, talks: str) -> None:
    asked = page(client, cast, "shen", f"/checkup/?site=yulan&decide={talks}")
    assert asked.count('name="holds"') == 2
    client.post("/checkup/?site=yulan", {"finding": talks, "way": "amend", "reason": "修订", "holds": "company"})
    assert Decision.objects.latest("id").site is None
    client.post("/checkup/?of=company", {"finding": talks, "way": "separately", "reason": "分开", "holds": "company"})
    html = client.get("/checkup/?of=company").content.decode()
    assert "以前的决定 1 次" in section(html, talks)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(cast: Cast, client: Client, talks: str) -> None:
    client.force_login(cast.users["zhou"])
    answer = client.post("/checkup/", {"finding": talks, "reason": "我写的理由", "holds": "site"})
    html = answer.content.decode()
    assert (answer.status_code, "我写的理由" in html, "请填写“怎么办”" in html) == (422, True, True)
    blank = client.post("/checkup/", {"finding": talks, "way": "amend", "reason": "\u200b", "holds": "site"})
    assert (blank.status_code, "请写明为什么这样决定。" in blank.content.decode()) == (422, True)
    assert Decision.objects.count() == 1


def test_readers_see_the_ways_and_no_button(cast: Cast, client: Client, talks: str) -> None:
    for who in ("chen", "wang", "qian"):
        html = page(client, cast, who, f"/checkup/?site=yulan&decide={talks}")
        assert ("可以这样办" in html, "作决定" in html, 'name="way"' in html) == (True, False, False)
        given = {"finding": talks, "way": "amend", "reason": "x", "holds": "site"}
        assert client.post("/checkup/", given).status_code == 403
    assert Decision.objects.count() == 1


def test_a_finding_that_is_not_there_is_missing(cast: Cast, client: Client, talks: str) -> None:
    client.force_login(cast.users["zheng"])
    for finding in (talks, "f-000000000000", ""):
        assert client.post("/checkup/", {"finding": finding, "way": "amend", "reason": "x"}).status_code == 404


def test_a_site_without_handbooks_says_so(cast: Cast, client: Client, now: datetime) -> None:
    Site.objects.create(company=cast.company, code="new", kind="engineering", name="新项目")
    html = page(client, cast, "shen", "/checkup/?site=new")
    assert "还没有采用制度" in html


def test_a_further_handbook_is_looked_at_and_decided_before_it_is_adopted(cast: Cast, client: Client) -> None:
    site = Site.objects.create(company=cast.company, code="hupan", kind="residential", name="湖畔")
    Decision.objects.all().delete()
    html = page(client, cast, "shen", "/checkup/?site=hupan&with=property-company")
    anchor = re.findall(r'id="impossible".*?<li id="(f-\w{12})">', html, re.S)[0]
    assert ("去采用" in html, "S4.4.2.5.c" in section(html, anchor)) == (False, True)
    given = {"finding": anchor, "way": "same_day", "reason": "专人值班", "holds": "site"}
    answer = client.post("/checkup/?with=property-company", given)
    assert answer.headers["Location"] == f"/checkup/?with=property-company#{anchor}"
    assert [(one.site, one.way) for one in Decision.objects.all()] == [(site, "same_day")]
    assert "去采用" in client.get("/checkup/?with=property-company").content.decode()
    assert client.get("/checkup/?with=student-housing").status_code == 200


def test_adopting_asks_about_the_impossible_and_puts_the_answer_on_record(cast: Cast, client: Client) -> None:
    site = Site.objects.create(company=cast.company, code="hupan", kind="residential", name="湖畔")
    Decision.objects.all().delete()
    client.force_login(cast.users["shen"])
    client.get("/today/?site=hupan")
    address = "/handbooks/property-company/adopt"
    given = {"text": shipped_text("property-company"), "effective_on": "2026-12-01", "scope": "site"}
    shown = client.post(address, given | {"preview": "1"}).content.decode()
    name = re.findall(r'name="(f-\w{12})-way"', shown)[0]
    typed = given | {"adopt": "1", f"{name}-reason": "留出审核的时间"}
    wrong = client.post(address, typed)
    assert (wrong.status_code, "留出审核的时间" in wrong.content.decode(), Decision.objects.count()) == (422, True, 0)
    assert client.post(address, typed | {f"{name}-way": "earlier"}).status_code == 302
    assert [(one.site, one.way, one.reason) for one in Decision.objects.all()] == [(site, "earlier", "留出审核的时间")]
    assert [one.edition.handbook for one in adopted_by(site, date(2026, 12, 1))] == ["property-company"]


def test_a_duty_shows_the_decision_that_touches_it(cast: Cast, client: Client, now: datetime) -> None:
    given = {"handbook": "property-company", "clause": "S4.4.2.5.c", "kind": "service_report", "step": "submit"}
    duty = Duty.objects.create(site=cast.site, opens_at=now, due_at=now, owner=cast.users["zhou"], **given)
    html = page(client, cast, "zhou", f"/duties/{duty.pk}/")
    for words in ("还没交出就该公布", "遇到这样的月份，提前到公布前三个工作日交出", "国庆长假以后", "沈国梁"):
        assert words in html


def test_a_chosen_file_stays_in_the_text_for_the_next_step(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    mine = shipped_text("residential-community").replace('"2026-11"', '"ours-7"', 1)
    file = SimpleUploadedFile("mine.toml", mine.encode())
    given = {"text": "x", "file": file, "effective_on": "2026-12-01", "scope": "site", "preview": "1"}
    shown = client.post("/handbooks/residential-community/adopt", given).content.decode()
    assert "edition = &quot;ours-7&quot;" in shown


def test_linked_from_the_procedures_for_those_who_decide(cast: Cast, client: Client) -> None:
    menus = {who: 'href="/checkup/"' in page(client, cast, who, "/handbooks/") for who in ("zhou", "shen", "chen")}
    assert menus == {"zhou": True, "shen": True, "chen": False}


def test_in_english_everything_is(cast: Cast, client: Client, settings: Any) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = page(client, cast, "zhou")
    assert ("Check-up" in html, "every quarter" in html, "作决定" in html) == (True, True, False)


@pytest.mark.parametrize(("address", "queries"), [("/checkup/?site=yulan", 7), ("/checkup/?of=company", 7)])
def test_three_decisions_cost_as_many_queries_as_one(
    cast: Cast, client: Client, now: datetime, address: str, queries: int
) -> None:
    client.force_login(cast.users["shen"])
    client.get(address)
    counts = []
    for finding in findings_for(cast.site, now.date())[2:4]:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
        decide(finding, way="amend", site=None, reason="修订", by=cast.director, now=now)
    assert counts == [queries, queries]
