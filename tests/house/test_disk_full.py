"""A full disk (R10): what can not be kept is refused in words, nothing is kept by halves, and with room again all goes on.

Every statement that writes and every file is made to fail once, in turn.
"""

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.organization.actions import issue_token
from huiyin.organization.rules import SYSTEM
from huiyin.records.models import StoredFile
from tests import offered
from tests.conftest import NOW
from tests.hostile_files import drawn

Send = Callable[[], Any]
FREE = ("access_tally", "django_session", "SAVEPOINT")  # counts of visits may be kept or not


@pytest.fixture(autouse=True)
def _here(media: Path, still_clock: None, plain_static_files: None) -> None:
    pass


@contextmanager
def full_at(number: int) -> Iterator[list[int]]:
    """The database has no room for the statement of that number among those that write. Counts them."""
    count = [0]

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) and not any(word in sql for word in FREE):
            count[0] += 1
            if count[0] == number:
                raise OperationalError("database or disk is full")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield count


def ways(cast: Cast, client: Client) -> dict[str, Send]:
    key = issue_token(cast.users["zhou"], label="x", by=SYSTEM, now=NOW)
    told = {"situation": "电梯坏了，老人上不去楼。", "kind": "complaint", "name": "张三丰", "phone": "13800001111"}
    body = json.dumps({"site": "yulan", "channel": "phone", "kind": "complaint", "situation": "电梯坏了"})
    client.force_login(cast.users["chen"])
    return {
        "page": lambda: client.post("/s/yulan/report", {**told, "photos": SimpleUploadedFile("x.jpg", drawn("JPEG"))}),
        "desk": lambda: client.post("/log/", {**told, "channel": "phone"}),
        "api": lambda: client.post(
            "/api/v1/contacts", body, "application/json", headers={"Authorization": f"Bearer {key}"}
        ),
    }


def refused(answer: Any) -> bool:
    body = answer.content.decode()
    return (answer.status_code, "磁盘满了，这一次没有登记上" in body, "Retry-After" in answer.headers) == (
        503,
        True,
        True,
    )


@pytest.mark.parametrize("way", ["page", "desk", "api"])
def test_every_statement_without_room(way: str, cast: Cast, client: Client) -> None:
    send, before = ways(cast, client)[way], offered.whole_database()
    at, counted = 1, 0
    while True:
        with full_at(at) as count:
            answer = send()
        if count[0] < at:  # this time nothing failed
            break
        assert (at, refused(answer)) == (at, True)
        changed = offered.differences(before, offered.whole_database())
        assert (at, {table for table, _key, _place in changed} - {"organization_apitoken"}) == (at, set())
        at, counted = at + 1, counted + 1
    assert (answer.status_code in {201, 302, 303}, Case.objects.count(), counted >= 8) == (True, 1, True)


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_file_without_room(
    call: str, cast: Cast, client: Client, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, usual = ways(cast, client)["page"], getattr(os, call)

    def full(target: Any, *given: Any) -> Any:
        if call == "fsync" or str(media) in str(target):
            raise OSError(errno.ENOSPC, "No space left on device")
        return usual(target, *given)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        answer = send()
    files = [path for path in media.rglob("*") if path.is_file()]
    assert (refused(answer), Case.objects.count(), StoredFile.objects.count(), files) == (True, 0, 0, [])
    assert (send().status_code, Case.objects.count(), StoredFile.objects.count()) == (303, 1, 1)
