"""A disk without room: whatever could not be kept was not kept, and the person is told so."""

import errno

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
_FULL = "53100"  # PostgreSQL: disk_full


class NotKept(Refusal):
    """Nothing of it was recorded."""

    def __init__(self) -> None:
        super().__init__(_("服务器的磁盘满了，这一次没有登记上。请过一会儿再试；急事请打电话。"))


def is_full(trouble: BaseException) -> bool:
    """Whether a fault says that there is no room left, for files or in either database."""
    if isinstance(trouble, DatabaseError):
        words = str(trouble)
        cause = trouble.__cause__
        return (
            getattr(cause, "sqlstate", "") == _FULL
            or "disk is full" in words
            or "disk I/O error" in words
            or "readonly" in words
        )
    return isinstance(trouble, OSError) and trouble.errno in _NO_ROOM
