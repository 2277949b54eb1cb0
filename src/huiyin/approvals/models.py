"""Tables of review chains."""

from typing import ClassVar

from django.db import models

from huiyin.approvals.states import Verdict
from huiyin.organization.models import User
from huiyin.references.models import Reference


class Step(models.Model):
    """One step of the review of one version of something: who is asked by which post, and what was said."""

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="review_steps")
    version = models.PositiveSmallIntegerField(help_text="of the thing reviewed; a returned one comes back as the next")
    order = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=20, help_text="read_review, review, approve, ratify")
    role = models.CharField(max_length=30)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.OPEN)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["reference", "version", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference", "version", "order"], name="review_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.reference_id} v{self.version} {self.act} {self.verdict}"
