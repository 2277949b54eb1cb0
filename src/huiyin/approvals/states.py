"""Verdicts of a review."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    OPEN = "open", _("待批")
    AGREED = "agreed", _("同意")
    RETURNED = "returned", _("退回")
