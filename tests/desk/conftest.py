"""The desk's pages at a still clock."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _here(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The clock stands still; static files need no manifest."""
    settings.STATIC_ROOT = tmp_path
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    monkeypatch.setattr("huiyin.access.clock.now", lambda: now)
