"""Reads of cases: lists, one case, look-alikes, figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, FloatField, Func, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.db.models.sql.compiler import SQLCompiler

from huiyin.cases.models import OPEN, Case, Event
from huiyin.cases.states import State
from huiyin.interactions.states import ContactKind
from huiyin.organization.models import Building, Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight

RECENT = timedelta(days=30)
ROW_FIELDS = (
    *(
        "kind",
        "state",
        "summary",
        "received_at",
        "solution_due_at",
        "solved_at",
        "first_due_at",
        "first_solved_at",
        "is_history",
    ),
    *("reference__number", "accountable__name", "building__name"),
)
LIST_FIELDS = ("reference", "site", "accountable", "department", "building")


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases the actor may see; what is about the actor's own acceptance or care is always among them."""
    if actor.kind == "system":
        return Case.objects.all()
    seen = sight(actor, "reference__")
    if not seen:  # everything; an empty condition would vanish from the OR below
        return Case.objects.all()
    mine = Q(accountable=actor.user_id) | Q(handed_to=actor.user_id)
    return Case.objects.filter(seen | (mine & Q(site__in=_sites(actor))))


def _sites(actor: Actor) -> list[int]:
    return [scope.site for scope in actor.scopes if scope.site is not None]


def by_number(number: str, actor: Actor) -> Case | None:
    related = (*LIST_FIELDS, "customer", "room__building", "first_contact_owner", "handler", "handed_to")
    return visible_to(actor).filter(reference__number=number).select_related(*related).first()


def behind(reference: Reference) -> Case | None:
    """The case of a reference, or the case that claimed a contact's reference. For the holder of a receipt's link."""
    found = Case.objects.filter(Q(reference=reference) | Q(reference__contacts__reference=reference))
    return found.select_related(*LIST_FIELDS, "customer").first()


def listed(actor: Actor) -> QuerySet[Case]:
    """Cases for a list, newest first: everything a row shows in one query."""
    return visible_to(actor).select_related(*LIST_FIELDS).order_by("-received_at", "-id")


def for_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases with no more than a row of a list shows. Another field would cost a query a row: the tests count."""
    return cases.select_related(None).select_related("reference", "accountable", "building").only(*ROW_FIELDS)


def filtered(
    cases: QuerySet[Case],
    *,
    now: datetime,
    actor: Actor,
    show: str = "",
    kind: str = "",
    category: str = "",
    building: int | None = None,
) -> QuerySet[Case]:
    """The list narrowed by the sentence above it. Unknown words narrow nothing."""
    views: dict[str, Q] = {
        "open": OPEN,
        "mine": OPEN & (Q(accountable=actor.user_id) | Q(handed_to=actor.user_id)),
        "overdue": _overdue(now),
        "closed": Q(state=State.CLOSED),
    }
    cases = cases.filter(views.get(show, Q()))
    if kind in ContactKind.values:
        cases = cases.filter(kind=kind)
    if category:
        cases = cases.filter(category=category)
    if building is not None:
        cases = cases.filter(building=building)
    return cases.order_by("solution_due_at", "id") if show in {"mine", "overdue"} else cases


def _overdue(now: datetime) -> Q:
    return OPEN & Q(solved_at__isnull=True, solution_due_at__lt=now, is_history=False)


def waiting_at(site: Site, actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many cases of a site are `open`, and how many of them `overdue`. One query."""
    opened = visible_to(actor).filter(OPEN, site=site)
    return opened.aggregate(open=Count("pk"), overdue=Count("pk", filter=_overdue(now)))


def timeline(case: Case, *, public_only: bool = False) -> list[Event]:
    events = Event.objects.filter(case=case).select_related("by").order_by("at", "id")
    return list(events.filter(is_public=True) if public_only else events)


def look_alikes(
    site: Site, actor: Actor, *, now: datetime, category: str = "", building: Building | None = None
) -> list[Case]:
    """Open cases of the same place and category in the last thirty days, offered before a duplicate is made. At most five."""
    if not (category or building):
        return []
    near = listed(actor).filter(OPEN, site=site, received_at__gte=now - RECENT)
    if building:
        near = near.filter(building=building)
    if category:
        near = near.filter(category=category)
    return list(near[:5])


def open_of_household(customer_id: int, rooms: Iterable[int], actor: Actor) -> list[Case]:
    """Open cases of a person or of the rooms they live in."""
    theirs = Q(customer=customer_id) | Q(room__in=list(rooms))
    return list(listed(actor).filter(theirs, OPEN)[:10])


def found_by(references: QuerySet[Reference]) -> QuerySet[Case]:
    """The cases among search hits, newest first."""
    return (
        Case.objects.filter(reference__in=references.values("pk"))
        .select_related(*LIST_FIELDS)
        .order_by("-received_at", "-id")
    )


