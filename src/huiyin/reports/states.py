"""States of a report, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已批准")
    PUBLISHED = "published", _("已公布归档")


# act -> (from, to, right)
TRANSITIONS: dict[str, tuple[tuple[ReportState, ...], ReportState, str]] = {
    "submit": ((ReportState.DRAFT, ReportState.RETURNED), ReportState.SUBMITTED, "reports.draft"),
    "approve": ((ReportState.SUBMITTED,), ReportState.APPROVED, "reports.approve"),
    "send_back": ((ReportState.SUBMITTED,), ReportState.RETURNED, "reports.approve"),
    "publish": ((ReportState.APPROVED,), ReportState.PUBLISHED, "reports.approve"),
}


class AnswerState(models.TextChoices):
    """How a public answer stands."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("已退回")
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已撤回")


# As above, for public answers: a second person agrees and makes it public in one act.
ANSWER_TRANSITIONS: dict[str, tuple[tuple[AnswerState, ...], AnswerState, str]] = {
    "submit": ((AnswerState.DRAFT, AnswerState.RETURNED), AnswerState.SUBMITTED, "reports.draft"),
    "publish": ((AnswerState.SUBMITTED,), AnswerState.PUBLISHED, "reports.approve"),
    "send_back": ((AnswerState.SUBMITTED,), AnswerState.RETURNED, "reports.approve"),
    "withdraw": ((AnswerState.PUBLISHED,), AnswerState.WITHDRAWN, "notices.publish"),
}
