"""The month's complaint digest on paper (S3.2.3, S4.4.2.1.6): figures with their bases, the list, the signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar


@dataclass(frozen=True)
class Count:
    """One line of a table of counts; `closed` is empty where it makes no sense (states)."""

    name: str
    received: int
    closed: int | None = None


@dataclass(frozen=True)
class Rate:
    """A share with its base; a base of zero prints as a dash, never as a percentage."""

    name: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class DigestCase:
    """One case without name, phone, room or the customer's own words."""

    number: str
    received_on: str
    category: str
    done: str  # what was done
    days: int
    state: str


@dataclass(frozen=True)
class ComplaintDigest:
    """The digest's fields in the order of print.

    Sections without content are left out. An empty list of cases says that there were none; None leaves the list out.
    """

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    company: str
    site: str
    period: str  # 2026年11月
    number: str
    title: str = "顾客投诉及处理情况汇总"
    by_category: tuple[Count, ...] = ()
    by_state: tuple[Count, ...] = ()
    rates: tuple[Rate, ...] = ()
    cases: tuple[DigestCase, ...] | None = None
    summary: str = ""
    measures: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()  # further headings, paragraphs and tables exactly as they are posted
    author: str = ""
    approver: str = ""  # empty: a place for the signature
    approved_on: str = ""
    signed: str = ""  # received: the last line is a receipt, not an approval
    qr_url: str = ""
