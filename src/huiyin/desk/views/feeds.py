"""A person's calendar: the page that tells its address, and what a calendar program fetches there."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huiyin.access import clock, doors
from huiyin.desk.feeds import feed
from huiyin.desk.frame import framed, page
from huiyin.duties import queries as ledger
from huiyin.organization.queries import actor_of, feed_token

MOST = 200  # entries; a calendar with more is not read


@page("GET")
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The address of one's own feed. It dies with the password it was made under."""
    address = request.build_absolute_uri(reverse("calendar_feed", args=[feed_token(doors.person(request))]))
    acts = ledger.by_act(ledger.owed_by(doors.actor(request), now=clock.now())[:MOST])
    subscribe = "webcal:" + address.partition(":")[2]
    return framed(request, "desk/my_calendar.html", {"address": address, "subscribe": subscribe, "count": len(acts)})


@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Open duties of the person the link was made for, in that person's language; anything else is missing."""
    person = doors.person_behind_feed(token)
    with translation.override(person.language):
        owed = ledger.owed_by(actor_of(person), now=clock.now()).select_related("site", "reference")
        body = feed(ledger.by_act(owed[:MOST]), name=_("回音 · %(name)s") % {"name": person.name})
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="huiyin.ics"'
    return answer
