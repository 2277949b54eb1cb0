"""Reads of the ledger. Compliance is one of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from huiyin.duties.models import Duty, Evidence, Nudge
from huiyin.duties.rules import SOON, Done, Tally, standing
from huiyin.duties.states import Standing
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.references.models import Reference
from huiyin.references.queries import sight

MANAGERS = (Role.SITE_MANAGER, Role.DIRECTOR)
OPEN = Q(done_at__isnull=True, not_applicable="", is_history=False)
RUNS_UNTIL = Coalesce("moved_to", "due_at")  # as Duty.runs_until says of one row
# As OPEN, in plain SQL: asked at every act, where working the query out costs several times the asking.
_OPEN_KINDS = """
    SELECT DISTINCT kind FROM duties_duty
    WHERE reference_id = %s AND done_at IS NULL AND not_applicable = '' AND NOT is_history AND scope = ''
"""
_NOT_DONE = "SELECT * FROM duties_duty WHERE reference_id = %s AND done_at IS NULL AND not_applicable = '' ORDER BY id"


def visible_to(actor: Actor) -> QuerySet[Duty]:
    """Duties of the sites the actor works at; those about something only where that may be seen."""
    if actor.is_company_wide:
        return Duty.objects.all()
    here = Q(site__in={scope.site for scope in actor.scopes if scope.site})
    return Duty.objects.filter(here & (Q(reference__isnull=True) | sight(actor, "reference__")))


def of_site(site: Site, actor: Actor, *, first: datetime, last: datetime) -> QuerySet[Duty]:
    """Duties of a site due from `first` to `last`, with their evidence, in due order. Three queries."""
    due = visible_to(actor).filter(site=site, due_at__gte=first, due_at__lte=last, is_history=False)
    return due.select_related("reference", "owner").prefetch_related("evidence__reference").order_by("due_at", "id")


def standings(now: datetime) -> dict[str, Q]:
    """What each standing is in terms of the table, as rules.standing says of one row."""
    over, soon, rests = _before(now), _before(now + SOON, last=True), Q(rests_since__isnull=False)
    return {
        "kept": Q(done_at__lte=F("due_at"), not_applicable=""),
        "late": Q(done_at__gt=F("due_at"), not_applicable=""),
        "missing": OPEN & over & ~rests,
        "due_soon": OPEN & ~over & soon & ~rests,
        "running": OPEN & (rests | ~soon),
        "not_applicable": ~Q(not_applicable=""),
    }


def standing_of(duty: Duty, now: datetime) -> Standing:
    """How one duty stands, by its row and the time."""
    rests, over = duty.rests_since is not None, bool(duty.not_applicable)
    return standing(duty.due_at, duty.done_at, now, not_applicable=over, moved_to=duty.moved_to, rests=rests)


def _before(at: datetime, *, last: bool = False) -> Q:
    """Due before an instant, or (`last`) at it, by the date that runs. Written out, so that the index on due_at serves."""
    sign = "lte" if last else "lt"
    moved = Q(moved_to__isnull=True) | Q(**{f"moved_to__{sign}": at})
    return Q(**{f"due_at__{sign}": at}) & moved


def due_between(actor: Actor, first: datetime, end: datetime) -> QuerySet[Duty]:
    """Duties due from `first` up to `end`, which is not included, wherever the actor works."""
    return visible_to(actor).filter(due_at__gte=first, due_at__lt=end, is_history=False)


def by_standing(duties: QuerySet[Duty], standing: str, now: datetime) -> QuerySet[Duty]:
    conditions = standings(now)
    return duties.filter(conditions[standing]) if standing in conditions else duties


def owed_by(actor: Actor, *, now: datetime) -> QuerySet[Duty]:
    """Open duties that are the person's own or of a post the person holds, by due time."""
    mine = Q(owner=actor.user_id)
    for scope in actor.scopes:
        by_post = Q(owner__isnull=True, owner_role=scope.role)
        mine |= by_post & Q(site=scope.site) if scope.site else by_post
    opened = visible_to(actor).filter(OPEN & mine, opens_at__lte=now, rests_since__isnull=True)
    return opened.select_related("reference", "owner").order_by(RUNS_UNTIL, "id")


