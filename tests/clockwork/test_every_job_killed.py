"""R3: every timed job killed before and after each of its statements, from the same beginning, then run once in peace.

A new job of the worker is tried by itself, on a town with something of everything. Without HUIYIN_WHOLE=1 a job of many statements
is killed at some of them only.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from huiyin.access.models import Tally
from huiyin.cases import actions as cases
from huiyin.clockwork import actions
from huiyin.clockwork.worker import JOBS
from huiyin.demo.cast import Cast
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery, Doubt
from huiyin.journal.models import Link
from huiyin.journal.queries import verify
from tests.acts import answer, take
from tests.clockwork.test_kills import Killed, killed
from tests.clockwork.test_mail_both_ways import letter
from tests.mailserver import Folder
from tests.pace import rounds

DAY = timedelta(days=1)
# What differs from run to run and says nothing: names of bytes, hashes that rest on numbers, when it was tried.
APART = {
    "id",
    "key",
    "hash",
    "previous",
    "root",
    "previous_root",
    "token_hash",
    "tried_at",
    "attempts",
    "next_at",
    "salt",
    "digests",
}
CIPHERTEXT = re.compile(r"gAAAA[\w=-]+")
NUMBERS = re.compile(r"[A-Z]{2}\d{2}-\d{6}")
SEQUENCES = re.compile(NUMBERS.pattern + r"|'(?:event|duty|letter|report|customer|evidence)': \d+|duty\d+|\.c\d+\b")
SAME_BY_ANY_ORDER = (
    "Duty ",
    "Case ",
    "Interaction ",
    "Letter ",
    "Report ",
    "Nudge ",
    "Customer ",
    "Session ",
    "Tally ",
)
UNTOLD = {"Detail", "Heartbeat", "Doubt"}  # the last is left by a death in the middle of sending


def told() -> Counter[str]:
    """Every row of ours without what differs by itself, counted: two equal counts are two equal ledgers."""
    found: Counter[str] = Counter()
    for model in apps.get_models():
        if not model.__module__.startswith("huiyin.") or model.__name__ in UNTOLD:
            continue
        names = [one.attname for one in model._meta.concrete_fields if one.name not in APART and not one.is_relation]  # type: ignore[attr-defined]
        if model is Delivery:
            names.append("key")
        rows = model._base_manager.values_list(*names)
        found.update(_lasting(CIPHERTEXT.sub("", f"{model.__name__} {row}")) for row in rows)
    return found


def _lasting(row: str) -> str:
    """A row without what sequences gave it: PostgreSQL's do not come back when a transaction does."""
    return SEQUENCES.sub("", row) if connection.vendor == "postgresql" else row


@pytest.fixture
def town(cast: Cast, folder: Folder, post: Memory, now: datetime) -> Cast:
    """Something for every job: late and new cases, mail out and in, a month that ended, a day to close, things to tidy away."""
    take(cast, now - 20 * DAY)
    answer(take(cast, now - 40 * DAY), cast, now - 40 * DAY)
    actions.seal_journal(now=now - 2 * DAY)
    take(cast, now, email="zhang@example.com", phone="13800002222", name="李四")
    case = take(cast, now - 3 * DAY, kind="repair_request")
    cases.note(case, text="x", by=cast.clerk, now=now)
    for text in ("三号楼的灯坏了", "四号楼也是"):
        folder.put(letter(text))
    actions.fetch_letters(now=now)
    folder.put(letter("刚到的"))
    Session.objects.create(session_key="x", session_data="", expire_date=now - DAY)
    Tally.objects.create(name="x", who="x", span=1, count=1, over_at=now - DAY)
    actions.open_recurring(now=now - 60 * DAY)
    return cast


def statements(run: Callable[[], Any]) -> int:
    """How many statements the job has, from where we stand."""
    with killed(10**9, after=False) as reaper:
        run()
    return 10**9 - reaper.left


@pytest.mark.parametrize("name", [job.name for job in JOBS])
def test_a_job_killed_anywhere_and_run_again_does_what_it_does_in_peace(
    name: str, town: Cast, folder: Folder, post: Memory, now: datetime
) -> None:
    job = next(one for one in JOBS if one.name == name)

    def run() -> None:
        job.run(now=now)

    seen, start = set(folder.seen), transaction.savepoint()
    run()  # what a process remembers from its first run on is asked for only once
    transaction.savepoint_rollback(start)
    folder.seen, start = set(seen), transaction.savepoint()
    post.sent.clear()
    count = statements(run)
    run()  # what one run leaves for the next round
    lived, sent = told(), len(post.sent)
    transaction.savepoint_rollback(start)
    most = rounds(10, 100_000)
    for at in range(1, count + 1) if count <= most else sorted(random.sample(range(1, count + 1), most)):
        for after in (False, True):
            folder.seen, start = set(seen), transaction.savepoint()
            post.sent.clear()
            with pytest.raises(Killed), killed(at, after=after):
                run()
            connection.needs_rollback = False  # what the test's own transaction makes of a death inside a delete
            actions_again(name, run, now)
            assert (at, after, told() - lived, lived - told()) == (at, after, Counter(), Counter())
            # A message may go out twice only where the death fell between the call and the mark, and then it is on record.
            assert 0 <= len(post.sent) - sent <= Doubt.objects.count() <= 1
            assert verify().whole
            transaction.savepoint_rollback(start)


def actions_again(name: str, run: Callable[[], Any], now: datetime) -> None:
    """The next rounds of a worker that was started again; what a dead one held is free after its lease."""
    if name == "deliver":
        Delivery.objects.filter(state="claimed").update(next_at=now)
    run()
    run()


def in_any_order() -> Counter[str]:
    """The rows that may not depend on who came first, without the numbers that do."""
    rows = told().items()
    return Counter({NUMBERS.sub("", row): times for row, times in rows if row.startswith(SAME_BY_ANY_ORDER)})


@pytest.mark.parametrize("order", range(rounds(2, 20)))
def test_three_workers_at_once_do_what_one_does(
    order: int, town: Cast, folder: Folder, post: Memory, now: datetime
) -> None:
    """All jobs by one worker; then by three whose rounds fall in any order and whose clocks differ."""
    start = transaction.savepoint()
    for _round in range(3):
        for job in JOBS:
            job.run(now=now)
    alone = in_any_order()
    transaction.savepoint_rollback(start)
    folder.seen.clear()
    todo = [job for job in JOBS for _worker in range(9)]
    random.Random(order).shuffle(todo)
    for job in todo + list(JOBS):
        job.run(now=now)
    crowd = in_any_order()
    assert [crowd - alone, alone - crowd] == [Counter(), Counter()]
    assert [verify().whole, Link.objects.count() > 0] == [True, True]
