"""Reads of the organization: actors, sites an actor works at, who is responsible, calendars."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from huiyin.kit import chinese
from huiyin.kit.rooms import written
from huiyin.kit.workdays import Calendar
from huiyin.organization.models import (
    Alias,
    ApiToken,
    Building,
    CalendarYear,
    Circumstance,
    Cluster,
    Department,
    Post,
    Remit,
    RemitMatrix,
    Room,
    Site,
    Term,
    User,
)
from huiyin.organization.rules import Actor, Scope
from huiyin.organization.states import Role

LADDER = (Role.SERVICE_ASSISTANT, Role.SITE_MANAGER, Role.DIRECTOR)


def actor_of(user: User) -> Actor:
    """The actor a log-in acts as, with its posts. One small query."""
    return _actor(user, stamp())


# In plain SQL: asked at every page, where working the query out costs ten times the asking.
_PERSON = "SELECT u.*, (SELECT value FROM organization_stamp) AS stamped FROM organization_user u WHERE u.id = %s"


def person_by_id(pk: int) -> User | None:
    """A log-in, and beside it (`stamped`) the stamp of the organization at that moment. One query."""
    return next(iter(User.objects.raw(_PERSON, [pk])), None)


def feed_token(person: User) -> str:
    """What opens a person's calendar without a log-in; it dies when the password changes."""
    return f"{person.pk}-{salted_hmac('huiyin.feed', person.password, algorithm='sha256').hexdigest()[:40]}"


def person_behind_feed(token: str) -> User | None:
    """Whose calendar a token opens; None for guessed, outlived and malformed ones alike."""
    number = token.partition("-")[0]
    known = number.isascii() and number.isdecimal() and len(token) <= 60
    person = User.objects.filter(pk=int(number) % 2**31, is_active=True).first() if known else None
    return person if person and constant_time_compare(feed_token(person), token) else None


def actor_with_sites(user: User, stamped: str = "") -> tuple[Actor, tuple[Site, ...]]:
    """The same with the sites the actor works at. One small query; none where the stamp of the moment is given."""
    stamped = stamped or stamp()
    actor = _actor(user, stamped)
    some = frozenset(scope.site for scope in actor.scopes if scope.site)
    return actor, _sites(None if actor.is_company_wide else some, stamped)


def _actor(user: User, stamped: str) -> Actor:
    scopes = _scopes(user.pk, stamped) if user.is_active else ()
    kind = "service" if user.kind == "service" and user.is_active else "staff"
    return Actor(kind=kind, id=str(user.pk), name=user.name, user_id=user.pk, scopes=scopes)  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _scopes(user: int, stamped: str) -> tuple[Scope, ...]:
    posts = Post.objects.filter(user=user, ended_on__isnull=True).order_by("id")
    return tuple(Scope(post.role, post.site_id, post.cluster_id, post.department_id) for post in posts)


@lru_cache(maxsize=256)
def _sites(some: frozenset[int] | None, stamped: str) -> tuple[Site, ...]:
    return tuple(Site.objects.all() if some is None else Site.objects.filter(pk__in=some))


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


def names_of(users: Iterable[int]) -> dict[int, str]:
    """What log-ins are called, by their keys. One query."""
    return dict(User.objects.filter(pk__in=set(users) - {0}).values_list("pk", "name"))


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


@dataclass(frozen=True)
class Picture:
    """A site with its posts, departments, buildings and the calendar, as a process remembers it. To be read only."""

    crew: Crew
    departments: tuple[Department, ...]
    buildings: tuple[Building, ...]
    calendar: Calendar
    clusters: tuple[Cluster, ...] = ()
    remits: tuple[tuple[date, dict[tuple[str, int], Remit]], ...] = ()
    aliases: dict[str, int] = field(default_factory=dict)

    def held_by(self, category: str, cluster: int | None, on: date) -> tuple[Department | None, list[User]]:
        """Who answers for a category in a cluster: by the remit matrix in force that day, else by the departments' own lists.

        The department, and the people to ask, the first one first. A holder who has left holds nothing (S1.6.b).
        """
        fields = next((fields for since, fields in self.remits if since <= on), {})
        remit = fields.get((category, cluster or 0)) or fields.get((category, 0))
        posts = [post for post in self.crew.posts if remit and post.user_id == remit.person_id]
        if posts:
            unit = next((post.department_id for post in posts if post.department_id), None)
            return self._unit(unit), [posts[0].user]
        department = self._unit(remit.department_id) if remit else None
        department = department or self.department_for(category)
        return department, self.crew.people_of(department) if department else []

    def _unit(self, pk: int | None) -> Department | None:
        return next((unit for unit in self.departments if unit.pk == pk), None)

    def people_behind(self, role: str) -> list[User]:
        """The people of the unit that a section of a handbook was mapped to (X17); nobody where it was not."""
        unit = self._unit(self.aliases.get(role))
        return self.crew.people_of(unit) if unit else []

    def department_for(self, category: str) -> Department | None:
        """The department that answers for a category by its own list; the site's own before the company's."""
        ranked = sorted(self.departments, key=lambda unit: (category not in unit.categories, unit.site_id is None))
        return ranked[0] if ranked else None


