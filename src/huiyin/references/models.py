"""Tables of references: the number of every business object and its words for the search."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.organization.models import Building, Cluster, Department, Site
from huiyin.references.states import Kind, Sensitivity


class Reference(models.Model):
    """The readable number of one business object. Its title holds kind, place and category, never a person's words or name."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=2, choices=Kind.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="references", db_index=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    sensitivity = models.PositiveSmallIntegerField(choices=Sensitivity.choices, default=Sensitivity.SITE)
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "kind", "-id"], name="reference_by_site")]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(kind__in=Kind.values), name="reference_kind_known")]

    def __str__(self) -> str:
        return self.number


class SearchPart(models.Model):
    """Words of a reference, as search tokens; `part` tells which (contact, answer, …).

    The database keeps the index itself: a full-text table by triggers on SQLite, a generated tsvector on PostgreSQL.
    """

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="search_parts")
    part = models.CharField(max_length=20)
    tokens = models.TextField()

    class Meta:
        # From a hit of the index to its reference without reading the words beside it: SQLite's search takes this way.
        indexes: ClassVar = [models.Index(fields=["id", "reference"], name="searchpart_to_reference")]

    def __str__(self) -> str:
        return f"{self.reference_id} {self.part}"
