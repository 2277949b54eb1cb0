"""Writes of the organization."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.inserts import insert
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import Calendar
from huiyin.organization.calendars import Schedule
from huiyin.organization.models import (
    Alias,
    ApiToken,
    Building,
    CalendarYear,
    Circumstance,
    Cluster,
    Company,
    Department,
    Post,
    Remit,
    RemitMatrix,
    Room,
    Site,
    Term,
    User,
)
from huiyin.organization.queries import crew_of, picture_of, terms_of
from huiyin.organization.rules import (
    Actor,
    Holding,
    RemitOverlap,
    WrongRemit,
    WrongTerm,
    check_circumstance,
    check_term,
    overlaps,
    recheck_default,
)
from huiyin.organization.states import CircumstanceName, SiteKind


class WeakPassword(Refusal):
    """A password that would be guessed."""


class NobodyAccountable(Refusal):
    """A site without a live accountable person cannot take reports."""


def appoint(
    user: User, *, role: str, by: Actor, now: datetime, company: int, site: Site | None = None, **scope: object
) -> Post:
    """Give a person a post. `scope` may name `cluster`, `department` and `is_on_duty`. Repeating it changes nothing."""
    by.check("organization.write", site)
    post, made = Post.objects.get_or_create(user=user, role=role, company_id=company, site=site, **scope)  # type: ignore[arg-type]
    if made:
        end_sessions(user)
        journal.record(
            "organization.appointed", by=by, now=now, facts={"user": user.pk, "role": role, "site": site and site.code}
        )
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, by: Actor, now: datetime) -> None:
    """Take a post from a person; their open sessions end with it. Repeating it changes nothing."""
    by.check("organization.write", post.site)
    if Post.objects.filter(pk=post.pk, ended_on__isnull=True).update(ended_on=on):
        end_sessions(post.user)
        facts = {"user": post.user_id, "role": post.role, "site": post.site and post.site.code, "on": str(on)}
        journal.record("organization.post_ended", by=by, now=now, facts=facts)


def change_password(user: User, password: str, *, by: Actor, now: datetime) -> None:
    """Give a person a new password, oneself or as an administrator. Every open session of theirs ends."""
    if by.user_id != user.pk:
        by.check_everywhere("organization.write")
    check_password_is_strong(password, user)
    user.password = make_password(password)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(password=user.password)
        end_sessions(user)
        journal.record("organization.password_changed", by=by, now=now, facts={"user": user.pk})


@transaction.atomic
def sign_out_everywhere(user: User, *, by: Actor, now: datetime) -> None:
    """End every open session of a person, on whatever machine."""
    if by.user_id != user.pk:
        by.check_everywhere("organization.write")
    end_sessions(user)
    journal.record("organization.signed_out_everywhere", by=by, now=now, facts={"user": user.pk})


@transaction.atomic
def deactivate(user: User, *, by: Actor, now: datetime) -> None:
    """Close a log-in: sessions and keys of the account end at once; what it did stays."""
    by.check_everywhere("organization.write")
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    end_sessions(user)
    journal.record("organization.deactivated", by=by, now=now, facts={"user": user.pk})


def end_sessions(user: User) -> None:
    """Every open session of the person is over with their next click. Writes no journal: part of a larger act."""
    User.objects.filter(pk=user.pk).update(generation=F("generation") + 1)
    user.refresh_from_db(fields=["generation"])


def check_password_is_strong(password: str, user: User) -> None:
    """Refuses a password that is short, common or like the person's own name, with every reason."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword(" ".join(weak.messages), "password") from None


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
    """Keep each published year of a calendar as a new version where its days differ from the newest. Returns the new rows."""
    by.check_everywhere("calendar.load")
    rows = []
    for year in sorted(calendar.published):
        days_off = [day for day in calendar.days_off if day.year == year]
        make_up = [day for day in calendar.make_up if day.year == year]
        row = _next_version(Schedule(year, source, tuple(days_off), tuple(make_up)), now)
        if row.version == 1 or row.days() != _newest(year).days():
            rows.append(row)
    CalendarYear.objects.bulk_create(rows)
    if rows:
        journal.record("organization.calendar_loaded", by=by, now=now, facts={"years": [row.year for row in rows]})
    return rows


