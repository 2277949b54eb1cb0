"""Reads of engineering projects."""

from datetime import date

from huiyin.engineering.models import Project, WarrantyPart
from huiyin.engineering.rules import PartFacts, ProjectFacts, phases
from huiyin.handbook import queries as handbook
from huiyin.handbook.rules import Facts, Span
from huiyin.organization.models import Site


def project_of(site: Site) -> Project | None:
    """The project of an engineering site, once it was opened. One query."""
    return Project.objects.filter(site=site).select_related("site").first()


def parts_of(project: Project) -> tuple[WarrantyPart, ...]:
    """What is under warranty, the first to end first. One query."""
    return tuple(WarrantyPart.objects.filter(project=project).order_by("ends_on", "id"))


def part_of(project: Project, part_id: int) -> WarrantyPart | None:
    return WarrantyPart.objects.filter(project=project, pk=part_id).select_related("project__site").first()


def part_name(part_id: int) -> str:
    """What a part is called; empty where there is none. One query."""
    return WarrantyPart.objects.filter(pk=part_id).values_list("name", flat=True).first() or ""


def facts_of(site: Site) -> ProjectFacts | None:
    """Phases and parts for the planning of duties; None where no project was opened. Two queries."""
    project = project_of(site)
    return facts(project, parts_of(project)) if project else None


def facts(project: Project, rows: tuple[WarrantyPart, ...]) -> ProjectFacts:
    """The same of a project and parts already read. No query."""
    parts = tuple(PartFacts(row.pk, row.kind, row.name, row.starts_on, row.ends_on) for row in rows)
    days = project.milestones
    return ProjectFacts(phases(days, parts), parts, days.completed_on, days.handed_over_on)


def duty_facts(site: Site, today: date) -> Facts:
    """What the dates of a site's duties hang on, the project's phases and parts included. Five queries at most.

    An engineering site whose project was not opened yet has no phase, so nothing that hangs on one is due.
    """
    found = facts_of(site) if site.kind == "engineering" else None
    if found is None:
        return handbook.facts_of(site, today, () if site.kind == "engineering" else None)
    spans = tuple(Span(phase.phase, phase.first, phase.last or date.max) for phase in found.phases)
    parts = tuple(Span(str(part.id), part.starts_on, part.ends_on) for part in found.parts)
    return handbook.facts_of(site, today, spans, parts)
