"""Reads of the organization: actors, sites an actor works at, who is responsible, calendars."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Max, Q, QuerySet

from huiyin.kit import chinese
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import (
    ApiToken,
    Building,
    CalendarYear,
    Circumstance,
    Department,
    Post,
    Room,
    Site,
    Term,
    User,
)
from huiyin.organization.rules import Actor, Scope
from huiyin.organization.states import Role

LADDER = (Role.SERVICE_ASSISTANT, Role.SITE_MANAGER, Role.DIRECTOR)


def actor_of(user: User) -> Actor:
    """The actor a log-in acts as, with its posts. One query."""
    if not user.is_active:
        return Actor(kind="staff", id=str(user.pk), name=user.name, user_id=user.pk)
    posts = Post.objects.filter(user=user, ended_on__isnull=True).order_by("id")
    scopes = tuple(Scope(post.role, post.site_id, post.cluster_id, post.department_id) for post in posts)
    kind = "service" if user.kind == "service" else "staff"
    return Actor(kind=kind, id=str(user.pk), name=user.name, user_id=user.pk, scopes=scopes)  # type: ignore[arg-type]


def actor_of_token(token: str, *, now: datetime) -> Actor | None:
    """The service account behind an API key, or None for a wrong, expired or revoked one."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest, revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    return actor_of(found.user) if found else None


def sites_of(actor: Actor) -> QuerySet[Site]:
    """Sites the actor works at, wholly or in a cluster."""
    if actor.is_company_wide:
        return Site.objects.all()
    return Site.objects.filter(pk__in={scope.site for scope in actor.scopes if scope.site})


def staff_at(site: Site) -> QuerySet[User]:
    """Active staff with a post at the site or over the company, each once."""
    posts = Post.objects.filter(Q(site=site) | Q(site__isnull=True), ended_on__isnull=True)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True, kind="staff").order_by("id")


@dataclass(frozen=True)
class Crew:
    """The living posts of one site, the company's included: who answers when nobody is named."""

    posts: tuple[Post, ...]

    def holders(self, *roles: str) -> list[User]:
        """Holders of these roles, in the order of the roles; on duty first, the site's own before the company's."""
        ranked = sorted(
            (post for post in self.posts if post.role in roles),
            key=lambda post: (roles.index(post.role), not post.is_on_duty, post.site_id is None, post.pk),
        )
        return list({post.user_id: post.user for post in ranked}.values())

    def accountable(self) -> User | None:
        """The ladder of fallbacks: assistant on duty, any assistant, site manager, director."""
        return next(iter(self.holders(*LADDER)), None)

    def people_of(self, department: Department) -> list[User]:
        return list({post.user_id: post.user for post in self.posts if post.department_id == department.pk}.values())


# In plain SQL: asked at every contact, where working the query out costs several times the asking.
_LIVING_POSTS = """
    SELECT * FROM organization_post WHERE (site_id = %s OR site_id IS NULL) AND ended_on IS NULL ORDER BY id
"""
_THEIR_USERS = """
    SELECT * FROM organization_user u WHERE is_active AND EXISTS (
        SELECT 1 FROM organization_post p
        WHERE p.user_id = u.id AND (p.site_id = %s OR p.site_id IS NULL) AND p.ended_on IS NULL)
"""


def crew_of(site: Site) -> Crew:
    """Two queries."""
    users = {user.pk: user for user in User.objects.raw(_THEIR_USERS, [site.pk])}
    posts = [post for post in Post.objects.raw(_LIVING_POSTS, [site.pk]) if post.user_id in users]
    for post in posts:
        post.user = users[post.user_id]
    return Crew(tuple(posts))


def department_for(site: Site, category: str) -> Department | None:
    """The department that answers for a category at a site; its own before the company's. One query."""
    departments = Department.objects.filter(Q(site=site) | Q(site__isnull=True, company=site.company_id)).order_by("id")
    ranked = sorted(departments, key=lambda unit: (category not in unit.categories, unit.site_id is None, unit.pk))
    return ranked[0] if ranked else None


def buildings_of(site: Site) -> QuerySet[Building]:
    return Building.objects.filter(site=site)


def room_called(site: Site, text: str) -> Room | None:
    """A room from what people write: 3-1-502, 3号楼1单元502室, 3栋502. None unless exactly one fits."""
    parts = [part for part in _digits_apart(text) if part]
    if not parts:
        return None
    rooms = Room.objects.filter(site=site, number=parts[-1]).select_related("building")
    if len(parts) > 1:
        rooms = rooms.filter(building__code__in=_spellings(parts[0]))
    if len(parts) > 2:
        rooms = rooms.filter(entrance__in=_spellings(parts[1]))
    found = list(rooms[:2])
    return found[0] if len(found) == 1 else None


def _digits_apart(text: str) -> list[str]:
    kept = "".join(sign if sign.isalnum() and sign.isascii() else " " for sign in chinese.folded(text))
    return kept.upper().split()


def _spellings(part: str) -> set[str]:
    return {part, part.lstrip("0") or part, part.zfill(2)}


def working_calendar() -> Calendar:
    """The calendar of all loaded years, newest version of each. One small query, cached by its versions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT year, max(version) FROM organization_calendaryear GROUP BY year ORDER BY year")
        return _calendar(tuple((year, newest) for year, newest in cursor.fetchall()))


@lru_cache(maxsize=8)
def _calendar(versions: tuple[tuple[int, int], ...]) -> Calendar:
    wanted = set(versions)
    rows = [row for row in CalendarYear.objects.all() if (row.year, row.version) in wanted]
    return Calendar(
        days_off=frozenset(date.fromisoformat(day) for row in rows for day in row.days_off),
        make_up=frozenset(date.fromisoformat(day) for row in rows for day in row.make_up),
        published=frozenset(row.year for row in rows),
        version=",".join(f"{year}v{version}" for year, version in versions),
    )


def calendar_years() -> dict[int, CalendarYear]:
    """The newest version of each loaded year. One query."""
    return {row.year: row for row in CalendarYear.objects.order_by("year", "version")}


def versions_of(year: int) -> QuerySet[CalendarYear]:
    """All versions of a year, newest first: what counted before is kept."""
    return CalendarYear.objects.filter(year=year).order_by("-version")


def terms_of(site: Site) -> tuple[Term, ...]:
    """The site's own academic calendar, in the order of time. One query."""
    return tuple(Term.objects.filter(site=site).order_by("first_on"))


def circumstances_of(site: Site) -> dict[str, Circumstance]:
    """What was last stated of each fact about a site. Facts never stated are missing. One query."""
    newest = Circumstance.objects.filter(site=site).values("name").annotate(newest=Max("pk")).values("newest")
    return {one.name: one for one in Circumstance.objects.filter(pk__in=newest).select_related("by").order_by("name")}


def circumstance_history(site: Site) -> QuerySet[Circumstance]:
    """Everything stated about a site, newest first."""
    return Circumstance.objects.filter(site=site).select_related("by").order_by("-pk")
