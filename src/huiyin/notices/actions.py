"""Making something public, and taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from huiyin.approvals import actions as approvals
from huiyin.approvals.rules import Asked
from huiyin.approvals.states import Verdict
from huiyin.handbook.queries import rulebook
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.seen import ChangedMeanwhile
from huiyin.notices.models import Notice, ServiceCatalog, Showing
from huiyin.notices.queries import catalog_in_force, catalog_seen
from huiyin.notices.rules import (
    Block,
    NoReason,
    NotSubmitted,
    StillWithApprover,
    check,
    check_impersonal,
    check_start,
    inspected,
    services_of,
)
from huiyin.notices.states import CatalogState
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references.actions import Wanted, index, issue
from huiyin.references.models import Reference
from huiyin.references.states import Kind


@dataclass(frozen=True)
class Posting:
    """What is to be posted. `names` and `rooms` are those the gate must not find in it; `days` is how long it stays.

    `despite` is why it may stand although the gate finds something; whoever gives it has looked at what was found.
    """

    kind: str
    title: str
    blocks: Sequence[Block]
    days: int
    names: Sequence[str] = ()
    rooms: Sequence[str] = ()
    despite: str = ""


def post(site: Site, posting: Posting, *, about: Reference | None, by: Actor, now: datetime) -> Notice:
    """Publish on the site's page through the de-identification gate. Refused while the gate finds anything, unless `despite`."""
    by.check("notices.publish", site)
    findings = inspected([Block("heading", posting.title), *posting.blocks], names=posting.names, rooms=posting.rooms)
    if not posting.despite:
        check(findings)
    today = timezone.localdate(now)
    reference = issue(site, Wanted(Kind.NOTICE, posting.title), now=now)[0]
    notice = Notice.objects.create(
        reference=reference,
        site=site,
        about=about,
        kind=posting.kind,
        title=posting.title,
        body=[block.as_json() for block in posting.blocks],
        gate=[{"kind": one.kind, "text": one.text, "despite": posting.despite} for one in findings],
        from_on=today,
        until_on=today + timedelta(days=posting.days),
        published_at=now,
        published_by=by.signature,
    )
    index(reference, "notice", posting.title, *(block.words for block in posting.blocks))
    facts = {"about": about.number if about else "", "until": notice.until_on and notice.until_on.isoformat()}
    journal.record("notices.posted", by=by, now=now, reference=reference.number, facts=facts)
    return notice


def withdraw(notice: Notice, *, why: str, by: Actor, now: datetime) -> None:
    """Take a notice off the page; it stays on record with the reason."""
    by.check("notices.publish", notice.site)
    if chinese.is_blank(why):
        raise NoReason(_("请写明为什么撤回。"), "why")
    changed = Notice.objects.filter(pk=notice.pk, state="published").update(
        state="withdrawn", withdrawn_at=now, withdrawn_why=why[:200]
    )
    if changed:
        journal.record("notices.withdrawn", by=by, now=now, reference=notice.reference.number, facts={"why": why[:200]})


# ---- 服务目录: draft, submitted, approved by somebody else, in force from a day


@transaction.atomic
def draft_catalog(
    site: Site, services: Iterable[Mapping[str, str]], *, on: date, by: Actor, now: datetime, seen: str = ""
) -> ServiceCatalog:
    """Keep a draft in place of the draft before; the next version where there is none (right `reports.draft`).

    Refused where the newest version no longer has the words the person had open (`seen`; "" = told nothing of it).
    """
    by.check("reports.draft", site)
    ready = services_of(services)
    check_start(on, timezone.localdate(now))
    Site.objects.select_for_update().get(pk=site.pk)
    newest = ServiceCatalog.objects.filter(site=site).select_related("reference").order_by("-version").first()
    if newest and newest.state == CatalogState.SUBMITTED:
        raise StillWithApprover
    if seen and seen != catalog_seen(site):
        raise ChangedMeanwhile
    kept = {"services": ready, "effective_on": on, "saved_at": now}
    if newest and newest.state == CatalogState.DRAFT:
        catalog = newest
        ServiceCatalog.objects.filter(pk=catalog.pk).update(**kept)
        catalog.refresh_from_db(fields=list(kept))
    else:
        with translation.override(settings.LANGUAGE_CODE):
            reference = issue(site, Wanted(Kind.CATALOG, str(Kind.CATALOG.label)), now=now)[0]
        version = newest.version + 1 if newest else 1
        catalog = ServiceCatalog.objects.create(reference=reference, site=site, version=version, **kept)
    facts = {"version": catalog.version, "services": len(ready)}
    journal.record("notices.catalog_drafted", by=by, now=now, reference=catalog.reference.number, facts=facts)
    return catalog


