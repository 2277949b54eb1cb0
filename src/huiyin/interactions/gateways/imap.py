"""Mail in by IMAP: hands over raw letters, and marks them only after they were kept."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from huiyin.interactions.gateways.failures import TryLater
from huiyin.settings import Mailbox

if TYPE_CHECKING:
    from imap_tools.mailbox import BaseMailBox

SECONDS = 20
LARGEST = 40 * 1024 * 1024  # beyond it only the head is fetched; the letter stays on the server, flagged
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
imaplib.Commands["ID"] = ("AUTH", "SELECTED")  # 163 and 126 refuse a folder to a program that does not say its name


@dataclass(frozen=True)
class Raw:
    """A letter as the server has it. Where it is too large only its head, and `is_whole` is false."""

    data: bytes
    is_whole: bool = True
    reached_at: datetime | None = None


@dataclass
class Opened:
    """A folder of a mailbox, open."""

    box: "BaseMailBox"
    validity: str

    def uids(self, *, after: int, is_first: bool) -> list[int]:
        """Letters after a number; the first time those unread, so that years of old ones do not become cases."""
        found = self.box.uids("UNSEEN" if is_first else f"UID {after + 1}:*", charset=None)
        return sorted(number for number in map(int, found) if is_first or number > after)

    def highest(self) -> int:
        """The number of the newest letter; 0 in an empty folder."""
        return max(map(int, self.box.uids("UID *", charset=None)), default=0)

    def letter(self, uid: int) -> Raw | None:
        """A letter's bytes; None when it is gone. Changes nothing on the server."""
        told = b" ".join(self._fetch(uid, "(RFC822.SIZE INTERNALDATE)"))
        size = _SIZE.search(told)
        is_whole = not size or int(size[1]) <= LARGEST
        answer = self._answer(uid, "(BODY.PEEK[])" if is_whole else "(BODY.PEEK[HEADER])")
        data = next((line[1] for line in answer if isinstance(line, tuple)), None)
        if data is None:
            return None
        at = imaplib.Internaldate2tuple(told)
        return Raw(data, is_whole, datetime.fromtimestamp(time.mktime(at), UTC) if at else None)

    def _answer(self, uid: int, what: str) -> list[Any]:
        try:
            status, data = self.box.client.uid("FETCH", str(uid), what)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refused:  # this one letter, not the connection
            raise TryLater("fetch refused") from refused
        if status != "OK":
            raise TryLater("fetch refused")
        return data or []

    def _fetch(self, uid: int, what: str) -> list[bytes]:
        return [line for line in self._answer(uid, what) if isinstance(line, bytes)]

    def mark_seen(self, uid: int) -> None:
        """For people who look into the mailbox too; nothing here rests on it."""
        self.box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Opened]:
    """Log in and open the folder. TryLater for whatever the network or the server does; the password is in no message."""
    from imap_tools.errors import ImapToolsError  # noqa: PLC0415 - slow to load, only where a mailbox is read

    box = None
    try:
        box = _connected(mailbox)
        box.login(mailbox.user, mailbox.password, initial_folder=None)
        if "ID" in box.client.capabilities:
            box.client._simple_command("ID", '("name" "huiyin" "vendor" "huiyin")')
        box.folder.set(mailbox.folder)
        status = box.client.response("UIDVALIDITY")[1]
        yield Opened(box, (status[0] or b"").decode() if status else "")
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as trouble:
        raise TryLater(type(trouble).__name__) from None
    finally:
        if box is not None:
            _log_out(box)


def _connected(mailbox: Mailbox) -> "BaseMailBox":
    from imap_tools import MailBox, MailBoxUnencrypted  # noqa: PLC0415 - as above

    if mailbox.is_encrypted:
        context = ssl.create_default_context()
        return MailBox(mailbox.host, mailbox.port, timeout=SECONDS, ssl_context=context)
    return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=SECONDS)


def _log_out(box: "BaseMailBox") -> None:
    try:
        box.client.shutdown() if box.client.state == "LOGOUT" else box.client.logout()
    except (OSError, imaplib.IMAP4.error):
        box.client.shutdown()
