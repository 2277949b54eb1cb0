"""What a process remembers of a site, and that it never outlives a change, whoever makes it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from huiyin.demo.cast import Cast
from huiyin.organization.models import Alias, Department, Post, Remit, RemitMatrix, User
from huiyin.organization.queries import actor_of, actor_with_sites, crew_of, person_by_id, picture_of, stamp
from huiyin.organization.schema import WATCHED


def elsewhere(statement: str, *values: object) -> int:
    """As another program on the same database would do it: past every line of Python here. Rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _some_remits(cast: Cast) -> None:
    unit = Department.objects.filter(site=cast.site)[0]
    matrix = RemitMatrix.objects.create(site=cast.site, version=1, saved_at=datetime(2026, 1, 1, tzinfo=UTC))
    Remit.objects.create(matrix=matrix, category="leak", department=unit)
    Alias.objects.create(site=cast.site, role="x", department=unit)


@pytest.mark.parametrize("table", WATCHED)
def test_a_change_of_any_watched_table_changes_the_stamp(table: str, cast: Cast) -> None:
    """Also says that no migration rebuilt a table and lost its triggers on the way."""
    _some_remits(cast)
    column = WATCHED[table].split(",")[0] or "id"
    before = stamp()
    assert elsewhere(f"UPDATE {table} SET {column} = {column}") > 0
    after = stamp()
    elsewhere(f"DELETE FROM {table} WHERE id = -1")
    assert before != after


def test_rows_that_come_and_go_change_it_too(cast: Cast) -> None:
    seen = [stamp()]
    post = Post.objects.create(user=cast.users["wang"], role="auditor", company=cast.company)
    seen.append(stamp())
    post.delete()
    seen.append(stamp())
    assert len(set(seen)) == 3


def test_logging_in_changes_nothing(cast: Cast, now: datetime) -> None:
    before = stamp()
    User.objects.filter(pk=cast.users["chen"].pk).update(last_login=now)
    assert stamp() == before


def test_what_another_process_changed_is_seen_at_once(cast: Cast, now: datetime) -> None:
    chen = cast.users["chen"]
    assert [str(crew_of(cast.site).accountable()), actor_of(chen).may("cases.close", cast.site)] == ["陈晓雯", True]
    elsewhere("UPDATE organization_post SET ended_on = %s WHERE user_id = %s", now.date(), chen.pk)
    assert [str(crew_of(cast.site).accountable()), actor_of(chen).may("cases.close", cast.site)] == ["林小梅", False]
    elsewhere("UPDATE organization_user SET name = %s WHERE id = %s", "林梅", cast.users["lin"].pk)
    assert str(crew_of(cast.site).accountable()) == "林梅"


def test_what_was_rolled_back_was_never_so(cast: Cast, now: datetime) -> None:
    names = []
    for username in ("chen", "lin"):
        with transaction.atomic():
            Post.objects.filter(user=cast.users[username]).update(ended_on=now.date() - timedelta(days=1))
            names.append(str(crew_of(cast.site).accountable()))
            transaction.set_rollback(True)
        names.append(str(crew_of(cast.site).accountable()))
    assert names == ["林小梅", "陈晓雯", "陈晓雯", "陈晓雯"]


def test_without_a_stamp_nothing_is_remembered(cast: Cast) -> None:
    elsewhere("DELETE FROM organization_stamp")
    assert len({stamp(), stamp(), stamp()}) == 3
    assert str(crew_of(cast.site).accountable()) == "陈晓雯"


def test_a_picture_costs_one_small_query(cast: Cast, django_assert_num_queries: Any) -> None:
    picture_of(cast.site), actor_with_sites(cast.users["chen"])
    for look in (lambda: picture_of(cast.site), lambda: actor_with_sites(cast.users["chen"])):
        with django_assert_num_queries(1):
            look()


def test_a_person_comes_with_the_stamp_of_the_moment(cast: Cast, django_assert_num_queries: Any) -> None:
    chen = cast.users["chen"]
    picture_of(cast.site), actor_with_sites(chen)
    with django_assert_num_queries(1):
        found = person_by_id(chen.pk)
        assert found is not None
        stamped = found.stamped  # type: ignore[attr-defined]
        actor, sites = actor_with_sites(found, stamped)
        picture = picture_of(cast.site, stamped)
    assert [found, stamped, actor, sites] == [chen, stamp(), *actor_with_sites(chen)]
    assert [picture, person_by_id(0)] == [picture_of(cast.site), None]
    elsewhere("UPDATE organization_user SET name = '陈大文' WHERE username = 'chen'")
    found = person_by_id(chen.pk)
    assert found is not None
    assert [found.name, found.stamped == stamped] == ["陈大文", False]  # type: ignore[attr-defined]
