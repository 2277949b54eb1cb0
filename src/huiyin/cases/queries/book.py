"""The duty log as a book: one line a contact, its number of the year, who took it, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.cases.queries.lists import visible_to
from huiyin.customers.models import ContactPoint
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.handbook.rules import Limit
from huiyin.interactions import queries as interactions
from huiyin.interactions.models import Interaction
from huiyin.interactions.states import ContactKind
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import Actor

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
class Book:
    """Lines of the book, the rules it is kept by, and of the whole stretch how many there are and how many came too late.

    `late` is None where the limit is counted in days: then only the lines tell.
    """

    lines: list[BookLine]
    rules: Rulebook
    total: int
    late: int | None


def book(site: Site, actor: Actor, leaf: Leaf, *, now: datetime) -> Book:
    """《值班记录本》／《工作信息记录本》: what the actor may see of it, without imported history. Two queries.

    A contact written down later than the limit `record` of the handbook is late (S3.2.1.b, S4.4.2.1.1.a).
    """
    rules = rulebook(site, timezone.localdate(now))
    limits = {kind: rules.limit("record", kind) for kind in ContactKind.values}
    in_days = any(one.hours is None and one.minutes is None for one in limits.values())
    seen = _seen(site, actor, leaf)
    asked = seen.annotate(
        total=_counted(seen),
        late=_counted(seen.filter(_too_late(limits))),
        opened=_year(leaf, now, 0),
        closed=_year(leaf, now, 1),
        number=_number(site),
        phone=Subquery(_phones()),
        may_see=Exists(visible_to(actor).filter(reference=OuterRef("subject"))),
    )
    order = ("-occurred_at", "-id") if leaf.newest_first else ("occurred_at", "id")
    rows = list(asked.select_related(*SHOWN).order_by(*order)[leaf.skip : leaf.skip + leaf.at_most])
    calendar = working_calendar() if in_days else Calendar()
    lines = [_line(row, limits[row.kind], calendar) for row in rows]
    total, late = (rows[0].total, rows[0].late) if rows else (0, 0)
    return Book(lines, rules, total, None if in_days else late)


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


def _year(leaf: Leaf, now: datetime, side: int) -> Choice:
    """First instant (side 0) of the year in which a contact was written down, or first instant after it (side 1)."""
    zone = timezone.get_default_timezone()
    earliest = (leaf.first - timedelta(days=1)).astimezone(zone).year
    years = range(earliest, max(earliest, now.astimezone(zone).year) + 1)
    ends = [(datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)) for year in years]
    cases = [When(recorded_at__lt=pair[1], then=Value(pair[side])) for pair in ends]
    return Choice(*cases, default=Value(ends[-1][side]), output_field=DateTimeField())


def _number(site: Site) -> Coalesce:
    """The place of a contact, by id, among all that its site wrote down in the same year: no gaps, the same for everybody."""
    year = {"recorded_at__gte": OuterRef("opened"), "recorded_at__lt": OuterRef("closed")}
    return _counted(_every(site).filter(**year, id__lte=OuterRef("pk")))


def _phones() -> QuerySet[ContactPoint, str]:
    points = ContactPoint.objects.filter(customer=OuterRef("customer"), kind="phone").order_by("id")
    return points.values_list("masked", flat=True)[:1]


def _too_late(limits: Mapping[str, Limit]) -> Q:
    by_time: dict[timedelta, list[str]] = {}
    for kind, limit in limits.items():
        by_time.setdefault(timedelta(hours=limit.allowance), []).append(kind)
    return reduce(or_, (Q(kind__in=kinds, recorded_at__gt=F("occurred_at") + time) for time, kinds in by_time.items()))


def _line(row: Any, limit: Limit, calendar: Calendar) -> BookLine:
    case = getattr(row.subject, "case", None) if row.subject else None
    return BookLine(
        year=timezone.localtime(row.opened).year,
        number=row.number,
        contact=row,
        phone=row.phone or "",
        case=case if row.may_see else None,
        is_kept_apart=row.subject is not None and not row.may_see,
        allowed_until=limit.due(row.occurred_at, calendar)[0],
    )
