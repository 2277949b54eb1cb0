"""Writes of engineering projects."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.engineering.models import Project, WarrantyPart
from huiyin.engineering.queries import duty_facts
from huiyin.engineering.rules import (
    COOLING,
    HEATING,
    Milestones,
    Season,
    WrongPart,
    WrongPhase,
    check_milestones,
    check_part,
    warranty_end,
)
from huiyin.engineering.states import LAID_DOWN, LEAST, PartKind
from huiyin.handbook.actions import settle
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.organization.states import SiteKind

RIGHT = "engineering.write"
LONGEST_NAME = 120


class WrongProject(Refusal):
    """A project without names, at a site that builds nothing, or opened twice."""


@transaction.atomic
def open_project(
    site: Site,
    *,
    contractor: str,
    client: str,
    by: Actor,
    now: datetime,
    heating_season: str = HEATING,
    cooling_season: str = COOLING,
) -> Project:
    """Open the project of an engineering site. Refused elsewhere and a second time."""
    by.check(RIGHT, site)
    if site.kind != SiteKind.ENGINEERING:
        raise WrongProject(_("只有工程项目才有施工和保修。"))
    Site.objects.select_for_update().get(pk=site.pk)
    if Project.objects.filter(site=site).exists():
        raise WrongProject(_("这个项目已经建过了。"))
    project = Project(site=site)
    names = _describe(project, contractor, client, heating_season, cooling_season)
    project.save(force_insert=True)
    journal.record("engineering.opened", by=by, now=now, facts={"site": site.code}, fields=names)
    return project


@transaction.atomic
def describe_project(
    project: Project,
    *,
    contractor: str,
    client: str,
    heating_season: str,
    cooling_season: str,
    by: Actor,
    now: datetime,
) -> Project:
    """Correct names and seasons; the ends of parts that count seasons follow."""
    by.check(RIGHT, project.site)
    project = _held(project)
    names = _describe(project, contractor, client, heating_season, cooling_season)
    project.save(update_fields=["contractor", "client", "heating_season", "cooling_season"])
    _recount(project, moved_from=None)
    facts = {"site": project.site.code, "heating": project.heating_season, "cooling": project.cooling_season}
    journal.record("engineering.described", by=by, now=now, facts=facts, fields=names)
    return project


def _describe(project: Project, contractor: str, client: str, heating: str, cooling: str) -> dict[str, str]:
    names = {"contractor": contractor, "client": client}
    for field, given in names.items():
        names[field] = chinese.clean(given)
        if chinese.is_blank(names[field]) or len(names[field]) > LONGEST_NAME:
            raise WrongProject(_("请写单位名称，最多 %(n)s 字。") % {"n": LONGEST_NAME}, field)
        setattr(project, field, names[field])
    for field, given in (("heating_season", heating), ("cooling_season", cooling)):
        Season.parse(given, field)
        setattr(project, field, given.strip())
    return names


@transaction.atomic
def record_phases(project: Project, *, days: Milestones, by: Actor, now: datetime) -> Project:
    """Write down when tendering and construction began, acceptance was passed and the building handed over.

    Parts whose warranty began with the acceptance move with it. Refused: days out of order; taking the acceptance away
    while parts rest on it.
    """
    by.check(RIGHT, project.site)
    check_milestones(days, today=timezone.localdate(now))
    project = _held(project)
    before = project.milestones
    if before == days:
        return project
    has_parts = WarrantyPart.objects.filter(project=project).exists()
    if has_parts and days.completed_on is None:
        raise WrongPhase(_("已经有部位在保修：竣工的日子可以改，不能去掉。"), "completed_on")
    for name, day in asdict(days).items():
        setattr(project, name, day)
    project.save(update_fields=[*asdict(days)])
    if has_parts and before.completed_on != days.completed_on:
        _recount(project, moved_from=before.completed_on)
    facts = {"site": project.site.code} | {name: str(day) if day else None for name, day in asdict(days).items()}
    journal.record("engineering.phases_recorded", by=by, now=now, facts=facts)
    return project


def _held(project: Project) -> Project:
    """The project as it stands now, held till the end of the transaction."""
    return Project.objects.select_for_update(of=("self",)).select_related("site").get(pk=project.pk)


def _recount(project: Project, *, moved_from: date | None) -> None:
    """Count the ends again; parts that began with the old acceptance begin with the new one."""
    for part in WarrantyPart.objects.filter(project=project):
        if part.starts_on == moved_from and project.completed_on:
            part.starts_on = project.completed_on
        part.ends_on = _end(project, part)
        part.save(update_fields=["starts_on", "ends_on"])


def _end(project: Project, part: WarrantyPart) -> date:
    seasons = {PartKind.HEATING: project.heating_season, PartKind.COOLING: project.cooling_season}
    season = Season.parse(seasons[PartKind(part.kind)]) if part.kind in seasons else None
    return warranty_end(part.kind, part.starts_on, part.amount, season)


@transaction.atomic
def add_part(
    project: Project,
    *,
    kind: str,
    name: str,
    by: Actor,
    now: datetime,
    starts_on: date | None = None,
    amount: int | None = None,
) -> WarrantyPart:
    """Put a part under warranty: from the acceptance and for the law's least where nothing longer is given.

    `amount` is years, or whole seasons for heating and cooling. Refused: shorter than the law's least (§40).
    """
    by.check(RIGHT, project.site)
    project = _held(project)
    return _kept(WarrantyPart(project=project, kind=PartKind(kind)), name, starts_on, amount, by=by, now=now)


@transaction.atomic
def change_part(
    part: WarrantyPart,
    *,
    name: str,
    by: Actor,
    now: datetime,
    starts_on: date | None = None,
    amount: int | None = None,
) -> WarrantyPart:
    """Correct a part's name, start or length. The same refusals as adding one."""
    by.check(RIGHT, part.project.site)
    part.project = _held(part.project)
    return _kept(part, name, starts_on, amount, by=by, now=now)


