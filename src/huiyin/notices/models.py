"""Tables of what is made public."""

from typing import ClassVar

from django.db import models

from huiyin.notices.states import NoticeKind, NoticeState
from huiyin.organization.models import Site
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
