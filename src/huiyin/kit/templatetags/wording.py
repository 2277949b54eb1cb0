"""Periods and days as people say them, for the templates of messages, whose values are kept as codes."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from huiyin.kit.periods import Period

register = template.Library()


@register.filter
def period_words(code: str) -> str:
    """2026-02 -> 2026年2月; nothing for nothing."""
    return Period.parse(code).label() if code else ""


@register.filter
def day_words(code: str) -> str:
    """2026-11-30 or an instant that begins so -> 2026年11月30日."""
    if not code:
        return ""
    day = datetime.fromisoformat(code).date() if "T" in code else date.fromisoformat(code)
    return date_format(day, gettext("Y年n月j日"))
