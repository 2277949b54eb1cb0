"""Words and photos of the steps of a measure in the timeline."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from huiyin.cases.models import Event
from huiyin.cases.states import EventKind
from huiyin.ui.templatetags.ui import short_day

register = template.Library()

KINDS = frozenset({EventKind.MEASURE, EventKind.MEASURE_DONE, EventKind.MEASURE_SEEN})


@register.filter
def is_measure(event: Event) -> bool:
    return event.kind in KINDS


@register.filter
def measure_facts(event: Event) -> str:
    """Under the words: 由王志强负责，最迟 12月1日; 没有效果，重新整改，最迟 12月9日."""
    values = event.values
    due = short_day(date.fromisoformat(values["due_on"])) if values.get("due_on") else ""
    if event.kind == EventKind.MEASURE and due:
        return _("由%(owner)s负责，最迟 %(due_on)s") % {"owner": values.get("to", ""), "due_on": due}
    if event.kind == EventKind.MEASURE_SEEN:
        return _("没有效果，重新整改，最迟 %(due_on)s") % {"due_on": due} if due else _("验证有效")
    return ""


@register.filter
def measure_photos(event: Event) -> list[str]:
    """Keys of the photos that came with a step."""
    found = event.values.get("photos", [])
    return found if isinstance(found, list) else []
