"""Reads of what is public."""

from datetime import date

from django.db.models import Q, QuerySet

from huiyin.notices.models import Notice
from huiyin.notices.states import NoticeKind, NoticeState
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight


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
