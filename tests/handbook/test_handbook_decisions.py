"""A finding is decided once for all to see; what nobody can keep stands in the way of adopting until then."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.handbook.actions import (
    DecidedMeanwhile,
    NoReason,
    NoSuchWay,
    UndecidedFindings,
    adopt,
    adopt_text,
    decide,
)
from huiyin.handbook.linter import Finding
from huiyin.handbook.models import Adoption, Decision
from huiyin.handbook.queries import (
    coming_troubles,
    company_findings,
    decisions_for,
    decisions_on,
    findings_for,
    undecided,
    undecided_with,
)
from huiyin.handbook.rules import shipped, shipped_text
from huiyin.journal.models import Entry
from huiyin.kit.workdays import published_calendar
from huiyin.organization import actions as organization
from huiyin.organization.models import Company, Site
from huiyin.organization.rules import SYSTEM, NotAllowed

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
SINCE = date(2026, 1, 1)
COMPANY = "property-company"
OCTOBER = "submission_not_before_publication"

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    """A site with the published schedules at hand, following nothing yet."""
    organization.load_calendar(published_calendar(2019, 2027), source="holidays", by=SYSTEM, now=NOW)
    company = Company.objects.create(code="c", name="公司")
    return Site.objects.create(company=company, code="yulan", kind="residential", name="玉兰苑")


@pytest.fixture
def october(site: Site) -> Finding:
    """The October whose report can not be kept as written."""
    return undecided_with(site, shipped(COMPANY), shipped_text(COMPANY), SINCE)[0]


def settle_october(october: Finding, site: Site | None = None, **changes: Any) -> Decision:
    given = {"way": "earlier", "site": site, "reason": "提前交", "by": SYSTEM, "now": NOW} | changes
    return decide(october, **given)


@pytest.mark.clause("S4.4.2.5.c", "S4.4.2.5.f")
def test_what_nobody_can_keep_is_not_adopted(site: Site, october: Finding) -> None:
    with pytest.raises(UndecidedFindings) as caught:
        adopt(site, COMPANY, by=SYSTEM, now=NOW, effective_on=SINCE)
    told = "采用以前先在制度体检里作决定：还没交出就该公布（S4.4.2.5.c、S4.4.2.5.f）"
    assert (str(caught.value), caught.value.found) == (told, [october])
    assert (Adoption.objects.count(), Entry.objects.filter(verb="handbook.adopted").count()) == (0, 0)


def test_once_decided_it_is_adopted(site: Site, october: Finding) -> None:
    settle_october(october, site)
    adopt(site, COMPANY, by=SYSTEM, now=NOW, effective_on=SINCE)
    assert Adoption.objects.count() == 1


def test_the_companys_decision_holds_for_each_site_and_a_sites_for_itself(site: Site, october: Finding) -> None:
    other = Site.objects.create(company=site.company, code="hupan", kind="residential", name="湖畔")
    settle_october(october, other)
    with pytest.raises(UndecidedFindings):
        adopt(site, COMPANY, by=SYSTEM, now=NOW, effective_on=SINCE)
    settle_october(october)
    adopt(site, COMPANY, by=SYSTEM, now=NOW, effective_on=SINCE)
    standing = [decisions_for(one)[october.key][0].site for one in (site, other)]
    assert standing == [None, other]


def test_what_holds_for_the_company_is_decided_for_each_site_it_is_made_for(site: Site, october: Finding) -> None:
    text, given = shipped_text(COMPANY), {"by": SYSTEM, "now": NOW, "effective_on": SINCE}
    with pytest.raises(UndecidedFindings):
        adopt_text(text, site=None, **given)
    settle_october(october, site)
    assert adopt_text(text, site=None, **given).site is None
    assert [(one.key, sites) for one, sites in company_findings(SINCE) if one.code == OCTOBER] == [
        (october.key, [site])
    ]


def test_a_tower_has_no_such_report_and_needs_no_decision(site: Site) -> None:
    tower = Site.objects.create(company=site.company, code="hengtai", kind="single_owner", name="恒泰中心")
    adopt(tower, COMPANY, by=SYSTEM, now=NOW, effective_on=SINCE)
    assert undecided(tower, findings_for(tower, SINCE)) == []


def test_a_decision_says_who_when_and_why(cast: Cast, now: datetime) -> None:
    finding = findings_for(cast.site, now.date())[1]
    decision = decide(finding, way="strictest", site=cast.site, reason=" 一次算两条 ", by=cast.manager, now=now)
    assert (decision.code, decision.way, decision.reason, decision.decided_by, decision.decided_at) == (
        finding.code,
        "strictest",
        "一次算两条",
        cast.users["zhou"],
        now,
    )
    entry = Entry.objects.get(verb="handbook.decided", at=now)
    assert entry.facts == {
        "code": finding.code,
        "clauses": list(finding.clauses),
        "way": "strictest",
        "site": cast.site.code,
    }


def test_a_later_decision_replaces_the_earlier_and_leaves_it_as_it_was(site: Site, october: Finding) -> None:
    first = settle_october(october, site)
    again = settle_october(october, site)
    second = settle_october(october, site, way="same_day", reason="人手够", now=NOW + timedelta(days=1))
    assert first == again
    assert [(one.way, one.reason, one.replaces) for one in decisions_for(site)[october.key]] == [
        ("same_day", "人手够", first),
        ("earlier", "提前交", None),
    ]
    assert second.replaces == first


def test_two_people_can_not_decide_at_once(site: Site, october: Finding, monkeypatch: pytest.MonkeyPatch) -> None:
    settle_october(october, site)
    monkeypatch.setattr("huiyin.handbook.actions.decisions_for", lambda _site: {})
    with pytest.raises(DecidedMeanwhile):
        settle_october(october, site, way="amend")
    assert [one.way for one in Decision.objects.all()] == ["earlier"]


def test_the_database_keeps_one_first_decision(site: Site, october: Finding) -> None:
    kept = settle_october(october)
    values = {"code": kept.code, "key": kept.key, "concerns": [], "way": "amend", "reason": "x", "decided_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(signature="system", **values)


def test_what_is_no_decision_is_refused(cast: Cast, now: datetime) -> None:
    finding = findings_for(cast.site, now.date())[1]
    given = {"way": "strictest", "site": cast.site, "reason": "好", "by": cast.manager, "now": now}
    for wrong, refusal in (
        ({"way": "wish"}, NoSuchWay),
        ({"reason": " \u200b\n"}, NoReason),
        ({"by": cast.clerk}, NotAllowed),
        ({"by": cast.stranger}, NotAllowed),
        ({"site": None}, NotAllowed),
    ):
        with pytest.raises(refusal):
            decide(finding, **(given | wrong))
    assert Decision.objects.filter(key=finding.key).count() == 0


def test_the_demo_town_decided_before_it_adopted(cast: Cast, now: datetime) -> None:
    assert [(one.code, one.site, one.decided_by) for one in Decision.objects.all()] == [
        (OCTOBER, None, cast.users["shen"])
    ]
    assert undecided(cast.site, findings_for(cast.site, now.date())) == []


def test_a_decision_is_shown_on_every_duty_it_touches(
    cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    def duty(clause: str, handbook: str = COMPANY) -> Duty:
        return Duty(site=cast.site, handbook=handbook, clause=clause, kind="service_report")

    shown = {
        clause: [one.code for one in decisions_on(duty(clause))] for clause in ("S4.4.2.5.c", "S4.4.2.5.f", "S4.1")
    }
    assert shown == {"S4.4.2.5.c": [OCTOBER], "S4.4.2.5.f": [OCTOBER], "S4.1": []}
    assert decisions_on(duty("S4.4.2.5.c", handbook="another")) == []
    with django_assert_num_queries(1):
        decisions_on(duty("S4.4.2.5.c"))


def test_a_finding_of_two_handbooks_touches_the_duties_of_both(cast: Cast, now: datetime) -> None:
    talks = next(one for one in findings_for(cast.site, now.date()) if one.clauses == ("S3.2.5.a", "S4.4.2.2.a"))
    decide(talks, way="strictest", site=cast.site, reason="按季度谈", by=cast.manager, now=now)
    for handbook, clause in (("management-office", "S3.2.5.a"), (COMPANY, "S4.4.2.2.a")):
        duty = Duty(site=cast.site, handbook=handbook, clause=clause, kind="committee_talk")
        assert [one.reason for one in decisions_on(duty)] == ["按季度谈"]


def test_in_august_and_september_the_manager_hears_of_october(cast: Cast) -> None:
    told = {
        day: [(one.code, one.clauses) for one in coming_troubles(cast.site, day)]
        for day in (date(2026, 6, 1), date(2026, 9, 1), date(2026, 10, 17))
    }
    tight = [("no_time_before_publication", ("S4.4.2.5.c", "S4.4.2.5.f"))]
    assert told == {date(2026, 6, 1): [], date(2026, 9, 1): tight, date(2026, 10, 17): []}


def test_the_company_sees_each_finding_with_its_sites(
    cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    company_findings(now.date())
    with django_assert_num_queries(3):
        found = company_findings(now.date())
    sites = {
        one.code: [site.code for site in where] for one, where in found if one.code in {OCTOBER, "duplicate_number"}
    }
    assert sites == {OCTOBER: ["yulan"], "duplicate_number": ["hengtai", "yulan"]}
    assert len({one.key for one, _sites in found}) == len(found)
