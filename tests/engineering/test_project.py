"""A project is opened, built, accepted; its parts are under warranty; the planner gets its facts."""

from datetime import date, datetime
from typing import Any

import pytest

from huiyin.demo.cast import Cast
from huiyin.engineering import actions
from huiyin.engineering.actions import WrongProject
from huiyin.engineering.models import Project, WarrantyPart
from huiyin.engineering.queries import facts_of, parts_of, project_of
from huiyin.engineering.rules import Milestones, WrongPart, WrongPhase, WrongSeason
from huiyin.journal.models import Entry
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import SYSTEM, NotAllowed

ACCEPTED = date(2021, 6, 1)
BUILT = Milestones(date(2019, 3, 1), date(2019, 9, 1), ACCEPTED, date(2021, 8, 1))


@pytest.fixture
def site(cast: Cast) -> Site:
    return Site.objects.create(company=cast.company, code="nanyuan", kind="engineering", name="南苑安置房")


@pytest.fixture
def project(site: Site, now: datetime) -> Project:
    opened = actions.open_project(site, contractor="和润建设", client="南苑开发", by=SYSTEM, now=now)
    return actions.record_phases(opened, days=BUILT, by=SYSTEM, now=now)


def ends(project: Project) -> dict[str, date]:
    return {part.name: part.ends_on for part in parts_of(project)}


def test_facts_of_a_project_under_warranty(project: Project, site: Site, now: datetime) -> None:
    actions.add_part(project, kind="waterproofing", name="屋面", by=SYSTEM, now=now)
    actions.add_part(project, kind="heating", name="供热", by=SYSTEM, now=now)
    facts = facts_of(site)
    assert facts is not None
    assert [(span.phase, span.first, span.end) for span in facts.phases] == [
        ("bidding", date(2019, 3, 1), date(2019, 9, 1)),
        ("construction", date(2019, 9, 1), ACCEPTED),
        ("completion", ACCEPTED, date(2021, 8, 1)),
        ("warranty", date(2021, 8, 1), date(2026, 6, 2)),
    ]
    assert [(part.kind, part.name, part.ends_on) for part in facts.parts] == [
        ("heating", "供热", date(2023, 3, 15)),
        ("waterproofing", "屋面", date(2026, 6, 1)),
    ]
    assert (facts.completed_on, facts.handed_over_on) == (ACCEPTED, date(2021, 8, 1))


def test_two_queries_however_many_parts(
    project: Project, site: Site, now: datetime, django_assert_num_queries: Any
) -> None:
    actions.add_laid_down_parts(project, by=SYSTEM, now=now)
    with django_assert_num_queries(2):
        facts = facts_of(site)
    assert facts is not None
    assert len(facts.parts) == 7


def test_a_site_without_project_has_no_facts(cast: Cast, site: Site) -> None:
    assert (facts_of(site), facts_of(cast.site), project_of(site)) == (None, None, None)


def test_what_the_law_names_at_once(project: Project, now: datetime) -> None:
    actions.add_part(project, kind="waterproofing", name="屋面", by=SYSTEM, now=now, amount=8)
    made = [len(actions.add_laid_down_parts(project, by=SYSTEM, now=now)) for _twice in range(2)]
    assert (made, sorted(ends(project).values())) == (
        [6, 0],
        [
            date(2022, 9, 15),
            date(2023, 3, 15),
            date(2023, 6, 1),
            date(2023, 6, 1),
            date(2026, 6, 1),
            date(2029, 6, 1),
            date(2071, 6, 1),
        ],
    )


def test_parts_move_with_the_acceptance(project: Project, now: datetime) -> None:
    actions.add_part(project, kind="services", name="电梯", by=SYSTEM, now=now)
    actions.add_part(project, kind="services", name="水泵（换新）", by=SYSTEM, now=now, starts_on=date(2022, 1, 1))
    moved = Milestones(BUILT.bidding_from, BUILT.construction_from, date(2021, 7, 1), BUILT.handed_over_on)
    actions.record_phases(project, days=moved, by=SYSTEM, now=now)
    assert ends(project) == {"电梯": date(2023, 7, 1), "水泵（换新）": date(2024, 1, 1)}
    with pytest.raises(WrongPhase):
        actions.record_phases(project, days=Milestones(BUILT.bidding_from), by=SYSTEM, now=now)


