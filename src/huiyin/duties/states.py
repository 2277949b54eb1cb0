"""How a duty stands. Compliance is a query: standing is computed from the row and the time, never stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    KEPT = "kept", _("已履行")
    RUNNING = "running", _("进行中")
    DUE_SOON = "due_soon", _("将到期")
    LATE = "late", _("迟办")
    MISSING = "missing", _("逾期未办")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class Grade(models.TextChoices):
    """How much the evidence of a duty that was done is worth."""

    SOUND = "sound", _("有凭据")
    WEAK = "weak", _("只有口头登记")
    EXPIRED = "expired", _("凭据已过期")
