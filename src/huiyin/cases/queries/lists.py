"""Lists, one case, look-alikes."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import (
    Count,
    Q,
    QuerySet,
)

from huiyin.cases.models import OPEN, Case, Event, Referral
from huiyin.cases.queries.supervision import SHOWS, overdue
from huiyin.cases.states import EventKind, State
from huiyin.interactions.states import ContactKind
from huiyin.organization.models import Building, Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight

RECENT = timedelta(days=30)


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
    people = ("customer", "first_contact_owner", "handler", "handed_to")
    related = (*LIST_FIELDS, *people, "room__building", "reference__receipt")
    return visible_to(actor).filter(reference__number=number).select_related(*related).first()


def to_act_on(number: str, actor: Actor) -> Case | None:
    """As by_number, with only what most acts look at: what else one needs it asks for."""
    return visible_to(actor).filter(reference__number=number).select_related("reference", "site", "customer").first()


def behind(reference: Reference) -> Case | None:
    """The case of a reference, or the case that claimed a contact's reference. For the holder of a receipt's link.

    A duplicate leads to the case it went into.
    """
    found = Case.objects.filter(Q(reference=reference) | Q(reference__contacts__reference=reference))
    case = found.select_related(*LIST_FIELDS, "customer").first()
    if case is None or case.merged_into_id is None:
        return case
    return Case.objects.select_related(*LIST_FIELDS, "customer").get(pk=case.merged_into_id)


def numbers_of(case: Case) -> set[str]:
    """The numbers whose links lead to a case: its own, of the contacts that joined it, of duplicates. Two queries."""
    contacts = Reference.objects.filter(interaction__subject=case.reference_id).values_list("number", flat=True)
    duplicates = Case.objects.filter(merged_into=case.pk).values_list("reference__number", flat=True)
    return {case.reference.number, *contacts, *duplicates}


def listed(actor: Actor) -> QuerySet[Case]:
    """Cases for a list, newest first: everything a row shows in one query."""
    return visible_to(actor).select_related(*LIST_FIELDS).order_by("-received_at", "-id")


def taken_between(site: Site, actor: Actor, first: datetime, end: datetime) -> QuerySet[Case]:
    """Cases that reached a site from `first` to before `end`, without history, oldest first."""
    found = listed(actor).filter(site=site, is_history=False, received_at__gte=first, received_at__lt=end)
    return found.select_related(*LIST_FIELDS, "site__company").order_by("received_at", "id")


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


VIEWS: dict[str, Callable[[Actor], Q]] = {
    "open": lambda _actor: OPEN,
    "mine": lambda actor: OPEN & (Q(accountable=actor.user_id) | Q(handed_to=actor.user_id)),
    "closed": lambda _actor: Q(state=State.CLOSED),
    "referred": lambda _actor: Q(pk__in=Referral.objects.filter(answered_at=None).values("case")),
}


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
    if show in SHOWS:
        cases = cases.filter(SHOWS[show](now))
    elif show in VIEWS:
        cases = cases.filter(VIEWS[show](actor))
    if kind in ContactKind.values:
        cases = cases.filter(kind=kind)
    if category:
        cases = cases.filter(category=category)
    if building is not None:
        cases = cases.filter(building=building)
    return cases.order_by("solution_due_at", "id") if show in {"mine", "overdue"} else cases


def waiting_at(site: Site, actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many cases of a site are `open`, and how many of them `overdue`. One query."""
    opened = visible_to(actor).filter(OPEN, site=site)
    return opened.aggregate(open=Count("pk"), overdue=Count("pk", filter=overdue(now)))


def timeline(case: Case, *, public_only: bool = False, reader: Actor | None = None) -> list[Event]:
    """What happened, oldest first. Hardship flags are among it only for a `reader` who needs to know. One query."""
    events = Event.objects.filter(case=case).select_related("by").order_by("at", "id")
    if public_only:
        return list(events.filter(is_public=True))
    return list(events.filter(~Q(kind=EventKind.FLAGGED) | _flags_for(case, reader)))


def _flags_for(case: Case, reader: Actor | None) -> Q:
    """Whoever handles the case and their superiors see every hardship flag; who raised one sees that one."""
    if reader is None or reader.user_id is None:
        return Q(pk__in=[])
    if reader.user_id in {case.accountable_id, case.handler_id} or reader.may("cases.read_hardship", case.site):
        return Q(kind=EventKind.FLAGGED)
    return Q(by=reader.user_id)


def hardship_of(case: Case, reader: Actor) -> Event | None:
    """The hardship flag that stands and that the reader may know of. One query."""
    flags = Event.objects.filter(_flags_for(case, reader), case=case, kind=EventKind.FLAGGED)
    newest = flags.order_by("-at", "-id").first()
    return newest if newest is not None and not newest.values.get("lifted") else None


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


def words_of(ids: Iterable[int]) -> dict[int, str]:
    """The first words of the cases among references that were already found visible, by reference. One query."""
    return dict(Case.objects.filter(reference__in=list(ids)).values_list("reference_id", "summary"))


def of_references(ids: Iterable[int]) -> list[Case]:
    """The cases among references that were already found visible. One query."""
    return list(Case.objects.filter(reference__in=list(ids)).select_related(*LIST_FIELDS))
