"""How the program is doing."""

import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import huiyin
from huiyin.clockwork.certificate import UNREACHABLE
from huiyin.clockwork.models import Backup, Certificate, Heartbeat, Jump
from huiyin.duties.queries import open_now
from huiyin.interactions.queries import (
    is_mailbox_silent,
    is_outbox_stuck,
    is_post_ahead,
    mail_counts,
    maybe_twice,
    outbox_counts,
)
from huiyin.journal.queries import unlinked
from huiyin.organization.models import Company

SILENT_AFTER = 120  # seconds without a heartbeat, a message's first try, a mailbox's answer
LOW_DISK = 500 * 1024 * 1024  # bytes
CLOCK_OFF = timedelta(seconds=60)  # that two clocks may be apart
JUMPED_WITHIN = timedelta(hours=1)  # that a jump of the clock is told
CERTIFICATE_BEFORE = timedelta(days=14)  # its end
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
        "clock": _is_clock_wrong(now, age),
        "certificate": _is_certificate_bad(now),
        "backup": _is_backup_old(now),
    }
    return [name for name, is_wrong in checks.items() if is_wrong]


def free_disk() -> int:
    """Bytes that are left where files are kept."""
    place = Path(settings.MEDIA)
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def _is_clock_wrong(now: datetime, heartbeat: float | None) -> bool:
    """Whether the clock jumped a short while ago, or is another than the worker's, the database's or the mail server's."""
    most = CLOCK_OFF.total_seconds()
    jumped = Jump.objects.filter(at__gt=now - JUMPED_WITHIN, at__lte=now + CLOCK_OFF)
    is_behind = heartbeat is not None and heartbeat < -most
    return is_behind or abs(database_ahead()) > most or is_post_ahead(now, by=CLOCK_OFF) or jumped.exists()


def database_ahead() -> float:
    """Seconds that the database's clock is before this machine's; an embedded database has no clock of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        began = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        told = float(cursor.fetchone()[0])
    return told - (began + time.time()) / 2


def _is_certificate_bad(now: datetime) -> bool:
    """Whether browsers refuse the certificate at our address, or will soon. Not reaching ourselves from inside proves nothing."""
    seen = Certificate.objects.filter(address=settings.BASE_URL[:300]).first()
    if seen is None:
        return False
    is_ending = seen.ends_at is not None and seen.ends_at - now < CERTIFICATE_BEFORE
    return is_ending or seen.problem not in {"", UNREACHABLE}


def _certificate_told() -> dict[str, Any] | None:
    seen = Certificate.objects.filter(address=settings.BASE_URL[:300]).first()
    if seen is None:
        return None
    return {"ends_at": seen.ends_at and seen.ends_at.isoformat(), "problem": seen.problem}


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
        "clock": {"database_ahead": round(database_ahead(), 1)},
        "certificate": _certificate_told(),
        "troubles": troubles(now),
        "last_backup": last and {"path": last.path, "made_at": last.made_at.isoformat(), "sha256": last.digest},
    }
