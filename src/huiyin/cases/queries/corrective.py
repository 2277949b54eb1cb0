"""Reads of measures: of one case, of a site by owner, day and state; how many were in time and worked; what came again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.cases.queries.figures import Rate
from huiyin.cases.queries.lists import listed, visible_to
from huiyin.cases.states import MeasureKind, MeasureState
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

FIELDS = ("case__reference", "case__site", "case__building", "site", "owner", "offered_to", "ordered_by")
RUNNING = Q(state__in=[MeasureState.OPEN, MeasureState.DONE])
LATE = Q(state=MeasureState.OPEN)

# What the list shows, by the word in its address.
SHOWS: dict[str, Callable[[Actor, date], Q]] = {
    "running": lambda _actor, _today: RUNNING,
    "mine": lambda actor, _today: RUNNING & (Q(owner=actor.user_id) | Q(offered_to=actor.user_id)),
    "late": lambda _actor, today: LATE & Q(due_on__lt=today),
    "offered": lambda _actor, _today: RUNNING & Q(offered_to__isnull=False),
    "to_check": lambda _actor, today: Q(state=MeasureState.DONE, check_on__lte=today),
    "again": lambda _actor, _today: RUNNING & Q(round__gt=1),
    "effective": lambda _actor, _today: Q(state=MeasureState.EFFECTIVE),
    "withdrawn": lambda _actor, _today: Q(state=MeasureState.WITHDRAWN),
    "all": lambda _actor, _today: Q(),
}


def measures_visible_to(actor: Actor) -> QuerySet[CorrectiveMeasure]:
    """Measures of the cases that the actor may see, and those at the actor's sites that are the actor's own."""
    seen = Q(case__in=visible_to(actor).values("pk"))
    sites = [scope.site for scope in actor.scopes]
    if actor.user_id is not None:
        mine = Q(owner=actor.user_id) | Q(offered_to=actor.user_id)
        seen |= mine if None in sites else mine & Q(site__in=sites)
    return CorrectiveMeasure.objects.filter(seen)


def measure_by_id(pk: int, actor: Actor) -> CorrectiveMeasure | None:
    found = measures_visible_to(actor).filter(pk=pk)
    return found.select_related(*FIELDS, "case__customer", "done_by", "checked_by").first()


def measures_about(case: Case) -> list[CorrectiveMeasure]:
    """The measures of a case, those still running first. One query."""
    found = case.corrective_measures.select_related(
        "owner", "offered_to", "ordered_by", "done_by", "checked_by", "site"
    )
    return sorted(found.order_by("id"), key=lambda one: one.state not in {MeasureState.OPEN, MeasureState.DONE})


def measures_listed(
    site: Site, actor: Actor, *, now: datetime, show: str = "running", owner: int | None = None, kind: str = ""
) -> QuerySet[CorrectiveMeasure]:
    """Measures of a site, the earliest day first; words that are on no list narrow nothing."""
    today = timezone.localdate(now)
    found = measures_visible_to(actor).filter(SHOWS.get(show, SHOWS["running"])(actor, today), site=site)
    if owner is not None:
        found = found.filter(Q(owner=owner) | Q(offered_to=owner))
    if kind in MeasureKind.values:
        found = found.filter(kind=kind)
    return found.select_related(*FIELDS).order_by("due_on", "id")


def unmended(site: Site, actor: Actor) -> QuerySet[Case]:
    """Justified complaints of a site with neither a measure nor a signed word that none is needed, by `decide_by` (S3.2.3.b)."""
    owed = Duty.objects.filter(OPEN, reference=OuterRef("reference"), kind="measure_wanted").order_by("due_at")
    found = listed(actor).filter(site=site).annotate(decide_by=Subquery(owed.values("due_at")[:1]))
    return found.filter(decide_by__isnull=False).order_by("decide_by", "id")


def measure_owners(site: Site, actor: Actor) -> list[tuple[int, str]]:
    """Who owns measures of the site, by name. One query."""
    found = measures_visible_to(actor).filter(site=site).values_list("owner_id", "owner__name")
    return sorted(set(found), key=lambda one: one[1])


@dataclass(frozen=True)
class MeasureCounts:
    """K36: done by the first day, of those whose day came; K37: found to work, of those looked at or due for a look."""

    running: int
    late: int
    to_check: int
    on_time: Rate
    effective: Rate


def measure_counts(site: Site, actor: Actor, *, now: datetime) -> MeasureCounts:
    """What of a site's measures runs, is late, waits for a look; and the two rates. One query."""
    today = timezone.localdate(now)
    found = measures_visible_to(actor).filter(site=site).exclude(state=MeasureState.WITHDRAWN)
    done_on = TruncDate("first_done_at", tzinfo=timezone.get_default_timezone())
    asked = Q(first_due_on__lt=today) | Q(first_done_at__isnull=False)
    looked = Q(checked_at__isnull=False) | Q(state=MeasureState.DONE, check_on__lte=today)
    one = found.annotate(done_on=done_on).aggregate(
        running=Count("pk", filter=RUNNING),
        late=Count("pk", filter=LATE & Q(due_on__lt=today)),
        to_check=Count("pk", filter=SHOWS["to_check"](actor, today)),
        asked=Count("pk", filter=asked),
        on_time=Count("pk", filter=asked & Q(done_on__lte=F("first_due_on"))),
        looked=Count("pk", filter=looked),
        effective=Count("pk", filter=looked & Q(state=MeasureState.EFFECTIVE)),
    )
    rates = Rate(one["on_time"], one["asked"]), Rate(one["effective"], one["looked"])
    return MeasureCounts(one["running"], one["late"], one["to_check"], *rates)


@dataclass(frozen=True)
class Recurrence:
    """Cases like the one behind a measure: as many days before it was done as have passed since."""

    days: int
    before: int
    after: int


def recurrence(one: CorrectiveMeasure, actor: Actor, *, now: datetime) -> Recurrence | None:
    """How often the same came in the same building before and after a measure was done; None before a day has passed.

    Without a subject or a building there is nothing to compare by. One query.
    """
    case = one.case
    if one.done_at is None or not case.category or case.building_id is None or now - one.done_at < timedelta(days=1):
        return None
    passed = now - one.done_at
    alike = visible_to(actor).filter(site=one.site_id, building=case.building_id, category=case.category)
    counts = alike.aggregate(
        before=Count("pk", filter=Q(received_at__gte=one.done_at - passed, received_at__lt=one.done_at)),
        after=Count("pk", filter=Q(received_at__gte=one.done_at, received_at__lt=now)),
    )
    return Recurrence(passed.days, counts["before"], counts["after"])


def measure_text(key: str) -> str:
    """What a measure is, by the key in the scope of its duties; empty where there is none. One query."""
    found = CorrectiveMeasure.objects.filter(pk=int(key) if key.isdecimal() else 0)
    return found.values_list("text", flat=True).first() or ""


def withdrawn_measures(site: Site) -> set[int]:
    """Keys of the measures of a site that were called off. One query."""
    return set(CorrectiveMeasure.objects.filter(site=site, state=MeasureState.WITHDRAWN).values_list("pk", flat=True))