def by_act(duties: Iterable[Duty]) -> list[list[Duty]]:
    """Open duties, given by due time, gathered as one act would keep them: of each clause one, the strictest first."""
    gathered: dict[tuple[object, ...], list[list[Duty]]] = {}
    order: list[list[Duty]] = []
    for duty in duties:
        acts = gathered.setdefault((duty.site_id, duty.kind, duty.step, duty.scope, duty.reference_id), [])
        clause = (duty.handbook, duty.clause)
        act = next((each for each in acts if all((one.handbook, one.clause) != clause for one in each)), None)
        if act is None:
            act = []
            acts.append(act)
            order.append(act)
        act.append(duty)
    return order


def owes(actor: Actor, duty: Duty) -> bool:
    """Whether a duty is the actor's: owner, holder of the post that owes it there, or manager of the site."""
    if actor.kind == "system" or (duty.owner_id and duty.owner_id == actor.user_id):
        return True
    posts = {duty.owner_role, *MANAGERS}
    return any(scope.role in posts and scope.site in {None, duty.site_id} for scope in actor.scopes)


def owed_at(site: Site, actor: Actor, *, now: datetime, until: datetime) -> QuerySet[Duty]:
    """Open duties of a site that others owe and that are overdue or due by `until`."""
    opened = (
        visible_to(actor)
        .filter(OPEN, _before(until, last=True), site=site, opens_at__lte=now, rests_since__isnull=True)
        .exclude(owner=actor.user_id)
    )
    return opened.filter(owner__isnull=False).select_related("reference", "owner").order_by(RUNS_UNTIL, "id")


def about(reference: Reference) -> QuerySet[Duty]:
    return (
        Duty.objects.filter(reference=reference)
        .select_related("owner")
        .prefetch_related("evidence")
        .order_by("due_at", "id")
    )


class Told(NamedTuple):
    """A reminder that was given: at which rung of the ladder, in percent of the time; whom, by name; when."""

    rung: int
    to: str
    at: datetime


def told_about(reference: Reference) -> list[tuple[Duty, list[Told]]]:
    """The duties about a reference, each with the reminders given for it, lowest rung first. One query."""
    far = {"rung": F("nudges__rung"), "told": F("nudges__to__name"), "told_at": F("nudges__at")}
    found = Duty.objects.filter(reference=reference).select_related("owner", "reference").annotate(**far)
    rows: QuerySet[Any] = found.order_by("due_at", "id", "nudges__rung")
    duties: dict[int, tuple[Duty, list[Told]]] = {}
    for row in rows:
        _duty, given = duties.setdefault(row.pk, (row, []))
        if row.rung is not None:
            given.append(Told(row.rung, row.told, row.told_at))
    return list(duties.values())


def open_about(reference: Reference, kind: str, *, scope: str = "") -> QuerySet[Duty]:
    """Open duties of a kind about a reference as a whole, or about the part of it that `scope` names."""
    return Duty.objects.filter(OPEN, reference=reference, kind=kind, scope=scope)


