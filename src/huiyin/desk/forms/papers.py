"""Forms of reports, verdicts and the audit."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import words


class OnWords(forms.Form):
    """Carries along which words the person had open."""

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


def caught_up(form: forms.Form | None, words_seen: str) -> bool:
    """Whether somebody else's words stand there now that the person who sent this form had not seen.

    They are shown beside what was typed; sending again then is done knowingly.
    """
    if form is None or not form.is_bound or form.data.get("seen", "") in {"", words_seen}:
        return False
    form.data = MultiValueDict({**dict(form.data.lists()), "seen": [words_seen]})  # type: ignore[attr-defined]
    return True


class DigestForm(OnWords):
    summary = words(_("说明"), rows=4, required=False, help_text=_("不写姓名、电话、房号：公布前会检查。"))
    measures = words(_("整改措施"), rows=4, required=False)


class VerdictForm(OnWords):
    comment = words(_("意见"), rows=2, required=False, help_text=_("退回时必须写明原因。"))


class ConclusionForm(forms.Form):
    conclusion = words(_("结论"), rows=5, help_text=_("哪些是信号、为什么、请谁做什么。会发给各站点的经理。"))


class DrawForm(forms.Form):
    """What an auditor draws: a clause or one by lot, a number of the auditor's own, how many."""

    clause = forms.ChoiceField(label=_("抽哪一条"), required=False)
    number = forms.CharField(
        label=_("您的数字"),
        max_length=60,
        help_text=_("自己想、掷骰子或用报纸上的数字都可以，最多 40 位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    count = forms.IntegerField(label=_("抽几件"), min_value=1, max_value=50, initial=5)

    def __init__(self, *args: Any, clauses: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", _("由数字抽一条")), *clauses.items()]  # type: ignore[attr-defined]


class PackForm(forms.Form):
    year = forms.TypedChoiceField(label=_("年份"), coerce=int)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]
