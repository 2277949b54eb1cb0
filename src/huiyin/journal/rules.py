"""How an entry is turned into bytes and hashed. Pure, so that an export can be verified without the database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def salted(value: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}\x1f{value}".encode()).hexdigest()


@dataclass(frozen=True)
class Act:
    """The chained part of one entry."""

    entry: int
    at: datetime
    verb: str
    reference: str
    actor: str
    facts: Mapping[str, Any]
    digests: Mapping[str, str]

    def as_bytes(self) -> bytes:
        parts = [
            self.entry,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.verb,
            self.reference,
            self.actor,
            dict(self.facts),
            dict(self.digests),
        ]
        return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(previous: str, seq: int, act: Act) -> str:
    """SHA-256 (hex) of the previous hash, the sequence number and the act."""
    return hashlib.sha256(f"{previous}:{seq}:".encode() + act.as_bytes()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found. `broken_at` is the first wrong link's number, `broken_on` the day it was sealed."""

    links: int
    unlinked: int
    root: str
    broken_at: int | None = None
    broken_on: str | None = None

    @property
    def whole(self) -> bool:
        return self.broken_at is None
