"""The rules a site follows on a day."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Q

from huiyin.handbook.models import Adoption, Edition
from huiyin.handbook.rules import Planned, Rulebook, load, planned
from huiyin.handbook.schema import Handbook
from huiyin.organization.models import Site

SHIPPED = Path(__file__).parent / "shipped"
DEFAULTS = "defaults"
SLEEP = timedelta(days=62)

__all__ = ["Rulebook", "adopted_by", "duties_to_open", "rulebook", "shipped", "shipped_ids"]


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


def duties_to_open(site: Site, today: date) -> list[Planned]:
    """The recurring duties whose time has begun, of each edition from its first day on; looks back over two months of sleep."""
    rows = []
    for adoption in adopted_by(site, today):
        plans = planned([_edition(adoption.edition.digest)], today - SLEEP, today + SLEEP)
        rows += [plan for plan in plans if adoption.effective_on <= plan.opens <= today]
    return rows
