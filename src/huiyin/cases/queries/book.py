"""The duty log as a book: one line a contact, its number of the year, who took it, what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.cases.queries.lists import visible_to
from huiyin.customers.models import ContactPoint
from huiyin.handbook.queries import Rulebook, rulebooks
from huiyin.handbook.rules import Limit
from huiyin.interactions import queries as interactions
from huiyin.interactions.models import Interaction
from huiyin.interactions.states import ContactKind
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import Actor

# In plain SQL: a count for each line, which is what the ORM can say, takes ten times as long.
_NUMBERED = """
    SELECT id, number FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS number FROM interactions_interaction
        WHERE site_id = %s AND NOT is_history AND recorded_at >= %s AND recorded_at < %s AND id <= %s
    ) AS book WHERE id >= %s
"""
SHOWN = ("reference", "subject__case", "customer", "room__building", "building", "recorded_by")


@dataclass(frozen=True)
class Leaf:
    """Which lines are wanted: contacts that reached us from `first` to before `end`, so many after the first `skip`."""

    first: datetime
    end: datetime
    skip: int = 0
    at_most: int = 25
    newest_first: bool = True


@dataclass(frozen=True)
class BookLine:
    """One contact as a line. `number` counts what the site wrote down in `year`, whoever reads it.

    `case` is what it became where the reader may see it; `is_kept_apart` where there is one and the reader may not.
    `allowed_until` is when it had to be written down at the latest.
    """

    year: int
    number: int
    contact: Interaction
    phone: str
    case: Case | None
    is_kept_apart: bool
    allowed_until: datetime

    @property
    def label(self) -> str:
        return f"{self.year}-{self.number:04d}"

    @property
    def is_late(self) -> bool:
        return self.contact.recorded_at > self.allowed_until


@dataclass(frozen=True)
class Kept:
    """Days of the book, from `first` to before `end`, on which each kind of contact had the same time to be written down."""

    first: datetime
    end: datetime
    limits: Mapping[str, Limit]


@dataclass(frozen=True)
class Book:
    """Lines of the book, the rules of its last day, and of the whole stretch how many there are and how many came too late.

    `late` is None where a limit is counted in days: then only the lines tell. `kept` says what was allowed when.
    """

    lines: list[BookLine]
    rules: Rulebook
    kept: list[Kept]
    total: int
    late: int | None


def book(site: Site, actor: Actor, leaf: Leaf, *, now: datetime) -> Book:
    """《值班记录本》／《工作信息记录本》: what the actor may see of it, without imported history. Three queries.

    A contact written down later than the limit `record` of the handbook of its day is late (S3.2.1.b, S4.4.2.1.1.a).
    """
    rules_on = rulebooks(site)
    kept = _kept(rules_on, leaf)
    in_days = any(one.hours is None and one.minutes is None for days in kept for one in days.limits.values())
    seen = _seen(site, actor, leaf)
    asked = seen.annotate(
        total=_counted(seen),
        late=_counted(seen.filter(_too_late(kept))),
        phone=Subquery(_phones()),
        may_see=Exists(visible_to(actor).filter(reference=OuterRef("subject"))),
    )
    order = ("-occurred_at", "-id") if leaf.newest_first else ("occurred_at", "id")
    rows = list(asked.select_related(*SHOWN).order_by(*order)[leaf.skip : leaf.skip + leaf.at_most])
    calendar = working_calendar() if in_days else Calendar()
    numbers = _numbers(site, rows)
    lines = [_line(row, numbers[row.pk], _limit(kept, row), calendar) for row in rows]
    total, late = (rows[0].total, rows[0].late) if rows else (0, 0)
    last = min(_last_day(leaf), timezone.localdate(now))
    return Book(lines, rules_on(last), kept, total, None if in_days else late)


def unseen(site: Site, actor: Actor, leaf: Leaf) -> int:
    """How many lines of the stretch the actor may not see: their numbers are left out. One query."""
    every = _every(site).filter(occurred_at__gte=leaf.first, occurred_at__lt=leaf.end)
    return every.exclude(pk__in=_seen(site, actor, leaf).order_by().values("pk")).count()


def _every(site: Site) -> QuerySet[Interaction]:
    return Interaction.objects.filter(site=site, is_history=False)


def _seen(site: Site, actor: Actor, leaf: Leaf) -> QuerySet[Interaction]:
    contacts = interactions.visible_to(actor).filter(site=site, is_history=False)
    return contacts.filter(occurred_at__gte=leaf.first, occurred_at__lt=leaf.end)


def _counted(contacts: QuerySet[Interaction]) -> Coalesce:
    """How many, as a value that the database works out once and not for each row."""
    count = contacts.order_by().values("site").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count), 0)


def _numbers(site: Site, rows: list[Any]) -> dict[int, tuple[int, int]]:
    """Year and number of each contact: its place, by id, among all that its site wrote down in the same year.

    So there are no gaps, and everybody reads the same. One query a year.
    """
    zone, years = timezone.get_default_timezone(), _by_year(rows)
    found: dict[int, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        for year, keys in years.items():
            ends = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
            first, end = (connection.ops.adapt_datetimefield_value(one) for one in ends)
            cursor.execute(_NUMBERED, [site.pk, first, end, max(keys), min(keys)])
            found |= {key: (year, number) for key, number in cursor.fetchall()}
    return found


def _by_year(rows: list[Any]) -> dict[int, list[int]]:
    years: dict[int, list[int]] = {}
    for row in rows:
        years.setdefault(timezone.localtime(row.recorded_at).year, []).append(row.pk)
    return years


def _phones() -> QuerySet[ContactPoint, str]:
    points = ContactPoint.objects.filter(customer=OuterRef("customer"), kind="phone").order_by("id")
    return points.values_list("masked", flat=True)[:1]


def _last_day(leaf: Leaf) -> date:
    return timezone.localdate(leaf.end - timedelta(microseconds=1))


def _kept(rules_on: Callable[[date], Rulebook], leaf: Leaf) -> list[Kept]:
    """What was allowed on the days of a leaf, oldest first: one row, and one more for each day on which it changed."""
    first, last = timezone.localdate(leaf.first), _last_day(leaf)
    books = [(leaf.first, rules_on(first))]
    for n in range(1, (last - first).days + 1):
        day = first + timedelta(days=n)
        if (rules := rules_on(day)) is not books[-1][1]:
            books.append((datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone()), rules))
    found: list[Kept] = []
    for since, rules in books:
        limits = {kind: _plain(rules.limit("record", kind)) for kind in ContactKind.values}
        if found and found[-1].limits == limits:
            continue
        found[-1:] = [replace(one, end=since) for one in found[-1:]]
        found.append(Kept(since, leaf.end, limits))
    return found


def _plain(limit: Limit) -> Limit:
    """The time allowed, whoever asks for it."""
    return replace(limit, handbook="", clause="", ours=False)


def _limit(kept: list[Kept], row: Interaction) -> Limit:
    return next(days.limits[row.kind] for days in reversed(kept) if days.first <= row.occurred_at)


def _too_late(kept: list[Kept]) -> Q:
    return reduce(or_, (Q(occurred_at__gte=one.first, occurred_at__lt=one.end) & _over(one.limits) for one in kept))


def _over(limits: Mapping[str, Limit]) -> Q:
    by_time: dict[timedelta, list[str]] = {}
    for kind, limit in limits.items():
        by_time.setdefault(timedelta(hours=limit.allowance), []).append(kind)
    return reduce(or_, (Q(kind__in=kinds, recorded_at__gt=F("occurred_at") + span) for span, kinds in by_time.items()))


def _line(row: Any, numbered: tuple[int, int], limit: Limit, calendar: Calendar) -> BookLine:
    case = getattr(row.subject, "case", None) if row.subject else None
    return BookLine(
        year=numbered[0],
        number=numbered[1],
        contact=row,
        phone=row.phone or "",
        case=case if row.may_see else None,
        is_kept_apart=row.subject is not None and not row.may_see,
        allowed_until=limit.due(row.occurred_at, calendar)[0],
    )
