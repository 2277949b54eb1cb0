"""The one sight rule, and the search over everything that has a reference."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from huiyin.kit.chinese import query_phrases
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference, SearchPart
from huiyin.references.states import Sensitivity


def visible_to(actor: Actor) -> QuerySet[Reference]:
    """References the actor may see: by company, site or cluster; restricted ones only where a post allows it."""
    return Reference.objects.filter(sight(actor))


def sight(actor: Actor, through: str = "") -> Q:
    """The sight rule as a condition, for tables that hold a key to a reference (`through="reference__"`)."""
    if actor.kind == "system":
        return Q()
    if actor.kind not in {"staff", "service"} or not actor.scopes:
        return Q(pk__in=[])
    where = Q()
    for scope in actor.scopes:
        here = Q(**{f"{through}site": scope.site}) if scope.site else Q()
        if scope.cluster:
            here &= Q(**{f"{through}cluster": scope.cluster})
        if "cases.read_restricted" not in scope.rights:
            here &= Q(**{f"{through}sensitivity": Sensitivity.SITE})
        if not here:
            return Q()
        where |= here
    return where


def by_number(number: str, actor: Actor) -> Reference | None:
    return visible_to(actor).filter(number=number).select_related("site").first()


def _match(phrases: Iterable[str]) -> tuple[str, list[str]]:
    """SQL giving the references whose words hold every phrase, and its parameters."""
    if connection.vendor == "postgresql":
        one = "SELECT reference_id FROM references_searchpart WHERE words @@ {}"
        plain, prefix = "phraseto_tsquery('simple', %s)", "to_tsquery('simple', %s)"
        parts = [one.format(prefix if phrase.endswith("*") else plain) for phrase in phrases]
        values = [_tsquery(phrase) if phrase.endswith("*") else phrase for phrase in phrases]
    else:
        one = (
            "SELECT p.reference_id FROM references_words w "
            "JOIN references_searchpart p INDEXED BY searchpart_to_reference ON p.id = w.rowid "
            "WHERE references_words MATCH %s"
        )
        parts = [one for _ in phrases]
        values = [_fts5(phrase) for phrase in phrases]
    return " INTERSECT ".join(parts), values


def _tsquery(phrase: str) -> str:
    """A phrase whose last token is a prefix, in tsquery's language; tokens hold letters and digits only."""
    return " <-> ".join(phrase.removesuffix("*").split()) + ":*"


def _fts5(phrase: str) -> str:
    if phrase.endswith("*"):
        return f'"{phrase.removesuffix("*")}" *'
    return f'"{phrase}"'


def _seen(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """The sight rule as SQL on references_reference, and its parameters."""
    query = visible_to(actor).query
    try:
        condition, scopes = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    except EmptyResultSet:
        return "1 = 0", ()
    except FullResultSet:
        return "1 = 1", ()
    return condition, tuple(scopes)


def search(query: str, actor: Actor) -> QuerySet[Reference]:
    """References the actor may see that hold every word of the query, newest first; none for an empty query."""
    phrases = query_phrases(query)
    if not phrases:
        return Reference.objects.none()
    seen, scopes = _seen(actor)
    matching, values = _match(phrases)
    # Sight is asked of what was found. Materialized and joined in this order, so that no planner walks the primary key or
    # all references of a site in search of a rare word.
    asked = (
        f"WITH found AS MATERIALIZED ({matching}) "  # noqa: S608
        "SELECT references_reference.id FROM (SELECT DISTINCT reference_id FROM found) AS once "
        f"CROSS JOIN references_reference WHERE references_reference.id = once.reference_id AND {seen}"
    )
    found = RawSQL(asked, [*values, *scopes])  # noqa: S611
    # On PostgreSQL the order is said so that it cannot be had from the primary key: walking that would take the time away.
    newest = (F("id") + 0).desc() if connection.vendor == "postgresql" else F("id").desc()
    return Reference.objects.filter(pk__in=found).order_by(newest)


def hits(query: str, actor: Actor) -> list[int]:
    """The ids of what `search` finds, newest first: the index is asked once, for the exact count and for any page."""
    return list(search(query, actor).values_list("pk", flat=True))


def with_ids(found: Sequence[int]) -> list[Reference]:
    """References already found visible, with their sites, in the order of the ids. One query."""
    known = Reference.objects.filter(pk__in=found).select_related("site").in_bulk()
    return [known[one] for one in found]


def parts_of(reference: Reference) -> QuerySet[SearchPart]:
    return SearchPart.objects.filter(reference=reference)
