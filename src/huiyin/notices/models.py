"""Tables of what is made public."""

import json
from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.kit.seen import seal_of_words
from huiyin.notices.states import CatalogState, NoticeKind, NoticeState
from huiyin.organization.models import Site, User
from huiyin.references.models import Reference


class Notice(models.Model):
    """Something posted on a site's public page from a day until a day (half-open). `about` is what it publishes."""

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="notice")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="notices", db_index=False)
    about = models.ForeignKey(Reference, on_delete=models.PROTECT, null=True, blank=True, related_name="notices_about")
    kind = models.CharField(max_length=14, choices=NoticeKind.choices)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.PUBLISHED)
    title = models.CharField(max_length=120)
    body = models.JSONField(help_text="blocks: heading, paragraph, table; plain text only")
    gate = models.JSONField(default=list, help_text="what the de-identification gate found and what became of it")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "state", "-published_at"], name="notice_on_site")]

    def __str__(self) -> str:
        return self.title


class ServiceCatalog(models.Model):
    """服务目录: one version of what a site offers. Approved it never changes; it counts from a day until a newer one does."""

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="catalog")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="catalogs", db_index=False)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=CatalogState.choices, default=CatalogState.DRAFT)
    services = models.JSONField(help_text="name, holds, hours, price, who, phone, how of each; plain text only")
    effective_on = models.DateField(help_text="from which day it is to count; never before its approval")
    round = models.PositiveSmallIntegerField(default=0, help_text="how often it was submitted")
    saved_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "version"], name="catalog_version_once"),
            models.UniqueConstraint(fields=["site"], condition=~Q(state="approved"), name="catalog_one_in_work"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False), name="catalog_approved_on_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} v{self.version}"

    @property
    def words_seen(self) -> str:
        """What services and day are known by; see `kit.seen.expect`."""
        return seal_of_words(json.dumps(self.services, ensure_ascii=False, sort_keys=True), str(self.effective_on))


class Showing(models.Model):
    """Which version of the catalog stood before whoever answered an enquiry (S3.2.1.a)."""

    about = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="showings")
    catalog = models.ForeignKey(ServiceCatalog, on_delete=models.PROTECT, related_name="showings")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.about_id} {self.catalog_id}"
