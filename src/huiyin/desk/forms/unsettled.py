"""Why something still has no outcome."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么还没有结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
