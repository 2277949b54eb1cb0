"""Writes of the organization."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huiyin.journal import actions as journal
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import ApiToken, CalendarYear, Post, Site, User
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor


class NobodyAccountable(Refusal):
    """A site without a live accountable person cannot take reports."""


def appoint(
    user: User, *, role: str, by: Actor, now: datetime, company: int, site: Site | None = None, **scope: object
) -> Post:
    """Give a person a post. `scope` may name `cluster`, `department` and `is_on_duty`. Repeating it changes nothing."""
    by.check("organization.write", site)
    post, made = Post.objects.get_or_create(user=user, role=role, company_id=company, site=site, **scope)  # type: ignore[arg-type]
    if made:
        journal.record(
            "organization.appointed", by=by, now=now, facts={"user": user.pk, "role": role, "site": site and site.code}
        )
    return post


def open_site(site: Site, *, by: Actor, now: datetime) -> Site:
    """Let the portal of a site take reports. Refused while nobody there would be accountable."""
    by.check("organization.write", site)
    if crew_of(site).accountable() is None:
        raise NobodyAccountable(
            _("还没有人对“%(site)s”负责：请先指定客服助理、管理处经理或主任。") % {"site": site.name}
        )
    Site.objects.filter(pk=site.pk).update(is_open=True)
    site.is_open = True
    journal.record("organization.site_opened", by=by, now=now, facts={"site": site.code})
    return site


@transaction.atomic
def load_calendar(calendar: Calendar, *, source: str, by: Actor, now: datetime) -> list[CalendarYear]:
    """Keep each published year of a calendar as a new version where it differs from the newest. Returns the new rows."""
    rows = []
    for year in sorted(calendar.published):
        days_off = sorted(day.isoformat() for day in calendar.days_off if day.year == year)
        make_up = sorted(day.isoformat() for day in calendar.make_up if day.year == year)
        newest = CalendarYear.objects.filter(year=year).order_by("-version").first()
        if newest and newest.days() == {"days_off": days_off, "make_up": make_up}:
            continue
        version = newest.version + 1 if newest else 1
        rows.append(
            CalendarYear(year=year, version=version, days_off=days_off, make_up=make_up, source=source, loaded_at=now)
        )
    CalendarYear.objects.bulk_create(rows)
    if rows:
        journal.record("organization.calendar_loaded", by=by, now=now, facts={"years": [row.year for row in rows]})
    return rows


def issue_token(user: User, *, label: str, by: Actor, now: datetime, lasts: timedelta | None = None) -> str:
    """Make an API key for a service account. The key itself is returned once and never kept."""
    by.check("organization.write")
    secret = "hy_" + secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    expires = now + lasts if lasts else None
    ApiToken.objects.create(
        user=user, label=label, prefix=secret[:8], digest=digest, created_at=now, expires_at=expires
    )
    journal.record("organization.token_issued", by=by, now=now, facts={"user": user.pk, "label": label})
    return secret
