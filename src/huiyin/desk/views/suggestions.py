"""What was deferred, adopted and reported upward at a site, so that none of it is forgotten."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from huiyin.access import clock, doors
from huiyin.cases import queries as cases
from huiyin.cases.models import Referral, Suggestion
from huiyin.desk.frame import framed, page, site_of

YEAR = timedelta(days=365)


@page("GET")
def suggestions(request: HttpRequest) -> HttpResponse:
    """建议: the deferred with their review, overdue first; the adopted with owner and day; how many were adopted (K38)."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    site = site_of(request, actor)
    adopted = cases.adopted(site, actor)
    year = cases.visible_to(actor).filter(site=site, received_at__gte=now - YEAR)
    context = {
        "parked": [_dated(one, "review_on", now) for one in cases.parked(site, actor)],
        "running": [_dated(one, "due_on", now) for one in adopted if one.realized_at is None],
        "realized": [one for one in adopted if one.realized_at is not None][:50],
        "counts": cases.adoption(year),
    }
    return framed(request, "desk/suggestions.html", context)


@page("GET")
def referrals(request: HttpRequest) -> HttpResponse:
    """转办: what waits for an answer from above, for how long, until when it was expected."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    site = site_of(request, actor)
    rows = [
        _dated(one, "expected_on", now) | {"days": (timezone.localdate(now) - timezone.localdate(one.made_at)).days}
        for one in cases.open_referrals(site, actor)
    ]
    return framed(request, "desk/referrals.html", {"rows": rows})


def _dated(one: Suggestion | Referral, field: str, now: datetime) -> dict[str, Any]:
    """A row with its day, and whether that day is over."""
    day = getattr(one, field)
    late = day is not None and day < timezone.localdate(now)
    return {"one": one, "case": one.case, "day": day, "glyph": "late" if late else "running"}
