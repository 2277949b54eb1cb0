"""Forms about answering and finishing: two acts, for an answer is not the work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.rules.answers import LeavesOut
from huiyin.cases.states import Look
from huiyin.desk.forms.fields import a_day, words


class AnswerForm(forms.Form):
    """The answer. Why it leaves although something is missing is asked only once something was found missing."""

    text = words(_("答复"), rows=5, help_text=_("顾客会看到：逐条回答，写上日期和联系人。"))
    finish_on = a_day(
        _("还有活要干的，哪天完工"), required=False, help_text=_("答复不等于完工：填了日子，记下“完工”以后才能办结。")
    )
    despite = words(_("仍然发出，原因"), rows=2, required=False, help_text=_("补上答复就不用填；填了会留在经过里。"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if "despite" not in (data or {}):
            del self.fields["despite"]

    def refuse(self, refusal: LeavesOut) -> None:
        """Say point by point what is missing, and ask why it should leave all the same."""
        if "despite" not in self.fields:
            self.fields["despite"] = self.base_fields["despite"]
        self.add_error("text", refusal.lines)


class FinishForm(forms.Form):
    words = words(_("干完了什么"), rows=2, help_text=_("顾客会看到。完工不等于答复：还没有答复的，另外再答复。"))


class SecondLookForm(forms.Form):
    verdict = forms.ChoiceField(label=_("结论"), choices=Look.choices, widget=forms.RadioSelect)
    words = words(_("告诉顾客"), help_text=_("顾客会看到。维持的，就算再次答复；改变的，由责任人重新给方案和答复。"))
