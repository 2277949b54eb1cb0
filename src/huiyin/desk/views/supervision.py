"""督办: the manager over departments and persons, a supervisor over the own clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import queries
from huiyin.cases.models import Case
from huiyin.desk.frame import framed, page, site_of
from huiyin.duties import queries as ledger
from huiyin.kit.periods import Period
from huiyin.organization.models import Cluster, Site, User
from huiyin.organization.queries import Picture, names_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.reports.queries import window

AGES = tuple(queries.AGES)
NOTHING = queries.Load()


@dataclass(frozen=True)
class Number:
    """A number and the list behind it."""

    n: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """A department or a person: what is open by age, what fell due, what of the duties is missing."""

    name: str
    note: str
    numbers: Sequence[Number]
    on_time: Number
    fell_due: Number
    duties: Number


@page("GET")
def supervision(request: HttpRequest) -> HttpResponse:
    """Open work of every department, person and cluster of the site in view; each number is the list behind it (S3.1.1.a, S1.6.b)."""
    actor, now = doors.actor(request), clock.now()
    site = site_of(request, actor)
    actor.check("cases.supervise", site)
    seen, picture = queries.visible_to(actor).filter(site=site), doors.picture(request, site)
    year = Period.year_of(timezone.localdate(now))
    due = ledger.due_between(actor, *window(year)).filter(site=site, owner__isnull=False)
    missing = {owner: tally.missing for (owner,), tally in ledger.tallies(due, "owner", now=now).items()}
    context = {
        "total": queries.open_at(site, seen, now=now),
        "departments": _departments(site, picture, queries.loads(seen, "department", now=now), missing, year),
        "people": _people(site, picture, queries.loads(seen, "accountable", now=now), missing, year),
        "clusters": _clusters(site, actor, picture, seen, Period.month_of(timezone.localdate(now))),
        "whole": _sees_all(actor, site),
        "month": Period.month_of(timezone.localdate(now)),
        "tabs": tabs(actor, site),
        "measures": queries.measure_counts(site, actor, now=now),
        "unmended": queries.unmended(site, actor).count(),
    }
    return framed(request, "desk/supervision.html", context)


def tabs(actor: Actor, site: Site) -> list[tuple[str, str]]:
    """The pages of supervision that the person has: (url name, word)."""
    shown = [("supervision", _("部门与人员"))] if actor.may("cases.supervise", site) else []
    if actor.may_everywhere("cases.oversee"):
        shown += [("oversight", _("各站点")), ("analyses", _("每周分析"))]
    return shown


def _sees_all(actor: Actor, site: Site) -> bool:
    """Whether the person answers for the whole site, not for clusters of it."""
    return any(
        "cases.supervise" in one.rights and one.cluster is None for one in actor.scopes if one.site in {None, site.pk}
    )


def _list(site: Site, **asked: object) -> str:
    return (
        f"{reverse('cases')}?{urlencode({'site': site.code, **{key: value for key, value in asked.items() if value}})}"
    )


def _line(site: Site, head: tuple[str, str], load: queries.Load, whose: dict[str, object], duties: Number) -> Line:
    """One row; `whose` narrows the lists behind its numbers."""
    numbers = [Number(load.open, _list(site, show="open", **whose))]
    numbers += [Number(getattr(load, age), _list(site, show="open", age=age, **whose)) for age in AGES]
    numbers.append(Number(load.overdue, _list(site, show="overdue", **whose), "late" if load.overdue else ""))
    numbers.append(Number(load.waiting, _list(site, show="waiting", **whose)))
    on_time = Number(load.on_time, _list(site, show="on_time", **whose))
    return Line(*head, numbers, on_time, Number(load.fell_due, _list(site, show="fell_due", **whose)), duties)


def _missing(site: Site, who: str, n: int, year: Period) -> Number:
    asked = {"site": site.code, "year": str(year), "show": "missing", "who": who}
    return Number(n, f"{reverse('duties')}?{urlencode(asked)}", "late" if n else "")


def _departments(
    site: Site, picture: Picture, loads: dict[Any, queries.Load], missing: dict[int, int], year: Period
) -> list[Line]:
    lines = []
    for unit in picture.departments:
        if unit.site_id is None and unit.pk not in loads:
            continue
        people = picture.crew.people_of(unit)
        late = sum(missing.get(person.pk, 0) for person in people)
        words = "、".join(person.name for person in people)
        duties = _missing(site, f"unit:{unit.pk}", late, year)
        lines.append(_line(site, (unit.name, words), loads.get(unit.pk, NOTHING), {"department": unit.pk}, duties))
    return lines


def _people(
    site: Site, picture: Picture, loads: dict[Any, queries.Load], missing: dict[int, int], year: Period
) -> list[Line]:
    """Everybody with a post at the site, and whoever else answers for a case or owes a duty there."""
    posts: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for post in picture.crew.posts:
        names[post.user_id] = post.user.name
        if post.site_id == site.pk:
            posts.setdefault(post.user_id, []).append(str(Role(post.role).label))
    shown = [*posts, *(key for key in {**loads, **missing} if key not in posts)]
    names |= names_of(key for key in shown if key not in names) if set(shown) - set(names) else {}
    lines = []
    for key in shown:
        head = (names[key], "、".join(dict.fromkeys(posts.get(key, []))))
        duties = _missing(site, str(key), missing.get(key, 0), year)
        lines.append(_line(site, head, loads.get(key, NOTHING), {"person": key}, duties))
    return lines


def _clusters(site: Site, actor: Actor, picture: Picture, seen: QuerySet[Case], month: Period) -> list[dict[str, Any]]:
    """Collection and feedback of the month by cluster, with whoever answers for it (S1.6.b)."""
    if not picture.clusters:
        return []
    counted, whole = queries.gathered(seen, month), _sees_all(actor, site)
    rows = []
    for cluster in picture.clusters:
        if not whole and cluster.pk not in actor.clusters:
            continue
        found = counted.get(cluster.pk, queries.Gathered())
        asked = {"cluster": cluster.pk, "period": str(month)}
        rows.append(
            {
                "name": cluster.name,
                "who": "、".join(person.name for person in _supervisors(picture, cluster)),
                "received": Number(found.received, _list(site, show="all", **asked)),
                "answered": Number(found.answered, _list(site, show="answered", **asked)),
                "followed_up": found.followed_up,
                "open": _list(site, show="open", cluster=cluster.pk),
            }
        )
    return rows


def _supervisors(picture: Picture, cluster: Cluster) -> list[User]:
    return list({post.user_id: post.user for post in picture.crew.posts if post.cluster_id == cluster.pk}.values())
