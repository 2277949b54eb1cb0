"""Writing to the journal: one line per action, the sealer that chains the lines, and the closing of a day."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from huiyin.journal.models import DailyRoot, Detail, Entry, Link
from huiyin.journal.queries import as_act, unlinked, unlinked_nearby
from huiyin.journal.rules import GENESIS, chained, rooted, salted
from huiyin.kit.inserts import insert

SEALER_LOCK = 7_220_311  # any fixed number: PostgreSQL's advisory lock of the one sealer
ONE_DAY = timedelta(days=1)


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
) -> Entry:
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
    return entry


def forget_values(**facts: Any) -> int:
    """Delete the personal values behind entries with these facts; the entries, their digests and the chain stay. How many."""
    entries = Entry.objects.filter(**{f"facts__{name}": value for name, value in facts.items()})
    return Detail.objects.filter(entry__in=entries).delete()[0]


def seal(*, now: datetime, at_most: int = 2000) -> int:
    """Link up to `at_most` entries that have no link. Returns how many. Only one sealer works at a time."""
    with transaction.atomic():
        return _link(list(unlinked_nearby()[:at_most]), now) if _am_the_sealer() else 0


def close_days(*, now: datetime) -> int:
    """日封: put down the root of every day that has ended. Returns how many days were closed; repeating it closes none.

    Days are those of sealing. The first day is that of the first link; a day without entries is closed as well.
    """
    today = timezone.localdate(now)
    if DailyRoot.objects.filter(day__gte=today - ONE_DAY).exists():
        return 0
    with transaction.atomic():
        if not _am_the_sealer():
            return 0
        _link(list(unlinked()), now)
        return _close(today, now)


def _close(today: date, now: datetime) -> int:
    last = DailyRoot.objects.order_by("-day").first()
    first_link = Link.objects.order_by("seq").first()
    if first_link is None:
        return 0
    day = last.day + ONE_DAY if last else timezone.localdate(first_link.sealed_at)
    seq, root = (last.last_seq, last.root) if last else (0, GENESIS)
    closed = []
    while day < today:
        links = Link.objects.filter(seq__gt=seq, sealed_at__lt=_midnight(day + ONE_DAY)).order_by("seq")
        hashes = list(links.values_list("hash", flat=True))
        first, seq, before = seq + 1, seq + len(hashes), root
        root = rooted(before, day, first, seq, hashes)
        closed.append(DailyRoot(day=day, first_seq=first, last_seq=seq, previous_root=before, root=root, closed_at=now))
        day += ONE_DAY
    DailyRoot.objects.bulk_create(closed)
    return len(closed)


def _am_the_sealer() -> bool:
    """Whether this transaction is the one that may link: an advisory lock on PostgreSQL, the one writer on SQLite."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def _link(entries: list[Entry], now: datetime) -> int:
    """Chain these entries behind the last link. Their time never lies before it, nor on a day that is closed already."""
    if not entries:
        return 0
    last = Link.objects.order_by("-seq").first()
    previous, seq = (last.hash, last.seq) if last else (GENESIS, 0)
    at = max(now, last.sealed_at) if last else now
    closed = DailyRoot.objects.order_by("-day").first()
    if closed:
        at = max(at, _midnight(closed.day + ONE_DAY))
    links = []
    for entry in entries:
        seq += 1
        digest = chained(previous, seq, as_act(entry))
        links.append(Link(seq=seq, entry=entry, previous=previous, hash=digest, sealed_at=at))
        previous = digest
    Link.objects.bulk_create(links)
    return len(links)


def _midnight(day: date) -> datetime:
    """The first instant of a day, in the house's own time zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
