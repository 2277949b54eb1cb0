"""O6: a clock that is wrong and a certificate that ends are told, by `huiyin status --check` and /readyz?all. Real clocks, real TLS."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings as configured
from django.db import connection
from django.test import Client

from huiyin.clockwork import actions, worker
from huiyin.clockwork.models import Certificate, Heartbeat, Jump
from huiyin.clockwork.queries import database_ahead, status, troubles
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Letter
from tests import acts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _well(cast: Cast, now: datetime) -> None:
    actions.beat(now=now)
    assert troubles(now) == []


def lived(monkeypatch: Any, *told: datetime) -> None:
    """The worker's own loop, whose looks at the clock are told so."""
    stop, times = threading.Event(), iter(told)

    def clock() -> datetime:
        at = next(times)
        if at == told[-1]:
            stop.set()
        return at

    monkeypatch.setattr(worker, "JOBS", (worker.Job("beat", 0, actions.beat),))
    monkeypatch.setattr(worker, "read_clock", clock)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    worker.work(stop)


@pytest.mark.parametrize("by", [3 * MINUTE, -3 * MINUTE, 400 * DAY, -400 * DAY])
def test_a_clock_that_jumps_is_told_for_an_hour(by: timedelta, now: datetime, monkeypatch: Any) -> None:
    lived(monkeypatch, now, now + by)
    assert [round(one.seconds / 60) for one in Jump.objects.all()] == [by / MINUTE]
    assert [troubles(now + by), "clock" in troubles(now + by + HOUR + MINUTE)] == [["clock"], False]


def test_a_clock_that_goes_as_time_does_is_none(now: datetime, monkeypatch: Any) -> None:
    lived(monkeypatch, now, now + timedelta(seconds=1), now + timedelta(seconds=30))
    assert [Jump.objects.count(), troubles(now + timedelta(seconds=30))] == [0, []]


def test_a_clock_behind_that_of_the_worker(now: datetime) -> None:
    """Else a dead worker would seem alive for as long as the clock is behind."""
    assert [troubles(now - 2 * MINUTE), troubles(now - MINUTE)] == [["clock"], []]
    actions.beat(now=now - 2 * MINUTE)
    assert [troubles(now - 2 * MINUTE), Heartbeat.objects.count()] == [[], 1]


@pytest.mark.skipif(configured.ON_SQLITE, reason="SQLite has no clock of its own")
def test_a_clock_that_is_not_the_database_s(now: datetime) -> None:
    assert abs(database_ahead()) < 5
    with connection.cursor() as cursor:  # the server's own answer, two minutes late
        cursor.execute("CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() - interval '2 minutes' $$")  # fmt: skip  # noqa: E501
        cursor.execute("SET LOCAL search_path = public, pg_catalog")
    assert [troubles(now), round(database_ahead() / 60)] == [["clock"], -2]


def test_a_clock_behind_that_of_the_mail_server(cast: Cast, now: datetime, media: Path) -> None:
    letter = acts.sorted_letter(cast, now, "From: 赵六 <zhao@example.com>\n\n灯坏了".encode())
    assert troubles(now) == []
    Letter.objects.filter(pk=letter.pk).update(reached_at=now + 2 * MINUTE, fetched_at=now)
    assert [troubles(now), "clock" in troubles(now + 2 * HOUR)] == [["clock"], False]


class Quiet(BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(1)


@contextmanager
def serving(folder: Path, ends: timedelta, name: str = "localhost") -> Iterator[int]:
    """A TLS server whose certificate ends so long from the real now; gives its port. The certificate vouches for itself."""
    key, real = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(real - 90 * DAY)
        .not_valid_after(real + ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(private + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    with ThreadingTCPServer(("127.0.0.1", 0), Quiet) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("ends", "name", "trusted", "wrong", "why"),
    [
        (60 * DAY, "localhost", True, [], ""),
        (13 * DAY, "localhost", True, ["certificate"], ""),
        (-DAY, "localhost", True, ["certificate"], "certificate has expired"),
        (60 * DAY, "localhost", False, ["certificate"], "self-signed certificate"),
        (60 * DAY, "other.example", True, ["certificate"], "Hostname mismatch"),
    ],
)
def test_a_certificate_is_told_before_browsers_refuse_it(
    ends: timedelta,
    name: str,
    trusted: bool,
    wrong: list[str],
    why: str,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plain_static_files: None,
    client: Client,
) -> None:
    now = datetime.now(UTC)
    actions.beat(now=now)
    with serving(tmp_path, ends, name) as port:
        settings.BASE_URL = f"https://localhost:{port}"
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        actions.look_at_certificate(now=now)
    assert [troubles(now), why in Certificate.objects.get().problem] == [wrong, True]
    told = client.get("/readyz?all")
    assert [told.status_code, told.json()] == [503 if wrong else 200, {"troubles": wrong}]


def test_a_certificate_that_was_good_ends_while_nobody_reaches_it(settings: Any, now: datetime) -> None:
    settings.BASE_URL = "https://localhost:9"
    actions.look_at_certificate(now=now)
    assert [troubles(now), status(now)["certificate"]] == [[], {"ends_at": None, "problem": "unreachable"}]
    Certificate.objects.update(ends_at=now + 15 * DAY)
    actions.look_at_certificate(now=now)
    assert ["certificate" in troubles(at) for at in (now, now + 2 * DAY)] == [False, True]


def test_without_https_nobody_is_asked(settings: Any, now: datetime) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"
    actions.look_at_certificate(now=now)
    assert [Certificate.objects.count(), status(now)["certificate"]] == [0, None]
