"""督办: how the open work of a site is spread over departments, people and clusters, and over the sites of the company.

Every number here is a list there: the conditions are the very ones that `narrowed` uses (S3.1.1.a, S1.6.b, S4.3.a).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from huiyin.cases.models import OPEN, Case
from huiyin.cases.queries.figures import Rate
from huiyin.interactions.states import ContactKind
from huiyin.kit.periods import Period
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references.queries import sight

AGES = {"today": (0, 0), "days": (1, 3), "week": (4, 7), "older": (8, 40_000)}  # whole days since the day of receipt


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _span(period: Period) -> tuple[datetime, datetime]:
    return _midnight(period.first), _midnight(period.next().first)


def received_in(period: Period) -> Q:
    first, end = _span(period)
    return Q(received_at__gte=first, received_at__lt=end)


def aged(age: str, now: datetime) -> Q:
    """Received so many days ago, by the calendar: 0, 1 to 3, 4 to 7, more."""
    least, most = AGES[age]
    today = timezone.localdate(now)
    later = Q(received_at__lt=_midnight(today - timedelta(days=least - 1)))
    return later if age == "older" else later & Q(received_at__gte=_midnight(today - timedelta(days=most)))


def overdue(now: datetime) -> Q:
    return OPEN & Q(solved_at__isnull=True, solution_due_at__lt=now, is_history=False)


def fell_due(now: datetime) -> Q:
    """The first date for a solution came this month: the base of what was answered on time (domain 2.4)."""
    first = _midnight(timezone.localdate(now).replace(day=1))
    return Q(first_due_at__gte=first, first_due_at__lt=now, is_history=False)


def on_time(now: datetime) -> Q:
    return fell_due(now) & Q(first_solved_at__lte=F("first_due_at"))


def dates_kept(cases: QuerySet[Case], *, now: datetime) -> Rate:
    """Of those whose first date came this month, how many had their solution by it. One query."""
    counts = cases.aggregate(due=Count("pk", filter=fell_due(now)), kept=Count("pk", filter=on_time(now)))
    return Rate(counts["kept"], counts["due"])


def waiting() -> Q:
    """Offered to somebody who has not said yes."""
    return OPEN & Q(handed_to__isnull=False)


# What the list shows, by the word in its address.
SHOWS: dict[str, Callable[[datetime], Q]] = {
    "overdue": overdue,
    "waiting": lambda _now: waiting(),
    "fell_due": fell_due,
    "on_time": on_time,
    "answered": lambda _now: Q(answered_at__isnull=False),
}


@dataclass(frozen=True)
class Narrow:
    """Whose cases, from where and how old. Empty fields narrow nothing."""

    person: int | None = None
    department: int | None = None
    cluster: int | None = None
    age: str = ""
    period: Period | None = None


def narrowed(cases: QuerySet[Case], narrow: Narrow, *, now: datetime) -> QuerySet[Case]:
    """The list narrowed to exactly the rows behind a number of the supervision pages."""
    asked = {"accountable": narrow.person, "department": narrow.department, "reference__cluster": narrow.cluster}
    cases = cases.filter(**{name: key for name, key in asked.items() if key is not None})
    if narrow.age in AGES:
        cases = cases.filter(aged(narrow.age, now))
    return cases.filter(received_in(narrow.period)) if narrow.period else cases


@dataclass(frozen=True)
class Load:
    """The open work of somebody or somewhere, and what fell due there this month."""

    open: int = 0
    today: int = 0
    days: int = 0
    week: int = 0
    older: int = 0
    overdue: int = 0
    waiting: int = 0
    fell_due: int = 0
    on_time: int = 0


def loads(cases: QuerySet[Case], key: str, *, now: datetime) -> dict[Any, Load]:
    """Open work by a column of the table. One grouped statement."""
    counts = {
        "open": OPEN,
        **{age: OPEN & aged(age, now) for age in AGES},
        "overdue": overdue(now),
        "waiting": waiting(),
        "fell_due": fell_due(now),
        "on_time": on_time(now),
    }
    counted = cases.filter(OPEN | fell_due(now)).order_by().values_list(key)
    rows = counted.annotate(**{f"n_{name}": Count("pk", filter=when) for name, when in counts.items()})
    return {row[0]: Load(*row[1:]) for row in rows}


@dataclass(frozen=True)
class Gathered:
    """What came in a month and what of it went back answered: collection and feedback (S1.6.b)."""

    received: int = 0
    answered: int = 0
    followed_up: int = 0


def gathered(cases: QuerySet[Case], period: Period) -> dict[int | None, Gathered]:
    """By cluster. One grouped statement."""
    came = cases.filter(received_in(period), is_history=False).order_by().values_list("reference__cluster")
    rows = came.annotate(
        n=Count("pk", distinct=True),
        back=Count("pk", distinct=True, filter=Q(answered_at__isnull=False)),
        asked=Count("pk", distinct=True, filter=Q(follow_ups__result__in=["satisfied", "dissatisfied"])),
    )
    return {row[0]: Gathered(*row[1:]) for row in rows}


@dataclass(frozen=True)
class SiteLoad:
    """One site as the quality department sees it (S4.3.a)."""

    open: int = 0
    overdue: int = 0
    week: int = 0
    month: int = 0
    fell_due: int = 0
    on_time: int = 0
    oldest: datetime | None = None


def site_loads(actor: Actor, *, now: datetime) -> dict[int, SiteLoad]:
    """Every site the actor may see: open work, complaints of this week and month, the oldest. One grouped statement."""
    today = timezone.localdate(now)
    month = Period.month_of(today)
    week = Period("week", *today.isocalendar()[:2])
    complaint = Q(kind=ContactKind.COMPLAINT, is_history=False)
    seen = Case.objects.filter(sight(actor, "reference__"))
    counted = seen.filter(OPEN | fell_due(now) | (complaint & (received_in(week) | received_in(month)))).order_by()
    rows = counted.values_list("site").annotate(
        open=Count("pk", filter=OPEN),
        overdue=Count("pk", filter=overdue(now)),
        week=Count("pk", filter=complaint & received_in(week)),
        month=Count("pk", filter=complaint & received_in(month)),
        fell_due=Count("pk", filter=fell_due(now)),
        on_time=Count("pk", filter=on_time(now)),
        oldest=Min("received_at", filter=OPEN),
    )
    return {row[0]: SiteLoad(*row[1:]) for row in rows}


def oldest_open(sites: list[int], actor: Actor) -> dict[int, Case]:
    """The oldest open case of each site, with its number. One query."""
    seen = Case.objects.filter(OPEN, sight(actor, "reference__"), site__in=sites).order_by("-received_at", "-id")
    found = seen.filter(received_at__in=seen.order_by().values("site").annotate(at=Min("received_at")).values("at"))
    return {case.site_id: case for case in found.select_related("reference")}


def open_at(site: Site, cases: QuerySet[Case], *, now: datetime) -> Load:
    """The sums of a site. One query."""
    return loads(cases.filter(site=site), "site", now=now).get(site.pk, Load())
