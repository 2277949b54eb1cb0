"""The de-identification gate: what may not be made public (PIPL art. 25)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huiyin.kit.privacy import Finding, find_personal
from huiyin.kit.refusal import Refusal


class NamesSomebody(Refusal):
    """Something personal stands in a text that is to be made public."""


class NoReason(Refusal):
    """What was public goes only for a reason that stays on record."""


@dataclass(frozen=True)
class Block:
    """One piece of a notice: a heading, a paragraph, or a table given by its rows (first row = heads). Plain text only."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    def as_json(self) -> dict[str, object]:
        return {"kind": self.kind, "text": self.text, "rows": [list(row) for row in self.rows]}

    @property
    def words(self) -> str:
        return "\n".join([self.text, *(" ".join(row) for row in self.rows)])


def inspected(blocks: Sequence[Block], *, names: Sequence[str] = (), rooms: Sequence[str] = ()) -> list[Finding]:
    """What the gate finds: phones, rooms, plates, identity numbers, addresses and names that may not go out."""
    return [finding for block in blocks for finding in find_personal(block.words, names=names, rooms=rooms)]


def check(findings: Sequence[Finding]) -> None:
    """Refuse publication while anything is found."""
    if findings:
        found = "、".join(dict.fromkeys(finding.text for finding in findings))
        raise NamesSomebody(_("公示前请去掉个人信息：%(found)s") % {"found": found}, "summary")
