"""Making something public, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.notices.models import Notice
from huiyin.notices.rules import Block, NoReason, check, inspected
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