@transaction.atomic
def load_year(schedule: Schedule, *, by: Actor, now: datetime) -> CalendarYear | None:
    """Keep one published year as a new version beside the older ones. None where the newest says the same already."""
    by.check_everywhere("calendar.load")
    row = _next_version(schedule, now)
    if row.version > 1:
        newest = _newest(schedule.year)
        if (row.source, row.days()) == (newest.source, newest.days()):
            return None
    row.save(force_insert=True)
    facts = {"years": [row.year], "version": row.version, "source": row.source}
    journal.record("organization.calendar_loaded", by=by, now=now, facts=facts)
    return row


def _newest(year: int) -> CalendarYear:
    return CalendarYear.objects.filter(year=year).latest("version")


def _next_version(schedule: Schedule, now: datetime) -> CalendarYear:
    Company.objects.select_for_update().order_by("pk").first()  # two people may not take the same version number
    newest = CalendarYear.objects.filter(year=schedule.year).order_by("-version").first()
    return CalendarYear(
        year=schedule.year,
        version=newest.version + 1 if newest else 1,
        days_off=sorted(day.isoformat() for day in schedule.days_off),
        make_up=sorted(day.isoformat() for day in schedule.make_up),
        source=schedule.source[:120],
        loaded_at=now,
    )


@transaction.atomic
def set_term(site: Site, *, period: str, first_on: date, last_on: date, by: Actor, now: datetime) -> Term:
    """Write a semester into the site's own academic calendar, or move it. Repeating it changes nothing.

    Refused: a site without students, days that overlap another semester or stand out of order.
    """
    by.check("organization.write", site)
    if site.kind != SiteKind.STUDENT_HOUSING:
        raise WrongTerm(_("只有学生公寓有学期。"), "period")
    Site.objects.select_for_update().get(pk=site.pk)  # two people may not write overlapping semesters at once
    period = str(check_term(period, first_on, last_on, terms_of(site)))
    days = {"first_on": first_on, "last_on": last_on}
    term, made = Term.objects.get_or_create(site=site, period=period, defaults=days)
    if not made and (term.first_on, term.last_on) == (first_on, last_on):
        return term
    facts = {"site": site.code, "period": period, "first_on": str(first_on), "last_on": str(last_on)}
    if not made:
        facts |= {"before": f"{term.first_on}..{term.last_on}"}
        Term.objects.filter(pk=term.pk).update(**days)
        term.first_on, term.last_on = first_on, last_on
    journal.record("organization.term_set", by=by, now=now, facts=facts)
    return term


@transaction.atomic
def remove_term(site: Site, *, period: str, by: Actor, now: datetime) -> None:
    """Take a semester that was written by mistake out of the calendar; the journal keeps its days."""
    by.check("organization.write", site)
    for term in Term.objects.filter(site=site, period=period):
        facts = {"site": site.code, "period": period, "first_on": str(term.first_on), "last_on": str(term.last_on)}
        term.delete()
        journal.record("organization.term_removed", by=by, now=now, facts=facts)


@transaction.atomic
def state_circumstance(
    site: Site,
    *,
    name: str,
    holds: bool,
    reason: str,
    by: Actor,
    now: datetime,
    since_on: date | None = None,
    recheck_on: date | None = None,
) -> Circumstance:
    """Say whether a fact holds at a site, since when, and why; what was said before is kept.

    Where it does not hold, somebody looks again: on `recheck_on`, else half a year from today. `since_on` defaults to today.
    """
    by.check("organization.write", site)
    name, reason, today = CircumstanceName(name), chinese.clean(reason), timezone.localdate(now)
    since_on = since_on or today
    recheck_on = recheck_on or (None if holds else recheck_default(today))
    check_circumstance(reason, since_on=since_on, recheck_on=recheck_on, today=today)
    stated = Circumstance.objects.create(
        site=site,
        name=name,
        holds=holds,
        reason=reason,
        since_on=since_on,
        recheck_on=recheck_on,
        by_id=by.user_id,
        stated_at=now,
    )
    facts = {"site": site.code, "name": str(name), "holds": holds, "since_on": str(since_on)}
    facts |= {"recheck_on": str(recheck_on) if recheck_on else None}
    journal.record("organization.circumstance_stated", by=by, now=now, facts=facts, fields={"reason": reason})
    return stated


@transaction.atomic
def draft_remits(site: Site, holdings: Sequence[Holding], *, by: Actor, now: datetime) -> RemitMatrix:
    """Keep a draft of the site's remit matrix in place of the draft before (S1.6.b). Gaps may stay in it; a field held twice is refused."""
    by.check("organization.write", site)
    double = overlaps(holdings)
    if double:
        raise RemitOverlap(_fields(double))
    Site.objects.select_for_update().get(pk=site.pk)  # two people may not write the same version at once
    RemitMatrix.objects.filter(site=site, effective_on__isnull=True).delete()
    newest = RemitMatrix.objects.filter(site=site).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    matrix = RemitMatrix.objects.create(site=site, version=version, saved_at=now, by_id=by.user_id)
    Remit.objects.bulk_create([_remit(matrix, one) for one in dict.fromkeys(holdings)])
    facts = {"site": site.code, "version": version, "fields": len(holdings)}
    journal.record("organization.remits_drafted", by=by, now=now, facts=facts)
    return matrix


