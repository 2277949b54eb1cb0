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
