"""Forms of the ledger of duties."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import words
from huiyin.ui.forms import FilesField


class ActForm(forms.Form):
    """What was done for a duty, when, and what shows it."""

    what = forms.CharField(label=_("办了什么"), max_length=120, help_text=_("一句话，写事不写人。"))
    happened_on = forms.DateField(
        label=_("哪天办的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = words(_("经过和结果"), rows=4, required=False)
    papers = FilesField(
        "image/*,application/pdf",
        label=_("凭据"),
        required=False,
        help_text=_("照片或 PDF，最多 5 个。没有凭据也能登记，但会标明只有口头登记。"),
    )
    also = forms.TypedMultipleChoiceField(
        label=_("同一件事还履行了"), coerce=str, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].choices = others  # type: ignore[attr-defined]
        if not others:
            del self.fields["also"]


class HappenedForm(ActForm):
    """What happened that no duty asked for by name, but that sets off duties of its own."""

    occasion = forms.ChoiceField(
        label=_("发生了什么"), help_text=_("已经是事项的报修和求助不用在这里登记：它的回访在事项里。")
    )
    field_order = ("occasion", "what", "happened_on", "note", "papers")

    def __init__(self, *args: Any, occasions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, others=[], **kwargs)
        self.fields["occasion"].choices = occasions  # type: ignore[attr-defined]
        self.fields["what"].label = _("怎么称呼这一次")


class WaiveForm(forms.Form):
    reason = words(_("为什么不适用"), rows=2)
    recheck_on = forms.DateField(
        label=_("哪天再看"),
        required=False,
        help_text=_("不填就是半年以后。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