def _fields(fields: Sequence[tuple[str, str]]) -> str:
    return "、".join(" × ".join(filter(None, one)) for one in fields)


def _remit(matrix: RemitMatrix, one: Holding) -> Remit:
    """A field of the matrix. Refuses a cluster, a unit or a person that is not of the site."""
    picture = picture_of(matrix.site)
    cluster = next((group for group in picture.clusters if group.code == one.cluster), None)
    kind, _sign, key = one.holder.partition(":")
    units, people = {unit.pk for unit in picture.departments}, {post.user_id for post in picture.crew.posts}
    known = {"unit": units, "person": people}.get(kind, set())
    if (one.cluster and cluster is None) or not key.isdecimal() or int(key) not in known:
        raise WrongRemit(_("请选本站点的部门或在岗的人。"))
    name = "department_id" if kind == "unit" else "person_id"
    return Remit(matrix=matrix, category=one.category, cluster=cluster, **{name: int(key)})


@transaction.atomic
def put_remits_in_force(matrix: RemitMatrix, *, on: date, by: Actor, now: datetime) -> RemitMatrix:
    """Let a complete draft count from a day on, today at the earliest; the versions before it are kept. Whoever calls checked it."""
    by.check("organization.write", matrix.site)
    if not timezone.localdate(now) <= on <= timezone.localdate(now) + timedelta(days=366):
        raise WrongRemit(_("从今天起、一年以内的一天生效。"), "on")
    if not RemitMatrix.objects.filter(pk=matrix.pk, effective_on__isnull=True).update(effective_on=on):
        raise WrongRemit(_("这一版已经生效了，要改请另存一版。"))
    matrix.effective_on = on
    facts = {"site": matrix.site.code, "version": matrix.version, "on": str(on)}
    journal.record("organization.remits_in_force", by=by, now=now, facts=facts)
    return matrix


@transaction.atomic
def map_section(site: Site, *, role: str, department: Department, by: Actor, now: datetime) -> Alias:
    """Say which unit of the site a handbook means by a section it does not define (X17). Repeating it changes nothing."""
    by.check("organization.write", site)
    if department.site_id not in {None, site.pk}:
        raise WrongRemit(_("请选本站点的部门。"), "department")
    alias, _made = Alias.objects.update_or_create(site=site, role=role, defaults={"department": department})
    facts = {"site": site.code, "role": role, "department": department.code}
    journal.record("organization.section_mapped", by=by, now=now, facts=facts)
    return alias


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


def lay_out_building(site: Site, *, code: str, name: str, by: Actor, now: datetime) -> Building:
    """Put a building on a site's map. Repeating it changes nothing."""
    by.check("organization.write", site)
    building, made = Building.objects.get_or_create(site=site, code=code, defaults={"name": name})
    if made:
        journal.record("organization.building_added", by=by, now=now, facts={"site": site.code, "building": code})
    return building


def put_into_cluster(building: Building, *, name: str, by: Actor, now: datetime) -> None:
    """Put a building into the cluster of that name, which is founded where it is missing. Its supervisor sees it from now on."""
    by.check("organization.write", building.site)
    cluster = Cluster.objects.filter(site=building.site, name=name).first()
    if cluster is None:
        code = f"c{Cluster.objects.filter(site=building.site).count() + 1}"
        cluster = Cluster.objects.create(site=building.site, name=name, code=code)
    Building.objects.filter(pk=building.pk).update(cluster=cluster)
    facts = {"site": building.site.code, "building": building.code, "cluster": cluster.code}
    journal.record("organization.building_clustered", by=by, now=now, facts=facts)


def lay_out_rooms(rooms: Sequence[Room], *, site: Site, by: Actor, now: datetime) -> None:
    """Put rooms on a site's map; each gets its key. One line in the journal for all of them."""
    if rooms:
        by.check("organization.write", site)
        insert(*rooms)
        facts = {"site": site.code, "rooms": [room.pk for room in rooms]}
        journal.record("organization.rooms_added", by=by, now=now, facts=facts)
