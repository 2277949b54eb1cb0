"""Adopting a handbook, and keeping its text as an edition."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.duties import actions as duties
from huiyin.handbook.linter import Finding
from huiyin.handbook.models import Adoption, Decision, Edition, Settled
from huiyin.handbook.queries import adopted_by, decisions_for, findings_with, mark_of, owed, undecided
from huiyin.handbook.rules import Facts, WrongSiteKind, load, shipped_text
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import SYSTEM, Actor, NotAllowed

LONGEST_REASON = 500  # characters


class AlreadyLater(Refusal):
    """A new edition can not take effect before the one it replaces."""

    def __init__(self, since: date) -> None:
        super().__init__(
            _("现行版本从 %(since)s 起执行，新版本要晚于这一天。") % {"since": since.isoformat()}, "effective_on"
        )


class UndecidedFindings(Refusal):
    """A handbook that nobody can keep as written, while nobody has decided what to do about it."""

    def __init__(self, found: list[Finding]) -> None:
        told = gettext("；").join(f"{one.title}（{gettext('、').join(one.clauses)}）" for one in found)
        super().__init__(_("采用以前先在制度体检里作决定：%(found)s") % {"found": told}, "handbook")
        self.found = found


class NoSuchWay(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请选一种办法。"), "way")


class NoReason(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请写明为什么这样决定。"), "reason")


class DecidedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(_("刚才有人对这一条作了别的决定，请看过再定。"), "way")


@transaction.atomic
def adopt(site: Site, handbook: str, *, by: Actor, now: datetime, effective_on: date) -> Adoption:
    """Let a site follow a shipped handbook from a day on. An edition followed until then ends on that day (half-open).

    Repeating it changes nothing. Refuses an unknown handbook, one for other kinds of site, and a day that is not after
    the first day of the edition followed until then; and what nobody can keep as written, until that is decided.
    """
    by.check("handbook.adopt", site)
    edition = _kept(shipped_text(handbook), f"{handbook}.toml", site, now)
    following = Adoption.objects.select_for_update().filter(
        site=site, edition__handbook=handbook, ended_on__isnull=True
    )
    present = following.select_related("edition").first()
    if present and present.edition_id == edition.pk:
        return present
    missing = undecided(site, findings_with(site, edition.text, f"{handbook}.toml", effective_on))
    if missing:
        raise UndecidedFindings(missing)
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


@transaction.atomic
def decide(finding: Finding, *, way: str, site: Site | None, reason: str, by: Actor, now: datetime) -> Decision:
    """Put on record how a finding of the check-up is dealt with, at one site or (no site) for the company.

    A standing decision is replaced, not changed; the same once more changes nothing. Refuses a way that the finding does
    not offer and an empty reason.
    """
    by.check("handbook.adopt", site)
    if site is None and not by.is_company_wide:
        raise NotAllowed(_("全公司的决定由公司的岗位来作。"))
    if way not in {one.id for one in finding.ways_out}:
        raise NoSuchWay
    if chinese.is_blank(reason):
        raise NoReason
    words = chinese.clean(reason)[:LONGEST_REASON]
    standing = next((one for one in decisions_for(site).get(finding.key, []) if one.site == site), None)
    if standing and (standing.way, standing.reason) == (way, words):
        return standing
    concerns = [[one.handbook, one.clause] for one in finding.concerns]
    fresh = {"code": finding.code, "concerns": concerns, "way": way, "reason": words, "decided_at": now}
    fresh |= {"decided_by_id": by.user_id, "signature": by.signature}
    decision, made = Decision.objects.get_or_create(site=site, key=finding.key, replaces=standing, defaults=fresh)
    if not made:
        raise DecidedMeanwhile
    facts = {"code": finding.code, "clauses": list(finding.clauses), "way": way, "site": site.code if site else ""}
    journal.record("handbook.decided", by=by, now=now, facts=facts, fields={"reason": words})
    return decision
