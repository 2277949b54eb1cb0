"""A person's open duties for the calendar program of their choice (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.duties.models import Duty
from huiyin.duties.words import duty_words
from huiyin.kit.counting import Reason, explain

if TYPE_CHECKING:
    from icalendar import Event

REFRESH = timedelta(hours=4)


def feed(acts: Iterable[Sequence[Duty]], *, name: str) -> bytes:
    """One entry for all day per act that is due, the strictest duty of `acts` first. No customer's words or name."""
    from icalendar import Calendar  # noqa: PLC0415 - slow to load, only where a calendar is fetched

    calendar = Calendar()
    calendar.add("prodid", "-//Huiyin//duties//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for duty, *others in acts:
        calendar.add_component(_entry(duty, others))
    return bytes(calendar.to_ical())


def _entry(duty: Duty, others: Sequence[Duty]) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    day = timezone.localdate(duty.runs_until)
    about = duty.reference
    clauses = "、".join(one.clause for one in (duty, *others) if one.clause)
    why = explain(Reason.from_json(reason) for reason in duty.why)
    link = settings.BASE_URL + reverse("duty", args=[duty.pk])
    entry = Event()
    entry.add("uid", f"duty{duty.pk}@{urlsplit(settings.BASE_URL).hostname}")
    entry.add("dtstamp", duty.opens_at)
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("summary", " · ".join(filter(None, [duty_words(duty.kind, duty.step, duty.period), duty.site.name])))
    entry.add("description", "\n".join(filter(None, [about.title if about else "", clauses, why, link])))
    entry.add("url", link)
    if about:
        entry.add("categories", [_("事项") + " " + about.number])
    return entry
