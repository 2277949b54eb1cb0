"""Forms of the procedures and the check-up."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import words


class WayOutForm(forms.Form):
    """How a finding of the check-up is dealt with, and why."""

    way = forms.ChoiceField(label=_("怎么办"), widget=forms.RadioSelect)
    reason = words(_("为什么"), rows=2)

    def __init__(self, *args: Any, ways: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = list(ways)  # type: ignore[attr-defined]


class DecisionForm(WayOutForm):
    """The same, and whom it holds for: asked of those alone who may decide for all."""

    holds = forms.ChoiceField(label=_("管到哪里"), widget=forms.RadioSelect, initial="site")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holds"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["holds"].widget = forms.HiddenInput()
            self.fields["holds"].initial = places[0][0]


class AdoptForm(forms.Form):
    """A handbook's text, typed or as a file, and from when it holds for whom."""

    text = forms.CharField(
        label=_("制度全文（TOML）"),
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )
    file = forms.FileField(label=_("或选一个文件"), required=False, help_text=_("选了文件就用文件里的内容。"))
    effective_on = forms.DateField(
        label=_("从哪天起执行"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scope = forms.ChoiceField(
        label=_("哪里执行"),
        choices=[("site", _("只在本站点")), ("company", _("全公司适用的站点"))],
        initial="site",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_effective_on(self) -> date:
        chosen: date = self.cleaned_data["effective_on"]
        if not self.today <= chosen <= self.today + timedelta(days=732):
            raise forms.ValidationError(_("从今天起两年之内选一天。"))
        return chosen

    def clean(self) -> dict[str, Any]:
        """A chosen file takes the place of the typed text."""
        given: dict[str, Any] = super().clean() or {}
        chosen = given.get("file")
        if chosen is not None:
            try:
                given["text"] = chosen.read(400_001).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("不是 UTF-8 文字"))
        given["text"] = given.get("text", "").replace("\r\n", "\n")
        return given
