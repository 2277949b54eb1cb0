"""What is given on one case and holds for several: to the households of its group, and to the duplicates that went into it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Coalesce

from huiyin.cases.models import Case
from huiyin.cases.queries import LIST_FIELDS
from huiyin.cases.states import BY_NAME
from huiyin.customers.models import Customer
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference

Act = Callable[..., Case]
# In plain SQL: asked at every act, where working the query out costs several times the asking; nearly every case stands alone.
_KIN = (
    "SELECT 1 FROM cases_case WHERE merged_into_id = %s UNION ALL SELECT 1 FROM cases_case WHERE parent_id = %s LIMIT 1"
)


def stands_alone(case: Case) -> bool:
    """Whether no duplicate went into the case and no household is led by it. One small query."""
    with connection.cursor() as cursor:
        cursor.execute(_KIN, [case.pk, case.pk])
        return cursor.fetchone() is None


def pass_on(lead: Case, act: Act, *, by: Actor, now: datetime, **words: Any) -> None:
    """Do the act on every household of the group where it is legal and fits the kind, in the caller's transaction.

    Whoever acts need not see them. Refuses all of it with ChangedMeanwhile when somebody else changed one of them at the same moment.
    """
    if stands_alone(lead):
        return
    transition = BY_NAME[act.__name__]
    for child in (
        lead.children.filter(state__in=transition.sources).select_related(*LIST_FIELDS, "customer").order_by("id")
    ):
        if transition.fits(child.kind):
            act(child, by=by, now=now, **words)


def stop_clocks(case: Case, *, answered: bool, now: datetime) -> None:
    """The duplicates that went into a case were solved, and answered, when it was: each is judged by its own first date."""
    if stands_alone(case):
        return
    given = {"first_solved_at": Coalesce("first_solved_at", Value(now)), "solved_at": Coalesce("solved_at", Value(now))}
    case.merged.update(**given | ({"answered_at": now} if answered else {}))


def told_with(case: Case) -> Iterator[tuple[Reference, Customer]]:
    """Whom a message about a case goes to, each under the number that they know: its customer and those of its duplicates."""
    if case.customer is not None:
        yield case.reference, case.customer
    if stands_alone(case):
        return
    for one in case.merged.exclude(customer=None).select_related("reference", "customer").order_by("id"):
        if one.customer is not None and one.customer_id != case.customer_id:
            yield one.reference, one.customer


def references_of(case: Case) -> Iterator[Reference]:
    """The case's own number, and those of the duplicates that went into it."""
    yield case.reference
    if stands_alone(case):
        return
    for one in case.merged.select_related("reference").order_by("id"):
        yield one.reference
