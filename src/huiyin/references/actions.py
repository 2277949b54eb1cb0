"""Giving numbers and indexing words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from huiyin.kit.chinese import index_text
from huiyin.kit.inserts import insert
from huiyin.organization.models import Building, Department, Site
from huiyin.references.models import Reference, SearchPart
from huiyin.references.rules import INDEXED_CHARACTERS, number_of
from huiyin.references.states import Sensitivity


@dataclass(frozen=True)
class Wanted:
    """A number that is wanted for something. `title` holds kind, place and category, never a person's words or name."""

    kind: str
    title: str
    building: Building | None = None
    department: Department | None = None
    sensitivity: int = Sensitivity.SITE


def issue(site: Site, *wanted: Wanted, now: datetime) -> list[Reference]:
    """Make the references, in one statement after one look at the sequence. Locks nothing on PostgreSQL."""
    made = []
    for serial, one in zip(_serials(len(wanted)), wanted, strict=True):
        made.append(
            Reference(
                id=serial,
                number=number_of(one.kind, serial, timezone.localtime(now)),
                kind=one.kind,
                site=site,
                cluster_id=one.building.cluster_id if one.building else None,
                building=one.building,
                department=one.department,
                sensitivity=one.sensitivity,
                title=one.title[:200],
                created_at=now,
            )
        )
    return list(insert(*made))


def _serials(count: int) -> Sequence[int]:
    """The next ids: from the sequence on PostgreSQL; after the highest on SQLite, whose one writer we are."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('references_reference', 'id')) FROM generate_series(1, %s)",
                [count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'references_reference'")
        newest = cursor.fetchone()[0]
    return range(newest + 1, newest + 1 + count)


def index(reference: Reference, part: str, *texts: str) -> None:
    """Make the words findable under the reference. Call again with another `part` to add more."""
    tokens = index_text("\n".join(text for text in texts if text)[:INDEXED_CHARACTERS])
    if tokens:
        insert(SearchPart(reference=reference, part=part, tokens=tokens))


def restrict(reference: Reference, sensitivity: int) -> None:
    """Change how widely a reference is seen, in the owner's transaction."""
    Reference.objects.filter(pk=reference.pk).update(sensitivity=sensitivity)
    reference.sensitivity = sensitivity