@dataclass(frozen=True)
class Rate:
    """A share that never travels without its base."""

    numerator: int
    denominator: int

    def as_json(self) -> dict[str, int]:
        return {"numerator": self.numerator, "denominator": self.denominator}


@dataclass(frozen=True)
class Figures:
    """Figures of the cases received in a window. Bases are due-based, so that leaving cases open improves nothing (domain 2.4)."""

    received: int
    closed: int
    answered: int
    solution_on_time: Rate
    followed_up: Rate
    satisfied: Rate
    by_category: list[tuple[str, str, int]]
    median_days: float | None
    p90_days: float | None
    within_168_hours: Rate


class Seconds(Func):
    """Seconds from the second instant to the first, by the database's own arithmetic: a year of instants is dear to read."""

    output_field = FloatField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "ROUND((julianday(%(expressions)s)) * 86400, 3)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "EXTRACT(EPOCH FROM (%(expressions)s))::double precision"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **extra)


def received_between(site: Site, first: datetime, end: datetime) -> QuerySet[Case]:
    """Half-open: from `first`, before `end`."""
    return Case.objects.filter(site=site, received_at__gte=first, received_at__lt=end)


def solved_on_time(cases: QuerySet[Case], *, now: datetime) -> Rate:
    """Of the cases whose first solution is due or given, how many had it in time. One query."""
    counts = cases.aggregate(due=Count("pk", filter=_solution_counts(now)), on_time=Count("pk", filter=_ON_TIME))
    return Rate(counts["on_time"], counts["due"])


_ON_TIME = Q(first_solved_at__lte=F("first_due_at"))


def _solution_counts(now: datetime) -> Q:
    return Q(first_due_at__lt=now) | Q(first_solved_at__isnull=False)


def figures(cases: QuerySet[Case], *, now: datetime) -> Figures:
    """Everything the digest and the dashboard state of a set of cases. Three queries, whatever their number."""
    counts: dict[str, Any] = cases.aggregate(
        received=Count("pk"),
        closed=Count("pk", filter=Q(state=State.CLOSED)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        due=Count("pk", filter=_solution_counts(now)),
        on_time=Count("pk", filter=_ON_TIME),
    )
    calls = cases.aggregate(
        reached=Count("pk", filter=Q(follow_ups__result__in=["satisfied", "dissatisfied"]), distinct=True),
        satisfied=Count("pk", filter=Q(follow_ups__result="satisfied"), distinct=True),
        answered=Count("pk", filter=Q(answered_at__isnull=False), distinct=True),
    )
    groups = cases.values_list("category", "state").annotate(n=Count("pk")).order_by("category", "state")
    days = _days_to_answer(cases)
    return Figures(
        received=counts["received"],
        closed=counts["closed"],
        answered=counts["answered"],
        solution_on_time=Rate(counts["on_time"], counts["due"]),
        followed_up=Rate(calls["reached"], calls["answered"]),
        satisfied=Rate(calls["satisfied"], calls["reached"]),
        by_category=[(category, state, n) for category, state, n in groups],
        median_days=_quantile(days, 0.5),
        p90_days=_quantile(days, 0.9),
        within_168_hours=Rate(sum(took <= 7.0 for took in days), counts["received"]),
    )


def _days_to_answer(cases: QuerySet[Case]) -> list[float]:
    answered = cases.filter(answered_at__isnull=False).annotate(took=Seconds("answered_at", "received_at"))
    return sorted(seconds / 86_400 for seconds in answered.values_list("took", flat=True))


def _quantile(ordered: list[float], share: float) -> float | None:
    """Linear interpolation between the two nearest values; None without values."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 1)


def words_of(ids: Iterable[int]) -> dict[int, str]:
    """The first words of the cases among references that were already found visible, by reference. One query."""
    return dict(Case.objects.filter(reference__in=list(ids)).values_list("reference_id", "summary"))


def of_references(ids: Iterable[int]) -> list[Case]:
    """The cases among references that were already found visible. One query."""
    return list(Case.objects.filter(reference__in=list(ids)).select_related(*LIST_FIELDS))


def category_table(counted: Figures, name: Callable[[str], str]) -> list[dict[str, Any]]:
    """Category by state: name, received, open and closed, most received first."""
    rows: dict[str, dict[str, Any]] = {}
    for category, state, n in counted.by_category:
        row = rows.setdefault(
            category, {"code": category, "name": name(category), "received": 0, "open": 0, "closed": 0}
        )
        row["received"] += n
        row["closed" if state == State.CLOSED else "open"] += n
    return sorted(rows.values(), key=lambda row: (-row["received"], row["code"]))


def monthly(cases: QuerySet[Case]) -> list[tuple[str, int]]:
    """(month, cases received), oldest first, of the months that have any. One query."""
    months = (
        cases.annotate(month=TruncMonth("received_at")).values_list("month").annotate(n=Count("pk")).order_by("month")
    )
    return [(f"{month:%m}", n) for month, n in months]
