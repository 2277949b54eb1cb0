"""Counting by statements that are worked out once: every page counts what waits for its reader."""

from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Given = ParamSpec("Given")
Statement = tuple[str, tuple[Any, ...]]  # one that answers with one number, and its values


class Counted(Generic[Given]):
    """How many rows a query set has. Called it asks at once; `statement` can be asked together with others."""

    def __init__(self, make: Callable[Given, QuerySet[Any]]) -> None:
        @lru_cache(maxsize=1024)
        def worked_out(*given: Hashable) -> Statement:
            rows = make(*given).values("pk")  # type: ignore[call-arg, arg-type]
            try:
                asked, values = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            except EmptyResultSet:
                return "SELECT 0", ()
            return f"SELECT count(*) FROM ({asked}) AS counted", tuple(values)  # noqa: S608

        self._worked_out = worked_out
        update_wrapper(self, make)

    def statement(self, *given: Given.args, **_named: Given.kwargs) -> Statement:
        return self._worked_out(*given)

    def __call__(self, *given: Given.args, **_named: Given.kwargs) -> int:
        return at_once(self._worked_out(*given))[0]


def counted(make: Callable[Given, QuerySet[Any]]) -> Counted[Given]:
    """Count a query set that depends on its arguments alone (hashable ones; no clock, no database).

    The statement is worked out once for each set of arguments, which for the frame's counts costs ten times the asking.
    """
    return Counted(make)


def at_once(*statements: Statement) -> tuple[int, ...]:
    """The numbers that several statements answer with. One query."""
    asked = "SELECT " + ", ".join(f"({statement})" for statement, _values in statements)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(asked, [value for _statement, values in statements for value in values])
        return tuple(int(number) for number in cursor.fetchone())
