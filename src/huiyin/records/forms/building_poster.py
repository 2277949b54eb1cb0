"""The poster of a building's QR code, A4, readable from two meters: scan to report, or call."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True)
class BuildingPoster:
    """What the poster says. Empty texts are left out."""

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    site: str
    place: str  # the building, or empty for the whole site
    phone: str
    qr_url: str
    link: str = ""  # what those type who cannot scan; the address of the QR code without its scheme where none is given
    headline: str = "报事请扫码"
    hint: str = "报修、投诉、建议、咨询，写几个字就行，不用登录"
    phone_hint: str = "也可以打电话"
