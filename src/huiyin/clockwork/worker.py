"""The worker: one loop over a table of jobs. A job that fails is logged and tried again; it never stops the others."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import close_old_connections

from huiyin.access.clock import now as read_clock
from huiyin.clockwork import actions
from huiyin.clockwork.queries import CLOCK_OFF

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
    Job("look_at_certificate", 60, actions.look_at_certificate),
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


class Pace:
    """Whether the clock goes as time does, from one look to the next."""

    def __init__(self) -> None:
        self.seen: tuple[float, datetime] | None = None

    def gone_wrong(self, ticks: float, now: datetime) -> float:
        """Seconds that the clock has jumped since the last look; 0 where that is no minute. `ticks`: seconds that never jump."""
        before, self.seen = self.seen, (ticks, now)
        jumped = (now - before[1]).total_seconds() - (ticks - before[0]) if before else 0.0
        return jumped if abs(jumped) > CLOCK_OFF.total_seconds() else 0.0


def work(stop: threading.Event) -> None:
    """Run the jobs at their times until told to stop."""
    due, pace = dict.fromkeys(JOBS, 0.0), Pace()
    while not stop.is_set():
        ticks = time.monotonic()
        ready = tuple(job for job in JOBS if due[job] <= ticks)
        if ready:
            close_old_connections()
            now = read_clock()
            if jumped := pace.gone_wrong(ticks, now):
                run_jobs((Job("note_jump", 0, partial(actions.note_jump, seconds=jumped)),), now=now)
            run_jobs(ready, now=now)
            for job in ready:
                due[job] = ticks + job.every
        stop.wait(0.5)


def start_thread() -> threading.Event:
    """The embedded worker: a thread of the web process. Set the event to stop it."""
    stop = threading.Event()
    threading.Thread(target=work, args=(stop,), name="huiyin-worker", daemon=True).start()
    return stop
