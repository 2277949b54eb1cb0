"""Forms about the time a case may take: how urgent it is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import Affected, Complexity, Severity
from huiyin.desk.forms.fields import words


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
