"""Kinds and states of what is made public."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    DISCLOSURE = "disclosure", _("公示")
    NOTICE = "notice", _("通知")
    BULLETIN = "bulletin", _("通告")
    ANNOUNCEMENT = "announcement", _("公告")


class CatalogState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")


class NoticeState(models.TextChoices):
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已撤回")
