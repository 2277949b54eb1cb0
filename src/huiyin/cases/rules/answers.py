"""What an answer leaves out of what was asked, and the refusals about answers and work that is still to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.kit.points import missed, names_day, names_person, numbered
from huiyin.kit.refusal import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

SHOWN = 40  # signs of a point that are repeated to whoever left it out


@dataclass(frozen=True)
class Gap:
    """One thing that an answer leaves out: a numbered point of the customer's words, a day, somebody to turn to."""

    about: Literal["point", "day", "person"]
    number: int = 0
    asked: str = ""

    @property
    def code(self) -> str:
        """As it is kept: point:2, day, person. Never the customer's words."""
        return f"{self.about}:{self.number}" if self.about == "point" else self.about

    @property
    def words(self) -> str:
        """What is missing, for whoever writes the answer."""
        if self.about == "day":
            return _("没有写日期：哪天办、哪天办完，或哪天再告诉顾客。")
        if self.about == "person":
            return _("没有写联系人：姓名或电话，顾客好找。")
        asked = self.asked if len(self.asked) <= SHOWN else self.asked[: SHOWN - 1] + "…"
        return _("第 %(n)s 点没有答到：%(asked)s") % {"n": self.number, "asked": asked}


def gaps_in(answer: str, *, asked: Sequence[str], names: Sequence[str] = ()) -> list[Gap]:
    """What an answer leaves out: points of each text that was asked, in order; then a day; then a person. Empty = nothing.

    `names` are the colleagues a customer may turn to. domain 3.1; ISO 10002, 7.7.
    """
    gaps = [Gap("point", number, numbered(text)[number - 1]) for text in asked for number in missed(text, answer)]
    if not names_day(answer):
        gaps.append(Gap("day"))
    if not names_person(answer, tuple(names)):
        gaps.append(Gap("person"))
    return list(dict.fromkeys(gaps))


def codes_words(codes: Sequence[str]) -> list[str]:
    """What was left out, from what is kept of it: 第 2 点, 日期, 联系人."""
    plain = {"day": _("日期"), "person": _("联系人")}
    return [plain.get(code) or _("第 %(n)s 点") % {"n": code.partition(":")[2]} for code in codes]


class LeavesOut(Refusal):
    """The answer misses something that was asked. It may leave with a reason, which is kept."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        super().__init__(" ".join(gap.words for gap in gaps), "despite")

    @property
    def lines(self) -> list[str]:
        """One line for each gap."""
        return [gap.words for gap in self.gaps]


class NotFinished(Refusal):
    """Answered, and the work that was promised is not done yet: `answered` is not `finished` (domain 2.2)."""

    def __init__(self, day: date) -> None:
        words: StrPromise = gettext_lazy("答复了，活还没有干完（答应 %(day)s 前完工）：先记完工，再办结。")
        super().__init__(words % {"day": day.isoformat()}, "outcome")