def stamp() -> str:
    """What tells whether anything remembered of the organization still holds, as this transaction sees it. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM organization_stamp")
        found = cursor.fetchone()
    return str(found[0]) if found else secrets.token_hex()  # never stamped: nothing is remembered


def picture_of(site: Site, stamped: str = "") -> Picture:
    """The site as it stands now, or as it stood at a stamp just asked for.

    One small query, none with a stamp; the picture behind it is drawn once per process and change.
    """
    return _picture(site.pk, site.company_id, stamped or stamp())


@lru_cache(maxsize=512)
def _picture(site: int, company: int, stamped: str) -> Picture:
    living = Post.objects.filter(Q(site=site) | Q(site__isnull=True), ended_on__isnull=True, user__is_active=True)
    departments = Department.objects.filter(Q(site=site) | Q(site__isnull=True, company=company))
    return Picture(
        Crew(tuple(living.select_related("user").order_by("id"))),
        tuple(departments.order_by("id")),
        tuple(Building.objects.filter(site=site)),
        working_calendar(),
        tuple(Cluster.objects.filter(site=site).order_by("id")),
        _remits(site),
        dict(Alias.objects.filter(site=site).values_list("role", "department_id")),
    )


def _remits(site: int) -> tuple[tuple[date, dict[tuple[str, int], Remit]], ...]:
    """The matrices that are or were in force, newest first, each by category and cluster. Two queries."""
    books: dict[int, dict[tuple[str, int], Remit]] = {}
    for one in Remit.objects.filter(matrix__site=site, matrix__effective_on__isnull=False):
        books.setdefault(one.matrix_id, {})[(one.category, one.cluster_id or 0)] = one
    in_force = RemitMatrix.objects.filter(site=site, effective_on__isnull=False).order_by("-effective_on", "-version")
    return tuple((one.effective_on, books.get(one.pk, {})) for one in in_force if one.effective_on)


def remit_matrices(site: Site) -> list[RemitMatrix]:
    """Every version of a site's remit matrix with its fields, newest first. Two queries."""
    kept = RemitMatrix.objects.filter(site=site).select_related("by").order_by("-version")
    return list(kept.prefetch_related("remits__cluster"))


def crew_of(site: Site) -> Crew:
    """One small query."""
    return picture_of(site).crew


def department_for(site: Site, category: str) -> Department | None:
    """As Picture.department_for. One small query."""
    return picture_of(site).department_for(category)


def opened_site(code: str) -> Site | None:
    """The site of that code with its company, where its portal takes reports. One small query."""
    return _opened_site(code, stamp())


@lru_cache(maxsize=512)
def _opened_site(code: str, stamped: str) -> Site | None:
    return Site.objects.select_related("company").filter(code=code, is_open=True).first()


def cluster_name(site_id: int, code: str) -> str:
    """What a cluster is called; empty where there is none. One query."""
    return Cluster.objects.filter(site=site_id, code=code).values_list("name", flat=True).first() or ""


def clusters_of(site: Site) -> QuerySet[Cluster]:
    return Cluster.objects.filter(site=site).order_by("code")


def buildings_of(site: Site) -> QuerySet[Building]:
    return Building.objects.filter(site=site)


# In plain SQL: asked at nearly every contact, where working the query out costs several times the asking.
_ROOMS = """
    SELECT r.* FROM organization_room r JOIN organization_building b ON b.id = r.building_id
    WHERE r.site_id = %s AND r.number IN (%s, %s, %s)
"""


def room_called(site: Site, text: str) -> Room | None:
    """A room from what people write: 3-1-502, 3号楼1单元502室, 3栋502. None unless exactly one fits. Two small queries."""
    parts = [part for part in _digits_apart(text) if part]
    if not parts:
        return None
    asked, values = _ROOMS, [site.pk, *_spellings(parts[-1], zeros=len(parts[-1]) + 1)]
    for column, part in zip(("b.code", "r.entrance"), parts[:-1], strict=False):
        asked += f" AND {column} IN (%s, %s, %s)"
        values += _spellings(part)
    found = list(Room.objects.raw(asked + " LIMIT 9", values))
    exact = [room for room in found if room.number == parts[-1]]
    found = exact if len(found) > 1 else found
    if len(found) != 1:
        return None
    found[0].building = next(one for one in picture_of(site).buildings if one.pk == found[0].building_id)
    return found[0]


def _digits_apart(text: str) -> list[str]:
    kept = "".join(sign if sign.isalnum() and sign.isascii() else " " for sign in written(chinese.folded(text)))
    return kept.upper().split()


def _spellings(part: str, *, zeros: int = 2) -> tuple[str, str, str]:
    return part, part.lstrip("0") or part, part.zfill(zeros)


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


def names_behind(signatures: Iterable[str]) -> dict[str, str]:
    """Names of the staff and services behind journal signatures (staff:12). Customers keep their number. One query."""
    keys = {one.split(":", 1)[1] for one in signatures if one.startswith(("staff:", "service:"))}
    users = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return {f"{user.kind}:{user.pk}": user.name for user in users}
