"""Posters for the notice board."""

from django.conf import settings

from huiyin.organization.models import Building, Site
from huiyin.records.forms.building_poster import BuildingPoster
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
