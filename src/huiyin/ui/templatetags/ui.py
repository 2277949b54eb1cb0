"""Words and marks that every page uses: dates, time left, rates, glyphs. They format; they decide nothing.

Instants are shown in the current time zone. `now` always comes from the view, so that a page can be tested at any hour.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

import segno
from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from lucide.templatetags.lucide import lucide

from huiyin.kit.markup import filled, rows_of
from huiyin.ui.templatetags import charts

register = template.Library()
for chart in (charts.bar, charts.columns, charts.line):
    register.simple_tag(chart)

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
SOON = timedelta(hours=24)
MINUTE, HOUR, DAY = 60, 3600, 86400

SHAPES = {
    "kept": mark_safe('<circle cx="6" cy="6" r="5.4" fill="currentColor"/>'),
    "running": mark_safe(
        '<circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" stroke-width="1.2"/>'
        '<path d="M6 1.2v9.6a4.8 4.8 0 0 1 0-9.6z" fill="currentColor"/>'
    ),
    "late": mark_safe('<path d="M6 .6 11.8 11H.2z" fill="currentColor"/>'),
    "missing": mark_safe(
        '<path d="m1.6 1.6 8.8 8.8m0-8.8-8.8 8.8" fill="none" stroke="currentColor" stroke-width="2"/>'
    ),
    "none": mark_safe('<path d="M2 6h8" fill="none" stroke="currentColor" stroke-width="1.4"/>'),
    "provisional": mark_safe(
        '<circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" '
        'stroke-width="1.3" stroke-dasharray="1.9 1.87"/>'
    ),
}
SHAPES["soon"] = SHAPES["running"]
WORDS = {
    "kept": _("已履行"),
    "running": _("进行中"),
    "late": _("逾期"),
    "missing": _("缺失"),
    "none": _("不适用"),
    "provisional": _("暂定"),
    "soon": _("快到期"),
}


def as_day(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    return timezone.localdate(value) if timezone.is_aware(value) else value.date()


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月23日 周一; Mon 23 Nov 2026."""
    return "" if value is None else _day(as_day(value), get_language())


# Days and lengths repeat from row to row; the language is named so that each is kept once in each.
@lru_cache(maxsize=2048)
def _day(on: date, language: str | None) -> str:
    values = {"date": date_format(on, gettext("Y年n月j日")), "weekday": WEEKDAYS[on.weekday()]}
    return gettext("%(date)s %(weekday)s") % values


@register.filter
def short_day(value: date | datetime | None) -> str:
    """11月23日; 23 Nov. For columns in which the year is plain from the head."""
    return "" if value is None else _short_day(as_day(value), get_language())


@lru_cache(maxsize=2048)
def _short_day(on: date, language: str | None) -> str:
    return date_format(on, gettext("n月j日"))


@register.filter
def clock(value: datetime | None) -> str:
    """14:05, local time."""
    return "" if value is None else _clock(_local(value))


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


@register.filter
def moment(value: datetime | None) -> str:
    """2026年11月23日 周一 14:05."""
    if value is None:
        return ""
    local = _local(value)
    return f"{_day(local.date(), get_language())} {_clock(local)}"


@register.filter
def short_moment(value: datetime | None) -> str:
    """11月23日 14:05."""
    if value is None:
        return ""
    local = _local(value)
    return f"{_short_day(local.date(), get_language())} {_clock(local)}"


def length(seconds: int) -> str:
    """A length of time in its two largest units, rounded down: 2 天 3 小时, 3 小时 20 分, 5 分."""
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    parts = [
        (days, ngettext("%(n)d 天", "%(n)d 天", days)),
        (hours, ngettext("%(n)d 小时", "%(n)d 小时", hours)),
        (minutes, ngettext("%(n)d 分", "%(n)d 分", minutes)),
    ]
    parts = parts[:2] if days else parts[1:]
    words = [text % {"n": count} for count, text in parts if count]
    return " ".join(words) or gettext("不到 1 分")


@register.filter
def lasted(since: datetime, now: datetime) -> str:
    """How long it has been: 3 天 19 小时."""
    return length(max(int((now - since).total_seconds()), 0))


