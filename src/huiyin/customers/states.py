"""Closed lists of the people served."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    PERSON = "person", _("个人")
    ORGANIZATION = "organization", _("单位")


class OccupancyRole(models.TextChoices):
    OWNER = "owner", _("业主")
    OCCUPANT = "occupant", _("住户")
    TENANT = "tenant", _("租户")
    STUDENT = "student", _("学生")


class ContactPointKind(models.TextChoices):
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")


class CustomerRole(models.TextChoices):
    """Whom a customer speaks for; the handbooks' duties and reviews name these beside posts."""

    COMMITTEE_CHAIR = "committee_chair", _("业委会主任")
    CLIENT = "client", _("委托方")
    DEVELOPER = "developer", _("建设单位")
    SUPERVISING_ENGINEER = "supervising_engineer", _("监理")
    STUDENT_REPRESENTATIVE = "student_representative", _("学生代表")


class Purpose(models.TextChoices):
    """What needs a person's own consent. Serving them and the duties of the law do not (PIPL art. 13)."""

    INVITATIONS = "invitations", _("邀请参加活动和调查")
    PICTURES = "pictures", _("公开有本人的照片")
    HARDSHIP = "hardship", _("记下困难、健康等敏感情况")


class ConsentWay(models.TextChoices):
    """How somebody said so."""

    PAPER = "paper", _("书面签字")
    SPOKEN = "spoken", _("当面口头")
    PHONE = "phone", _("电话里")
    MESSAGE = "message", _("信息或邮件")
