"""Words for the steps of the own ways of suggestions and referrals in the timeline."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from huiyin.cases.models import Case, Event
from huiyin.cases.queries.marks import waits_for_signature
from huiyin.cases.rules.answers import codes_words
from huiyin.cases.states import BY_NAME, EventKind, Look, Verdict
from huiyin.ui.templatetags.ui import short_day

register = template.Library()

KINDS = frozenset(
    {EventKind.VERDICT, EventKind.REFERRED, EventKind.REFERRAL_IN, EventKind.UPDATED, EventKind.SECOND_LOOK}
)


@register.filter
def is_way(event: Event) -> bool:
    """Whether somebody's words of one of these ways stand in this event."""
    return event.kind in KINDS and event.is_public


@register.filter
def way_label(event: Event) -> str:
    """What the step is called: 采纳, 可行性分析, 催问."""
    if event.kind == EventKind.VERDICT:
        code = event.values.get("verdict", "")
        return str(Verdict(code).label) if code in Verdict.values else _("可行性分析")
    if event.kind == EventKind.SECOND_LOOK:
        return f"{EventKind.SECOND_LOOK.label} · {Look(event.values['verdict']).label}"
    if event.values.get("about") == "chase":
        return _("催问")
    return str(EventKind(event.kind).label)


@register.filter
def way_facts(event: Event) -> str:
    """Who and until when, under the words: 由王志强办，最迟 12月1日."""
    values = event.values
    told = {name: values.get(name, "") for name in ("owner", "addressee", "answered_by")}
    days = ((one, values.get(one)) for one in ("due_on", "review_on", "expected_on"))
    told |= {one: short_day(date.fromisoformat(day)) for one, day in days if day}
    lines = (
        ("due_on", _("由%(owner)s办，最迟 %(due_on)s")),
        ("review_on", _("已报：%(addressee)s；最迟 %(review_on)s 再看")),
        ("expected_on", _("已报：%(addressee)s；等到 %(expected_on)s")),
        ("answered_by", _("%(addressee)s，%(answered_by)s")),
        ("addressee", _("已报：%(addressee)s")),
    )
    return next((words % told for name, words in lines if told.get(name)), "")


@register.filter
def has_work(case: Case) -> bool:
    """Whether something may be there to be finished, apart from answering."""
    return case.kind in BY_NAME["finish"].kinds


@register.filter
def left_out(event: Event) -> str:
    """What an answer did not touch when it left: 第 2 点、联系人."""
    return "、".join(codes_words(event.values.get("gaps", ())))


@register.filter
def finish_day(event: Event) -> str:
    """Until when an answer promised the work."""
    return short_day(date.fromisoformat(event.values["finish_on"]))


@register.filter
def inner_label(event: Event) -> str:
    """What an internal entry is called; a finding on the remit with what was found: 职责范围认定 · 范围以外，等复签."""
    label = str(EventKind(event.kind).label)
    if event.kind == EventKind.FLAGGED and event.values.get("lifted"):
        return _("撤下困难提示")
    if event.kind == EventKind.NO_MEASURE:
        return f"{label} · {spare_words(event)}"
    return f"{label} · {scope_words(event)}" if event.kind == EventKind.SCOPED else label


@register.filter
def scope_words(event: Event) -> str:
    """What a finding on the remit says."""
    if waits_for_signature(event):
        return _("范围以外，等复签")
    if event.values.get("in_scope"):
        return _("复签：归我们管") if event.values.get("second") else _("属于职责范围")
    return _("已复签，范围以外")


@register.filter
def spare_words(event: Event) -> str:
    """What was said on whether a measure is needed."""
    if "agreed" not in event.values:
        return _("等复签")
    if not event.values["agreed"]:
        return _("不同意，要定整改")
    return _("已复签") if event.values.get("second") else _("经理定的")
