"""Acts on a case that may be sent twice: the same key and body act once, another body under the key is refused."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from huiyin.cases.models import Case
from huiyin.interactions.actions import remember
from huiyin.interactions.queries import repeated
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor


@dataclass(frozen=True)
class Sent:
    """What a request asked for: the act's name, its Idempotency-Key (empty: none) and its body."""

    name: str
    key: str
    body: msgspec.Struct | None

    def digest(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self.body, order="deterministic")).hexdigest()


def once(case: Case, act: Callable[[], Any], *, sent: Sent, by: Actor, now: datetime) -> None:
    """Do the act, unless this very request did it before. What was refused may be tried again under the same key."""
    if not sent.key:
        act()
        return
    scope = f"{by.signature}@{case.reference.number}/{sent.name}"[:60]
    digest = sent.digest()
    try:
        with transaction.atomic():
            if not repeated(scope, sent.key, digest):
                act()
                remember(scope, sent.key, digest, case.reference, now=now)
    except (IntegrityError, Refusal):
        if not repeated(scope, sent.key, digest):  # else a twin of this request was faster
            raise
