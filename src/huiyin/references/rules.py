"""How numbers are written and which part of a text is worth indexing."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal

INDEXED_CHARACTERS = 12_000  # PostgreSQL keeps positions up to 16,383


class UnknownReference(Refusal):
    """No such number, or not for this person: the two look alike."""

    def __init__(self) -> None:
        super().__init__(_("没有找到。编号可能有误，或不在您的范围内。"))


def number_of(kind: str, serial: int, at: datetime) -> str:
    """SX26-000123: kind, year, serial of this installation. Unique and readable; gaps are fine."""
    return f"{kind}{at:%y}-{serial:06d}"