def test_the_towns_own_season(project: Project, now: datetime) -> None:
    actions.add_part(project, kind="heating", name="供热", by=SYSTEM, now=now)
    seasons = {"heating_season": "10-20/04-20", "cooling_season": "06-15/09-15"}
    actions.describe_project(project, contractor="和润建设", client="南苑开发", **seasons, by=SYSTEM, now=now)
    assert ends(project) == {"供热": date(2023, 4, 20)}
    wrong = seasons | {"cooling_season": "夏天"}
    with pytest.raises(WrongSeason) as refused:
        actions.describe_project(project, contractor="和润建设", client="南苑开发", **wrong, by=SYSTEM, now=now)
    assert refused.value.field == "cooling_season"


def test_a_part_is_changed_and_taken_out(project: Project, now: datetime) -> None:
    part = actions.add_part(project, kind="services", name="电梯", by=SYSTEM, now=now)
    before = Entry.objects.count()
    actions.change_part(part, name="电梯", by=SYSTEM, now=now, starts_on=ACCEPTED, amount=5)
    assert ends(project) == {"电梯": date(2026, 6, 1)}
    with pytest.raises(WrongPart):
        actions.change_part(part, name="电梯", by=SYSTEM, now=now, starts_on=ACCEPTED, amount=1)
    actions.remove_part(part, by=SYSTEM, now=now)
    assert (ends(project), Entry.objects.count() - before) == ({}, 2)


@pytest.mark.parametrize("name", ["", " \u200b", "字" * 81, "屋面"])
def test_a_part_needs_a_name_of_its_own(name: str, project: Project, now: datetime) -> None:
    actions.add_part(project, kind="waterproofing", name="屋面", by=SYSTEM, now=now)
    with pytest.raises(WrongPart) as refused:
        actions.add_part(project, kind="waterproofing", name=name, by=SYSTEM, now=now)
    assert (refused.value.field, WarrantyPart.objects.filter(project=project).count()) == ("name", 1)


def test_shorter_than_the_law_is_refused(project: Project, now: datetime) -> None:
    with pytest.raises(WrongPart) as refused:
        actions.add_part(project, kind="waterproofing", name="屋面", by=SYSTEM, now=now, amount=4)
    assert (refused.value.field, ends(project)) == ("amount", {})


def test_nothing_is_under_warranty_before_the_acceptance(site: Site, now: datetime) -> None:
    opened = actions.open_project(site, contractor="和润建设", client="南苑开发", by=SYSTEM, now=now)
    with pytest.raises(WrongPart):
        actions.add_part(opened, kind="services", name="电梯", by=SYSTEM, now=now)


def test_opened_once_at_an_engineering_site_with_names(project: Project, site: Site, cast: Cast, now: datetime) -> None:
    other = Site.objects.create(company=cast.company, code="beiyuan", kind="engineering", name="北苑")
    wrong = [(site, "甲", "乙"), (cast.site, "甲", "乙"), (other, " ", "乙"), (other, "甲", "字" * 121)]
    for where, contractor, client in wrong:
        with pytest.raises(WrongProject):
            actions.open_project(where, contractor=contractor, client=client, by=SYSTEM, now=now)
    assert Project.objects.exclude(site__code="binjiang").count() == 1


def test_rights(project: Project, cast: Cast, now: datetime) -> None:
    part = actions.add_part(project, kind="services", name="电梯", by=SYSTEM, now=now)
    clerk = cast.clerk
    acts = [
        lambda: actions.open_project(project.site, contractor="甲", client="乙", by=clerk, now=now),
        lambda: actions.record_phases(project, days=BUILT, by=clerk, now=now),
        lambda: actions.add_part(project, kind="services", name="水", by=clerk, now=now),
        lambda: actions.add_laid_down_parts(project, by=clerk, now=now),
        lambda: actions.change_part(part, name="水", by=clerk, now=now),
        lambda: actions.remove_part(part, by=clerk, now=now),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert issubclass(NotAllowed, Refusal)
