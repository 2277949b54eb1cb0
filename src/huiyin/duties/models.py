"""The ledger of duties, their evidence and the reminders already given."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from huiyin.organization.models import Site, User
from huiyin.references.models import Reference


class Duty(models.Model):
    """One dated obligation: what it is about, which clause asks for it, who owes it, by when, and when it was done."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="duties", db_index=False)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    handbook = models.CharField(max_length=40, blank=True, help_text="handbook id; empty for a default of the product")
    clause = models.CharField(
        max_length=20, blank=True, help_text="the source's number; empty for a default of the product"
    )
    kind = models.CharField(max_length=40)
    step = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=16, blank=True)
    scope = models.CharField(
        max_length=60, blank=True, help_text="what of the site it is owed for: cluster:2, part:roof; empty = all of it"
    )
    edition = models.CharField(max_length=64, blank=True, help_text="digest of the edition it is judged by")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="last second of the time allowed, as counted at first; never moved")
    moved_to = models.DateTimeField(
        null=True, blank=True, help_text="by pauses and approved extensions; lateness stays against due_at"
    )
    rests_since = models.DateTimeField(null=True, blank=True, help_text="its time stands still: nobody is reminded")
    provisional = models.BooleanField(default=False)
    why = models.JSONField(default=list, help_text="kit.counting reasons")
    owner_role = models.CharField(max_length=30, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    needed = models.PositiveIntegerField(default=1)
    papers = models.JSONField(default=list, help_text="kinds of paper any of which makes the evidence sound")
    done_at = models.DateTimeField(null=True, blank=True)
    not_applicable = models.CharField(max_length=200, blank=True, help_text="reason")
    recheck_on = models.DateField(
        null=True, blank=True, help_text="a person said so: until this day, then it is asked for again"
    )
    is_history = models.BooleanField(default=False, help_text="imported: counted for statistics, never reminded")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "site",
                Coalesce("reference", 0),
                "handbook",
                "clause",
                "kind",
                "step",
                "period",
                "scope",
                name="duty_once",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("opens_at")), name="duty_due_after_opening"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "due_at"], name="duty_by_due"),
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, not_applicable="", is_history=False),
                name="duty_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.kind} {self.step} {self.period}".strip()

    @property
    def runs_until(self) -> datetime:
        """The date that counts while it is open: where pauses and extensions put it, else the first."""
        return self.moved_to or self.due_at


class Evidence(models.Model):
    """One act that was done. It discharges every open duty whose site, kind, step, period and time all fit."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="evidence")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="evidence")
    kinds = models.JSONField()
    what = models.CharField(
        max_length=120, blank=True, help_text="what was done, in a line, where somebody registered it"
    )
    step = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=16, blank=True, help_text="the period it is about; compared equal")
    scope = models.CharField(max_length=60, blank=True, help_text="as of a duty; compared equal")
    amount = models.PositiveIntegerField(default=1)
    papers = models.JSONField(default=list, help_text="kinds of paper that came with it; none = only said")
    happened_at = models.DateTimeField()
    entered_at = models.DateTimeField(help_text="when it was put on record")
    valid_until = models.DateField(null=True, blank=True, help_text="last day it counts; empty = for good")
    by = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    duties = models.ManyToManyField(Duty, related_name="evidence")

    def __str__(self) -> str:
        return f"{self.kinds} {self.about} {self.happened_at:%Y-%m-%d}"


class Nudge(models.Model):
    """A reminder or escalation already given for a duty at one rung of the ladder: never twice."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="nudges")
    rung = models.PositiveSmallIntegerField(help_text="percent of the time allowed: 50, 80, 100, 150")
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["duty", "rung"], name="nudge_once")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.rung} %"
