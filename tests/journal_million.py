"""P1: a journal of a million entries, sealed day by day as the worker does, walked whole, and walked again with one byte changed.

python -m tests.journal_million [entries]: on SQLite in a folder of its own; behind ./bin/on-postgres on that. Prints seconds.
"""

import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

A_DAY = 2_000  # entries; what the sealer links at once
BEGAN = datetime(2026, 1, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
VERBS = ("cases.received", "cases.answered", "duties.discharged", "customers.revealed", "accounts.logged_in")


@dataclass(frozen=True)
class Somebody:
    signature: str


def filled(entries: int) -> None:
    """So many acts of forty people at as many cases as a town has, each with facts and digests, on as many days as it takes."""
    from django.db import transaction

    from huiyin.journal import actions
    from huiyin.journal.models import Entry
    from huiyin.journal.rules import salted
    from huiyin.kit.inserts import insert

    for first in range(0, entries, A_DAY):
        at = BEGAN + timedelta(days=first // A_DAY)
        rows = [
            Entry(
                at=at + timedelta(seconds=10 * n),
                verb=VERBS[n % len(VERBS)],
                reference=f"SX26-{n % 90_000:06}",
                actor=Somebody(f"staff:{n % 40}").signature,
                facts={"site": "yulan", "kind": "complaint", "row": n},
                digests={"answer": salted(str(n), "salt")} if n % 2 else {},
            )
            for n in range(first, min(first + A_DAY, entries))
        ]
        with transaction.atomic():
            for start in range(0, len(rows), 100):
                insert(*rows[start : start + 100])
        actions.seal(now=at + timedelta(hours=8))
        actions.close_days(now=at + timedelta(days=1))


def walked() -> tuple[float, object]:
    """Seconds of the clock and the verdict."""
    from huiyin.journal.queries import verify

    began = time.monotonic()
    verdict = verify()
    return time.monotonic() - began, verdict


def changed(seq: int) -> None:
    """One letter of one entry, past the triggers, as whoever owns the database could."""
    from django.db import connection

    from huiyin.journal.models import Link

    entry = Link.objects.get(seq=seq).entry_id
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("UPDATE journal_entry SET reference = 'SX26-999999' WHERE id = %s", [entry])


def main() -> int:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "var").mkdir()
        os.environ["HUIYIN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", interactive=False, verbosity=0)
        began = time.monotonic()
        filled(entries)
        print(f"{connection.vendor}: {entries:,} entries written and sealed in {time.monotonic() - began:.0f} s")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, whole = walked()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"walked whole in {seconds:.1f} s, {grown:.0f} MB more: {whole}")
        seq = entries * 2 // 3
        changed(seq)
        seconds, broken = walked()
        print(f"one entry changed, found in {seconds:.1f} s: {broken}")
        connection.close()
    found = getattr(broken, "broken_at", None)
    return 0 if getattr(whole, "whole", False) and found == seq else 1


if __name__ == "__main__":
    sys.exit(main())
