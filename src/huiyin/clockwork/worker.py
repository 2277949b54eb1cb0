"""The worker: one loop over a table of jobs. A job that fails is logged and tried again; it never stops the others."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import close_old_connections

from huiyin.access.clock import now as read_clock
from huiyin.clockwork import actions

log = logging.getLogger("huiyin.clockwork")


@dataclass(frozen=True)
class Job:
    """A named piece of timed work and how often it runs, in seconds."""

    name: str
    every: float
    run: Callable[..., Any]


JOBS = (
    Job("beat", 15, actions.beat),
    Job("seal_journal", 1, actions.seal_journal),
    Job("close_days", 20, actions.close_days),
    Job("deliver", 2, actions.deliver),
    Job("fetch_letters", 20, actions.fetch_letters),
    Job("sort_letters", 2, actions.sort_letters),
    Job("open_recurring", 600, actions.open_recurring),
    Job("draft_digests", 600, actions.draft_digests),
    Job("nudge", 60, actions.nudge),
    Job("tidy", 3600, actions.tidy),
)


def run_jobs(jobs: tuple[Job, ...] = JOBS, *, now: datetime) -> list[str]:
    """Run each job once. Returns the names of those that failed."""
    failed = []
    for job in jobs:
        try:
            job.run(now=now)
        except Exception:
            log.exception("job %s failed", job.name)
            failed.append(job.name)
    return failed


def work(stop: threading.Event) -> None:
    """Run the jobs at their times until told to stop."""
    due = dict.fromkeys(JOBS, 0.0)
    while not stop.is_set():
        ticks = time.monotonic()
        ready = tuple(job for job in JOBS if due[job] <= ticks)
        if ready:
            close_old_connections()
            run_jobs(ready, now=read_clock())
            for job in ready:
                due[job] = ticks + job.every
        stop.wait(0.5)


def start_thread() -> threading.Event:
    """The embedded worker: a thread of the web process. Set the event to stop it."""
    stop = threading.Event()
    threading.Thread(target=work, args=(stop,), name="huiyin-worker", daemon=True).start()
    return stop
