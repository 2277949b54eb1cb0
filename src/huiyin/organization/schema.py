"""The triggers that change the stamp whenever the organization changes, whoever changes it and from which process.

A random value, not a count: one that was rolled back never comes again with another meaning.
"""

from typing import Any

# Tables a Picture is drawn from; of a user only what others see, for a log-in changes nothing.
WATCHED = {
    "organization_company": "",
    "organization_site": "",
    "organization_department": "",
    "organization_cluster": "",
    "organization_building": "",
    "organization_remitmatrix": "",
    "organization_remit": "",
    "organization_alias": "",
    "organization_post": "",
    "organization_calendaryear": "",
    "organization_user": "name, username, kind, phone, email, language, is_active",
}

_POSTGRES = """
CREATE OR REPLACE FUNCTION organization_stamped() RETURNS trigger AS $$
BEGIN
    INSERT INTO organization_stamp (id, value) VALUES (1, gen_random_uuid()::text)
    ON CONFLICT (id) DO UPDATE SET value = excluded.value;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""
_SQLITE = (
    "INSERT INTO organization_stamp (id, value) VALUES (1, hex(randomblob(16))) "
    "ON CONFLICT (id) DO UPDATE SET value = excluded.value;"
)


def add_stamp(apps: Any, editor: Any) -> None:
    """Migration step. A later step that rebuilds a watched table on SQLite has to run this again: a test notices."""
    random = "gen_random_uuid()::text" if editor.connection.vendor == "postgresql" else "hex(randomblob(16))"
    editor.execute(f"INSERT INTO organization_stamp (id, value) VALUES (1, {random}) ON CONFLICT (id) DO NOTHING")  # noqa: S608
    if editor.connection.vendor == "postgresql":
        editor.execute(_POSTGRES)
    there = set(editor.connection.introspection.table_names())
    for table, columns in WATCHED.items():
        if table not in there:  # it comes with a later step, which runs this again
            continue
        update = f"UPDATE OF {columns}" if columns else "UPDATE"
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE OR REPLACE TRIGGER {table}_stamped AFTER INSERT OR DELETE OR TRUNCATE OR {update} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION organization_stamped()"
            )
            continue
        for act in ("INSERT", "DELETE", update):
            name = f"{table}_stamped_{act.split()[0].lower()}"
            editor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {act} ON {table} BEGIN {_SQLITE} END")


def drop_stamp(apps: Any, editor: Any) -> None:
    there = set(editor.connection.introspection.table_names())
    for table in WATCHED:
        if table not in there:
            continue
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_stamped ON {table}")
            continue
        for act in ("insert", "delete", "update"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_stamped_{act}")
