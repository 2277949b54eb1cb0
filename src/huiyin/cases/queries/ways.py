"""Reads of suggestions and referrals: one, those parked, those adopted, those that wait, and how many were adopted."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from huiyin.cases.models import Case, Referral, Suggestion
from huiyin.cases.queries.figures import Rate
from huiyin.cases.queries.lists import visible_to
from huiyin.cases.states import State, Verdict
from huiyin.interactions.states import ContactKind
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

FIELDS = ("case__reference", "case__accountable", "owner")


def suggestion_of(case: Case) -> Suggestion | None:
    """What was weighed and decided. One query for a suggestion, none for other kinds."""
    if case.kind != ContactKind.SUGGESTION:
        return None
    return Suggestion.objects.filter(case=case).select_related("named", "owner").first()


def waiting_referral(case: Case) -> Referral | None:
    """The referral whose answer we wait for, if any."""
    return Referral.objects.filter(case=case, answered_at=None).first()


def referrals_of(case: Case) -> list[Referral]:
    """Everything that went upward about a case, oldest first."""
    return list(Referral.objects.filter(case=case))


def parked(site: Site, actor: Actor) -> list[Suggestion]:
    """Deferred suggestions, the longest overdue for a review first. One query."""
    found = _suggestions(site, actor).filter(verdict=Verdict.DEFERRED, case__state=State.DEFERRED)
    return list(found.order_by("review_on", "id")[:200])


def adopted(site: Site, actor: Actor) -> list[Suggestion]:
    """Adopted suggestions, those still to be done first, by their day. One query."""
    found = _suggestions(site, actor).filter(verdict=Verdict.ADOPTED)
    return list(found.order_by(F("realized_at").desc(nulls_first=True), "due_on", "id")[:200])


def _suggestions(site: Site, actor: Actor) -> QuerySet[Suggestion]:
    seen = visible_to(actor).filter(site=site, kind=ContactKind.SUGGESTION).values("pk")
    return Suggestion.objects.filter(case__in=seen).select_related(*FIELDS)


def open_referrals(site: Site, actor: Actor) -> list[Referral]:
    """Referrals that nobody has answered yet, the one expected longest ago first. One query."""
    seen = visible_to(actor).filter(site=site).values("pk")
    found = Referral.objects.filter(case__in=seen, answered_at=None)
    return list(found.select_related("case__reference", "case__accountable").order_by("expected_on", "id")[:200])


@dataclass(frozen=True)
class Adoption:
    """K38: adopted of decided, and decided of received, of the suggestions received in a window."""

    adopted: Rate
    decided: Rate


def adoption(cases: QuerySet[Case]) -> Adoption:
    """Of these cases, those that are suggestions and no history. One query."""
    of_them = cases.filter(kind=ContactKind.SUGGESTION, is_history=False)
    verdicts = Q(suggestion__verdict__in=Verdict.values)
    counts = of_them.aggregate(
        received=Count("pk"),
        decided=Count("pk", filter=verdicts),
        adopted=Count("pk", filter=Q(suggestion__verdict=Verdict.ADOPTED)),
    )
    return Adoption(Rate(counts["adopted"], counts["decided"]), Rate(counts["decided"], counts["received"]))
