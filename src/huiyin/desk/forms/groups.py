"""Forms for cases that are handled together."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.desk.forms.fields import words


class MergeForm(forms.Form):
    into = forms.CharField(
        label=_("并到哪一件"), max_length=20, help_text=_("写那一件的编号。这一件办结，进展和答复都跟着那一件。")
    )


class SeparateForm(forms.Form):
    why = words(_("移出原因"), rows=2, help_text=_("顾客会知道以后单独办，看不到原因。"))


class TogetherForm(forms.Form):
    """Which of the chosen cases, which one leads, and what they have in common."""

    of = forms.MultipleChoiceField(label=_("哪几件"), required=False, widget=forms.CheckboxSelectMultiple)
    lead = forms.ChoiceField(label=_("哪一件牵头"), widget=forms.RadioSelect)
    matter = words(
        _("共同反映什么"),
        rows=2,
        required=False,
        help_text=_("归为群诉时写，例如：2号楼电梯反复停运。每户的经过里都会有。"),
    )

    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(case.reference.number, case.summary) for case in cases]
        for name in ("of", "lead"):
            self.fields[name].choices = numbers  # type: ignore[attr-defined]
