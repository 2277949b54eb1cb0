"""The rules a site follows on a day, and the recurring duties whose time has come."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache

from django.db import connection
from django.db.models import F, Q, QuerySet

from huiyin.duties.models import Duty
from huiyin.duties.rules import Asked
from huiyin.handbook.linter import Finding, Source, ahead, findings, impossible, worst_first
from huiyin.handbook.models import Adoption, Decision, Edition
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
from huiyin.organization.queries import working_calendar

# As _in_force, in plain SQL: asked at every contact and on every page, where working it out costs ten times the asking.
_DIGESTS_IN_FORCE = """
    SELECT e.digest FROM handbook_adoption a JOIN handbook_edition e ON e.id = a.edition_id
    WHERE a.site_id = %s AND a.effective_on <= %s AND (a.ended_on IS NULL OR a.ended_on > %s)
    ORDER BY e.handbook, a.id
"""
AHEAD = timedelta(days=732)  # the longest a duty can be open before it is due
WARNED = timedelta(days=60)  # how long before it the manager hears that a day can hardly be kept
DATED = frozenset({"submission_not_before_publication", "no_time_before_publication"})

__all__ = ["Finding", "Rulebook", "adopted_by", "facts_of", "rulebook", "shipped", "shipped_ids"]


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


# ---- the check-up


@cache
def _source(digest: str) -> Source:
    edition = Edition.objects.get(digest=digest)
    return Source(_edition(digest), edition.text, f"{edition.handbook}.toml")


def findings_for(site: Site, on: date) -> list[Finding]:
    """What the linter finds in the handbooks a site follows on a day, looking ahead from it. Worst first."""
    sources = [_source(adoption.edition.digest) for adoption in adopted_by(site, on)]
    calendar = working_calendar()
    return findings(sources, site.kind, calendar, on, ahead(calendar, on))


def findings_with(site: Site, text: str, name: str, on: date) -> list[Finding]:
    """What it would find if the site followed this text too from a day on, in place of the handbook's present edition.

    Refuses a text that is no handbook.
    """
    book = load(text, name)
    others = [one for one in adopted_by(site, on) if one.edition.handbook != book.id]
    sources = [*(_source(one.edition.digest) for one in others), Source(book, text, f"{book.id}.toml")]
    calendar = working_calendar()
    return findings(sources, site.kind, calendar, on, ahead(calendar, on))


def company_findings(on: date) -> list[tuple[Finding, list[Site]]]:
    """What it finds anywhere in the company on a day, each with the sites it is found at. Two queries."""
    current = Adoption.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), effective_on__lte=on)
    followed: dict[Site, list[str]] = {}
    for adoption in current.select_related("site", "edition").order_by("site__code", "edition__handbook", "id"):
        followed.setdefault(adoption.site, []).append(adoption.edition.digest)
    calendar, found = working_calendar(), dict[str, tuple[Finding, list[Site]]]()
    for site, digests in followed.items():
        for one in findings([_source(each) for each in digests], site.kind, calendar, on, ahead(calendar, on)):
            found.setdefault(one.key, (one, []))[1].append(site)
    rank = {one.key: place for place, one in enumerate(worst_first(one for one, _sites in found.values()))}
    return sorted(found.values(), key=lambda pair: rank[pair[0].key])


def decisions_for(site: Site | None) -> dict[str, list[Decision]]:
    """Decisions that hold for a site, by the key of their finding: the standing one first, then what it replaced.

    A site's own stand before the company's. Without a site: the company's alone. One query.
    """
    mine = Q(site__isnull=True) | Q(site=site) if site else Q(site__isnull=True)
    book: dict[str, list[Decision]] = {}
    kept = Decision.objects.filter(mine).select_related("decided_by", "site")
    for decision in kept.order_by(F("site").asc(nulls_last=True), "-id"):
        book.setdefault(decision.key, []).append(decision)
    return book


def undecided(site: Site | None, found: Iterable[Finding]) -> list[Finding]:
    """What nobody can keep as written and nobody has decided about: it stands in the way of adopting."""
    stuck = impossible(found)
    decided = decisions_for(site) if stuck else {}
    return [finding for finding in stuck if finding.key not in decided]


def decisions_on(duty: Duty) -> list[Decision]:
    """The standing decisions that touch a duty's clause, the site's own before the company's. One query."""
    book = decisions_for(duty.site)
    return [kept[0] for kept in book.values() if [duty.handbook, duty.clause] in kept[0].concerns]


def coming_troubles(site: Site, today: date) -> list[Finding]:
    """What the calendar of the coming WARNED days makes impossible or tight at a site: told in September for October."""
    sources = [_source(adoption.edition.digest) for adoption in adopted_by(site, today)]
    found = findings(sources, site.kind, working_calendar(), today, today + WARNED)
    return [one for one in found if one.code in DATED and not one.is_precedent]
