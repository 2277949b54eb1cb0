"""The full-text index under SearchPart, on both databases: complete for any two characters inside a Chinese sentence."""

from typing import Any

_SQLITE = (
    "CREATE VIRTUAL TABLE references_words USING fts5(tokens, content='references_searchpart', content_rowid='id')",
    "CREATE TRIGGER references_words_added AFTER INSERT ON references_searchpart BEGIN "
    "INSERT INTO references_words(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER references_words_removed AFTER DELETE ON references_searchpart BEGIN "
    "INSERT INTO references_words(references_words, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER references_words_changed AFTER UPDATE ON references_searchpart BEGIN "
    "INSERT INTO references_words(references_words, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
    "INSERT INTO references_words(rowid, tokens) VALUES (new.id, new.tokens); END",
)
_POSTGRES = (
    "ALTER TABLE references_searchpart ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED",
    "CREATE INDEX references_words ON references_searchpart USING gin (words)",
)


def add_index(apps: Any, editor: Any) -> None:
    for statement in _POSTGRES if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


def drop_index(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE references_searchpart DROP COLUMN words")
        return
    for name in ("added", "removed", "changed"):
        editor.execute(f"DROP TRIGGER references_words_{name}")
    editor.execute("DROP TABLE references_words")
