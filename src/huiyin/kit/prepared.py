"""Counting by statements that are worked out once: every page counts what waits for its reader."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Given = ParamSpec("Given")


def counted(make: Callable[Given, QuerySet[Any]]) -> Callable[Given, int]:
    """How many rows a query set has that depends on its arguments alone (hashable ones; no clock, no database).

    The statement is worked out once for each set of arguments, which for the frame's counts costs ten times the asking.
    """

    @lru_cache(maxsize=1024)
    def statement(*given: Hashable) -> tuple[str, tuple[Any, ...]]:
        rows = make(*given).values("pk")  # type: ignore[call-arg, arg-type]
        try:
            asked, values = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        except EmptyResultSet:
            return "SELECT 0", ()
        return f"SELECT count(*) FROM ({asked}) AS counted", tuple(values)  # noqa: S608

    @wraps(make)
    def count(*given: Given.args, **_named: Given.kwargs) -> int:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(*statement(*given))
            return int(cursor.fetchone()[0])

    return count
