"""Writing to the journal: one line per action, and the sealer that chains the lines."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from huiyin.journal.models import Detail, Entry, Link
from huiyin.journal.queries import as_act, unlinked
from huiyin.journal.rules import GENESIS, chained, salted
from huiyin.kit.inserts import insert

SEALER_LOCK = 7_220_311  # any fixed number: PostgreSQL's advisory lock of the one sealer


class Signs(Protocol):
    """Whoever can sign an entry: an Actor of organization, without knowing it."""

    @property
    def signature(self) -> str: ...


def record(
    verb: str,
    *,
    by: Signs,
    now: datetime,
    reference: str = "",
    facts: Mapping[str, Any] | None = None,
    fields: Mapping[str, str] | None = None,
) -> None:
    """Insert one unchained entry in the caller's transaction.

    `facts` stand open in the chain and must name no person; `fields` are personal values: only their salted digests are
    chained, the values go to a detail row that may be deleted.
    """
    salt = secrets.token_hex(16) if fields else ""
    entry = Entry(
        at=now,
        verb=verb,
        reference=reference,
        actor=by.signature,
        facts=dict(facts or {}),
        digests={name: salted(value, salt) for name, value in (fields or {}).items()},
    )
    insert(entry)
    if fields:
        insert(Detail(entry=entry, salt=salt, values=dict(fields)))


def seal(*, now: datetime, at_most: int = 2000) -> int:
    """Link up to `at_most` entries that have no link. Returns how many. Only one sealer works at a time."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
                if not cursor.fetchone()[0]:
                    return 0
        last = Link.objects.order_by("-seq").first()
        previous, seq = (last.hash, last.seq) if last else (GENESIS, 0)
        links = []
        for entry in unlinked()[:at_most]:
            seq += 1
            digest = chained(previous, seq, as_act(entry))
            links.append(Link(seq=seq, entry=entry, previous=previous, hash=digest, sealed_at=now))
            previous = digest
        Link.objects.bulk_create(links)
    return len(links)
