"""Forms of places, calendars and projects."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import a_day, words, yes_or_no
from huiyin.engineering.rules import COOLING, HEATING
from huiyin.engineering.states import PartKind


class TermForm(forms.Form):
    """One semester; the days may be changed later by writing it again."""

    period = forms.ChoiceField(label=_("学期"))
    first_on = a_day(_("第一天"))
    last_on = a_day(_("最后一天"))

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods)  # type: ignore[attr-defined]


class CircumstanceForm(forms.Form):
    """Whether there is an owners' committee, with the evidence in words."""

    holds = yes_or_no(_("有没有业主委员会"), _("有"), _("没有"))
    reason = words(_("依据"), rows=2, help_text=_("例如：街道没有备案；某年某月某日选举成立。"))
    since_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是今天"))
    recheck_on = a_day(_("哪天再看"), required=False, help_text=_("没有业主委员会时，不填就是半年以后"))


class YearForm(forms.Form):
    """A published year, typed or copied from the notice."""

    year = forms.CharField(label=_("年份"), max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("通知的名称或文号"))
    days_off = words(_("放假的日子"), rows=4, help_text=_("放假期间的周末也写上，例如：10月1日至7日"))
    make_up = words(_("调休上班的日子"), rows=2, required=False, help_text=_("例如：9月20日、10月10日"))


class YearFileForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_(".toml、.json 或 .csv"), max_length=120)


class ProjectForm(forms.Form):
    """Who builds for whom, and the seasons of the town."""

    contractor = forms.CharField(label=_("施工单位"), max_length=120)
    client = forms.CharField(label=_("建设单位（顾客）"), max_length=120)
    heating_season = forms.CharField(
        label=_("采暖期"), max_length=11, initial=HEATING, help_text=_("当地的，写成“月-日/月-日”")
    )
    cooling_season = forms.CharField(label=_("供冷期"), max_length=11, initial=COOLING)


class MilestonesForm(forms.Form):
    """The four days of a project, as far as they are known."""

    bidding_from = a_day(_("招标开始"), required=False)
    construction_from = a_day(_("开工"), required=False)
    completed_on = a_day(_("竣工验收合格"), required=False, help_text=_("保修从这一天起算"))
    handed_over_on = a_day(_("交付"), required=False)


class PartForm(forms.Form):
    """A part under warranty; what is left empty is the law's."""

    kind = forms.ChoiceField(label=_("类别"), choices=PartKind.choices)
    name = forms.CharField(label=_("部位"), max_length=80)
    starts_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是竣工验收合格那天"))
    amount = forms.IntegerField(
        label=_("几年（供热、供冷：几个季）"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("不填就是法定最低"),
    )
