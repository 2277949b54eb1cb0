"""Adopting a handbook."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.queries import SHIPPED, shipped, shipped_ids
from huiyin.journal import actions as journal
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor


class CannotAdopt(Refusal):
    """A handbook that is unknown or made for another kind of site."""


@transaction.atomic
def adopt(site: Site, handbook: str, *, by: Actor, now: datetime, effective_on: date) -> Adoption:
    """Let a site follow a shipped handbook from a day on. Repeating it changes nothing."""
    by.check("handbook.adopt", site)
    if handbook not in shipped_ids():
        raise CannotAdopt(_("没有这本制度：%(handbook)s") % {"handbook": handbook}, "handbook")
    book = shipped(handbook)
    if site.kind not in book.site_kinds:
        raise CannotAdopt(_("“%(title)s”不适用于这类站点。") % {"title": book.title.zh}, "handbook")
    text = (SHIPPED / f"{handbook}.toml").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    edition, _made = Edition.objects.get_or_create(
        digest=digest, defaults={"handbook": book.id, "edition": book.edition, "text": text, "created_at": now}
    )
    adoption, made = Adoption.objects.get_or_create(
        site=site, edition=edition, effective_on=effective_on, defaults={"adopted_by": by.signature}
    )
    if made:
        facts = {"site": site.code, "handbook": book.id, "edition": book.edition, "sha256": digest}
        journal.record("handbook.adopted", by=by, now=now, facts=facts | {"effective_on": effective_on.isoformat()})
    return adoption
