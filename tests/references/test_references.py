"""Numbers, and the one sight rule."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from huiyin.demo.cast import Cast
from huiyin.organization.actions import appoint
from huiyin.organization.models import Cluster
from huiyin.organization.queries import actor_of
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.references.actions import Wanted, issue, restrict
from huiyin.references.models import Reference
from huiyin.references.queries import by_number, visible_to
from huiyin.references.states import Kind, Sensitivity

CASE = Wanted(Kind.CASE, "投诉 · 电梯")


def seen_by(actor: Actor) -> list[str]:
    return list(visible_to(actor).order_by("id").values_list("title", flat=True))


def test_numbers_are_readable_unique_and_never_given_twice(cast: Cast, now: datetime) -> None:
    first = issue(cast.site, CASE, Wanted(Kind.CONTACT, "投诉"), now=now)
    second = issue(cast.sites["xueyuan"], CASE, now=now)
    serial = first[0].pk
    assert [one.number for one in (*first, *second)] == [
        f"SX26-{serial:06d}",
        f"JL26-{serial + 1:06d}",
        f"SX26-{serial + 2:06d}",
    ]
    Reference.objects.filter(pk=second[0].pk).delete()
    assert issue(cast.site, CASE, now=now)[0].pk == serial + 3


def test_the_year_of_a_number_is_the_year_in_the_house(cast: Cast, now: datetime) -> None:
    """Half past midnight on New Year's Day in Shanghai is still the old year in London."""
    new_year = now.replace(year=2027, month=1, day=1, hour=0, minute=30)
    assert issue(cast.site, CASE, now=new_year)[0].number[:5] == "SX27-"


def test_the_database_refuses_a_number_twice(cast: Cast, now: datetime) -> None:
    made = issue(cast.site, CASE, now=now)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Reference.objects.create(number=made.number, kind="SX", site=cast.site, title="", created_at=now)


def test_the_company_sees_all_a_site_its_own_and_others_nothing(cast: Cast, now: datetime) -> None:
    for code, site in cast.sites.items():
        issue(site, replace(CASE, title=code), now=now)
    assert seen_by(cast.director) == ["yulan", "hengtai", "xueyuan", "binjiang"]
    assert [seen_by(cast.clerk), seen_by(cast.engineer), seen_by(cast.stranger)] == [["yulan"], ["yulan"], ["hengtai"]]
    assert [seen_by(SYSTEM)] == [["yulan", "hengtai", "xueyuan", "binjiang"]]


@pytest.mark.parametrize("actor", [Actor("link", "portal"), Actor("customer", "1"), Actor("staff", "1")])
def test_whoever_has_no_post_sees_nothing(actor: Actor, cast: Cast, now: datetime) -> None:
    issue(cast.site, CASE, now=now)
    assert seen_by(actor) == []


def test_somebody_who_left_sees_nothing_at_once(cast: Cast, now: datetime) -> None:
    issue(cast.site, CASE, now=now)
    user = cast.users["chen"]
    user.posts.update(ended_on=now.date())
    assert seen_by(actor_of(user)) == []


def test_a_supervisor_sees_the_cluster_alone(cast: Cast, now: datetime) -> None:
    north = Cluster.objects.create(site=cast.site, code="north", name="北区")
    building, other = cast.site.buildings.order_by("code")[:2]
    building.cluster = north
    building.save()
    user = cast.users["lin"]
    user.posts.update(ended_on=now.date())
    appoint(user, role="cluster_supervisor", by=SYSTEM, now=now, company=cast.company.pk, site=cast.site, cluster=north)
    titles = (("inside", building), ("outside", other), ("nowhere", None))
    issue(cast.site, *(replace(CASE, title=title, building=place) for title, place in titles), now=now)
    assert seen_by(actor_of(user)) == ["inside"]


def test_what_is_restricted_is_for_the_manager_and_the_auditors(cast: Cast, now: datetime) -> None:
    made = issue(cast.site, replace(CASE, sensitivity=Sensitivity.RESTRICTED), now=now)[0]
    insiders = [cast.manager, cast.director, cast.actor("fang"), cast.actor("qian")]
    outsiders = [cast.clerk, cast.engineer, cast.stranger, cast.actor("zheng")]
    assert [by_number(made.number, actor) for actor in insiders] == [made] * 4
    assert [by_number(made.number, actor) for actor in outsiders] == [None] * 4


def test_restricting_later_hides_it_in_the_same_act(cast: Cast, now: datetime) -> None:
    made = issue(cast.site, CASE, now=now)[0]
    assert by_number(made.number, cast.clerk) == made
    restrict(made, Sensitivity.RESTRICTED)
    assert [by_number(made.number, cast.clerk), by_number(made.number, cast.manager)] == [None, made]


def test_two_posts_add_up(cast: Cast, now: datetime) -> None:
    """Clerk here, manager there: restricted things are seen there only."""
    appoint(
        cast.users["chen"],
        role="site_manager",
        by=SYSTEM,
        now=now,
        company=cast.company.pk,
        site=cast.sites["hengtai"],
    )
    for code in ("yulan", "hengtai"):
        issue(cast.sites[code], replace(CASE, title=f"{code} open"), now=now)
        issue(cast.sites[code], replace(CASE, title=f"{code} care", sensitivity=2), now=now)
    assert seen_by(cast.clerk) == ["yulan open", "hengtai open", "hengtai care"]


def test_a_missing_number_and_a_foreign_one_look_alike(cast: Cast, now: datetime) -> None:
    made = issue(cast.sites["hengtai"], CASE, now=now)[0]
    assert [by_number(made.number, cast.clerk), by_number("SX26-999999", cast.clerk)] == [None, None]
