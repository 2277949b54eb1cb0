"""Refusals of reports, and how a digest reads."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from huiyin.kit import chinese
from huiyin.kit.periods import Period
from huiyin.kit.privacy import Finding
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor, Place
from huiyin.reports.states import ANSWER_TRANSITIONS, AnswerState, ReportState

FIRST_YEAR, LAST_YEAR = 2001, 2099
MOST_LOTS = 50


class ImpossibleYear(Refusal):
    def __init__(self) -> None:
        values = {"first": FIRST_YEAR, "last": LAST_YEAR}
        super().__init__(_("年份要在 %(first)s 到 %(last)s 之间。") % values, "year")


class NothingToDraw(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这里近一年没有到期的责任可抽。"), "clause")


class IllegalNumber(Refusal):
    def __init__(self) -> None:
        super().__init__(_("数字只写 0 到 9，最多 40 位。"), "number")


def as_number(text: str) -> str:
    """A number as it is hashed: plain digits, full-width ones made plain. Refuses anything else."""
    typed = text.replace(" ", "")
    digits = unicodedata.normalize("NFKC", typed)
    if not typed.isdecimal() or not re.fullmatch(r"[0-9]{1,40}", digits):
        raise IllegalNumber
    return digits


class IllegalStep(Refusal):
    def __init__(self, state: ReportState | AnswerState) -> None:
        super().__init__(_("现在的状态是“%(state)s”，不能这样做。") % {"state": state.label})


S = TypeVar("S", ReportState, AnswerState)


def legal(table: Mapping[str, tuple[tuple[S, ...], S, str]], act: str, state: str) -> tuple[S, str]:
    """Where an act leads and the right it takes, or a refusal."""
    sources, target, right = table[act]
    if state not in sources:
        raise IllegalStep(type(target)(state))
    return target, right


def answer_acts(state: str, by: Actor, site: Place) -> set[str]:
    """The acts on a public answer that its state and somebody's rights allow; whose work it is the review looks at."""
    return {
        act for act, (sources, _to, right) in ANSWER_TRANSITIONS.items() if state in sources and by.may(right, site)
    }


def is_digest(kind: str, period: str) -> bool:
    """Whether a duty is a complaint digest of a month or a week, which has its own page here."""
    return kind == "complaint_digest" and Period.parse(period).kind in {"month", "week"}


def is_weekly(period: str) -> bool:
    """Weekly digests go to the quality department alone: no approval, no publication (X04)."""
    return Period.parse(period).kind == "week"


class ReceivedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这份汇总已经签收过了。"))


class NotHandedIn(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这份汇总还没有交来。"))


class NoConclusion(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请写下结论。"), "conclusion")


class ConcludedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这一周的分析已经写过，并发给各站点了。"))


class NotOverYet(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这一周还没有过完。"))


class NothingClosed(Refusal):
    def __init__(self) -> None:
        super().__init__(_("先选至少一件已经办结的事项。"), "of")


class OpenAgain(Refusal):
    def __init__(self, numbers: str) -> None:
        super().__init__(_("这些事项又打开了，还没有办结：%(numbers)s。等它们办结再公布。") % {"numbers": numbers})


class NothingSaid(Refusal):
    def __init__(self, field: str) -> None:
        super().__init__(_("这一栏还没有写。"), field)


class StillTelling(Refusal):
    """Something in a public answer could give somebody away, and nobody said why it may stand."""

    def __init__(self, found: str) -> None:
        super().__init__(
            _("检查发现可能认出人的地方：%(found)s。退回去改，或写明为什么可以公布。") % {"found": found}, "despite"
        )


class NeverPublic(Refusal):
    def __init__(self, found: str) -> None:
        super().__init__(
            _("当事人的姓名、证件号不能公布，写什么理由都不行：%(found)s。请退回去改。") % {"found": found}
        )


NEVER = frozenset({"customer", "id_card"})  # PIPL art. 25: not without the person's own consent


def check_telling(findings: Sequence[Finding], despite: str) -> None:
    """Refuse to publish what could give somebody away; of some of it no reason lets it pass."""
    never = [one.text for one in findings if one.kind in NEVER]
    if never:
        raise NeverPublic("、".join(dict.fromkeys(never)))
    if findings and chinese.is_blank(despite):
        raise StillTelling("、".join(dict.fromkeys(one.text for one in findings)))
