"""Looking for an imported contact takes the way of its index: an import of thousands must not read a site over and over."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.demo.cast import Cast
from huiyin.interactions.queries import was_imported


def test_a_number_of_another_system_is_found_by_its_index(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert not was_imported(cast.site, "M000001")
    if connection.vendor != "sqlite":  # PostgreSQL decides by the size of the table
        return
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked.captured_queries[0]["sql"])
        assert "interaction_source_once" in str(cursor.fetchall())
