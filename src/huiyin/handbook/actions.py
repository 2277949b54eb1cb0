"""Adopting a handbook, keeping its text as an edition, and bringing the ledger of duties up to it."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.duties import actions as duties
from huiyin.handbook.linter import Chosen, Finding
from huiyin.handbook.models import Adoption, Decision, Edition, Settled
from huiyin.handbook.queries import On, adopted_by, decisions_for, owed, rulebook, set_off, undecided_with
from huiyin.handbook.rules import Facts, WrongSiteKind, load, shipped_text
from huiyin.handbook.schema import Handbook
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization import actions as organization
from huiyin.organization.models import RemitMatrix, Site
from huiyin.organization.queries import picture_of, working_calendar
from huiyin.organization.rules import SYSTEM, Actor, Holding, NotMapped, RemitGap, gaps
from huiyin.references.models import Reference

LONGEST_REASON = 500  # characters


class AlreadyLater(Refusal):
    """A new edition can not take effect before the one it replaces."""

    def __init__(self, since: date) -> None:
        super().__init__(
            _("现行版本从 %(since)s 起执行，新版本要晚于这一天。") % {"since": since.isoformat()}, "effective_on"
        )


class EditionTaken(Refusal):
    """Another text has this edition's name already."""

    def __init__(self, book: Handbook) -> None:
        values = {"title": book.title, "edition": book.edition}
        super().__init__(_("“%(title)s”已有内容不同的 %(edition)s 版，请换一个版本号（edition）。") % values, "edition")


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


def adopt(site: Site, handbook: str, *, by: Actor, now: datetime, effective_on: date) -> Adoption:
    """Let a site follow a shipped handbook from a day on; as adopt_text."""
    return adopt_text(shipped_text(handbook), site=site, by=by, now=now, effective_on=effective_on)


@transaction.atomic
def adopt_text(
    text: str, *, site: Site | None, by: Actor, now: datetime, effective_on: date, chosen: Sequence[Chosen] = ()
) -> Adoption:
    """Let a site, or without one every site of the company, follow this text of a handbook from a day on.

    An edition followed until then ends on that day (half-open). Repeating it changes nothing. Refuses a text that is no
    handbook, one for other kinds of site, a name that another text has, a day that is not after the first day of the
    edition followed until then, and what nobody can keep as written until that is decided; the ways out `chosen` are put
    on record with it. Open duties follow when the day comes; what is done stays as it was judged.
    """
    _check(by, "handbook.adopt", site)
    book = load(text, "handbook.toml")
    if site is not None and site.kind not in book.site_kinds:
        raise WrongSiteKind(book)
    edition = _kept(text, book, now)
    following = Adoption.objects.select_for_update(of=("self",)).filter(
        site=site, edition__handbook=book.id, ended_on__isnull=True
    )
    present = following.select_related("edition").first()
    if present and present.edition_id == edition.pk:
        return present
    ways = {one.key: one for one in chosen}
    missing = undecided_with(site, book, text, effective_on)
    if left := [finding for finding in missing if finding.key not in ways]:
        raise UndecidedFindings(left)
    for finding in missing:
        way = ways[finding.key]
        decide(finding, way=way.way, site=site, reason=way.reason, by=by, now=now)
    if present:
        _end(present, effective_on)
    signed = {"adopted_by": by.signature, "adopted_at": now}
    adoption, made = Adoption.objects.get_or_create(
        site=site, edition=edition, effective_on=effective_on, defaults=signed
    )
    if made:
        _say("handbook.adopted", adoption, by, now, effective_on)
    return adoption


@transaction.atomic
def give_up(adoption: Adoption, *, on: date, by: Actor, now: datetime) -> Adoption:
    """Stop following a handbook from a day on. Its open duties are then no longer asked for; what is done stays."""
    _check(by, "handbook.adopt", adoption.site)
    _end(adoption, on)
    adoption.ended_on = on
    _say("handbook.given_up", adoption, by, now, on)
    return adoption


def _check(by: Actor, right: str, site: Site | None) -> None:
    if site is None:
        by.check_everywhere(right)
    else:
        by.check(right, site)


