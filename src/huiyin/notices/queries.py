"""Reads of what is public."""

from datetime import date

from django.db.models import Q, QuerySet

from huiyin.notices.models import Notice, ServiceCatalog, Showing
from huiyin.notices.states import CatalogState, NoticeKind, NoticeState
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight

NO_CATALOG = "none"  # seen by whoever begins the very first version


def visible_to(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(sight(actor, "reference__")).select_related("reference", "site")


def posted_on(site: Site, *, on: date) -> QuerySet[Notice]:
    """What anybody may read on a site's page that day, newest first."""
    current = Q(until_on__isnull=True) | Q(until_on__gt=on)
    posted = Notice.objects.filter(current, site=site, state=NoticeState.PUBLISHED, from_on__lte=on)
    return posted.select_related("reference").order_by("-published_at")


def disclosed(site: Site, *, on: date) -> QuerySet[Notice]:
    """Published results of a site, newest first; those whose days on the page are over stay readable here."""
    posted = Notice.objects.filter(site=site, kind=NoticeKind.DISCLOSURE, state=NoticeState.PUBLISHED, from_on__lte=on)
    return posted.select_related("reference").order_by("-published_at")


def about(reference: Reference) -> Notice | None:
    return Notice.objects.filter(about=reference).select_related("reference").order_by("-id").first()


def catalogs_of(site: Site) -> QuerySet[ServiceCatalog]:
    """Every version of a site's catalog, newest first, with who submitted and who approved it."""
    kept = ServiceCatalog.objects.filter(site=site).select_related("reference", "site", "submitted_by", "approved_by")
    return kept.order_by("-version")


def catalog_seen(site: Site) -> str:
    """What a page carries along that begins from the newest version, whatever its state; see `kit.seen`. One query."""
    newest = ServiceCatalog.objects.filter(site=site).order_by("-version").first()
    return newest.words_seen if newest else NO_CATALOG


def catalog_in_force(site: Site, *, on: date) -> ServiceCatalog | None:
    """The approved version that counts on a day: of those that began, the newest, whichever day it began. One query."""
    started = catalogs_of(site).filter(state=CatalogState.APPROVED, effective_on__lte=on)
    return started.first()


def shown_with(reference: Reference) -> ServiceCatalog | None:
    """The version that stood before whoever answered this last."""
    newest = Showing.objects.filter(about=reference).select_related("catalog").order_by("-at", "-id").first()
    return newest.catalog if newest else None
