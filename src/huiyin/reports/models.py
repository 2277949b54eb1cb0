"""Tables of reports."""

from typing import ClassVar

from django.db import models

from huiyin.cases.models import Case
from huiyin.kit.seen import seal_of_words
from huiyin.notices.models import Notice
from huiyin.organization.models import Company, Site, User
from huiyin.references.models import Reference
from huiyin.reports.states import AnswerState, ReportState


class Report(models.Model):
    """One periodic report of one site: figures drawn at drafting, words added by people, reviewed and published."""

    WORDS: ClassVar = ("summary", "measures")

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="report")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="reports", db_index=False)
    kind = models.CharField(max_length=30)
    period = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    figures = models.JSONField(
        help_text="counts, rates with numerator and denominator, and the de-identified case list"
    )
    summary = models.TextField(blank=True, help_text="words of the author")
    measures = models.TextField(blank=True, help_text="整改措施 taken in the period")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(
        null=True, blank=True, help_text="when the quality department acknowledged receipt"
    )
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "kind", "period"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"

    @property
    def words_seen(self) -> str:
        """What the words are known by; see `kit.seen.expect`."""
        return seal_of_words(self.summary, self.measures)

    @property
    def is_weekly(self) -> bool:
        return "W" in self.period


class Analysis(models.Model):
    """What the quality department makes of a week's digests over all sites (S4.4.2.1.5.b). Written once, sent back to the sites."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="analyses")
    period = models.CharField(max_length=16)
    figures = models.JSONField(help_text="counts per site and category, the chart's points, as they stood then")
    conclusion = models.TextField()
    concluded_at = models.DateTimeField()
    concluded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "analyses"
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "period"], name="analysis_once")]

    def __str__(self) -> str:
        return self.period


class PublicAnswer(models.Model):
    """公开反馈: what was raised and what was done, of one closed case or several, in general words for everybody (S1.4.3.a)."""

    WORDS: ClassVar = ("title", "raised", "done")

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="public_answer")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="public_answers", db_index=False)
    cases = models.ManyToManyField(Case, related_name="public_answers")
    state = models.CharField(max_length=10, choices=AnswerState.choices, default=AnswerState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=60)
    raised = models.TextField(help_text="what was raised, in general words")
    done = models.TextField(help_text="what was done about it")
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "-prepared_at", "-id"], name="public_answer_by_site")]

    def __str__(self) -> str:
        return self.title

    @property
    def words_seen(self) -> str:
        """What the words are known by, so that nobody decides about words they did not see."""
        return seal_of_words(self.title, self.raised, self.done)
