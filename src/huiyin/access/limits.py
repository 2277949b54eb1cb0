"""How often a caller may come. Counted in a table, so that it holds over all processes and machines."""

import hashlib
import hmac
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from huiyin.access.models import Tally
from huiyin.kit.refusal import Refusal
from huiyin.settings import derived_key

UPSERT = """
    INSERT INTO access_tally (name, who, span, count, over_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (name, who, span) DO UPDATE SET count = access_tally.count + excluded.count RETURNING count
"""


@dataclass(frozen=True)
class Limit:
    """At most `most` times in each span of `seconds`; 0 means no limit."""

    name: str
    most: int
    seconds: int


class TooOften(Refusal):
    """The caller has to wait `seconds`. Nothing was done, nothing typed is lost."""

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(
            _("来得太勤了：%(span)s 秒里最多 %(most)s 次。请过 %(seconds)s 秒再试。")
            % {"span": limit.seconds, "most": limit.most, "seconds": seconds}
        )
        self.seconds = seconds


def spend(limit: Limit, who: str, *, now: datetime, times: int = 1) -> int:
    """Count `times` more. How often it was in this span, this time included. One statement."""
    span = _span(limit, now)
    over_at = datetime.fromtimestamp((span + 1) * limit.seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [limit.name, _digest(limit, who), span, times, over_at])
        return int(cursor.fetchone()[0])


def spent(limit: Limit, who: str, *, now: datetime) -> int:
    """How often it was in this span, counting nothing."""
    found = Tally.objects.filter(name=limit.name, who=_digest(limit, who), span=_span(limit, now))
    return found.values_list("count", flat=True).first() or 0


def check(limit: Limit, who: str, *, now: datetime) -> None:
    """Count one more; refused with the seconds to wait once it is too often."""
    if limit.most and spend(limit, who, now=now) > limit.most:
        raise TooOften(limit, seconds_left(limit, now))


def seconds_left(limit: Limit, now: datetime) -> int:
    """Seconds until the next span begins, at least one."""
    return max(1, (_span(limit, now) + 1) * limit.seconds - int(now.timestamp()))


LOT = 20  # calls a process takes out of the table at a time, where each call is too cheap to be written down alone
_lots: dict[tuple[str, str, int], int] = {}
_lock = threading.Lock()


def check_cheaply(limit: Limit, who: str, *, now: datetime) -> None:
    """As `check`, but the table is asked once for every twenty: a process may be up to nineteen calls stricter."""
    if not limit.most:
        return
    key = (limit.name, who, _span(limit, now))
    with _lock:
        left = _lots.get(key, 0)
        if left:
            _lots[key] = left - 1
            return
    lot = min(LOT, limit.most)
    if spend(limit, who, now=now, times=lot) > limit.most:
        raise TooOften(limit, seconds_left(limit, now))
    with _lock:
        for old in [one for one in _lots if one[:2] == key[:2]]:
            del _lots[old]
        _lots[key] = lot - 1


def forget(*, now: datetime) -> int:
    """Throw away what no limit asks for any more. Returns how many rows."""
    return Tally.objects.filter(over_at__lt=now - timedelta(hours=1)).delete()[0]


def _span(limit: Limit, now: datetime) -> int:
    return int(now.timestamp()) // limit.seconds


def _digest(limit: Limit, who: str) -> str:
    return hmac.new(derived_key("limits"), f"{limit.name}:{who}".encode(), hashlib.sha256).hexdigest()[:32]
