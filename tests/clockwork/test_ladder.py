"""The ladder of reminders: whoever the crew is, somebody living hears, never the absent; the director is the last rung."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.clockwork.actions import addressees
from huiyin.duties.models import Duty
from huiyin.handbook.rules import Rulebook, defaults, shipped, shipped_ids
from huiyin.organization.models import Post, User
from huiyin.organization.queries import LADDER, Crew
from huiyin.organization.states import Role

ROLES = st.sampled_from([*Role.values, "nobody_fills_this"])
PEOPLE = {number: User(pk=number, username=f"u{number}", name=f"人{number}") for number in range(1, 8)}
ABSENT = User(pk=99, username="gone", name="离职的人", is_active=False)


@st.composite
def crews(draw: st.DrawFn) -> Crew:
    """Living posts: what `picture_of` leaves of those that ended and of people who left."""
    posts = draw(
        st.lists(st.tuples(st.sampled_from(Role.values), st.sampled_from(list(PEOPLE)), st.booleans()), max_size=9)
    )
    made = [
        Post(pk=number, role=role, user=PEOPLE[who], site_id=1 if here else None, is_on_duty=here)
        for number, (role, who, here) in enumerate(posts, start=1)
    ]
    return Crew(tuple(made))


def duty(owner: User | None, role: str) -> Duty:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Duty(kind="solution", owner=owner, owner_role=role, opens_at=now, due_at=now)


@pytest.mark.clause("S1.6.a")
@given(crews(), st.sampled_from([None, ABSENT, *PEOPLE.values()]), ROLES, st.lists(ROLES, max_size=2))
def test_every_escalation_has_a_living_addressee_and_never_an_absent_one(
    crew: Crew, owner: User | None, role: str, rung: list[str]
) -> None:
    here = {post.user_id for post in crew.posts}
    people = addressees(duty(owner, role), tuple(rung), crew)
    assert {person.pk for person in people} <= here
    assert len({person.pk for person in people}) == len(people)
    if any(post.role in LADDER for post in crew.posts):
        assert people


@pytest.mark.clause("S1.6.a")
def test_the_director_is_the_last_rung_of_every_handbook() -> None:
    for name in shipped_ids():
        rungs = Rulebook((shipped(name),), defaults(), shipped(name).site_kinds[0]).rungs()
        assert [rung.percent for rung in rungs] == [50, 80, 100, 150]
        assert rungs[-1].roles == (Role.DIRECTOR,)
