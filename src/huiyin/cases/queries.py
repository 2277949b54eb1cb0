"""Reads of cases: lists, one case, look-alikes, figures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case as Choice
from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.models import OPEN, Case, Event, FollowUp
from huiyin.cases.rules import GONE, KEPT_YEARS, Needed
from huiyin.cases.states import State
from huiyin.customers.models import Customer
from huiyin.interactions.models import Interaction
from huiyin.interactions.states import ContactKind
from huiyin.kit.counting import months_after
from huiyin.organization.models import Building, Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight

RECENT, WEEK = timedelta(days=30), timedelta(hours=168)
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


class Line(NamedTuple):
    """What a row of the list shows of a case, and nothing more: objects would cost more than the asking."""

    number: str
    summary: str
    kind: str
    state: str
    building: str | None
    accountable: str
    received_at: datetime
    solution_due_at: datetime | None
    solved_at: datetime | None
    first_due_at: datetime | None
    first_solved_at: datetime | None
    is_history: bool


def lines(cases: QuerySet[Case]) -> list[Line]:
    """The cases as rows of a list. One query."""
    far = {"number": "reference__number", "building": "building__name", "accountable": "accountable__name"}
    return [Line(*values) for values in cases.values_list(*(far.get(name, name) for name in Line._fields))]


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
    on_sqlite = "ROUND((julianday(%(expressions)s)) * 86400, 3)"
    on_postgresql = "EXTRACT(EPOCH FROM (%(expressions)s))::double precision"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=self.on_sqlite, arg_joiner=") - julianday(", **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=self.on_postgresql, arg_joiner=" - ", **extra)


class WholeHours(Seconds):
    """The same in whole hours."""

    output_field = IntegerField()  # type: ignore[assignment]
    on_sqlite = f"CAST({Seconds.on_sqlite} / 3600 AS INTEGER)"
    on_postgresql = f"FLOOR({Seconds.on_postgresql} / 3600)::integer"


def received_between(site: Site, first: datetime, end: datetime) -> QuerySet[Case]:
    """Half-open: from `first`, before `end`."""
    return Case.objects.filter(site=site, received_at__gte=first, received_at__lt=end)


def solved_on_time(cases: QuerySet[Case], *, now: datetime) -> Rate:
    """Of the cases whose first solution is due or given, how many had it in time. One query."""
    counts = cases.aggregate(due=Count("pk", filter=_solution_counts(now)), on_time=Count("pk", filter=_ON_TIME))
    return Rate(counts["on_time"], counts["due"])


TOOK = Seconds("answered_at", "received_at")
_ON_TIME = Q(first_solved_at__lte=F("first_due_at"))


def _solution_counts(now: datetime) -> Q:
    return Q(first_due_at__lt=now) | Q(first_solved_at__isnull=False)


def figures(cases: QuerySet[Case], *, now: datetime) -> Figures:
    """Everything the digest and the dashboard state of a set of cases. Four queries, whatever their number."""
    groups = list(
        cases.values("category", "state")
        .annotate(
            n=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            due=Count("pk", filter=_solution_counts(now)),
            on_time=Count("pk", filter=_ON_TIME),
            within=Count("pk", filter=Q(LessThanOrEqual(TOOK, Value(WEEK.total_seconds())))),
        )
        .order_by("category", "state")
    )
    total = {name: sum(group[name] for group in groups) for name in ("n", "answered", "due", "on_time", "within")}
    spread = _Spread.of(cases) if total["answered"] else _Spread({}, {})
    calls = _calls(cases) if total["answered"] else {"reached": 0, "satisfied": 0}
    return Figures(
        received=total["n"],
        closed=sum(group["n"] for group in groups if group["state"] == State.CLOSED),
        answered=total["answered"],
        solution_on_time=Rate(total["on_time"], total["due"]),
        followed_up=Rate(calls["reached"], total["answered"]),
        satisfied=Rate(calls["satisfied"], calls["reached"]),
        by_category=[(group["category"], group["state"], group["n"]) for group in groups],
        median_days=spread.days(0.5),
        p90_days=spread.days(0.9),
        within_168_hours=Rate(total["within"], total["n"]),
    )


def within_whole_days(cases: QuerySet[Case]) -> Rate:
    """How many were answered by the end of the seventh day after the day they came, holidays or not. One query."""
    days = ExpressionWrapper(TruncDate("answered_at") - TruncDate("received_at"), output_field=DurationField())
    counted = cases.order_by().aggregate(
        n=Count("pk"), within=Count("pk", filter=Q(LessThanOrEqual(days, Value(WEEK))))
    )
    return Rate(counted["within"], counted["n"])


def _calls(cases: QuerySet[Case]) -> dict[str, int]:
    called = FollowUp.objects.filter(case__in=cases.order_by().values("pk"))
    return called.aggregate(
        reached=Count("case", distinct=True, filter=Q(result__in=["satisfied", "dissatisfied"])),
        satisfied=Count("case", distinct=True, filter=Q(result="satisfied")),
    )


@dataclass(frozen=True)
class _Spread:
    """How long answers took: how many by whole hours, and every time of the hours in which a stated share lies."""

    counts: dict[int, int]
    times: dict[int, list[float]]

    SHARES = (0.5, 0.9)

    @classmethod
    def of(cls, cases: QuerySet[Case]) -> "_Spread":
        """Two queries: a year of answers is counted by the database, a few hours of it are read."""
        answered = cases.filter(answered_at__isnull=False).annotate(hour=WholeHours("answered_at", "received_at"))
        counts = dict(answered.values_list("hour").annotate(n=Count("pk")).order_by("hour"))
        counted = cls(counts, {})
        wanted = {hour for share in cls.SHARES for rank in counted._ranks(share) for hour in [counted._place(rank)[0]]}
        times: dict[int, list[float]] = {hour: [] for hour in wanted}
        read = answered.filter(hour__in=wanted).annotate(took=TOOK).order_by("took")
        for hour, took in read.values_list("hour", "took"):
            times[hour].append(took)
        return cls(counts, times)

    def _ranks(self, share: float) -> tuple[int, int]:
        """The two nearest places of a share among all times in order."""
        last = sum(self.counts.values()) - 1
        return int(share * last), min(int(share * last) + 1, last)

    def _place(self, rank: int) -> tuple[int, int]:
        """The hour that holds a place, and the place within it."""
        for hour, count in self.counts.items():
            if rank < count:
                return hour, rank
            rank -= count
        raise LookupError(rank)

    def _seconds(self, rank: int) -> float:
        hour, within = self._place(rank)
        return self.times[hour][within]

    def days(self, share: float) -> float | None:
        """The time that a share of the answers did not exceed, interpolated between the two nearest; None without any."""
        if not self.counts:
            return None
        low, high = (self._seconds(rank) for rank in self._ranks(share))
        place = share * (sum(self.counts.values()) - 1)
        return round((low + (high - low) * (place - int(place))) / 86_400, 1)


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


def monthly(cases: QuerySet[Case], months: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Cases received in each of these half-open windows, which follow one another. One query.

    The windows are compared, not cut out of each instant: SQLite would ask Python for the month of every case.
    """
    within = [When(received_at__lt=end, then=Value(number)) for number, (_first, end) in enumerate(months)]
    counts = dict(
        cases.filter(received_at__gte=months[0][0], received_at__lt=months[-1][1])
        .annotate(month=Choice(*within, output_field=IntegerField()))
        .values_list("month")
        .annotate(n=Count("pk"))
        .order_by("month")
    )
    return [counts.get(number, 0) for number in range(len(months))]


