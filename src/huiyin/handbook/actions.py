"""Adopting a handbook, and keeping its text as an edition."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.duties import actions as duties
from huiyin.handbook.models import Adoption, Edition, Settled
from huiyin.handbook.queries import adopted_by, mark_of, owed
from huiyin.handbook.rules import Facts, WrongSiteKind, load, shipped_text
from huiyin.journal import actions as journal
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import SYSTEM, Actor


class AlreadyLater(Refusal):
    """A new edition can not take effect before the one it replaces."""

    def __init__(self, since: date) -> None:
        super().__init__(
            _("现行版本从 %(since)s 起执行，新版本要晚于这一天。") % {"since": since.isoformat()}, "effective_on"
        )


@transaction.atomic
def adopt(site: Site, handbook: str, *, by: Actor, now: datetime, effective_on: date) -> Adoption:
    """Let a site follow a shipped handbook from a day on. An edition followed until then ends on that day (half-open).

    Repeating it changes nothing. Refuses an unknown handbook, one for other kinds of site, and a day that is not after
    the first day of the edition followed until then.
    """
    by.check("handbook.adopt", site)
    edition = _kept(shipped_text(handbook), f"{handbook}.toml", site, now)
    following = Adoption.objects.select_for_update().filter(
        site=site, edition__handbook=handbook, ended_on__isnull=True
    )
    present = following.select_related("edition").first()
    if present and present.edition_id == edition.pk:
        return present
    if present:
        _end(present, effective_on)
    adoption, made = Adoption.objects.get_or_create(
        site=site, edition=edition, effective_on=effective_on, defaults={"adopted_by": by.signature}
    )
    if made:
        facts = {"site": site.code, "handbook": handbook, "edition": edition.edition, "sha256": edition.digest}
        journal.record("handbook.adopted", by=by, now=now, facts=facts | {"effective_on": effective_on.isoformat()})
    return adoption


def _kept(text: str, name: str, site: Site, now: datetime) -> Edition:
    """The edition that holds exactly this text, kept now if it was not before."""
    book = load(text, name)
    if site.kind not in book.site_kinds:
        raise WrongSiteKind(book)
    digest = hashlib.sha256(text.encode()).hexdigest()
    fresh = {"handbook": book.id, "edition": book.edition, "text": text, "created_at": now}
    return Edition.objects.get_or_create(digest=digest, defaults=fresh)[0]


def _end(present: Adoption, on: date) -> None:
    if on <= present.effective_on:
        raise AlreadyLater(present.effective_on)
    Adoption.objects.filter(pk=present.pk).update(ended_on=on)


@transaction.atomic
def settle(site: Site, facts: Facts, *, now: datetime) -> bool:
    """Bring the ledger of a site up to today: what has begun is opened, and what is open is recounted where its rules changed.

    May run twice, late, or be killed half way: it is one transaction, a duty is in the ledger once, and it goes on from
    the last day it reached. Costs two queries where nothing changed. False then.
    """
    today = timezone.localdate(now)
    adoptions, calendar = adopted_by(site, today), working_calendar()
    mark = mark_of(adoptions, calendar, facts)
    before = Settled.objects.select_for_update().filter(site=site).first()
    if before and (before.day, before.mark) == (today, mark):
        return False
    reached = before.day if before else min((one.effective_on for one in adoptions), default=today)
    asked = owed(adoptions, calendar, facts, min(reached, today), today)
    duties.open_duties(site, asked)
    if before and before.mark != mark:
        duties.recount(site, asked, by=SYSTEM, now=now)
    Settled.objects.update_or_create(site=site, defaults={"day": max(today, reached), "mark": mark})
    return True
