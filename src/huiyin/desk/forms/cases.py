"""Forms of the duty log and of the acts on a case."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import ASKED_BY, FollowUpResult, Urgency
from huiyin.desk.forms.fields import words
from huiyin.interactions.states import Channel, ContactKind

AT_THE_DESK = (
    "phone",
    "desk",
    "duty_room",
    "comment_book",
    "wechat_group",
    "visit",
    "hotline_12345",
    "letter",
    "email",
)


class ContactForm(forms.Form):
    """One screen of the duty log."""

    q = forms.CharField(label=_("谁"), required=False, max_length=80, help_text=_("电话、房号、姓名或拼音"))
    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名"), required=False, max_length=80)
    phone = forms.CharField(
        label=_("电话"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    channel = forms.ChoiceField(label=_("怎么来的"), choices=[(code, Channel(code).label) for code in AT_THE_DESK])
    kind = forms.ChoiceField(
        label=_("什么事"), choices=ContactKind.choices, widget=forms.RadioSelect, initial="opinion"
    )
    category = forms.ChoiceField(label=_("归哪一类"), required=False)
    urgency = forms.ChoiceField(
        label=_("急不急"),
        required=False,
        choices=[("", _("先不评估")), *Urgency.choices],
        help_text=_("危及安全的，经理马上知道。"),
    )
    place = forms.CharField(label=_("在哪里"), required=False, max_length=120, help_text=_("房号或公共地方"))
    situation = words(_("情况说明（顾客原话）"), rows=4)
    remedy_sought = words(_("希望与建议"), rows=2, required=False)
    answered_at_once = words(
        _("当场答复"), rows=2, required=False, help_text=_("当场答完了就写在这里：只留记录，不另立事项。")
    )
    occurred_at = forms.DateTimeField(
        label=_("什么时候"),
        required=False,
        help_text=_("补记时填；现在就不用填"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    joins = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("先不归类")), *categories]  # type: ignore[attr-defined]

    def clean_occurred_at(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["occurred_at"]
        if found is not None and not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("请写 2000 年以后的时间。"))
        return found


class SolveForm(forms.Form):
    plan = words(_("解决方案"), help_text=_("顾客会看到：做什么、谁来做、哪天做完。"))


class WriteForm(forms.Form):
    text = words(_("写给顾客"), help_text=_("顾客在进度页看到；留了邮箱的也发邮件。可以直接回话。"))


class NoteForm(forms.Form):
    text = words(_("内部备注"), rows=2, help_text=_("顾客看不到。"))


class DeclineForm(forms.Form):
    why = words(_("退回原因"), rows=2)


class CommentForm(forms.Form):
    text = words(_("督办意见"), rows=2, help_text=_("顾客看不到；责任人会在今日里看到。"))


class SendBackForm(forms.Form):
    why = words(_("哪里要重办"), rows=2, help_text=_("已答复或已办结的会重开，重新计时。"))


class TakeOverForm(forms.Form):
    why = words(_("为什么接管"), rows=2, help_text=_("接管后由您负责到底；原责任人和站点经理会知道。"))


class ReopenForm(forms.Form):
    why = words(_("重开原因"), rows=2)


class HandOffForm(forms.Form):
    to = forms.TypedChoiceField(label=_("转给谁"), coerce=int)
    why = words(_("交代几句"), rows=2, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]


class FollowUpForm(forms.Form):
    result = forms.ChoiceField(label=_("结果"), choices=FollowUpResult.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("方式"), choices=[(code, ASKED_BY[code]) for code in ("phone", "visit", "desk", "email")]
    )
    score = forms.TypedChoiceField(
        label=_("打几分"),
        choices=[("", _("没有打分")), *((one, one) for one in range(5, 0, -1))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("1 很不满意，5 很满意；顾客说了才填。"),
    )
    words = words(_("顾客怎么说"), rows=2, required=False)
    waiver = forms.CharField(
        label=_("处理人自己回访的原因"), required=False, max_length=200, help_text=_("一般由处理人以外的人回访。")
    )


class CategoryForm(forms.Form):
    category = forms.ChoiceField(label=_("归哪一类"))

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]


class FreeForm(forms.Form):
    """For acts that need no words."""
