"""Looking for an imported contact takes the way of its index: an import of thousands must not read a site over and over."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.demo.cast import Cast
from huiyin.interactions.queries import lines_of_page, was_imported


def plan_of(asked: CaptureQueriesContext) -> str:
    """The way SQLite takes to the answer of the one question that was asked."""
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked.captured_queries[0]["sql"])
        return str(cursor.fetchall())


def test_a_number_of_another_system_is_found_by_its_index(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert not was_imported(cast.site, "M000001")
    if connection.vendor == "sqlite":  # PostgreSQL decides by the size of the table
        assert "interaction_source_once" in plan_of(asked)


def test_the_rows_of_a_paper_page_are_found_by_the_same_index(cast: Cast) -> None:
    manager = cast.manager
    with CaptureQueriesContext(connection) as asked:
        assert lines_of_page(cast.site, "261123-100000-01", 20, manager) == {}
    if connection.vendor == "sqlite":
        assert "interaction_source_once" in plan_of(asked)
