"""A site adopts handbooks; its rulebook follows from day to day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.handbook import actions
from huiyin.handbook.actions import AlreadyLater, adopt
from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.queries import duties_to_open, rulebook
from huiyin.handbook.rules import UnknownHandbook, WrongSiteKind, shipped_text
from huiyin.journal.models import Entry
from huiyin.organization.models import Company, Site
from huiyin.organization.rules import SYSTEM, Actor, NotAllowed

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
SINCE = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    company = Company.objects.create(code="c", name="公司")
    return Site.objects.create(company=company, code="yulan", kind="residential", name="玉兰苑")


def journaled() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_adopting_keeps_the_text_and_journals_once(site: Site) -> None:
    first = adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    again = adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    assert first == again
    assert Edition.objects.get().text == shipped_text("management-office")
    assert (journaled(), Entry.objects.get().facts["effective_on"]) == (["handbook.adopted"], "2026-01-01")


def test_two_sites_share_one_edition(site: Site) -> None:
    other = Site.objects.create(company=site.company, code="hengtai", kind="single_owner", name="恒泰中心")
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    adopt(other, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    assert (Edition.objects.count(), Adoption.objects.count()) == (1, 2)


def test_what_does_not_fit_is_refused_and_leaves_nothing(site: Site) -> None:
    with pytest.raises(WrongSiteKind):
        adopt(site, "student-housing", by=SYSTEM, now=NOW, effective_on=SINCE)
    with pytest.raises(UnknownHandbook):
        adopt(site, "defaults", by=SYSTEM, now=NOW, effective_on=SINCE)
    with pytest.raises(NotAllowed):
        adopt(site, "management-office", by=Actor(kind="staff", id="1"), now=NOW, effective_on=SINCE)
    assert (Edition.objects.count(), Adoption.objects.count(), journaled()) == (0, 0, [])


def test_a_new_edition_ends_the_old_one_on_its_first_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    newer = shipped_text("management-office").replace("days = 7", "days = 4").replace('"2026-11"', '"2026-12"')
    monkeypatch.setattr(actions, "shipped_text", lambda _handbook: newer)
    with pytest.raises(AlreadyLater):
        adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 12, 1))
    spans = list(Adoption.objects.order_by("effective_on").values_list("effective_on", "ended_on"))
    assert spans == [(SINCE, date(2026, 12, 1)), (date(2026, 12, 1), None)]
    days = [rulebook(site, date(2026, *day)).limit("follow_up", "complaint").days for day in ((11, 30), (12, 1))]
    assert days == [7, 4]


def test_before_adoption_only_the_defaults_hold(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    assert rulebook(site, date(2025, 12, 31)).adopted == ()
    assert [book.id for book in rulebook(site, SINCE).adopted] == ["management-office"]


def test_a_rulebook_costs_one_query_and_is_put_together_once(site: Site, django_assert_num_queries: Any) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    adopt(site, "property-company", by=SYSTEM, now=NOW, effective_on=SINCE)
    before = rulebook(site, SINCE)
    with django_assert_num_queries(1):
        assert rulebook(site, date(2026, 6, 1)) is before


def test_duties_open_when_their_time_begins_and_not_before_adoption(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 1))
    periods = [(row.period, row.step) for row in duties_to_open(site, date(2026, 11, 1))]
    steps = ("submit", "publish", "file")
    assert periods == [(period, step) for period in ("2026-09", "2026-10") for step in steps]


def test_the_database_keeps_spans_in_order(site: Site) -> None:
    adoption = adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(ended_on=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(site=site, edition=adoption.edition, effective_on=date(2026, 2, 1), adopted_by="system")
