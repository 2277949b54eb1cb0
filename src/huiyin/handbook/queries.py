"""The rules a site follows on a day, and the recurring duties whose time has come."""

from datetime import date, timedelta
from functools import cache, lru_cache

from django.db import connection
from django.db.models import Q, QuerySet

from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.rules import Planned, Rulebook, defaults, load, planned, shipped, shipped_ids
from huiyin.handbook.schema import Handbook
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar

# As _in_force, in plain SQL: asked at every contact and on every page, where working it out costs ten times the asking.
_DIGESTS_IN_FORCE = """
    SELECT e.digest FROM handbook_adoption a JOIN handbook_edition e ON e.id = a.edition_id
    WHERE a.site_id = %s AND a.effective_on <= %s AND (a.ended_on IS NULL OR a.ended_on > %s)
    ORDER BY e.handbook, a.id
"""
SLEEP = timedelta(days=62)  # how long a worker may have slept and still open what began meanwhile

__all__ = ["Rulebook", "adopted_by", "duties_to_open", "rulebook", "shipped", "shipped_ids"]


def _in_force(site: Site, on: date) -> QuerySet[Adoption]:
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return Adoption.objects.filter(current, site=site, effective_on__lte=on).order_by("edition__handbook", "id")


def adopted_by(site: Site, on: date) -> list[Adoption]:
    """What a site follows on a day, with the editions. One query."""
    return list(_in_force(site, on).select_related("edition"))


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


def duties_to_open(site: Site, today: date) -> list[Planned]:
    """The recurring duties whose time has begun, of each edition from its first day on; looks back over SLEEP."""
    calendar, rows = working_calendar(), []
    for adoption in adopted_by(site, today):
        book = _edition(adoption.edition.digest)
        plans = planned([book], site.kind, calendar, today - SLEEP, today + SLEEP)
        rows += [plan for plan in plans if adoption.effective_on <= plan.opens <= today]
    return rows
