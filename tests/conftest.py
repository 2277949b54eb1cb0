"""What every test may ask for: the hour, the small town, and a place of its own for files and messages."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from huiyin.demo.cast import Cast
from huiyin.interactions.gateways.memory import MEMORY, Memory
from tests import canaries
from tests.town import settled

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

TOUCHES = frozenset({"db", "transactional_db", "live_server"})  # a test with one of these has rows


@pytest.fixture(scope="session", autouse=True)
def _light_passwords() -> None:
    """Hashing is slow on purpose; tests log in thousands of times."""
    settings.PASSWORD_HASHERS = ["tests.hashing.LightArgon2"]


@pytest.fixture(autouse=True)
def _canaries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer is looked at for what its reader may not see; `tests/canaries.py`."""
    canaries.watch = canaries.Watch()
    canaries.install(monkeypatch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """When the test's body is through and its rows are still there, what was shown is weighed."""
    result = yield
    if TOUCHES.intersection(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
        assert canaries.leaks() == []
    return result


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return NOW


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    """The town with four households a site, settled three hundred days ago."""
    return settled(now=now - timedelta(days=300), households=4)


@pytest.fixture
def plain_static_files(settings, tmp_path: Path) -> None:
    """Pages without collected static files and their manifest."""
    settings.STATIC_ROOT = tmp_path
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def still_clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The faces read `now` and nothing else."""
    monkeypatch.setattr("huiyin.access.clock.now", lambda: now)


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    """A place of the test's own for files."""
    settings.MEDIA = tmp_path / "media"
    return settings.MEDIA


@pytest.fixture
def post(settings) -> Memory:
    """Mail goes to a list instead of out of the house."""
    settings.MAIL_OUT = "memory:"
    MEMORY.sent.clear()
    MEMORY.troubles.clear()
    return MEMORY


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Tests on several cores: each process its own database. Those of SQLite stand in memory and are its own anyway."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and not settings.ON_SQLITE:
        settings.DATABASES["default"]["TEST"]["NAME"] = f"test_huiyin_{worker}"