def time_left_words(due_at: datetime, now: datetime) -> str:
    """还剩 2 天 3 小时, 逾期 1 天 4 小时."""
    seconds = int((due_at - now).total_seconds())
    unit = HOUR if abs(seconds) >= DAY else MINUTE  # the smallest that is said
    return _time_left(abs(seconds) // unit * unit, seconds < 0, get_language())


@lru_cache(maxsize=4096)
def _time_left(seconds: int, is_over: bool, language: str | None) -> str:
    words = gettext("逾期 %(length)s") if is_over else gettext("还剩 %(length)s")
    return words % {"length": length(seconds)}


def urgency(due_at: datetime, now: datetime) -> str:
    """late, soon (within 24 hours) or empty."""
    if due_at < now:
        return "late"
    return "soon" if due_at - now <= SOON else ""


@register.simple_tag
def time_left(due_at: datetime, now: datetime) -> str:
    """The words alone, for use inside a sentence."""
    return time_left_words(due_at, now)


DUE = '<time class="due" datetime="{at}" title="{title}" data-tone="{tone}">{mark}{text}</time>'


@register.simple_tag
def due(at: datetime | None, now: datetime | None, why: str = "") -> SafeString:
    """`<time>` with the time left as text and the date (and the reason, if given) on hover.

    Without `now` (a kept verdict, say) the date itself is shown.
    """
    if at is None:
        return mark_safe("")
    title = f"{moment(at)}\n{why}" if why else moment(at)
    tone = urgency(at, now) if now else ""
    text = time_left_words(at, now) if now else day(at)
    mark = glyph("late") if tone == "late" else ""
    return filled(DUE, {"at": at.isoformat(), "title": title, "tone": tone, "mark": mark, "text": text})


@register.filter
def grouped(value: int | Decimal | str | None) -> str:
    """2816 -> 2,816. Words such as 1,000+ stay as they are."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,}"


@register.filter
def phone(value: str | None) -> SafeString:
    """An already masked or grouped telephone number, kept on one line in tabular figures."""
    return format_html('<span class="num">{}</span>', value) if value else mark_safe("")


def percent(numerator: int, denominator: int) -> str:
    """One decimal, half up: 35.2%. An empty base has no rate: an en dash."""
    if denominator <= 0:
        return "–"
    return f"{(Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


@register.simple_tag
def rate(numerator: int, denominator: int) -> str:
    """35.2%（992/2,816）: never a percentage without its base."""
    values = {"percent": percent(numerator, denominator), "part": grouped(numerator), "whole": grouped(denominator)}
    return gettext("%(percent)s（%(part)s/%(whole)s）") % values


@register.simple_tag(name="percent")
def percent_alone(numerator: int, denominator: int) -> str:
    """For a place where the base already stands beside it."""
    return percent(numerator, denominator)


@register.simple_tag
@lru_cache(maxsize=64)
def glyph(state: str) -> SafeString:
    """The sign of a state, drawn, so that every font and printer shows the same. Say the word too."""
    shape = SHAPES.get(state, SHAPES["none"])
    return format_html(
        '<svg class="glyph" data-state="{}" viewBox="0 0 12 12" aria-hidden="true">{}</svg>', state, shape
    )


@register.simple_tag
def icon(name: str, size: int | str = 18) -> SafeString:
    """A line icon by its lucide name. Drawn once a process: a page shows a dozen."""
    return _icon(name, int(size))


@cache
def _icon(name: str, size: int) -> SafeString:
    return SafeString(lucide(name, size=size, stroke_width="1.75", aria_hidden="true"))


@register.simple_tag
def options(choices: Iterable[dict[str, Any]]) -> SafeString:
    """The links of one <c-choice>: [{label, url, current, count}]. A sentence holds some sixty of them."""
    return rows_of(
        OPTION,
        (
            {"url": one["url"], "label": one["label"], "count": _count(one.get("count"))}
            | {"current": _CURRENT if one.get("current") else ""}
            for one in choices
        ),
    )


OPTION = '<a href="{url}"{current}>{label}{count}</a>'
_CURRENT = mark_safe(' aria-current="true"')


def _count(count: int | None) -> SafeString | str:
    return "" if count is None else format_html('<span class="num push quiet">{}</span>', grouped(count))


@register.filter
def state_word(state: str) -> str:
    """The usual word for a state where the page has no better one."""
    return str(WORDS.get(state, state))


@register.filter
def error_words(field: BoundField) -> list[str]:
    """The errors of one field as whole sentences: what is missing is named."""
    missing = gettext("请填写“%(label)s”") % {"label": field.label}
    return [
        missing if error.code == "required" else str(message)
        for error in field.errors.as_data()
        for message in error.messages
    ]


@register.filter
def error_lines(field: BoundField) -> list[str]:
    """The same for the summary at the top, where the field's name must stand before what does not name it."""
    label = str(field.label)
    return [
        words if label in words else gettext("%(label)s：%(words)s") % {"label": label, "words": words}
        for words in error_words(field)
    ]


@register.simple_tag
def qr(text: str, name: str = "") -> SafeString:
    """A QR code as inline SVG, black on white in both schemes; `name` is read aloud."""
    code = segno.make(text, error="m")
    drawn = code.svg_inline(omitsize=True, border=2, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return format_html(drawn.replace("<svg ", '<svg role="img" aria-label="{}" ', 1), name or text)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """The page's own address with some query values changed; an empty value takes the name out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return "?" + urlencode(list(query.lists()), doseq=True)


@register.simple_tag(takes_context=True)
def look(context: Context, name: str) -> str:
    """A choice of the reader's own, kept in a cookie: `print` (large or empty), `scheme` (light, dark or empty)."""
    request = context.get("request")
    allowed = {"print": {"large"}, "scheme": {"light", "dark"}}[name]
    value: str = request.COOKIES.get(f"huiyin_{name}", "") if request else ""
    return value if value in allowed else ""


@register.simple_tag
def language_code() -> str:
    """zh-Hans or en, as html's lang wants it."""
    return {"zh-hans": "zh-Hans"}.get(get_language() or "", get_language() or "zh-Hans")


@register.filter
def initial(name: str) -> str:
    """The first character of a name, for places too narrow for it."""
    return name[:1]


def page_words(number: int, pages: int) -> str:
    return pgettext("pager", "第 %(number)s / %(pages)s 页") % {"number": grouped(number), "pages": grouped(pages)}


register.simple_tag(page_words, name="page_words")


@register.simple_tag
def attributes(given: dict[str, Any]) -> SafeString:
    """The attributes of a widget, as Django's own template writes them. The page of a case holds ninety such lists."""
    written = (
        filled(" {name}" if value is True else ' {name}="{value}"', {"name": name, "value": value})
        for name, value in given.items()
        if value is not False
    )
    return SafeString("".join(written))
