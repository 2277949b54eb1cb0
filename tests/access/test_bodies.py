"""A request whose line was cut is refused, however much of it came."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.organization.actions import issue_token
from huiyin.organization.rules import SYSTEM
from tests.callers import Caller


@pytest.fixture(autouse=True)
def _plain(plain_static_files: None, media: Path, still_clock: None) -> None:
    pass


def ask(path: str, body: bytes, headers: dict[str, str], *, cut: int = 0) -> int:
    """The status by the web server's own door, of a body that misses its last bytes."""
    from huiyin.wsgi import application

    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ = RequestFactory().generic("POST", path, body, headers["Content-Type"], **given).environ
    environ["wsgi.input"] = io.BytesIO(body[: len(body) - cut])
    seen: list[str] = []

    def start_response(status: str, headers: Any, trouble: Any = None) -> Any:
        seen.append(status)

    # As Django's own test client does: the test's connection outlives the request.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        list(application(environ, start_response))
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return int(seen[0].split()[0])


def form() -> tuple[str, bytes, dict[str, str]]:
    caller = Caller(0, csrf="a" * 32, cookie=f"csrftoken={'a' * 32}")
    said = caller.words("x", photo=True)
    return said.path, said.body, {**said.headers, "Referer": "http://127.0.0.1:8000/"}


@pytest.mark.parametrize("missing", [1, 30, 150, 400])
def test_half_a_form_is_nobodys_word(cast: Cast, missing: int) -> None:
    path, body, headers = form()
    assert [ask(path, body, headers, cut=missing), Case.objects.count()] == [403, 0]
    assert [ask(path, body, headers), Case.objects.count()] == [303, 1]


def test_half_a_body_of_the_api_is_no_contact(cast: Cast, now: Any) -> None:
    said = Caller(0, issue_token(cast.users["zhou"], label="x", by=SYSTEM, now=now)).words("x")
    tries = [ask(said.path, said.body, said.headers, cut=missing) for missing in (1, 20, len(said.body))]
    assert [*tries, Case.objects.count()] == [400, 400, 400, 0]
    assert [ask(said.path, said.body, said.headers), Case.objects.count()] == [201, 1]
