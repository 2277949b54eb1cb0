"""Files held for a while, between two steps of one person: under a random name, by nobody's link, gone after a day at the latest."""

import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

LONGEST = timedelta(days=1)
_NAME = re.compile(r"[0-9a-f]{40}(?:\.[a-z]{1,5})?")


def hold(data: bytes, ending: str = "") -> str:
    """Keep bytes outside the web root, mode 0600. Gives the random name by which they are found; `ending` like ".csv"."""
    name = secrets.token_hex(20) + ending
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
    return name


def held(name: str) -> Path | None:
    """Where it stands; None where it was let go, or never was."""
    path = _folder() / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def let_go(name: str) -> None:
    """Remove it. What is gone already is no error."""
    path = held(name)
    if path:
        path.unlink(missing_ok=True)


def let_go_of_old(*, now: datetime) -> int:
    """Remove what has been held for a day. Gives how many."""
    old = [path for path in _folder().glob("*") if path.stat().st_mtime < (now - LONGEST).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.MEDIA) / "held"
