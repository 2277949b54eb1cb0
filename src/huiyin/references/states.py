"""Kinds of business objects and how widely each may be seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Every kind of thing with a readable number. The value is the number's first letters."""

    CONTACT = "JL", _("接触记录")
    CASE = "SX", _("事项")
    NOTICE = "GG", _("公告")
    REPORT = "BG", _("报告")
    ACT = "DJ", _("办理登记")
    FEEDBACK = "FK", _("公开反馈")
    CATALOG = "ML", _("服务目录")


class Sensitivity(models.IntegerChoices):
    """Who at a site may see it."""

    SITE = 1, _("本处员工")
    RESTRICTED = 2, _("限经办与主管")
