"""O6: each part broken in turn is told within two minutes, by `huiyin status --check` and /readyz?all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from huiyin.clockwork import actions
from huiyin.clockwork.models import Backup
from huiyin.clockwork.queries import troubles
from huiyin.clockwork.states import TROUBLES
from huiyin.demo.cast import Cast
from huiyin.interactions.gateways import GATEWAYS
from huiyin.interactions.gateways.failures import OutOfReach, TryLater
from huiyin.interactions.gateways.memory import Memory
from huiyin.organization.models import Company
from tests.acts import take
from tests.mailserver import Folder

STEP, DAY = timedelta(seconds=10), timedelta(days=1)
JOBS = {"beat": actions.beat, "deliver": actions.deliver, "fetch_letters": actions.fetch_letters}


@pytest.fixture
def well(cast: Cast, folder: Folder, post: Memory, now: datetime) -> Cast:
    """A company of its own that works: worker, mail both ways, a backup of this night."""
    Company.objects.update(is_demo=False)
    actions.note_backup("x", "y", 1, now=now)
    lived(now - 60 * STEP, 60)
    assert troubles(now) == []
    return cast


def lived(since: datetime, steps: int, *, without: str = "") -> datetime:
    """So many times ten seconds of the worker's jobs; a message is written in the middle of each minute."""
    at = since
    for _step in range(steps):
        at += STEP
        for name, job in JOBS.items():
            if name != without:
                job(now=at)
    return at


def until_red(since: datetime, name: str, *, without: str = "") -> float:
    """Seconds from the break until it is told; everything else stays green."""
    at = since
    while not (wrong := troubles(at)):
        at = lived(at, 1, without=without)
        assert (at - since).total_seconds() < 600
    assert wrong == [name]
    return (at - since).total_seconds()


def test_a_worker_that_stopped(well: Cast, now: datetime) -> None:
    assert until_red(now, "worker", without="beat") <= 120


def test_a_provider_that_does_not_answer(well: Cast, now: datetime, monkeypatch: Any) -> None:
    def dead(delivery: Any, subject: str, body: str) -> None:
        raise OutOfReach("TimeoutError")

    monkeypatch.setitem(GATEWAYS, "memory", dead)
    take(well, now, email="zhang@example.com")
    assert until_red(now, "outbox") <= 130
    monkeypatch.setitem(GATEWAYS, "memory", lambda delivery, subject, body: None)
    assert troubles(lived(now + 30 * STEP, 7)) == []


def test_one_message_that_is_tried_again_is_no_trouble(well: Cast, post: Memory, now: datetime) -> None:
    post.troubles += [TryLater("451")] * 3
    take(well, now, email="zhang@example.com")
    assert troubles(lived(now, 40)) == []


def test_an_outbox_that_nobody_works_off(well: Cast, now: datetime) -> None:
    take(well, now, email="zhang@example.com")
    assert until_red(now, "outbox", without="deliver") <= 130


@pytest.mark.parametrize("how", ["closed", "wrong password", "not asked"])
def test_a_mailbox_that_does_not_answer(how: str, well: Cast, folder: Folder, now: datetime, settings: Any) -> None:
    box = settings.MAIL_IN[0]
    wrong = {"closed": {"port": 9}, "wrong password": {"password": "sesame"}, "not asked": {}}[how]
    settings.MAIL_IN = (type(box)(**{**box.__dict__, **wrong}),)
    assert until_red(now, "mailbox", without="fetch_letters" if how == "not asked" else "") <= 120
    settings.MAIL_IN = (box,)
    assert troubles(lived(now + 30 * STEP, 1)) == []


def test_a_disk_that_is_full(well: Cast, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("huiyin.clockwork.queries.free_disk", lambda: 1000)
    assert until_red(now, "disk") == 0


@pytest.mark.parametrize("hours", [25, 27])
def test_a_backup_that_is_old_or_was_never_made(well: Cast, now: datetime, hours: int) -> None:
    at = lived(now + timedelta(hours=hours), 1)
    assert troubles(at) == (["backup"] if hours > 26 else [])


def test_a_database_that_does_not_answer(client: Client, db: None, plain_static_files: None, monkeypatch: Any) -> None:
    def gone(now: datetime) -> list[str]:
        raise DatabaseError

    monkeypatch.setattr("huiyin.clockwork.views.troubles", gone)
    answer = client.get("/readyz?all")
    assert [answer.status_code, answer.json()] == [503, {"troubles": ["database"]}]


def test_it_is_told_to_whoever_watches(
    well: Cast, client: Client, now: datetime, still_clock: None, plain_static_files: None
) -> None:
    assert [client.get("/readyz").status_code, client.get("/readyz?all").json()] == [200, {"troubles": []}]
    Backup.objects.all().delete()
    told = client.get("/readyz?all")
    assert [told.status_code, told.json(), client.get("/readyz").status_code] == [503, {"troubles": ["backup"]}, 200]
    assert set(told.json()["troubles"]) <= set(TROUBLES)
