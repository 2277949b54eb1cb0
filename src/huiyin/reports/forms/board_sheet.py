"""公开反馈 for the notice board, A4, readable from a step away: what was raised, what was done, where to say more."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

NAMES_NOBODY = "不写任何人的姓名和房号。"
LET_STAND = "公布前检查过，写到的地方确认可以公布。"


@dataclass(frozen=True)
class BoardSheet:
    """What the sheet says. `raised` and `done` keep their line breaks; `qr_url` leads to the public page."""

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    company: str
    site: str
    number: str  # of the public notice
    title: str
    raised: str
    done: str
    published_on: str  # 2026-11-23
    until_on: str  # empty: no end
    phone: str
    qr_url: str
    assurance: str  # one of the two above: what may be said of names and rooms in it
    heading: str = "处理结果反馈"
