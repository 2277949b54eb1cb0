"""The rules a site follows on a day, and the recurring duties whose time has come."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from django.db import connection
from django.db.models import F, Q

from huiyin.duties.models import Duty
from huiyin.duties.rules import Asked
from huiyin.handbook.linter import Finding, Source, ahead, findings, impossible, worst_first
from huiyin.handbook.models import Adoption, Decision, Edition
from huiyin.handbook.rules import (
    Altered,
    Facts,
    Moved,
    Planned,
    Rulebook,
    Span,
    altered,
    defaults,
    load,
    moved,
    planned,
    shipped,
    shipped_ids,
    upon,
)
from huiyin.handbook.schema import Handbook
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import Cluster, Site
from huiyin.organization.queries import circumstances_of, terms_of, working_calendar

# As adopted_by, in plain SQL: asked at every contact and on every page, where working it out costs ten times the asking.
_IN_FORCE = """
    SELECT e.handbook, e.digest FROM handbook_adoption a JOIN handbook_edition e ON e.id = a.edition_id
    WHERE (a.site_id = %s OR a.site_id IS NULL) AND a.effective_on <= %s AND (a.ended_on IS NULL OR a.ended_on > %s)
    ORDER BY e.handbook, a.site_id IS NULL DESC, a.id
"""
AHEAD = timedelta(days=732)  # the longest a duty can be open before it is due
WARNED = timedelta(days=60)  # how long before it the manager hears that a day can hardly be kept
DATED = frozenset({"submission_not_before_publication", "no_time_before_publication"})

__all__ = ["Rulebook", "adopted_by", "edition", "facts_of", "rulebook", "shipped", "shipped_ids"]


def adopted_by(site: Site, on: date) -> list[Adoption]:
    """What a site follows on a day, with the editions: its own adoptions, and the company's where it has none. One query."""
    mine = Q(site=site) | Q(site__isnull=True)
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    found = Adoption.objects.filter(mine, current, effective_on__lte=on).select_related("edition", "site")
    in_order = found.order_by("edition__handbook", F("site").asc(nulls_first=True), "id")
    fitting = (one for one in in_order if site.kind in edition(one.edition.digest).site_kinds)
    return list({one.edition.handbook: one for one in fitting}.values())


