"""Posters for the notice board."""

from django.conf import settings
from django.utils import timezone

from huiyin.journal.models import DailyRoot
from huiyin.organization.models import Building, Site
from huiyin.records.forms.building_poster import BuildingPoster
from huiyin.records.forms.daily_root import DailyRootSheet
from huiyin.records.typesetting import typeset


def poster_of(site: Site, building: Building | None) -> bytes:
    """A4, readable from two meters: the code of a building's (or the site's) report form."""
    address = f"{settings.BASE_URL}/s/{site.code}/report"
    where = building.name if building else ""
    return typeset(
        BuildingPoster(
            site=site.name,
            place=where,
            phone=site.phone,
            qr_url=f"{address}?b={building.code}" if building else address,
        )
    )


def sheet_of(site: Site, root: DailyRoot) -> bytes:
    """日封 of a day, A4. The code holds the root itself behind the address: whoever scans it has both."""
    page = f"{settings.BASE_URL}/s/{site.code}/seals"
    return typeset(
        DailyRootSheet(
            company=site.company.name,
            site=site.name,
            day=root.day.isoformat(),
            count=root.count,
            first_seq=root.first_seq,
            last_seq=root.last_seq,
            groups=tuple(root.grouped.split()),
            closed_at=timezone.localtime(root.closed_at).strftime("%Y-%m-%d %H:%M"),
            qr_url=f"{page}#{root.day.isoformat()}={root.root}",
            page=page.split("//", 1)[-1],
        )
    )
