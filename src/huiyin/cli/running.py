"""Running the program: web, worker, migrations, status."""

import gc
import hashlib
import json
import os
import signal
import threading
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.urls import get_resolver
from django.utils.translation import gettext as _

from huiyin.access.clock import now
from huiyin.clockwork.queries import status, unapplied_migrations
from huiyin.clockwork.states import TROUBLES
from huiyin.clockwork.worker import work
from huiyin.journal.queries import verify
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Company


def prepare() -> None:
    """What serving needs on disk and in the database: static files with hashed names, all migrations applied."""
    gather_static()
    if unapplied_migrations():
        raise Refusal(_("数据库还没有升级：请先运行 huiyin migrate。"))
    if not settings.IS_LOCAL and Company.objects.filter(is_demo=True).exists():
        raise Refusal(
            _("演示小镇的密码人人知道，只能在本机看（HUIYIN_BASE_URL 是 %(url)s）。") % {"url": settings.BASE_URL}
        )


def gather_static() -> None:
    """Static files with hashed names, compressed; left as they are where nothing has changed since they were gathered."""
    root = Path(settings.STATIC_ROOT)
    files = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list(None))
    marks = sorted(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    stamp, kept = hashlib.sha256("\n".join(marks).encode()).hexdigest(), root / ".gathered"
    if kept.exists() and kept.read_text() == stamp:
        return
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    kept.write_text(stamp)


def load_ahead() -> None:
    """Load all pages before the web processes are forked: they start at once and share what was loaded."""
    get_resolver().url_patterns  # noqa: B018 - asking loads them
    import_module("huiyin.clockwork.worker")
    gc.collect()
    gc.freeze()


@click.command()
@click.option("--embedded/--no-embedded", default=settings.ON_SQLITE, help="run the worker inside the web process")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", type=int, default=None, help="web processes; one on SQLite")
def serve(embedded: bool, host: str, workers: int | None) -> None:
    """Serve the web pages and the API."""
    from granian import Granian
    from granian.constants import Interfaces

    prepare()
    # The web processes are forked (settings are inherited) or spawned (the environment is); neither may share a connection.
    settings.EMBEDDED_WORKER = embedded
    os.environ["HUIYIN_EMBEDDED_WORKER"] = "1" if embedded else "0"
    connections.close_all()
    load_ahead()
    Granian(
        "huiyin.wsgi:application",
        address=host,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=workers or (1 if settings.ON_SQLITE else 2),
        blocking_threads=8 if settings.ON_SQLITE else 4,
        log_enabled=False,
        respawn_failed_workers=True,
    ).serve()


@click.command()
def worker() -> None:
    """Run the timed work alone."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    work(stop)


@click.command()
def migrate() -> None:
    """Bring the database to this version."""
    call_command("migrate", interactive=False, verbosity=0)


@click.command(name="status")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@click.option("--check", "is_check", is_flag=True, help="exit 1 where something is wrong")
def show_status(as_json: bool, is_check: bool) -> None:
    """Version, database, worker, queues, the last backup, and what is wrong."""
    found = status(now())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, value in found.items():
            click.echo(f"{name:12} {value if not isinstance(value, dict) else json.dumps(value, ensure_ascii=False)}")
    if is_check and found["troubles"]:
        raise Refusal(" ".join(str(TROUBLES[name]) for name in found["troubles"]))


@click.command(name="journal")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def check_journal(as_json: bool) -> None:
    """Walk the journal's hash chain; exits 1 and names the day when something was changed."""
    verdict = verify()
    if as_json:
        click.echo(json.dumps(asdict(verdict)))
    elif verdict.whole:
        click.echo(_("日志完整：%(links)s 条已封，%(unlinked)s 条待封，根 %(root)s") % asdict(verdict))
    if not verdict.whole:
        raise Refusal(_("日志被改动：第 %(broken_at)s 条，封存于 %(broken_on)s") % asdict(verdict))


def add_to(cli: click.Group) -> None:
    for command in (serve, worker, migrate, show_status, check_journal):
        cli.add_command(command)
