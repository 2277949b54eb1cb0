"""Tables of handbooks: editions as they were read, and which site follows which from when until when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huiyin.organization.models import Site


class Edition(models.Model):
    """The text of one edition of a handbook. Never changed; a correction is another edition."""

    handbook = models.SlugField(max_length=40)
    edition = models.CharField(max_length=20, help_text="as the file calls it")
    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the text")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.handbook} {self.edition}"


class Adoption(models.Model):
    """A site follows an edition from a day until a day (half-open). `adopted_by` is the signature of the actor."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="adoptions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="adoptions")
    effective_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    adopted_by = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "edition", "effective_on"], name="adoption_once"),
            models.UniqueConstraint(
                fields=["site", "edition"], condition=Q(ended_on__isnull=True), name="adoption_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("effective_on")), name="adoption_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.edition_id} {self.effective_on}"


class Settled(models.Model):
    """What a site's ledger of duties was last brought up to: the same mark again means there is nothing to do."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="settled")
    day = models.DateField()
    mark = models.CharField(max_length=64, help_text="digest of editions, calendar and facts")

    def __str__(self) -> str:
        return f"{self.site_id} {self.day}"
