"""Inserting rows by statements that are worked out once: where a contact comes in, the working out cost more than the inserting."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    OneToOneField,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
)

Row = TypeVar("Row", bound=Model)
# Fields whose plain values go into the database as they are, so that nobody has to be asked how.
PLAIN_FIELDS = frozenset(
    {
        *(CharField, TextField, BooleanField, ForeignKey, OneToOneField),
        *(IntegerField, PositiveIntegerField, PositiveSmallIntegerField),
    }
)
PLAIN_VALUES = frozenset({str, int, bool, type(None)})


def insert(*rows: Row, skip_known: bool = False) -> tuple[Row, ...]:
    """Insert rows of one model and give each its key; one statement. No signal is sent, no default of the database read back.

    With `skip_known` rows that break a unique constraint are left out, and no row gets a key. Integrity errors come
    through as the database raises them.
    """
    if not rows:
        return rows
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(rows[0])
    has_keys = rows[0].pk is not None
    sql, fields = _statement(model, connection.vendor, len(rows), has_keys, skip_known)
    values = [_value(row, field, connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if not has_keys and not skip_known:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return rows


def _value(row: Model, field: "Field[Any, Any]", connection: BaseDatabaseWrapper) -> Any:
    value = getattr(row, field.attname)
    if type(value) in PLAIN_VALUES and type(field) in PLAIN_FIELDS:
        return value
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)


@lru_cache(maxsize=256)
def _statement(
    model: type[Model], vendor: str, count: int, has_keys: bool, skip_known: bool
) -> tuple[str, "Sequence[Field[Any, Any]]"]:
    def quoted(name: str | None) -> str:
        return connections[DEFAULT_DB_ALIAS].ops.quote_name(name or "")

    fields = [field for field in model._meta.local_concrete_fields if has_keys or not field.primary_key]
    columns = ", ".join(quoted(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    sql = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES {', '.join([one] * count)}"  # noqa: S608
    if skip_known:
        sql += " ON CONFLICT DO NOTHING"
    elif not has_keys:
        sql += f" RETURNING {quoted(model._meta.pk.column)}"
    return sql, fields
