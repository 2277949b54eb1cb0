"""日封 for the notice board, A4: the root of one day's journal, in groups that eyes can compare, and how to check it."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True)
class DailyRootSheet:
    """What the sheet says. `groups` are the root's 64 characters in eights; `qr_url` leads to the public page with the root."""

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    company: str
    site: str
    day: str  # 2026-11-22
    count: int
    first_seq: int
    last_seq: int
    groups: tuple[str, ...]
    closed_at: str  # 2026-11-23 00:00
    qr_url: str
    page: str  # the public page, for those who type
    title: str = "工作日志日封"
