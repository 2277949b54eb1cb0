"""Tables of records: stored files, serials of controlled forms, seals."""

from typing import ClassVar

from django.db import models

from huiyin.organization.models import Site
from huiyin.references.models import Reference


class StoredFile(models.Model):
    """A file under a random name outside the web root; served by a view that asks for sight of its reference."""

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="files")
    key = models.CharField(max_length=64, unique=True, help_text="random; also the name on disk")
    label = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes kept")
    is_public = models.BooleanField(default=False, help_text="the customer may see it on the tracking page")
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label


class Serial(models.Model):
    """序号 of a controlled form: gapless per form and site, voided rather than reused."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="serials")
    issued_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "form", "number"], name="serial_gapless"),
            models.UniqueConstraint(fields=["form", "reference"], name="serial_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class Seal(models.Model):
    """A record in its final form: the bytes' hash, the file kept, the filing number (备案号). Never changed."""

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="seals")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)
    filing_number = models.CharField(max_length=40, unique=True)
    sealed_at = models.DateTimeField()
    sealed_by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.filing_number
