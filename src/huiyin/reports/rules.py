"""Refusals of reports, and how a digest reads."""

import hashlib
import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.reports.states import TRANSITIONS, ReportState

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
    def __init__(self, state: str) -> None:
        super().__init__(_("报告的状态是“%(state)s”，不能这样做。") % {"state": ReportState(state).label})


class ChangedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(_("别人刚刚改动了这份报告。您写的内容还在，请看过再提交。"))


def seal_of_words(summary: str, measures: str) -> str:
    """What a page carries along so that words changed since it was opened are noticed: 64 bits of their SHA-256."""
    return hashlib.sha256(f"{summary}\0{measures}".encode()).hexdigest()[:16]


def legal(act: str, state: str) -> tuple[ReportState, str]:
    """Where an act leads and the right it takes, or a refusal."""
    sources, target, right = TRANSITIONS[act]
    if state not in sources:
        raise IllegalStep(state)
    return target, right


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
