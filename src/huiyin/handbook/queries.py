"""The rules a site follows on a day."""

from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Q

from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.rules import Rulebook, load
from huiyin.handbook.schema import Handbook
from huiyin.organization.models import Site

SHIPPED = Path(__file__).parent / "shipped"
DEFAULTS = "defaults"

__all__ = ["Rulebook", "adopted_by", "rulebook", "shipped", "shipped_ids"]


def shipped_ids() -> list[str]:
    """Handbooks that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml") if path.stem != DEFAULTS)


@cache
def shipped(handbook: str) -> Handbook:
    return load((SHIPPED / f"{handbook}.toml").read_text(encoding="utf-8"), f"{handbook}.toml")


def adopted_by(site: Site, on: date) -> list[Adoption]:
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return list(Adoption.objects.filter(current, site=site, effective_on__lte=on).select_related("edition").order_by("id"))


def rulebook(site: Site, on: date) -> Rulebook:
    """What the site follows on a day. One small query; the files behind it are read once per process."""
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    adoptions = Adoption.objects.filter(current, site=site, effective_on__lte=on).order_by("edition__handbook")
    return _together(tuple(adoptions.values_list("edition__digest", flat=True)))


@cache
def _together(digests: tuple[str, ...]) -> Rulebook:
    return Rulebook(tuple(_edition(digest) for digest in digests), shipped(DEFAULTS))


@cache
def _edition(digest: str) -> Handbook:
    edition = Edition.objects.get(digest=digest)
    return load(edition.text, f"{edition.handbook}.toml")
