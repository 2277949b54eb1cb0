"""The town has what the procedures ask about: terms, clusters, a committee, a client, a project under warranty."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from huiyin.customers.queries import holders_of
from huiyin.demo.cast import STAFF, Cast
from huiyin.demo.public_answers import tell_everybody
from huiyin.demo.town import Year
from huiyin.engineering.queries import facts_of
from huiyin.journal.models import Entry
from huiyin.organization.queries import circumstances_of, crew_of, terms_of
from huiyin.organization.states import Role
from huiyin.reports.models import PublicAnswer
from tests.acts import close, take
from tests.reports.test_public_answers import closed


def test_every_role_is_played_but_the_programs(cast: Cast) -> None:
    assert set(Role.values) - {person.role for person in STAFF} == {"system_service"}


def test_two_semesters_a_year_for_the_past_and_the_coming_years(cast: Cast) -> None:
    terms = terms_of(cast.sites["xueyuan"])
    assert [term.period for term in terms] == [f"{year}-{year + 1}-{n}" for year in range(2024, 2029) for n in (1, 2)]
    assert {(term.first_on.weekday(), (term.last_on - term.first_on).days) for term in terms} == {(0, 137)}


def test_clusters_with_their_supervisors(cast: Cast) -> None:
    campus = cast.sites["xueyuan"]
    assert [
        (one.code, [str(building) for building in one.buildings.all()]) for one in campus.clusters.order_by("code")
    ] == [
        ("east", ["学苑1栋", "学苑2栋"]),
        ("west", ["学苑3栋", "学苑4栋"]),
    ]
    posts = [post for post in crew_of(campus).posts if post.role == Role.CLUSTER_SUPERVISOR]
    assert [(post.user.name, str(post.cluster)) for post in posts] == [("罗佳", "东区组团"), ("宋平", "西区组团")]


@pytest.mark.parametrize(
    ("code", "role", "name"),
    [
        ("hengtai", "client", "恒泰置业有限公司"),
        ("binjiang", "developer", "滨江城建开发有限公司"),
        ("binjiang", "supervising_engineer", "正信工程监理有限公司"),
    ],
)
def test_who_speaks_for_others(code: str, role: str, name: str, cast: Cast, now: datetime) -> None:
    assert [str(one.name) for one in holders_of(cast.sites[code], role, on=now.date())] == [name]


def test_a_committee_with_its_chair(cast: Cast, now: datetime) -> None:
    assert circumstances_of(cast.site)["owners_committee"].holds
    assert holders_of(cast.site, "committee_chair", on=now.date()) == [cast.residents["yulan"][-1]]
    chosen = holders_of(cast.sites["xueyuan"], "student_representative", on=now.date())
    assert chosen == [cast.residents["xueyuan"][-1]]


def test_a_project_under_warranty(cast: Cast, now: datetime) -> None:
    facts = facts_of(cast.sites["binjiang"])
    assert facts is not None
    assert (facts.phase_on(now.date()), facts.completed_on, len(facts.parts)) == ("warranty", date(2025, 6, 20), 9)
    assert facts.phase_on(date(2024, 6, 1)) == "construction"


def test_the_same_town_every_time(cast: Cast, now: datetime, media: Path) -> None:
    """What happens, and when, is drawn by dice that always fall the same."""
    lived = []
    for _twice in range(2):
        with transaction.atomic():
            Year(cast, now - timedelta(days=90), now, random.Random(26)).live(dict.fromkeys(cast.sites, 9))
            lived.append(list(Entry.objects.order_by("id").values_list("at", "verb")))
            transaction.set_rollback(True)
    assert len(lived[0]) > 100
    assert lived[0] == lived[1]


def test_everybody_is_told_of_closed_matters(cast: Cast, now: datetime, media: Path) -> None:
    """One public answer in two sites, prepared by the clerk, published by the manager; nothing where nothing is closed."""
    tell_everybody(cast, now)
    assert PublicAnswer.objects.count() == 0
    close(take(cast, now), cast, now)
    nameless = closed(cast, now)
    tell_everybody(cast, now + timedelta(days=4))
    told = list(PublicAnswer.objects.order_by("id").values_list("site__code", "state", "prepared_by__username"))
    assert told == [("yulan", "published", "chen"), ("xueyuan", "published", "yang")]
    assert [case.pk for case in PublicAnswer.objects.get(site__code="xueyuan").cases.all()] == [nameless.pk]
