"""Acts on a case that may be sent twice: the same key and body act once, another body under the key is refused."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from huiyin.cases.models import Case
from huiyin.interactions.actions import remember
from huiyin.interactions.queries import repeated
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor


def once(
    case: Case, act: Callable[[], Any], *, by: Actor, now: datetime, key: str, name: str, body: msgspec.Struct | None
) -> None:
    """Do the act, unless this very request did it before. What was refused may be tried again under the same key."""
    if not key:
        act()
        return
    scope = f"{by.signature}@{case.reference.number}/{name}"[:60]
    digest = hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()
    try:
        with transaction.atomic():
            if not repeated(scope, key, digest):
                act()
                remember(scope, key, digest, case.reference, now=now)
    except (IntegrityError, Refusal):
        if not repeated(scope, key, digest):  # else a twin of this request was faster
            raise
