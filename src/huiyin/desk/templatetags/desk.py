"""Words for codes that stand in the timeline, and the code that leads to a receipt."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from huiyin.cases.models import Event
from huiyin.cases.states import EventKind, FollowUpResult, Outcome, Told, Urgency, Waiting
from huiyin.desk.rows import GLYPHS, standing_words, tally_words
from huiyin.duties.words import kind_words
from huiyin.interactions.states import Channel
from huiyin.kit.markup import filled, rows_of
from huiyin.kit.periods import Period
from huiyin.kit.templatetags.wording import day_words
from huiyin.organization.states import Role
from huiyin.records.typesetting import qr_svg
from huiyin.reports.analyses import limits_of, signal_words
from huiyin.ui.templatetags import ui

register = template.Library()
register.filter(signal_words)
register.filter(limits_of)


@register.filter
def result_word(code: str) -> str:
    return str(FollowUpResult(code).label) if code in FollowUpResult.values else code


@register.filter
def outcome_word(code: str) -> str:
    return str(Outcome(code).label) if code in Outcome.values else code


@register.filter
def waiting_word(code: str) -> str:
    return str(Waiting(code).label) if code in Waiting.values else code


@register.filter
def role_word(code: str) -> str:
    if code in Role.values:
        return str(Role(code).label)
    return gettext(CUSTOMER_ROLES[code]) if code in CUSTOMER_ROLES else code


@register.filter
def translated(text: str) -> str:
    """What the program itself wrote into a row, in the reader's language; what people wrote as it is."""
    return gettext(text) if text else ""


CUSTOMER_ROLES = {
    "committee_chair": N_("业委会主任"),
    "client": N_("委托方"),
    "supervising_engineer": N_("监理"),
    "student_representative": N_("学生代表"),
}


@register.filter
def month_words(value: date) -> str:
    """2026年11月; 2026-11."""
    return Period.month_of(value).label()


@register.filter
def plain_day(value: date) -> str:
    """2026年11月23日; 23 Nov 2026. Without the weekday, where days lie years apart."""
    return date_format(value, gettext("Y年n月j日"))


# Rows of the long pages in one piece each: set by template nodes they made two thirds of a page's time.
CASE = (
    '<tr>{box}<td>{due}</td><td class="ref">{number}</td><td class="main"><a href="{url}">{summary}</a></td><td>{kind}</td>'
    '<td>{place}</td><td><span class="status" data-state="{glyph}">{sign}<span>{state}</span></span></td>'
    '<td>{who}</td><td data-label="{received}">{on}</td></tr>\n'
)
BOX = '<td><input type="checkbox" name="of" value="{number}" aria-label="{number}"></td>'
TASK = (
    '<li>{due}<div class="what"><a href="{url}">{title}</a>{small}</div><span class="who second">{beside}</span>'
    '<a class="button" href="{url}"{rank}>{button}</a></li>\n'
)


EMPTY = mark_safe("<td></td>")
CELL = '<td data-state="{glyph}"><a href="{url}" title="{label}">{sign}<span class="vh">{label}</span>{count}</a></td>'


@register.simple_tag
def matrix_cells(cells: Iterable[Any]) -> SafeString:
    """The fields of a row of the matrix: the sign that must be seen first, its words, and how many where it is more than one."""
    called = standing_words()
    return SafeString("".join(_cell(cell, called) for cell in cells))


def _cell(cell: Any, called: dict[str, str]) -> SafeString:
    worst = cell.tally.worst
    if worst is None:
        return EMPTY
    glyph, label = GLYPHS[worst], escape(f"{cell.about}: {tally_words(cell.tally, called)}")
    many = _many(cell.tally.all)
    about = {"glyph": glyph, "url": cell.url, "label": label, "sign": ui.glyph(glyph), "count": many}
    return filled(CELL, about)


@lru_cache(maxsize=512)
def _many(count: int) -> SafeString:
    return format_html('<small class="num">{}</small>', count) if count > 1 else mark_safe("")


@register.simple_tag
def case_rows(rows: Iterable[dict[str, Any]], now: datetime, choose: bool = False) -> SafeString:
    """Rows of the list of cases, from desk.rows.line_row."""
    received, never = gettext("收到"), mark_safe('<span class="quiet">–</span>')
    plain = ("number", "url", "summary", "kind", "place", "glyph", "state", "who")
    return rows_of(
        CASE.replace("{box}", BOX if choose else ""),
        (
            {name: row[name] for name in plain}
            | {"due": ui.due(row["due_at"], now) if row["due_at"] else never, "sign": ui.glyph(row["glyph"])}
            | {"received": received, "on": ui.short_day(row["received_at"])}
            for row in rows
        ),
    )


@register.simple_tag
def task_rows(rows: Iterable[dict[str, Any]], now: datetime, rank: str = "") -> SafeString:
    """<c-task> with its <c-button> for many rows of duties, from desk.rows.duty_row with words, beside and button."""
    ranked = format_html(' data-rank="{}"', rank) if rank else ""
    plain = ("url", "title", "beside", "button")
    return rows_of(
        TASK,
        (
            {name: row[name] for name in plain}
            | {"due": ui.due(row["at"], now, row["why"]), "small": _small(row), "rank": ranked}
            for row in rows
        ),
    )


