"""The rules a site follows on a day, and the recurring duties whose time has come."""

import hashlib
from datetime import date, timedelta
from functools import cache, lru_cache

from django.db import connection
from django.db.models import Q, QuerySet

from huiyin.duties.rules import Asked
from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.rules import (
    Facts,
    Rulebook,
    Span,
    defaults,
    load,
    planned,
    shipped,
    shipped_ids,
)
from huiyin.handbook.schema import Handbook
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import Cluster, Site

# As _in_force, in plain SQL: asked at every contact and on every page, where working it out costs ten times the asking.
_DIGESTS_IN_FORCE = """
    SELECT e.digest FROM handbook_adoption a JOIN handbook_edition e ON e.id = a.edition_id
    WHERE a.site_id = %s AND a.effective_on <= %s AND (a.ended_on IS NULL OR a.ended_on > %s)
    ORDER BY e.handbook, a.id
"""
AHEAD = timedelta(days=732)  # the longest a duty can be open before it is due

__all__ = ["Rulebook", "adopted_by", "facts_of", "rulebook", "shipped", "shipped_ids"]


def _in_force(site: Site, on: date) -> QuerySet[Adoption]:
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return Adoption.objects.filter(current, site=site, effective_on__lte=on).order_by("edition__handbook", "id")


def adopted_by(site: Site, on: date) -> list[Adoption]:
    """What a site follows on a day, with the editions. One query."""
    return list(_in_force(site, on).select_related("edition", "site"))


def rulebook(site: Site, on: date) -> Rulebook:
    """What a site must follow on a day. One small query; everything behind it is put together once per process."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS_IN_FORCE, [site.pk, on, on])
        return _together(tuple(digest for (digest,) in cursor.fetchall()), site.kind)


@lru_cache(maxsize=512)
def _together(digests: tuple[str, ...], site_kind: str) -> Rulebook:
    return Rulebook(tuple(_edition(digest) for digest in digests), defaults(), site_kind)


@cache
def _edition(digest: str) -> Handbook:
    """The handbook kept under a digest. What a digest stands for never changes, so it is read once."""
    edition = Edition.objects.get(digest=digest)
    return load(edition.text, f"{edition.handbook}.toml")


def facts_of(site: Site, phases: tuple[Span, ...] | None = None, parts: tuple[Span, ...] = ()) -> Facts:
    """What the dates of a site's duties hang on; phases and parts are the project's, where the site is one. One query."""
    clusters = Cluster.objects.filter(site=site).order_by("code").values_list("code", flat=True)
    return Facts(phases=phases, parts=parts, clusters=tuple(clusters))


def followed_since(adoption: Adoption) -> date:
    """The first day of following a handbook without a break, whichever its editions were. One query."""
    since = adoption.effective_on
    earlier = Adoption.objects.filter(site=adoption.site_id, edition__handbook=adoption.edition.handbook)
    for one in earlier.filter(effective_on__lt=since).order_by("-effective_on"):
        if one.ended_on != since:
            break
        since = one.effective_on
    return since


def mark_of(adoptions: list[Adoption], calendar: Calendar, facts: Facts) -> str:
    """A digest that changes whenever any due day of the site may."""
    editions = [f"{one.edition.digest} {one.effective_on}" for one in adoptions]
    return hashlib.sha256(repr((editions, calendar.version, facts)).encode()).hexdigest()


def owed(adoptions: list[Adoption], calendar: Calendar, facts: Facts, first: date, today: date) -> list[Asked]:
    """The recurring duties due from `first` on whose time has begun by `today`, of each edition from its first day on."""
    asked = []
    for adoption in adoptions:
        book, since = _edition(adoption.edition.digest), followed_since(adoption)
        plans = planned([book], adoption.site.kind, calendar, first, today + AHEAD, facts=facts)
        begun = (plan for plan in plans if plan.opens <= today and plan.is_owed_from(since))
        asked += [plan.asked(adoption.edition.digest) for plan in begun]
    return asked
