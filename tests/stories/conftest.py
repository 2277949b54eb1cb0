"""The town behind a real server, a clock that can be set, and a browser for everybody who plays a part.

A module of stories shares one town: building it takes longer than most stories. Stories that change it use words of their own.
"""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from huiyin.clockwork.worker import run_jobs
from huiyin.demo.cast import PASSWORD, Cast, settle
from huiyin.demo.town import DAYS
from huiyin.journal.schema import add_triggers, drop_triggers
from huiyin.organization.models import Company

START = datetime(2026, 10, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SETTLED = START - timedelta(days=DAYS)
REAL_DATABASE = connection.settings_dict["NAME"]  # read before any test database takes its place
OTHERS_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Clock:
    """What the faces read instead of the time of day; set by the story."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def to(self, *day_and_hour: int) -> datetime:
        """Set it to year, month, day, hour and minute in the town's zone."""
        year, month, day, hour, minute = (*day_and_hour, 0, 0)[:5]
        self.at = datetime(year, month, day, hour, minute, tzinfo=START.tzinfo)
        return self.at


@dataclass
class House:
    """A town of the test's own, served at `url`. `clockwork` does what the worker would do at the clock's time."""

    url: str
    cast: Cast
    clock: Clock

    def clockwork(self) -> None:
        assert run_jobs(now=self.clock.at) == []


@contextmanager
def _triggers_off() -> Iterator[None]:
    """The journal refuses to be emptied; a test database has to be."""
    with connection.schema_editor() as editor:
        drop_triggers(None, editor)
    yield
    with connection.schema_editor() as editor:
        add_triggers(None, editor)


@pytest.fixture(scope="session")
def own_database(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database of the stories' own. pytest-django makes none unless a test carries its mark, and ours carry none.

    On SQLite it is a file: each thread of the server has a connection of its own, as in real life.
    """
    if connection.settings_dict["NAME"] != REAL_DATABASE:
        yield
        return
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "stories.sqlite3")
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":  # threads of the server that a browser kept waiting
            with connection.cursor() as cursor:
                cursor.execute(OTHERS_OUT)
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def house(own_database: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assert connection.settings_dict["NAME"] != REAL_DATABASE, "this would empty a real database"
    files = tmp_path_factory.mktemp("house")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    clock = Clock()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps an event loop in this thread
        patch.setattr("huiyin.access.clock.now", clock.now)
        with override_settings(STORAGES=storages, STATIC_ROOT=files, MEDIA=files / "media"):
            yield from _served(clock)


def _served(clock: Clock) -> Iterator[House]:
    assert not Company.objects.exists(), "somebody's data is in there"
    server = LiveServer("localhost")
    try:
        with override_settings(BASE_URL=server.url):
            yield House(server.url, settle(now=SETTLED, password=PASSWORD, households=6), clock)
    finally:
        server.stop()
        with _triggers_off():
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _at_the_start(house: House) -> None:
    house.clock.at = START


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the machine, else the one that playwright installed."""
    own = os.environ.get("HUIYIN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=own, args=SWITCHES)
        yield browser
        browser.close()


@dataclass
class Stage:
    """Opens windows: each is a person's own, with cookies of their own. What any of them complains about is kept."""

    browser: Browser
    house: House
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def window(self, size: dict[str, int], **more: object) -> Page:
        usual = {"base_url": self.house.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = self.browser.new_context(viewport=size, **{**usual, **more})  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self._note(said.type, said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._note("pageerror", str(error)))
        return page

    def _note(self, kind: str, text: str) -> None:
        if "422" not in text:  # a form sent back with what is wrong answers 422, and the browser says so
            self.complaints.append(f"{kind}: {text}")

    def phone(self, **more: object) -> Page:
        """A resident's phone; touch, no account."""
        return self.window(PHONE, has_touch=True, is_mobile=True, device_scale_factor=2, **more)

    def desk(self, username: str, size: dict[str, int] = DESK, **more: object) -> Page:
        """A window in which somebody of the staff has logged in, as they would."""
        page = self.window(size, **more)
        page.goto("/log-in")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/today/")
        return page


@pytest.fixture
def stage(chromium: Browser, house: House) -> Iterator[Stage]:
    """Windows for this test. Nothing may be written to any console: no error, no breach of the content-security policy."""
    opened = Stage(chromium, house)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.complaints == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo as a phone would take it."""
    out = io.BytesIO()
    Image.effect_mandelbrot((640, 480), (-2, -1.2, 1, 1.2), 40).convert("RGB").save(out, "JPEG")
    path = tmp_path / "漏水.jpg"
    path.write_bytes(out.getvalue())
    return path


def lines(page: Page, selector: str = "main") -> str:
    """What stands there to be read, each run of white space as one blank."""
    return " ".join(page.locator(selector).first.inner_text().split())
