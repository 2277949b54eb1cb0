"""Tables of handbooks: editions as they were read, and which site follows which from when until when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from huiyin.handbook.linter import title_of, way_words
from huiyin.organization.models import Site, User


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
    """A site, or every site of the company (no `site`), follows an edition from a day until a day (half-open).

    `adopted_by` is the signature of the actor. A site's own adoption of a handbook takes the place of the company's.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="adoptions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="adoptions")
    effective_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    adopted_by = models.CharField(max_length=60)
    adopted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Coalesce("site", 0), "edition", "effective_on", name="adoption_once"),
            models.UniqueConstraint(
                Coalesce("site", 0), "edition", condition=Q(ended_on__isnull=True), name="adoption_one_open"
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
    since = models.DateField(help_text="first day the ledger was kept: what holds for the whole company begins then")
    day = models.DateField()
    mark = models.CharField(max_length=64, help_text="digest of editions, calendar and facts")

    def __str__(self) -> str:
        return f"{self.site_id} {self.day}"


class Decision(models.Model):
    """What was decided about a finding of the check-up, at one site or (no site) for the company. Never changed: replaced."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    code = models.CharField(max_length=40, help_text="the linter's")
    key = models.CharField(max_length=64, help_text="of the finding: code and clauses, whatever the edition")
    concerns = models.JSONField(help_text="[handbook, clause] of every clause it is about")
    way = models.CharField(max_length=40, help_text="the way out that was chosen")
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Coalesce("site", 0), "key", condition=Q(replaces__isnull=True), name="decision_first_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.way} {self.decided_at:%Y-%m-%d}"

    @property
    def title(self) -> str:
        """What kind of trouble it settles, in the active language."""
        return title_of(self.code)

    @property
    def words(self) -> str:
        """The way out that was chosen, in the active language."""
        return way_words(self.code, self.way)