@transaction.atomic
def hand_in_catalog(
    site: Site, services: Iterable[Mapping[str, str]], *, on: date, by: Actor, now: datetime, seen: str = ""
) -> ServiceCatalog:
    """Keep the draft and ask for the verdict on it: both, or nothing."""
    return submit_catalog(draft_catalog(site, services, on=on, by=by, now=now, seen=seen), by=by, now=now)


@transaction.atomic
def submit_catalog(catalog: ServiceCatalog, *, by: Actor, now: datetime) -> ServiceCatalog:
    """Ask for the verdict on a draft that names nobody. Whoever submits it is not asked; the director where no other is left."""
    by.check("reports.draft", catalog.site)
    check_impersonal(catalog.services)
    _move(catalog, CatalogState.DRAFT, CatalogState.SUBMITTED, submitted_by_id=by.user_id, round=catalog.round + 1)
    steps = rulebook(catalog.site, timezone.localdate(now)).chain("service_catalog")
    chain = [Asked(step.act, step.role) for step in steps]
    approvals.ask(catalog.reference, chain, version=catalog.round, by=by, now=now, author=by.user_id)
    return catalog


@transaction.atomic
def decide_catalog(
    catalog: ServiceCatalog, verdict: Verdict, *, by: Actor, now: datetime, comment: str = ""
) -> ServiceCatalog:
    """Approve or return a version (right `notices.publish`). Never one's own; approved it counts from its day, today at the earliest."""
    by.check("notices.publish", catalog.site)
    if catalog.state != CatalogState.SUBMITTED:
        raise NotSubmitted
    author = catalog.submitted_by_id
    whole = approvals.decide(catalog.reference, verdict, by=by, now=now, comment=comment, author=author)
    if whole == Verdict.RETURNED:
        _move(catalog, CatalogState.SUBMITTED, CatalogState.DRAFT)
    if whole == Verdict.AGREED:
        first = max(catalog.effective_on, timezone.localdate(now))
        signed = {"approved_by_id": by.user_id, "approved_at": now, "effective_on": first}
        _move(catalog, CatalogState.SUBMITTED, CatalogState.APPROVED, **signed)
        words = (" ".join(one.values()) for one in catalog.services)
        index(catalog.reference, "catalog", *words)
    return catalog


def _move(catalog: ServiceCatalog, before: str, after: str, **changes: Any) -> None:
    """Compare-and-set on state, round and words; somebody else who was faster leaves nothing to do."""
    changes["state"] = after
    same = {"state": before, "round": catalog.round, "saved_at": catalog.saved_at}
    if not ServiceCatalog.objects.filter(pk=catalog.pk, **same).update(**changes):
        if ServiceCatalog.objects.filter(pk=catalog.pk, state=before).exists():
            raise ChangedMeanwhile
        raise NotSubmitted if before == CatalogState.SUBMITTED else StillWithApprover
    for field, value in changes.items():
        setattr(catalog, field, value)


def show_catalog(about: Reference, *, now: datetime) -> ServiceCatalog | None:
    """Keep which version stood before whoever answers an enquiry (S3.2.1.a); None where none is in force."""
    catalog = catalog_in_force(about.site, on=timezone.localdate(now))
    if catalog is not None:
        Showing.objects.create(about=about, catalog=catalog, at=now)
    return catalog
