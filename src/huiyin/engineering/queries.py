"""Reads of engineering projects."""

from huiyin.engineering.models import Project, WarrantyPart
from huiyin.engineering.rules import PartFacts, ProjectFacts, phases
from huiyin.organization.models import Site


def project_of(site: Site) -> Project | None:
    """The project of an engineering site, once it was opened. One query."""
    return Project.objects.filter(site=site).select_related("site").first()


def parts_of(project: Project) -> tuple[WarrantyPart, ...]:
    """What is under warranty, the first to end first. One query."""
    return tuple(WarrantyPart.objects.filter(project=project).order_by("ends_on", "id"))


def part_of(project: Project, part_id: int) -> WarrantyPart | None:
    return WarrantyPart.objects.filter(project=project, pk=part_id).select_related("project__site").first()


def facts_of(site: Site) -> ProjectFacts | None:
    """Phases and parts for the planning of duties; None where no project was opened. Two queries."""
    project = project_of(site)
    return facts(project, parts_of(project)) if project else None


def facts(project: Project, rows: tuple[WarrantyPart, ...]) -> ProjectFacts:
    """The same of a project and parts already read. No query."""
    parts = tuple(PartFacts(row.pk, row.kind, row.name, row.starts_on, row.ends_on) for row in rows)
    days = project.milestones
    return ProjectFacts(phases(days, parts), parts, days.completed_on, days.handed_over_on)
