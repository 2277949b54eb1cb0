"""The clocks of a case, computed on read from its log and the working calendar; nothing is stored."""

from collections.abc import Callable, Iterable
from datetime import date

from django.utils import timezone

from huiyin.cases.models import Case, Event
from huiyin.cases.rules.clocks import Clock, Happened, clocks
from huiyin.cases.states import SOLUTIONS, EventKind
from huiyin.handbook.queries import Rulebook, rulebooks
from huiyin.kit.workdays import Calendar
from huiyin.organization.queries import working_calendar

DECIDING = (EventKind.EXTENSION, EventKind.EXTENDED, EventKind.NOT_EXTENDED, EventKind.REOPENED, *SOLUTIONS)


def clocks_of(
    case: Case,
    events: Iterable[Event],
    rules_on: Callable[[date], Rulebook] | None = None,
    calendar: Calendar | None = None,
) -> list[Clock]:
    """Every clock of a case, from its timeline. A small query each for rules and calendar where they are not given."""
    if case.is_history:
        return []
    log = (Happened(one.kind, timezone.localtime(one.at), one.signature, one.values) for one in events)
    return clocks(log, case.kind, rules_on or rulebooks(case.site), calendar or working_calendar())


def asked_extension(case: Case) -> Event | None:
    """The request for a later date that waits for a decision."""
    newest = Event.objects.filter(case=case, kind__in=DECIDING).select_related("by").order_by("-at", "-id").first()
    return newest if newest is not None and newest.kind == EventKind.EXTENSION else None