def _kept(
    part: WarrantyPart, name: str, starts_on: date | None, amount: int | None, *, by: Actor, now: datetime
) -> WarrantyPart:
    project, least = part.project, LEAST[part.kind]
    name = chinese.clean(name)
    taken = WarrantyPart.objects.filter(project=project, name=name).exclude(pk=part.pk)
    if chinese.is_blank(name) or len(name) > 80 or taken.exists():
        raise WrongPart(_("给部位起一个本项目里没有用过的名字，最多 80 字。"), "name")
    amount = (least.seasons or least.years) if amount is None else amount
    starts_on = starts_on or project.completed_on or timezone.localdate(now)
    today = timezone.localdate(now)
    check_part(part.kind, starts_on, amount, completed_on=project.completed_on, today=today)
    part.name, part.starts_on, part.amount = name, starts_on, amount
    part.ends_on = _end(project, part)
    verb = "engineering.part_changed" if part.pk else "engineering.part_added"
    part.save()
    facts = {"site": project.site.code, "part": part.pk, "kind": str(part.kind), "amount": amount}
    facts |= {"starts_on": str(starts_on), "ends_on": str(part.ends_on)}
    journal.record(verb, by=by, now=now, facts=facts)
    return part


@transaction.atomic
def add_laid_down_parts(project: Project, *, by: Actor, now: datetime) -> list[WarrantyPart]:
    """Put everything the law names under warranty for its least, what is there already left as it is."""
    by.check(RIGHT, project.site)
    known = set(WarrantyPart.objects.filter(project=project).values_list("kind", flat=True))
    missing = [kind for kind in LAID_DOWN if kind not in known]
    return [add_part(project, kind=kind, name=str(kind.label), by=by, now=now) for kind in missing]


@transaction.atomic
def remove_part(part: WarrantyPart, *, by: Actor, now: datetime) -> None:
    """Take a part out that was written by mistake; the journal keeps its days."""
    by.check(RIGHT, part.project.site)
    facts = {"site": part.project.site.code, "part": part.pk, "kind": part.kind}
    facts |= {"starts_on": str(part.starts_on), "ends_on": str(part.ends_on)}
    part.delete()
    journal.record("engineering.part_removed", by=by, now=now, facts=facts)


def follow(site: Site | None = None, *, now: datetime) -> None:
    """Let the open duties of a site (of every site where none is named) follow at once what was just said about it.

    The worker would do so at its next round. Each site is a transaction of its own; costs two queries where nothing changed.
    """
    for one in [site] if site else Site.objects.all():
        settle(one, duty_facts(one, timezone.localdate(now)), now=now)
