"""Walking long lists: a page holds fifty, the cursor says after which row the next one begins. Nothing is counted."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.api.faults import wrong_field

PAGE = 50
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LARGEST = 2**63 - 1

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], by: str, cursor: str | None) -> tuple[list[Row], str | None]:
    """One page of rows in the order of an instant and the primary key (`-by`: newest first), and the next cursor."""
    name, backward = by.lstrip("-"), by.startswith("-")
    if cursor:
        rows = rows.filter(_after(name, backward, *_read(cursor)))
    found = list(rows.order_by(by, "-pk" if backward else "pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    last: Any = found[PAGE - 1]
    return found[:PAGE], _written(getattr(last, name), last.pk)


def _after(name: str, backward: bool, at: datetime, pk: int) -> Q:
    beyond = "lt" if backward else "gt"
    return Q(**{f"{name}__{beyond}": at}) | Q(**{name: at, f"pk__{beyond}": pk})


def _written(at: datetime, pk: int) -> str:
    return base64.urlsafe_b64encode(f"{(at - EPOCH) // MICROSECOND}.{pk}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        at, pk = (int(part) for part in text.split("."))
    except (binascii.Error, ValueError):
        raise wrong_field("cursor", _("翻页标记无效，请从头开始。")) from None
    if not (0 <= at <= LATEST and 0 <= pk <= LARGEST):
        raise wrong_field("cursor", _("翻页标记无效，请从头开始。"))
    return EPOCH + at * MICROSECOND, pk
