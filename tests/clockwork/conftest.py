"""Mail servers of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from huiyin.settings import Mailbox
from tests.mailserver import PASSWORD, USER, Folder, Post, SmtpServer, imap_server

ADDRESS = "yulan@house.example"


@pytest.fixture
def folder(settings: Any, media: Path) -> Iterator[Folder]:
    """A real mailbox for 玉兰苑, whose letters the worker fetches."""
    box = Folder()
    with imap_server(box) as port:
        settings.MAIL_IN = (Mailbox("127.0.0.1", port, False, USER, PASSWORD, "INBOX", "yulan", "opinion", ADDRESS),)
        yield box


@pytest.fixture
def smtp(settings: Any) -> Iterator[Post]:
    """A real mail server that takes what leaves the house."""
    with SmtpServer() as post:
        settings.MAIL_OUT = f"smtp://127.0.0.1:{post.port}?from=service@house.example"
        yield post
