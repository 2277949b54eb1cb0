"""Forms about the time a case may take: how urgent it is, what the customer was told, waiting, a later date."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import Affected, Complexity, Severity, Told, Waiting
from huiyin.desk.forms.fields import a_day, words, yes_or_no


class TriageForm(forms.Form):
    is_safety = forms.BooleanField(
        label=_("有人可能受伤害"), required=False, help_text=_("选中就按最急的时限，经理马上知道。")
    )
    is_immediate = forms.BooleanField(label=_("要马上动手"), required=False)
    severity = forms.TypedChoiceField(
        label=_("有多严重"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("说不准")), *Severity.choices],
    )
    affected = forms.ChoiceField(label=_("影响到谁"), choices=Affected.choices)
    complexity = forms.ChoiceField(label=_("好不好办"), choices=Complexity.choices)
    words = words(_("说明"), rows=2, required=False)


class AcknowledgeForm(forms.Form):
    way = forms.ChoiceField(label=_("怎么告诉顾客的"), choices=Told.choices)
    words = words(_("说了什么"), rows=2, required=False, help_text=_("顾客会看到。自动回执不算，要有人说过才算。"))


class UpdateForm(forms.Form):
    text = words(_("现在怎么样了"), rows=2, help_text=_("顾客会看到：办到哪一步，下一步什么时候。"))
    way = forms.ChoiceField(label=_("怎么告诉顾客的"), choices=Told.choices, initial=Told.MESSAGE)


class ArriveForm(forms.Form):
    words = words(_("现场情况"), rows=2, required=False, help_text=_("顾客会看到。"))


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("在等什么"), choices=Waiting.choices, widget=forms.RadioSelect)
    told = words(_("告诉顾客的话"), rows=2, help_text=_("顾客会看到：为什么等，等到什么时候。"))
    until = a_day(_("哪天再看"), help_text=_("到这一天会提醒您。只停方案的时限，告知进展的时限照走。"))


class AskExtensionForm(forms.Form):
    until = a_day(_("延到哪天"))
    why = words(_("为什么要延"), rows=2, help_text=_("由经理决定；期限过了就不能再申请。"))


class DecideExtensionForm(forms.Form):
    agreed = yes_or_no(_("决定"), _("同意延期"), _("不同意"))
    words = words(_("说明"), rows=2, help_text=_("同意的，这段话告诉顾客；不同意的，告诉申请人。"))
