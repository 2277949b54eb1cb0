"""服务目录 as a form: one row a service; a row without a name is left out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import a_day
from huiyin.desk.forms.papers import OnWords
from huiyin.notices.rules import MOST_SERVICES


class ServiceForm(forms.Form):
    name = forms.CharField(label=_("服务"), max_length=60, required=False)
    holds = forms.CharField(label=_("内容"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    hours = forms.CharField(label=_("时间"), max_length=120, required=False)
    price = forms.CharField(label=_("价格"), max_length=120, required=False, help_text=_("免费就写免费"))
    who = forms.CharField(label=_("谁来做"), max_length=60, required=False, help_text=_("岗位，不写人名"))
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    how = forms.CharField(label=_("怎么申请"), max_length=200, required=False)


Services = forms.formset_factory(ServiceForm, extra=2, max_num=MOST_SERVICES, absolute_max=MOST_SERVICES)


class StartForm(OnWords):
    on = a_day(_("从哪天起生效"), required=False, help_text=_("不填就是今天；最早从批准的那天起"))


class VerdictForm(OnWords):
    comment = forms.CharField(
        label=_("意见"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("退回要写明原因"),
    )


def written(rows: Any) -> list[dict[str, str]]:
    """What was typed, without the empty rows."""
    return [form.cleaned_data for form in rows if form.has_changed() and any(form.cleaned_data.values())]
