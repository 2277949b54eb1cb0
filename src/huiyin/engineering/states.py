"""Closed lists of an engineering project: phases, parts under warranty, and the least that the law grants them."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """Where a project stands; the words are the handbook's. Accepted but not handed over yet is `completion`.

    Parts are under warranty from the acceptance on, whatever the phase.
    """

    BIDDING = "bidding", _("招标")
    CONSTRUCTION = "construction", _("施工")
    COMPLETION = "completion", _("竣工")
    WARRANTY = "warranty", _("保修期")


class PartKind(models.TextChoices):
    STRUCTURE = "structure", _("地基基础和主体结构")
    WATERPROOFING = "waterproofing", _("屋面防水、外墙和有防水要求的房间")
    INSULATION = "insulation", _("保温工程")
    HEATING = "heating", _("供热系统")
    COOLING = "cooling", _("供冷系统")
    SERVICES = "services", _("电气管线、给排水、设备安装")
    FIT_OUT = "fit_out", _("装修工程")
    OTHER = "other", _("其他（按合同）")


@dataclass(frozen=True)
class Least:
    """The shortest warranty of a kind of part: whole years or whole seasons, and where that is written."""

    source: Promise
    years: int = 0
    seasons: int = 0


_RULES = _("建设工程质量管理条例 §40")
LEAST: dict[str, Least] = {
    # The regulation says "the design's reasonable working life"; fifty years is ours, for ordinary buildings.
    PartKind.STRUCTURE: Least(_("条例 §40：设计文件规定的合理使用年限；五十年是我们定的"), years=50),
    PartKind.WATERPROOFING: Least(_RULES, years=5),
    PartKind.INSULATION: Least(_("民用建筑节能条例 §23"), years=5),
    PartKind.HEATING: Least(_RULES, seasons=2),
    PartKind.COOLING: Least(_RULES, seasons=2),
    PartKind.SERVICES: Least(_RULES, years=2),
    PartKind.FIT_OUT: Least(_RULES, years=2),
    PartKind.OTHER: Least(_("由合同约定"), years=1),
}
LAID_DOWN = tuple(kind for kind in PartKind if kind != PartKind.OTHER)
"""What the law names."""
