"""What the doors remember: how often somebody came."""

from typing import ClassVar

from django.db import models


class Tally(models.Model):
    """How often a caller did one thing in one span of time. The caller stands there as a keyed digest, never by address."""

    name = models.CharField(max_length=30)
    who = models.CharField(max_length=32)
    span = models.BigIntegerField(help_text="the span's number: seconds since 1970 divided by its length")
    count = models.IntegerField()
    over_at = models.DateTimeField(help_text="of no use from then on")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "who", "span"], name="tally_once")]
        indexes: ClassVar = [models.Index(fields=["over_at"], name="tally_over")]

    def __str__(self) -> str:
        return f"{self.name} {self.who} {self.count}"
