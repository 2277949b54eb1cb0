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
