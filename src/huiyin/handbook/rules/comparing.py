"""What changes when one text of a handbook takes the place of another: in its clauses, its values and its dated duties. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from huiyin.handbook.rules.planning import Planned
from huiyin.handbook.schema import Handbook

# The tables that other rooms read, beside clauses and recurring duties; what names an entry within its table.
TABLES = {
    "roles": ("id",),
    "limits": ("name", "kinds", "urgency"),
    "quotas": ("name",),
    "channels": ("channel",),
    "chains": ("kind",),
    "publications": ("kind",),
    "forms": ("code",),
    "categories": ("code",),
    "keywords": ("category",),
    "rungs": ("percent",),
    "retention": ("record",),
}


@dataclass(frozen=True)
class Moved:
    """A dated duty that comes, goes (`before` or `after` is None) or changes."""

    before: Planned | None
    after: Planned | None

    @property
    def either(self) -> Planned:
        found = self.after or self.before
        if found is None:
            raise LookupError("a change of nothing")
        return found


@dataclass(frozen=True)
class Altered:
    """A clause or an entry of a table that comes, goes or changes; as TOML would name and hold it."""

    table: str
    name: str
    before: dict[str, object] | None
    after: dict[str, object] | None

    @property
    def fields(self) -> list[tuple[str, object, object]]:
        """(key, before, after) of what differs."""
        old, new = self.before or {}, self.after or {}
        return [(key, old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)]


def moved(before: Iterable[Planned], after: Iterable[Planned]) -> list[Moved]:
    """The dated duties in which two plans differ, in order of their new due day."""
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    changes = [Moved(old.get(key), new.get(key)) for key in {**old, **new}]
    differing = (one for one in changes if _promise(one.before) != _promise(one.after))
    return sorted(differing, key=lambda one: (one.either.due, one.either.key))


def _promise(row: Planned | None) -> tuple[object, ...]:
    """What a duty asks of people: when, of whom, with what."""
    return () if row is None else (row.opens, row.due, row.owner, row.papers, row.lacking)


def altered(before: Handbook | None, after: Handbook) -> list[Altered]:
    """The clauses and values in which two texts differ, in the order of the language."""
    changes = _entries("clauses", before.clauses if before else (), after.clauses, ("id",))
    for table, names in TABLES.items():
        changes += _entries(table, getattr(before, table, ()), getattr(after, table), names)
    return changes


def _entries(
    table: str, before: Iterable[msgspec.Struct], after: Iterable[msgspec.Struct], names: tuple[str, ...]
) -> list[Altered]:
    old, new = ({_name(one, names): msgspec.to_builtins(one) for one in entries} for entries in (before, after))
    return [
        Altered(table, name, old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)
    ]


def _name(entry: msgspec.Struct, names: tuple[str, ...]) -> str:
    parts = (getattr(entry, name) for name in names)
    return " ".join(str(part) if not isinstance(part, tuple) else "/".join(part) for part in parts if part)