def _small(row: dict[str, Any]) -> SafeString | str:
    words = " · ".join(filter(None, [row["words"], row["note"]]))
    return filled("<small>{words}</small>", {"words": words}) if words else ""


# One line for what happened between the words of people; other kinds say their label.
TOLD = {
    EventKind.TAKEN: N_("%(accountable)s 负责，%(channel)s收到"),
    EventKind.INFORMED: N_("已知会%(department)s，请 %(to)s 接办"),
    EventKind.ACCEPTED: N_("%(accountable)s 接办"),
    EventKind.HANDED_OFF: N_("%(by)s 请 %(to)s 接办"),
    EventKind.DECLINED: N_("%(by)s 退回"),
    EventKind.FOLLOWED_UP: N_("%(by)s 回访：%(result)s"),
    EventKind.ESCALATED: N_("%(clock)s的时限走到 %(rung)s%%，告知 %(to)s"),
    EventKind.CLOSED: N_("%(by)s 办结：%(outcome)s"),
    EventKind.TRIAGED: N_("%(by)s 评估：%(urgency)s"),
    EventKind.ACKNOWLEDGED: N_("%(by)s 已回应顾客（%(way)s）"),
    EventKind.ARRIVED: N_("%(by)s 到场"),
    EventKind.RESUMED: N_("%(by)s 恢复计时"),
    EventKind.EXTENSION: N_("%(by)s 申请延期到 %(until)s"),
    EventKind.NOT_EXTENDED: N_("%(by)s 不同意延期"),
    EventKind.NAMED: N_("%(by)s 指定 %(to)s 答复"),
    EventKind.CATEGORIZED: N_("%(by)s 归类"),
    EventKind.SEPARATED: N_("%(by)s 移出群诉 %(other)s"),
    EventKind.GROUPED: N_("%(by)s 归为群诉 %(other)s"),
    EventKind.MERGED: N_("%(by)s 把 %(gone)s 并入 %(other)s"),
    EventKind.TAKEN_OVER: N_("%(by)s 代表品质管理部接管"),
    EventKind.SENT_BACK: N_("%(by)s 发回重办"),
}


def _others(values: dict[str, Any]) -> dict[str, str]:
    """The numbers of the cases that an event is about beside its own."""
    other = values.get("lead") or values.get("case") or values.get("into") or "、".join(values.get("cases", []))
    return {"other": other or gettext("这一件"), "gone": values.get("from") or gettext("这一件")}


def _told(event: Event, names: dict[str, str]) -> str:
    if event.kind == EventKind.INFORMED and not names["to"]:
        return gettext("已知会%(department)s") % names
    words = TOLD.get(EventKind(event.kind))
    return gettext(words) % names if words else str(EventKind(event.kind).label)


@register.simple_tag
def event_words(event: Event) -> str:
    """One line of the timeline for what happened between the words of people."""
    values = event.values
    names = {name: str(values.get(name, "")) for name in ("accountable", "department", "to", "rung")}
    names |= _others(values)
    names |= {
        "until": day_words(str(values.get("until", ""))),
        "by": event.by.name if event.by else gettext("系统"),
        "channel": str(Channel(values["channel"]).label) if values.get("channel") in Channel.values else "",
        "result": result_word(values.get("result", "")),
        "outcome": outcome_word(values.get("outcome", "")),
        "clock": kind_words(values.get("clock", "solution")),
        "way": str(Told(values["way"]).label) if values.get("way") in Told.values else "",
        "urgency": str(Urgency(values["urgency"]).label) if values.get("urgency") in Urgency.values else "",
    }
    told = _told(event, names)
    return f"{told}：{event.text}" if event.text else told


@register.simple_tag
def track_qr(token: str) -> SafeString:
    """The QR code of a receipt's link, as SVG made by our own library from our own address."""
    return mark_safe(qr_svg(settings.BASE_URL + reverse("track", args=[token])))  # noqa: S308


HIGH, STEP, LEFT = 120.0, 22, 8


@register.inclusion_tag("desk/_u_chart.html")
def u_chart(weeks: list[dict[str, Any]], mean: float) -> dict[str, Any]:
    """The chart of an analysis: a thin line, its middle and limits, rings about what signals. The table stands beneath."""
    top = max([*(one["rate"] for one in weeks), *(one["upper"] for one in weeks)], default=0.0) or 1.0

    def height(rate: float) -> float:
        return round(HIGH - rate / top * (HIGH - 12), 1)

    marks = [
        {
            "x": LEFT + index * STEP,
            "y": height(one["rate"]),
            "signal": one["signal"],
            "count": one["count"],
            "week": one["week"][-3:] if index % 4 == (len(weeks) - 1) % 4 else "",
        }
        for index, one in enumerate(weeks)
    ]
    lines = {
        name: " ".join(f"{LEFT + n * STEP},{height(one[name])}" for n, one in enumerate(weeks))
        for name in ("upper", "lower")
    }
    return {
        "marks": marks,
        "path": " ".join(f"{one['x']},{one['y']}" for one in marks),
        "upper": lines["upper"],
        "lower": lines["lower"],
        "middle": height(mean),
        "wide": LEFT + len(weeks) * STEP + 60,
        "end": LEFT + (len(weeks) - 1) * STEP,
        "top": height(weeks[-1]["upper"]) if weeks else 0,
        "bottom": height(weeks[-1]["lower"]) if weeks else 0,
    }