def rulebook(site: Site, on: date) -> Rulebook:
    """What a site must follow on a day. One small query; everything behind it is put together once per process."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [site.pk, on, on])
        digests = dict(cursor.fetchall())
    return _together(tuple(digests.values()), site.kind)


def rulebooks(site: Site) -> Callable[[date], Rulebook]:
    """As rulebook, for any day. One query, however many days are asked for."""
    mine = Adoption.objects.filter(Q(site=site) | Q(site__isnull=True))
    columns = ("edition__handbook", "edition__digest", "site", "effective_on", "ended_on")
    rows = list(mine.order_by("id").values_list(*columns))
    rows.sort(key=lambda row: (row[0], row[2] is not None))  # the site's own last: it stands
    changes = [date.min, *sorted({day for row in rows for day in row[3:] if day})]

    @cache
    def since(day: date) -> Rulebook:
        held = (row for row in rows if row[3] <= day and (row[4] is None or row[4] > day))
        return _together(tuple({row[0]: row[1] for row in held}.values()), site.kind)

    return lambda day: since(changes[bisect_right(changes, day) - 1])


@lru_cache(maxsize=512)
def _together(digests: tuple[str, ...], site_kind: str) -> Rulebook:
    books = (edition(digest) for digest in digests)
    return Rulebook(tuple(book for book in books if site_kind in book.site_kinds), defaults(), site_kind)


@cache
def edition(digest: str) -> Handbook:
    """The handbook kept under a digest. What a digest stands for never changes, so it is read once."""
    kept = Edition.objects.get(digest=digest)
    return load(kept.text, f"{kept.handbook}.toml")


def facts_of(site: Site, today: date, phases: tuple[Span, ...] | None = None, parts: tuple[Span, ...] = ()) -> Facts:
    """What the dates of a site's duties hang on; phases and parts are the project's, where the site is one. Three queries.

    What is said not to be there counts until its re-check is due: then the duties that hang on it come back.
    """
    clusters = Cluster.objects.filter(site=site).order_by("code").values_list("code", flat=True)
    missing = (one for one in circumstances_of(site).values() if not one.holds)
    lacking = tuple((one.name, one.reason[:200]) for one in missing if one.recheck_on and today <= one.recheck_on)
    terms = tuple(Span(term.period, term.first_on, term.last_on) for term in terms_of(site))
    return Facts(terms=terms, phases=phases, parts=parts, clusters=tuple(clusters), lacking=lacking)


def followed_since(adoption: Adoption) -> date:
    """The first day of following a handbook without a break, whichever its editions were. One query."""
    since = adoption.effective_on
    earlier = Adoption.objects.filter(site=adoption.site_id, edition__handbook=adoption.edition.handbook)
    for one in earlier.filter(effective_on__lt=since).order_by("-effective_on"):
        if one.ended_on != since:
            break
        since = one.effective_on
    return since


@dataclass(frozen=True)
class On:
    """A day as the ledger of a site sees it: what is followed, how days are counted, and since when it is kept."""

    today: date
    adoptions: tuple[Adoption, ...]
    calendar: Calendar
    since: date

    def mark(self, facts: Facts) -> str:
        """A digest that changes whenever any due day of the site may."""
        editions = [f"{one.edition.digest} {one.effective_on}" for one in self.adoptions]
        return hashlib.sha256(repr((editions, self.calendar.version, facts)).encode()).hexdigest()


@dataclass(frozen=True)
class Preview:
    """What following a text would bring: `before` is the edition it replaces, if any."""

    book: Handbook
    before: Handbook | None
    rows: list[Planned]
    moved: list[Moved]
    altered: list[Altered]


def preview(site: Site, book: Handbook, facts: Facts, *, first: date, last: date) -> Preview:
    """What a handbook would bring a site between two days, beside what its present edition brings. Three queries."""
    calendar = working_calendar()
    following = (edition(one.edition.digest) for one in adopted_by(site, first))
    before = next((one for one in following if one.id == book.id), None)
    rows = planned([book], site.kind, calendar, first, last, facts=facts)
    old = planned([before], site.kind, calendar, first, last, facts=facts) if before else []
    return Preview(book, before, rows, moved(old, rows), altered(before, book))


def occasions(site: Site, on: date) -> list[str]:
    """What sets off duties at a site as it happens, by the handbooks followed then."""
    books = (edition(adoption.edition.digest) for adoption in adopted_by(site, on))
    duties = (duty for book in books for duty in book.recurring)
    return sorted({duty.on for duty in duties if duty.on and (not duty.site_kinds or site.kind in duty.site_kinds)})


def set_off(site: Site, occasion: str, day: date, facts: Facts) -> list[Asked]:
    """The duties that an occasion of a day sets off by the handbooks followed then."""
    calendar, asked = working_calendar(), []
    for adoption in adopted_by(site, day):
        digest = adoption.edition.digest
        rows = upon([edition(digest)], site.kind, occasion, day, calendar=calendar, facts=facts)
        asked += [row.asked(digest) for row in rows]
    return asked


def owed(site: Site, on: On, facts: Facts, *, first: date) -> list[Asked]:
    """The recurring duties due from `first` on whose time has begun, of each edition from its first day on."""
    asked = []
    for adoption in on.adoptions:
        digest, since = adoption.edition.digest, followed_since(adoption)
        since = since if adoption.site_id else max(since, on.since)
        plans = planned([edition(digest)], site.kind, on.calendar, first, on.today + AHEAD, facts=facts)
        asked += [plan.asked(digest) for plan in plans if plan.opens <= on.today and plan.is_owed_from(since)]
    return asked


# ---- the check-up


@cache
def _source(digest: str) -> Source:
    kept = Edition.objects.get(digest=digest)
    return Source(edition(digest), kept.text, f"{kept.handbook}.toml")


def findings_for(site: Site, on: date) -> list[Finding]:
    """What the linter finds in the handbooks a site follows on a day, looking ahead from it. Worst first."""
    sources = [_source(adoption.edition.digest) for adoption in adopted_by(site, on)]
    calendar = working_calendar()
    return findings(sources, site.kind, calendar, on, ahead(calendar, on))


def findings_with(site: Site, book: Handbook, text: str, on: date) -> list[Finding]:
    """What it would find if the site followed this book too from a day on, in place of the handbook's present edition."""
    others = [one for one in adopted_by(site, on) if one.edition.handbook != book.id]
    sources = [*(_source(one.edition.digest) for one in others), Source(book, text, f"{book.id}.toml")]
    calendar = working_calendar()
    return findings(sources, site.kind, calendar, on, ahead(calendar, on))


def undecided_with(site: Site | None, book: Handbook, text: str, on: date) -> list[Finding]:
    """What stands in the way of adopting a book at a site, or (no site) at any site of the company it is made for."""
    sites = [site] if site else list(Site.objects.filter(kind__in=book.site_kinds))
    stuck = (one for each in sites for one in undecided(each, findings_with(each, book, text, on)))
    return list({one.key: one for one in stuck}.values())


def company_findings(on: date) -> list[tuple[Finding, list[Site]]]:
    """What it finds anywhere in the company on a day, each with the sites it is found at. Three queries."""
    current = Adoption.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), effective_on__lte=on)
    adoptions = list(current.select_related("edition").order_by("id"))
    calendar, found = working_calendar(), dict[str, tuple[Finding, list[Site]]]()
    for site in Site.objects.all():
        followed = {one.edition.handbook: one for one in adoptions if one.site_id is None}
        followed |= {one.edition.handbook: one for one in adoptions if one.site_id == site.pk}
        sources = [_source(one.edition.digest) for one in followed.values()]
        for one in findings(sources, site.kind, calendar, on, ahead(calendar, on)):
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


def undecided(site: Site, found: Iterable[Finding]) -> list[Finding]:
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
    digests = tuple(adoption.edition.digest for adoption in adopted_by(site, today))
    return _coming_troubles(digests, site.kind, working_calendar(), today)


@lru_cache(maxsize=64)
def _coming_troubles(digests: tuple[str, ...], kind: str, calendar: Calendar, today: date) -> list[Finding]:
    """Worked out once a day for sites that follow the same."""
    found = findings([_source(digest) for digest in digests], kind, calendar, today, today + WARNED)
    return [one for one in found if one.code in DATED and not one.is_precedent]
