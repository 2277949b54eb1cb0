"""Days a handbook allows, for cases that have no duty of their own in the ledger: one row a day and kind, worked out once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from huiyin.handbook.queries import Rulebook, rulebooks
from huiyin.handbook.rules import Limit
from huiyin.interactions.states import ContactKind
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar

DAY = timedelta(days=1)
Allowed = list[tuple[Limit, list[str]]]
HOLIDAYS = 12  # days that the longest row of days off can add to a limit


@dataclass(frozen=True)
class Promise:
    """What is allowed for a kind of case ("" = every kind) received on a day: until `due_at`, or so many `seconds` after receipt."""

    kind: str
    day: date
    due_at: datetime | None
    seconds: int | None


@dataclass(frozen=True)
class Promises:
    """What limits allow over a span of days: worked out once, then looked up for each month of it."""

    rows: Mapping[str, list[Promise]]
    back: Mapping[str, int]

    def around(self, name: str, first: datetime, end: datetime) -> list[Promise]:
        """Those of the days on which a case may come whose limit falls due from `first` up to `end`, or that lie between."""
        since, last = timezone.localdate(first) - self.back[name] * DAY, timezone.localdate(end)
        return [row for row in self.rows[name] if since <= row.day <= last]


def promises(site: Site, names: Iterable[str], first: datetime, end: datetime) -> Promises:
    """What the named limits allow from `first` up to `end`. Two queries, however often the handbooks changed."""
    last, rules_on = timezone.localdate(end), rulebooks(site)
    days = _days(timezone.localdate(first) - timedelta(days=366), last)
    books = list({id(book): book for book in map(rules_on, days)}.values())
    calendar, rows, back = working_calendar(), {}, {}
    for name in names:
        allowed = {id(book): _allowed(book, name) for book in books}
        back[name] = max((_reach(found) for found in allowed.values()), default=0)
        days = _days(timezone.localdate(first) - back[name] * DAY, last)
        rows[name] = [row for day in days for row in _of_day(allowed[id(rules_on(day))], day, calendar)]
    return Promises(rows, back)


def _days(first: date, last: date) -> Iterator[date]:
    """From `first` to `last`, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


def _allowed(book: Rulebook, name: str) -> Allowed:
    """What a handbook allows, with the kinds it is allowed for: "" = every kind. Kinds without a limit are left out."""
    kinds: dict[Limit | None, list[str]] = {}
    for kind in ContactKind.values:
        kinds.setdefault(book.limit_or_none(name, kind), []).append(kind)
    shared = len(kinds) == 1
    return [(limit, [""] if shared else found) for limit, found in kinds.items() if limit is not None]


def _reach(allowed: Allowed) -> int:
    """Days before a window in which a case may come whose limit ends in it."""
    longest = max((limit.allowance for limit, _kinds in allowed), default=0.0)
    rolls = any(limit.days and (limit.roll != "none" or limit.counting == "working") for limit, _kinds in allowed)
    return min(366, int(longest // 24) + 1 + (HOLIDAYS if rolls else 0))


def _of_day(allowed: Allowed, day: date, calendar: Calendar) -> Iterator[Promise]:
    """One row a kind; a single one for every kind (kind = "") where all are allowed the same."""
    morning = datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_default_timezone())
    for limit, kinds in allowed:
        due_at = None if limit.hours is not None else limit.due(morning, calendar)[0]
        seconds = limit.hours * 3600 if limit.hours is not None else None
        yield from (Promise(kind, day, due_at, seconds) for kind in kinds)