def keeps(customer: Customer, *, on: date) -> list[Needed]:
    """Why somebody's data is still needed on that day; empty where it may be deleted."""
    lives = Q(until_on__isnull=True) | Q(until_on__gt=on)
    needed = []
    if customer.occupancies.filter(lives).exists():
        needed.append(Needed("lives_here", _("还登记着住在这里，服务合同要用这些资料；先登记搬离。")))
    if customer.mandates.filter(lives).exists():
        needed.append(Needed("speaks_for_others", _("还登记着代表别人；先结束这个身份。")))
    if Case.objects.filter(customer=customer).exclude(state=State.CLOSED).exists():
        needed.append(Needed("open_case", _("还有没办完的事项；办完以后再删。")))
    return needed


def kept_until(customer: Customer) -> date | None:
    """The last day that words of a person's matters are kept: three years after the newest was closed."""
    newest = Case.objects.filter(customer=customer).aggregate(newest=Max("closed_at"))["newest"]
    return months_after(timezone.localdate(newest), 12 * KEPT_YEARS) if newest else None


def contacts_past_keeping(customer: Customer, *, now: datetime) -> QuerySet[Interaction]:
    """A person's contacts whose matter was closed, or which were answered, more than three years ago, not emptied yet."""
    before = now - timedelta(days=366 * KEPT_YEARS)
    closed = Case.objects.filter(customer=customer, closed_at__lt=before).values("reference")
    over = Q(subject__in=closed) | Q(subject__isnull=True, occurred_at__lt=before)
    return Interaction.objects.filter(customer=customer).filter(over).exclude(situation=GONE)
