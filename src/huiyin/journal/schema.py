"""The triggers that keep entries, links and daily roots as they were written, on both databases."""

from collections.abc import Callable
from typing import Any

KEPT = ("journal_entry", "journal_link", "journal_dailyroot")

_POSTGRES = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$ LANGUAGE plpgsql;
"""
Change = Callable[[Any, Any], None]


def keeping(*tables: str) -> tuple[Change, Change]:
    """A migration's step and its way back: refuse UPDATE and DELETE of these tables."""
    return (lambda _apps, editor: _add(editor, tables)), (lambda _apps, editor: _drop(editor, tables))


def add_triggers(apps: Any, editor: Any) -> None:
    """The end of `demo remove`: refuse UPDATE and DELETE of all kept tables."""
    _add(editor, KEPT)


def drop_triggers(apps: Any, editor: Any) -> None:
    """Only for emptying a demo or a test database."""
    _drop(editor, KEPT)


def _add(editor: Any, tables: tuple[str, ...]) -> None:
    postgres = editor.connection.vendor == "postgresql"
    if postgres:
        editor.execute(_POSTGRES)
    for table in tables:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            if postgres:
                body = "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
            else:
                body = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {body}")


def _drop(editor: Any, tables: tuple[str, ...]) -> None:
    for table in tables:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for act in ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}")