def kinds_open(reference: Reference) -> frozenset[str]:
    """The kinds of the open duties about a reference as a whole. One small query."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_KINDS, [reference.pk])
        return frozenset(kind for (kind,) in cursor.fetchall())


def next_due(reference: Reference, kind: str) -> datetime | None:
    """When the earliest open duty of a kind about a reference is due. One query."""
    dates = open_about(reference, kind).values_list(RUNS_UNTIL, flat=True)
    return min(dates, default=None)


def open_now(*, now: datetime) -> QuerySet[Duty]:
    """Every open duty whose time has begun, for reminders."""
    return Duty.objects.filter(OPEN, opens_at__lte=now).select_related("site", "reference", "owner")


def begun(kind: str, *, now: datetime) -> QuerySet[Duty]:
    """Open recurring duties of a kind whose time has begun."""
    return Duty.objects.filter(OPEN, kind=kind, reference__isnull=True, opens_at__lte=now)


def nudges_given() -> set[tuple[int, int]]:
    """(duty, rung) of every reminder already given for a duty that is still open. One query."""
    given = Nudge.objects.filter(duty__done_at__isnull=True, duty__not_applicable="", duty__is_history=False)
    return set(given.values_list("duty_id", "rung"))


def fitting(site: Site, done: Done, *, about: Reference | None = None) -> list[Duty]:
    """Open duties an act discharges: same site, scope, kind and step; same period where the act names one.

    With `about` those of that very reference whose time has begun. Else, of each clause, the one whose window contains
    the act; where none does, the oldest that is overdue: one act never serves two periods of a clause.
    """
    if about is not None:
        found: Iterable[Duty] = Duty.objects.raw(_NOT_DONE, [about.pk])
        return [duty for duty in found if duty.site_id == site.pk and _fits(duty, done)]
    same = Duty.objects.filter(site=site, kind__in=done.kinds, step=done.step, done_at__isnull=True, not_applicable="")
    if done.clauses:
        same = same.filter(clause__in=done.clauses)
    same = same.filter(scope=done.scope)
    if done.about:
        same = same.filter(period=done.about)
    if done.about:
        return list(same.order_by("id"))
    nearest: dict[tuple[object, ...], Duty] = {}
    for duty in same.filter(opens_at__lte=done.happened_at).order_by("due_at", "id"):
        clause = (duty.handbook, duty.clause, duty.kind, duty.reference_id)
        taken = nearest.get(clause)
        if taken is None or taken.due_at < done.happened_at <= duty.due_at:
            nearest[clause] = duty
    return sorted(nearest.values(), key=lambda duty: duty.pk)


def _fits(duty: Duty, done: Done) -> bool:
    """Whether an act counts for an open duty of its reference: by its marks, once the duty's time has begun."""
    is_same = (duty.step, duty.scope) == (done.step, done.scope) and duty.kind in done.kinds
    is_meant = (not done.clauses or duty.clause in done.clauses) and (not done.about or duty.period == done.about)
    return is_same and is_meant and duty.opens_at <= done.happened_at


def compliance(duties: QuerySet[Duty], *, now: datetime) -> dict[str, int]:
    """制度履行率 (K40) of duties that fell due: `kept` of `due`, with `late` and `missing` beside it."""
    ways = standings(now)
    fell_due = {name: ways[name] for name in ("kept", "late", "missing")}
    due = duties.filter(fell_due["kept"] | fell_due["late"] | fell_due["missing"])
    return due.aggregate(due=Count("pk"), **{name: Count("pk", filter=one) for name, one in fell_due.items()})


def tallies(
    duties: QuerySet[Duty], *keys: str, now: datetime, months: Sequence[tuple[str, datetime, datetime]] = ()
) -> dict[tuple[Any, ...], Tally]:
    """How many duties stand how, by columns of the table and by `month`. One grouped statement.

    `months` are (name, first instant, first instant after) of the months to tell apart; duties outside have the name "".
    """
    named = (When(due_at__gte=first, due_at__lt=end, then=Value(name)) for name, first, end in months)
    grouped = duties.annotate(month=models.Case(*named, default=Value(""), output_field=CharField())).order_by()
    ways = standings(now)
    counts = {f"n_{one}": Count("pk", filter=when) for one, when in ways.items()}
    counted = grouped.values_list(*keys).annotate(**counts)
    return {row[: len(keys)]: Tally(**dict(zip(ways, row[len(keys) :], strict=True))) for row in counted}


def evidence_for(duty: Duty) -> QuerySet[Evidence]:
    return Evidence.objects.filter(duties=duty).select_related("reference").order_by("happened_at")


def evidence_of(reference: Reference) -> QuerySet[Evidence]:
    """What was put on record under a reference, in order of time."""
    return Evidence.objects.filter(reference=reference).order_by("happened_at", "id")


def kept_by(reference: Reference) -> QuerySet[Duty]:
    """The duties that evidence under a reference counts for."""
    kept = Duty.objects.filter(evidence__reference=reference).distinct()
    return kept.select_related("reference", "owner").order_by("due_at", "id")


def serving(site: Site, kind: str, period: str) -> QuerySet[Duty]:
    """Every duty of a kind about a period: what one report has to keep."""
    duties = Duty.objects.filter(site=site, kind=kind, period=period).select_related("reference", "owner")
    return duties.prefetch_related("evidence").order_by("due_at", "clause", "step")
