"""Lines of a page of the duty log that was written by hand."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.cases import AT_THE_DESK
from huiyin.interactions.states import Channel, ContactKind

TYPED = ("occurred_at", "name", "phone", "place", "situation", "answered_at_once")


class SheetForm(forms.Form):
    sheet = forms.RegexField(
        r"^[^/\s]+$", label=_("页号"), required=False, max_length=40, help_text=_("手写页右上角印着；没有就空着")
    )
    key = forms.CharField(required=False, max_length=48, widget=forms.HiddenInput)


class LineForm(forms.Form):
    """One row. A row with nothing typed is left out; a row that was begun needs its time and its words."""

    occurred_at = forms.DateTimeField(
        label=_("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    name = forms.CharField(label=_("姓名"), required=False, max_length=80)
    phone = forms.CharField(
        label=_("电话"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    place = forms.CharField(label=_("在哪里"), required=False, max_length=120)
    channel = forms.ChoiceField(
        label=_("怎么来的"), choices=[(code, Channel(code).label) for code in AT_THE_DESK], initial="phone"
    )
    kind = forms.ChoiceField(label=_("什么事"), choices=ContactKind.choices, initial="opinion")
    situation = forms.CharField(label=_("说了什么"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 2}))
    answered_at_once = forms.CharField(
        label=_("当场答复"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, row: int) -> None:
        super().__init__(data, prefix=f"r{row}", empty_permitted=True, use_required_attribute=False)
        self.row = row

    def has_changed(self) -> bool:
        """Whether the row was begun: what stands chosen from the start does not count."""
        return any(str(self[name].value() or "").strip() for name in TYPED)

    def clean_occurred_at(self) -> datetime:
        found: datetime = self.cleaned_data["occurred_at"]
        if not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("请写 2000 年以后的时间。"))
        return found
