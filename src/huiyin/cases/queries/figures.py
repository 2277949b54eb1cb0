"""Figures beside the dictionary: of imported history, and the line of the month; rates never travel without their base."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.db.models.sql.compiler import SQLCompiler

from huiyin.cases.models import Case
from huiyin.cases.states import Outcome, State
from huiyin.organization.models import Site


@dataclass(frozen=True)
class Rate:
    """A share that never travels without its base."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Figures:
    """Figures of cases that were imported. Bases are due-based, so that leaving cases open improves nothing (domain 2.4)."""

    received: int
    solution_on_time: Rate
    median_days: float | None
    p90_days: float | None
    within_168_hours: Rate


WEEK = timedelta(hours=168)


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


TOOK = Seconds("answered_at", "received_at")


_ON_TIME = Q(first_solved_at__lte=F("first_due_at"))


def _solution_counts(now: datetime) -> Q:
    return Q(first_due_at__lt=now) | Q(first_solved_at__isnull=False)


def received_between(site: Site, first: datetime, end: datetime) -> QuerySet[Case]:
    """Half-open: from `first`, before `end`."""
    return Case.objects.filter(site=site, received_at__gte=first, received_at__lt=end)


def figures(cases: QuerySet[Case], *, now: datetime) -> Figures:
    """What is stated of history that was imported, which the dictionary leaves out. Three queries, whatever its number."""
    total = cases.order_by().aggregate(
        n=Count("pk"),
        answered=Count("answered_at"),
        due=Count("pk", filter=_solution_counts(now)),
        on_time=Count("pk", filter=_ON_TIME),
        within=Count("pk", filter=Q(LessThanOrEqual(TOOK, Value(WEEK.total_seconds())))),
    )
    spread = _Spread.of(cases) if total["answered"] else _Spread({}, {})
    return Figures(
        received=total["n"],
        solution_on_time=Rate(total["on_time"], total["due"]),
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


def by_category(cases: QuerySet[Case], name: Callable[[str], str]) -> list[dict[str, Any]]:
    """Category by state: name, received, open and closed, most received first; merged cases count in their parent. One query."""
    counted = (
        cases.exclude(outcome=Outcome.MERGED)
        .order_by()
        .values("category")
        .annotate(received=Count("pk"), closed=Count("pk", filter=Q(state=State.CLOSED)))
    )
    rows = [
        {
            "code": row["category"],
            "name": name(row["category"]),
            "received": row["received"],
            "open": row["received"] - row["closed"],
            "closed": row["closed"],
        }
        for row in counted
    ]
    return sorted(rows, key=lambda row: (-row["received"], row["code"]))
