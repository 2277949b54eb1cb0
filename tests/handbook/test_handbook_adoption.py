"""A site adopts handbooks; its rulebook follows from day to day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from huiyin.duties.models import Duty
from huiyin.handbook import actions
from huiyin.handbook.actions import AlreadyLater, EditionTaken, adopt, adopt_text, give_up, settle
from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.queries import adopted_by, edition, facts_of, preview, rulebook, rulebooks
from huiyin.handbook.rules import UnknownHandbook, WrongSiteKind, load, shipped, shipped_text
from huiyin.journal.models import Entry
from huiyin.organization.actions import set_term, state_circumstance
from huiyin.organization.models import Cluster, Company, Site
from huiyin.organization.rules import SYSTEM, Actor, NotAllowed, Scope

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
SINCE = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    company = Company.objects.create(code="c", name="公司")
    return Site.objects.create(company=company, code="yulan", kind="residential", name="玉兰苑")


def at(day: str) -> datetime:
    """Eight in the morning."""
    return datetime.fromisoformat(f"{day}T08:00:00+08:00")


def bring_up(site: Site, day: str) -> None:
    settle(site, facts_of(site, date.fromisoformat(day)), now=at(day))


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


def ledger(site: Site, kind: str = "complaint_digest") -> list[tuple[str, str]]:
    found = Duty.objects.filter(site=site, kind=kind).order_by("opens_at", "clause")
    return [(duty.period, duty.step) for duty in found]


STEPS = ("submit", "publish", "file")


def test_duties_open_when_their_time_begins_and_not_before_adoption(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 1))
    bring_up(site, "2026-11-01")
    assert ledger(site) == [(period, step) for period in ("2026-09", "2026-10") for step in STEPS]


def test_what_is_under_way_on_the_first_day_is_owed_and_what_is_over_is_not(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 3))
    bring_up(site, "2026-10-04")
    assert (ledger(site), ledger(site, "event"), ledger(site, "mid_year_survey")) == ([], [("2026Q4", "hold")], [])


def test_settling_again_costs_little_and_changes_nothing(site: Site, django_assert_num_queries: Any) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 1))
    facts = facts_of(site, date(2026, 11, 1))
    assert settle(site, facts, now=at("2026-11-01"))
    before = list(Duty.objects.order_by("pk").values())
    with django_assert_num_queries(5):  # savepoint, adoptions, calendar, mark, end
        assert not settle(site, facts, now=at("2026-11-01"))
    assert list(Duty.objects.order_by("pk").values()) == before


def test_a_worker_that_slept_opens_what_began_meanwhile_once(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 1))
    for day in ("2026-10-01", "2027-03-02", "2027-03-02", "2027-03-03"):
        bring_up(site, day)
    months = ("2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02")
    assert ledger(site) == [(period, step) for period in months for step in STEPS]


def test_open_duties_follow_a_new_edition_and_done_or_late_ones_do_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 9, 1))
    bring_up(site, "2026-11-03")
    later = shipped_text("management-office").replace("due = { day = 5, ", "due = { day = 9, ")
    monkeypatch.setattr(
        "huiyin.handbook.actions.shipped_text", lambda _handbook: later.replace('"2026-11"', '"2026-12"')
    )
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=date(2026, 11, 4))
    bring_up(site, "2026-11-04")
    found = Duty.objects.filter(site=site, kind="complaint_digest", step="submit").order_by("due_at")
    assert [(duty.period, timezone.localdate(duty.due_at)) for duty in found] == [
        ("2026-08", date(2026, 9, 5)),
        ("2026-09", date(2026, 10, 5)),
        ("2026-10", date(2026, 11, 9)),
    ]
    moved = [entry.facts["period"] for entry in Entry.objects.filter(verb="duties.recounted") if entry.facts["moved"]]
    assert moved == ["2026-10"] * 3


def test_what_a_new_edition_drops_is_no_longer_asked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt(site, "residential-community", by=SYSTEM, now=NOW, effective_on=date(2026, 9, 1))
    bring_up(site, "2026-09-01")
    text = shipped_text("residential-community")
    without = text[: text.index("# ---- every year")] + text[text.index("[[channels]]") :]
    without = without.replace('"2026-11"', '"2026-12"')
    monkeypatch.setattr("huiyin.handbook.actions.shipped_text", lambda _handbook: without)
    adopt(site, "residential-community", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 1))
    bring_up(site, "2026-10-01")
    assert [(duty.kind, duty.not_applicable) for duty in Duty.objects.all()] == [("visit_round", "制度不再要求")]


def test_one_duty_for_each_cluster(site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(kind="student_housing")
    site.refresh_from_db()
    for code in ("east", "west"):
        Cluster.objects.create(site=site, code=code, name=code)
    adopt(site, "student-housing", by=SYSTEM, now=NOW, effective_on=date(2026, 10, 1))
    bring_up(site, "2026-10-02")
    digests = Duty.objects.filter(kind="comment_book_digest").order_by("scope")
    assert [(duty.scope, duty.period) for duty in digests] == [("cluster:east", "2026-09"), ("cluster:west", "2026-09")]


def test_the_database_keeps_spans_in_order(site: Site) -> None:
    adoption = adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(ended_on=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(site=site, edition=adoption.edition, effective_on=date(2026, 2, 1), adopted_by="system")


# ---- the whole company


def test_the_companys_handbook_holds_at_every_site_that_it_fits(site: Site) -> None:
    project = Site.objects.create(company=site.company, code="binjiang", kind="engineering", name="滨江")
    tower = Site.objects.create(company=site.company, code="hengtai", kind="single_owner", name="恒泰")
    adopt_text(shipped_text("management-office"), site=None, by=SYSTEM, now=NOW, effective_on=SINCE)
    followed = {one.code: [book.id for book in rulebook(one, SINCE).adopted] for one in (site, project, tower)}
    assert followed == {"yulan": ["management-office"], "binjiang": [], "hengtai": ["management-office"]}
    assert [len(adopted_by(one, SINCE)) for one in (site, project, tower)] == [1, 0, 1]


@pytest.mark.clause("S4.2", "S5.2")
def test_a_new_site_has_the_companys_duties_from_its_first_day_and_none_before(site: Site) -> None:
    adopt_text(shipped_text("property-company"), site=None, by=SYSTEM, now=NOW, effective_on=SINCE)
    bring_up(site, "2026-11-23")
    later = Site.objects.create(company=site.company, code="new", kind="residential", name="新园")
    bring_up(later, "2027-02-10")
    first = Duty.objects.filter(site=later).order_by("due_at").first()
    assert first is not None
    assert timezone.localdate(first.due_at) >= date(2027, 2, 10)
    assert ledger(later, "follow_up_sample") == [("2027-02", "close")]
    assert ledger(site, "follow_up_sample") == [("2026-11", "close")]


def test_a_sites_own_edition_takes_the_place_of_the_companys(site: Site) -> None:
    adopt_text(shipped_text("management-office"), site=None, by=SYSTEM, now=NOW, effective_on=SINCE)
    own = shipped_text("management-office").replace("days = 7", "days = 4").replace('"2026-11"', '"ours-1"')
    adopt_text(own, site=site, by=SYSTEM, now=NOW, effective_on=date(2026, 6, 1))
    days = [rulebook(site, date(2026, *day)).limit("follow_up", "complaint").days for day in ((5, 31), (6, 1))]
    assert days == [7, 4]
    assert [one.edition.edition for one in adopted_by(site, date(2026, 6, 1))] == ["ours-1"]


def test_three_ways_to_ask_what_holds_on_a_day_say_the_same(site: Site) -> None:
    """Each puts the site's own before the company's by itself: as rows, as the rulebook of a day, and of any day."""

    def since(handbook: str, name: str, to: Site | None, month: int) -> Adoption:
        text = shipped_text(handbook).replace('"2026-11"', f'"{name}"')
        return adopt_text(text, site=to, by=SYSTEM, now=NOW, effective_on=date(2026, month, 1))

    since("management-office", "all-1", None, 2)
    own = since("management-office", "own-1", site, 4)
    since("management-office", "all-2", None, 5)
    since("property-company", "own-2", site, 6)
    since("property-company", "all-3", None, 7)
    since("engineering-project", "all-4", None, 3)
    give_up(own, on=date(2026, 8, 1), by=SYSTEM, now=at("2026-07-20"))
    days = [date(2026, 1, 1) + n * timedelta(days=1) for n in range(300)]
    for one in (site, Site.objects.create(company=site.company, code="b", kind="engineering", name="滨江")):
        rules_on = rulebooks(one)
        held = [tuple(edition(row.edition.digest) for row in adopted_by(one, day)) for day in days]
        assert [rulebook(one, day).adopted for day in days] == held
        assert [rules_on(day).adopted for day in days] == held
    names = [[book.edition for book in rulebook(site, date(2026, month, 15)).adopted] for month in range(1, 10)]
    assert [" ".join(row) for row in names] == [
        *("", "all-1", "all-1", "own-1", "own-1", "own-1 own-2", "own-1 own-2", "all-2 own-2", "all-2 own-2"),
    ]


def test_only_a_post_over_the_company_adopts_for_all(site: Site) -> None:
    manager = Actor("staff", "1", scopes=(Scope("site_manager", site.pk),))
    with pytest.raises(NotAllowed):
        adopt_text(shipped_text("management-office"), site=None, by=manager, now=NOW, effective_on=SINCE)
    director = Actor("staff", "2", scopes=(Scope("director", None),))
    assert adopt_text(shipped_text("management-office"), site=None, by=director, now=NOW, effective_on=SINCE).pk


def test_an_edition_name_stands_for_one_text(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    other = shipped_text("management-office").replace("days = 7", "days = 4")
    with pytest.raises(EditionTaken):
        adopt_text(other, site=site, by=SYSTEM, now=NOW, effective_on=date(2026, 12, 1))
    assert Edition.objects.count() == 1


def test_giving_up_a_handbook_lifts_what_is_open_and_keeps_what_was_judged(site: Site) -> None:
    adoption = adopt(site, "residential-community", by=SYSTEM, now=NOW, effective_on=date(2026, 1, 1))
    bring_up(site, "2026-01-01")
    give_up(adoption, on=date(2026, 7, 1), by=SYSTEM, now=at("2026-06-20"))
    bring_up(site, "2026-07-01")
    assert [(duty.kind, duty.not_applicable) for duty in Duty.objects.all()] == [("visit_round", "制度不再要求")]
    assert rulebook(site, date(2026, 7, 1)).adopted == ()


def test_a_preview_shows_what_comes_and_what_a_change_moves(site: Site) -> None:
    span = {"first": date(2026, 12, 1), "last": date(2027, 11, 30)}
    book = shipped("residential-community")
    fresh = preview(site, book, facts_of(site, SINCE), **span)
    assert (fresh.before, [(row.kind, row.period) for row in fresh.rows]) == (None, [("visit_round", "2026")])
    assert len([one for one in fresh.altered if one.table == "clauses"]) == 12
    adopt(site, "residential-community", by=SYSTEM, now=NOW, effective_on=SINCE)
    text = shipped_text("residential-community").replace("days_before_end = 0", "days_before_end = 10")
    changed = preview(site, load(text.replace("share = 20", "share = 30"), "x.toml"), facts_of(site, SINCE), **span)
    days = [(one.before and one.before.due, one.after and one.after.due) for one in changed.moved]
    assert days == [(date(2026, 12, 31), date(2026, 12, 21))]
    assert [(one.table, one.name, one.fields) for one in changed.altered] == [
        ("quotas", "proactive_contacts", [("share", 20, 30)])
    ]


# ---- facts of the site


@pytest.mark.clause("S3.2.5.a")
def test_without_a_committee_its_duties_do_not_apply_until_the_recheck_is_due(site: Site) -> None:
    adopt(site, "management-office", by=SYSTEM, now=NOW, effective_on=SINCE)
    lacks = {"name": "owners_committee", "holds": False, "reason": "没有成立", "recheck_on": date(2026, 6, 30)}
    state_circumstance(site, **lacks, by=SYSTEM, now=at("2026-01-02"))
    bring_up(site, "2026-04-01")
    talks = Duty.objects.filter(site=site, kind="committee_talk").order_by("period")
    assert [(duty.period, duty.not_applicable) for duty in talks] == [("2026Q1", "没有成立"), ("2026Q2", "没有成立")]
    bring_up(site, "2026-07-01")
    assert [(duty.period, duty.not_applicable) for duty in talks.all()][2:] == [("2026Q3", "")]


def test_a_term_moves_the_open_forum_of_its_site_and_of_no_other(site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(kind="student_housing")
    site.refresh_from_db()
    other = Site.objects.create(company=site.company, code="other", kind="student_housing", name="别的")
    for one in (site, other):
        adopt(one, "student-housing", by=SYSTEM, now=NOW, effective_on=date(2026, 9, 1))
        bring_up(one, "2026-09-10")
    term = {"period": "2026-2027-1", "first_on": date(2026, 8, 31), "last_on": date(2027, 1, 15)}
    set_term(site, **term, by=SYSTEM, now=NOW)
    for one in (site, other):
        bring_up(one, "2026-09-11")
    forums = Duty.objects.filter(kind="forum").order_by("site_id")
    assert [timezone.localdate(duty.due_at) for duty in forums] == [date(2027, 1, 15), date(2027, 1, 20)]
