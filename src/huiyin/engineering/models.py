"""Tables of engineering projects."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huiyin.engineering.rules import COOLING, HEATING, Milestones
from huiyin.engineering.states import LEAST, PartKind
from huiyin.organization.models import Site


class Project(models.Model):
    """The project of an engineering site: who builds it for whom, its four days, and the seasons of its town."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="project")
    contractor = models.CharField(max_length=120)
    client = models.CharField(max_length=120)
    bidding_from = models.DateField(null=True, blank=True)
    construction_from = models.DateField(null=True, blank=True)
    completed_on = models.DateField(
        null=True, blank=True, help_text="passed completion acceptance: the warranty begins"
    )
    handed_over_on = models.DateField(null=True, blank=True)
    heating_season = models.CharField(max_length=11, default=HEATING, help_text="MM-DD/MM-DD")
    cooling_season = models.CharField(max_length=11, default=COOLING, help_text="MM-DD/MM-DD")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_over_on__isnull=True) | Q(handed_over_on__gte=F("completed_on")),
                name="project_accepted_before_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True)
                | Q(construction_from__isnull=True)
                | Q(completed_on__gte=F("construction_from")),
                name="project_built_before_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"project of {self.site_id}"

    @property
    def milestones(self) -> Milestones:
        return Milestones(self.bidding_from, self.construction_from, self.completed_on, self.handed_over_on)


class WarrantyPart(models.Model):
    """A part of the building with its warranty: so many years, or seasons where the kind counts those."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=15, choices=PartKind.choices)
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    amount = models.PositiveSmallIntegerField(help_text="years; whole seasons for heating and cooling")
    ends_on = models.DateField(help_text="the last day covered, till 24:00")

    class Meta:
        ordering: ClassVar = ["ends_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="warranty_part_once"),
            models.CheckConstraint(condition=Q(kind__in=PartKind.values), name="warranty_part_kind_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="warranty_part_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.name}"

    @property
    def counts_seasons(self) -> bool:
        return bool(LEAST[self.kind].seasons)
