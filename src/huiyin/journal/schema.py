"""The triggers that keep entries and links as they were written, on both databases."""

from typing import Any

KEPT = ("journal_entry", "journal_link")

_POSTGRES = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$ LANGUAGE plpgsql;
"""


def add_triggers(apps: Any, editor: Any) -> None:
    """Migration step and the end of `demo remove`: refuse UPDATE and DELETE of the kept tables."""
    postgres = editor.connection.vendor == "postgresql"
    if postgres:
        editor.execute(_POSTGRES)
    for table in KEPT:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            if postgres:
                body = "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
            else:
                body = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {body}")


def drop_triggers(apps: Any, editor: Any) -> None:
    """Only for emptying a demo or a test database."""
    on = {table: f" ON {table}" if editor.connection.vendor == "postgresql" else "" for table in KEPT}
    for table in KEPT:
        for act in ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on[table]}")
