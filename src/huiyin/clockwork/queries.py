"""How the program is doing."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import huiyin
from huiyin.clockwork.models import Backup, Heartbeat
from huiyin.duties.queries import open_now
from huiyin.interactions.queries import is_mailbox_silent, is_outbox_stuck, mail_counts, maybe_twice, outbox_counts
from huiyin.journal.queries import unlinked
from huiyin.organization.models import Company

SILENT_AFTER = 120  # seconds without a heartbeat, a message's first try, a mailbox's answer
LOW_DISK = 500 * 1024 * 1024  # bytes
BACKUP_AFTER = timedelta(hours=26)  # a nightly one may take its time


def heartbeat_age(now: datetime) -> float | None:
    """Seconds since any worker was alive; None when none ever was."""
    newest = Heartbeat.objects.order_by("-at").first()
    return (now - newest.at).total_seconds() if newest else None


def troubles(now: datetime) -> list[str]:
    """What is wrong, by the codes of `states.TROUBLES`; each stands here two minutes after it broke at the latest."""
    age = heartbeat_age(now)
    checks = {
        "worker": age is None or age >= SILENT_AFTER,
        "outbox": is_outbox_stuck(now, seconds=SILENT_AFTER),
        "mailbox": is_mailbox_silent(now, seconds=SILENT_AFTER),
        "disk": free_disk() < LOW_DISK,
        "backup": _is_backup_old(now),
    }
    return [name for name, is_wrong in checks.items() if is_wrong]


def free_disk() -> int:
    """Bytes that are left where files are kept."""
    place = Path(settings.MEDIA)
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def _is_backup_old(now: datetime) -> bool:
    """Whether the newest backup is too old; a town made up for looking at needs none."""
    if not Company.objects.filter(is_demo=False).exists():
        return False
    return not Backup.objects.filter(made_at__gte=now - BACKUP_AFTER).exists()


def unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def status(now: datetime) -> dict[str, Any]:
    """Version, database, migrations, worker, queues, last backup, and what is wrong."""
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
        "queues": {
            "outbox": outbox_counts(),
            "maybe_twice": maybe_twice().count(),
            "unsealed": unlinked().count(),
            "open_duties": open_now(now=now).count(),
        },
        "mail": mail_counts(now),
        "troubles": troubles(now),
        "last_backup": last and {"path": last.path, "made_at": last.made_at.isoformat(), "sha256": last.digest},
    }
