"""Forms of the own ways of suggestions and referrals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import Allowed
from huiyin.desk.forms.fields import a_day, words


class ColleagueForm(forms.Form):
    """A form that names a colleague of the site, in the field called `who`."""

    who = ""

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.who].choices = people  # type: ignore[attr-defined]


class NameForm(ColleagueForm):
    who = "to"
    to = forms.TypedChoiceField(label=_("由谁答复"), coerce=int, help_text=_("只有这位同事能给结论和答复。"))


class WeighForm(forms.Form):
    costs = words(_("要多少钱、多少人手"), rows=2)
    brings = words(_("好在哪里"), rows=2)
    allowed = forms.ChoiceField(label=_("法规、规约和合同让不让做"), choices=Allowed.choices, widget=forms.RadioSelect)
    hurdles = words(_("要先过哪一关，或为什么不让"), rows=2, required=False, help_text=_("选“允许”就不用填。"))
    would_own = forms.CharField(label=_("做的话，谁来做"), max_length=120)


class AdoptForm(ColleagueForm):
    who = "owner"
    owner = forms.TypedChoiceField(label=_("谁来办到"), coerce=int)
    due_on = a_day(_("最迟哪天办到"))
    words = words(_("告诉提建议的人"), help_text=_("顾客会看到，还会看到谁来办、哪天办到。"))


class DeferForm(forms.Form):
    words = words(_("为什么现在做不到"), help_text=_("顾客会看到，还会看到哪天再看一次、报给了谁。"))
    to = forms.CharField(label=_("向哪里争取"), max_length=120, help_text=_("上级部门、业委会或别的能定的人。"))
    review_on = a_day(_("哪天再看"), required=False, help_text=_("不填就是制度规定的最后一天。"))


class TurnDownForm(forms.Form):
    words = words(_("为什么不采纳"), help_text=_("顾客会看到。"))


class RealizeForm(forms.Form):
    words = words(_("办成了什么样"), help_text=_("顾客会看到。"))


class ReferForm(forms.Form):
    to = forms.CharField(label=_("报给哪个部门"), max_length=120)
    why = words(_("告诉顾客"), rows=2, help_text=_("顾客会看到转给了谁、为什么、哪天前等回音。"))
    asked = words(_("请对方做什么"), rows=2, required=False, help_text=_("顾客看不到；不填就是上面那段话。"))
    expected_on = a_day(_("等到哪天"), required=False, help_text=_("不填就是制度规定的日子；到时没有回音要催问。"))


class ChaseForm(forms.Form):
    words = words(_("怎么催的、对方怎么说"), rows=2, help_text=_("顾客会看到。"))
    expected_on = a_day(_("再等到哪天"))


class HearBackForm(forms.Form):
    answered_by = forms.CharField(label=_("谁回复的"), max_length=120)
    words = words(_("回复的内容"), help_text=_("顾客会看到。"))
