"""How the program is doing."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import huiyin
from huiyin.clockwork.models import Backup, Heartbeat
from huiyin.duties.queries import open_now
from huiyin.interactions.queries import mail_counts, outbox_counts
from huiyin.journal.queries import unlinked

SILENT_AFTER = 120  # seconds without a heartbeat


def heartbeat_age(now: datetime) -> float | None:
    """Seconds since any worker was alive; None when none ever was."""
    newest = Heartbeat.objects.order_by("-at").first()
    return (now - newest.at).total_seconds() if newest else None


def unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def status(now: datetime) -> dict[str, Any]:
    """Version, database, migrations, worker, queues, last backup."""
    age = heartbeat_age(now)
    last = Backup.objects.order_by("-made_at").first()
    return {
        "version": huiyin.__version__,
        "database": connection.vendor,
        "migrations": {"unapplied": unapplied_migrations()},
        "worker": {
            "heartbeat_age": None if age is None else round(age, 1),
            "alive": age is not None and age < SILENT_AFTER,
        },
        "queues": {"outbox": outbox_counts(), "unsealed": unlinked().count(), "open_duties": open_now(now=now).count()},
        "mail": mail_counts(now),
        "last_backup": last and {"path": last.path, "made_at": last.made_at.isoformat(), "sha256": last.digest},
    }
