"""The own ways of suggestions and referrals, in plain words for the person who raised the matter."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from huiyin.cases import queries as cases
from huiyin.cases.states import EventKind, State
from huiyin.interactions.states import ContactKind
from huiyin.ui.templatetags.ui import short_day

if TYPE_CHECKING:
    from huiyin.cases.models import Case, Event

SPOKEN = frozenset(
    {EventKind.REFERRED, EventKind.REFERRAL_IN, EventKind.UPDATED, EventKind.VERDICT, EventKind.SECOND_LOOK}
)


def words(event: "Event") -> str:
    """What a step of one of these ways is called; empty for what is told otherwise."""
    values = event.values
    about = {"to": values.get("addressee", ""), "name": values.get("to", ""), "day": _day(values, "expected_on")}
    if event.kind in {EventKind.VERDICT, EventKind.SECOND_LOOK}:
        return _verdict(values)
    if event.kind == EventKind.REFERRED:
        dated = _("这件事超出了我们的权限，已报给%(to)s，我们等回音到 %(day)s：")
        return (dated if about["day"] else _("这件事超出了我们的权限，已报给%(to)s：")) % about
    if event.kind == EventKind.REFERRAL_IN:
        return _("%(to)s的回复：") % about
    if event.kind == EventKind.NAMED:
        return _("由%(name)s答复您。") % about
    if event.kind == EventKind.UPDATED and values.get("about") == "chase":
        return _("我们催问了%(to)s，再等回音到 %(day)s：") % about
    return ""


def answered(values: Mapping[str, str]) -> str:
    if values.get("verdict") == "realized":
        return _("您的建议办到了：")
    day = _day(values, "finish_on")
    return _("给您的答复（活还要干，最迟 %(day)s 完工）：") % {"day": day} if day else _("给您的答复：")


def _verdict(values: Mapping[str, str]) -> str:
    about = {name: values.get(name, "") for name in ("owner", "addressee")}
    about |= {"due": _day(values, "due_on"), "review": _day(values, "review_on")}
    told = {
        "adopted": _("您的建议采纳了，由%(owner)s办，最迟 %(due)s 办到："),
        "deferred": _("您的建议现在还做不到，已经向%(addressee)s争取，最迟 %(review)s 再看一次："),
        "declined": _("您的建议没有采纳，理由是："),
        "upheld": _("没有参与处理的上级重新看过了，维持原来的答复："),
        "changed": _("没有参与处理的上级重新看过了，请人重新办理："),
    }
    return told.get(values.get("verdict", ""), "") % about


def _day(values: Mapping[str, str], name: str) -> str:
    return short_day(date.fromisoformat(values[name])) if values.get(name) else ""


def expected(case: "Case") -> str:
    """What comes next on the way of a suggestion or a referral, with its date; empty where the state alone tells."""
    if case.state == State.REFERRED:
        waiting = cases.waiting_referral(case)
        told = {"to": waiting.to, "day": short_day(waiting.expected_on)} if waiting else {}
        return _("%(day)s 前还没有%(to)s的回音，我们就去催问；有了马上告诉您。") % told if told else ""
    if case.kind != ContactKind.SUGGESTION or case.state not in {State.SOLVED, State.DEFERRED}:
        return ""
    suggestion = cases.suggestion_of(case)
    if suggestion is None:
        return ""
    if case.state == State.DEFERRED and suggestion.review_on:
        return _("最迟 %(day)s 我们再看一次，并告诉您。") % {"day": short_day(suggestion.review_on)}
    return _("最迟 %(day)s 办到，办好了告诉您。") % {"day": short_day(suggestion.due_on)} if suggestion.due_on else ""