def check_edition(text: str, book: Handbook) -> None:
    """Refuse a text that takes the edition's name of another text: what was adopted once stays what it was."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    if Edition.objects.filter(handbook=book.id, edition=book.edition).exclude(digest=digest).exists():
        raise EditionTaken(book)


def _kept(text: str, book: Handbook, now: datetime) -> Edition:
    """The edition that holds exactly this text, kept now if it was not before."""
    check_edition(text, book)
    digest = hashlib.sha256(text.encode()).hexdigest()
    fresh = {"handbook": book.id, "edition": book.edition, "text": text, "created_at": now}
    return Edition.objects.get_or_create(digest=digest, defaults=fresh)[0]


def _end(present: Adoption, on: date) -> None:
    if on <= present.effective_on:
        raise AlreadyLater(present.effective_on)
    Adoption.objects.filter(pk=present.pk).update(ended_on=on)


def _say(verb: str, adoption: Adoption, by: Actor, now: datetime, on: date) -> None:
    edition, site = adoption.edition, adoption.site
    facts = {"site": site.code if site else "", "handbook": edition.handbook, "edition": edition.edition}
    journal.record(verb, by=by, now=now, facts=facts | {"sha256": edition.digest, "effective_on": on.isoformat()})


def follow_on(reference: Reference, occasion: str, *, day: date, facts: Facts) -> int:
    """Open what an occasion sets off about it: the minutes of a meeting, the record of an event. Returns how many."""
    asked = set_off(reference.site, occasion, day, facts)
    duties.open_duties(reference.site, asked, reference=reference)
    return len(asked)


@transaction.atomic
def settle(site: Site, facts: Facts, *, now: datetime) -> bool:
    """Bring the ledger of a site up to today: what has begun is opened; where rules, days or facts changed, what is open is recounted.

    May run twice, late, or be killed half way: it is one transaction, a duty is in the ledger once, and it goes on from
    the last day it reached. Costs three queries where nothing changed. False then.
    """
    today = timezone.localdate(now)
    before = Settled.objects.select_for_update().filter(site=site).first()
    on = On(today, tuple(adopted_by(site, today)), working_calendar(), before.since if before else today)
    mark = on.mark(facts)
    if before and (before.day, before.mark) == (today, mark):
        return False
    reached = before.day if before else min((one.effective_on for one in on.adoptions if one.site_id), default=today)
    asked = owed(site, on, facts, first=min(reached, today))
    duties.open_duties(site, asked)
    if before and before.mark != mark:
        duties.recount(site, asked, by=SYSTEM, now=now)
    state = {"day": max(today, reached), "mark": mark}
    Settled.objects.update_or_create(site=site, defaults=state, create_defaults=state | {"since": today})
    return True


@transaction.atomic
def decide(finding: Finding, *, way: str, site: Site | None, reason: str, by: Actor, now: datetime) -> Decision:
    """Put on record how a finding of the check-up is dealt with, at one site or (no site) for the company.

    A standing decision is replaced, not changed; the same once more changes nothing. Refuses a way that the finding does
    not offer and an empty reason.
    """
    _check(by, "handbook.adopt", site)
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


def put_remits_in_force(matrix: RemitMatrix, *, on: date, by: Actor, now: datetime) -> RemitMatrix:
    """Let a draft of the remit matrix count from a day on (S1.6.b).

    Refused while a category of the site's handbooks has no answer in some cluster, or a section they let act without saying
    who it is stands for no unit of the site (X17): every empty field and section is named.
    """
    rules, picture = rulebook(matrix.site, on), picture_of(matrix.site)
    clusters = {group.code: group.name for group in picture.clusters} | {"": elsewhere_words(bool(picture.clusters))}
    names = dict(rules.categories())
    held = [Holding(one.category, one.cluster.code if one.cluster else "", "") for one in matrix.remits.all()]
    empty = gaps(held, names, clusters)
    if empty:
        raise RemitGap("、".join(f"{names[category]} × {clusters[cluster]}" for category, cluster in empty))
    unmapped = [name for role, name in rules.sections() if role not in picture.aliases]
    if unmapped:
        raise NotMapped("、".join(unmapped))
    return organization.put_remits_in_force(matrix, on=on, by=by, now=now)


def elsewhere_words(has_clusters: bool) -> str:
    """What the column of a remit matrix is called that belongs to no cluster."""
    return gettext("组团以外") if has_clusters else gettext("全站")
