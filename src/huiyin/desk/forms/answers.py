"""Forms about answering and finishing: two acts, for an answer is not the work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.rules.answers import LeavesOut
from huiyin.cases.rules.outcomes import outcomes_of
from huiyin.cases.states import Look
from huiyin.desk.forms.fields import Insisting, a_day, words, yes_or_no
from huiyin.kit.refusal import Refusal


class AnswerForm(Insisting):
    """The answer. Why it leaves although something is missing is asked only once something was found missing."""

    text = words(_("答复"), rows=5, help_text=_("顾客会看到：逐条回答，写上日期和联系人。"))
    finish_on = a_day(
        _("还有活要干的，哪天完工"), required=False, help_text=_("答复不等于完工：填了日子，记下“完工”以后才能办结。")
    )
    despite = words(_("仍然发出，原因"), rows=2, required=False, help_text=_("补上答复就不用填；填了会留在经过里。"))

    over, beside, later = LeavesOut, "text", ("despite",)

    def told(self, refusal: Refusal) -> list[str]:
        """Point by point."""
        return refusal.lines if isinstance(refusal, LeavesOut) else [str(refusal)]


class FinishForm(forms.Form):
    words = words(_("干完了什么"), rows=2, help_text=_("顾客会看到。完工不等于答复：还没有答复的，另外再答复。"))


class SecondLookForm(forms.Form):
    verdict = forms.ChoiceField(label=_("结论"), choices=Look.choices, widget=forms.RadioSelect)
    words = words(_("告诉顾客"), help_text=_("顾客会看到。维持的，就算再次答复；改变的，由责任人重新给方案和答复。"))


class CloseForm(forms.Form):
    """How it ended: of the outcomes that cases of its kind have."""

    outcome = forms.ChoiceField(label=_("结果"))
    words = words(_("说明"), rows=2, required=False)

    def __init__(self, data: Any = None, *, kind: str = "opinion", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(one.value, one.label) for one in outcomes_of(kind)]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class ThankForm(forms.Form):
    """Whom the compliment praises, by code: a colleague (u7) or a department (d3)."""

    whom = forms.ChoiceField(label=_("表扬的是谁"))
    words = words(_("谢谢顾客"), help_text=_("顾客会看到，还会看到转达给了谁。本人和上级马上知道；事项就此办结。"))

    def __init__(self, data: Any = None, *, whom: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["whom"].choices = whom  # type: ignore[attr-defined]


class ScopeForm(forms.Form):
    in_scope = yes_or_no(_("归不归我们管"), _("属于职责范围"), _("在职责范围以外"))
    why = words(
        _("理由"), rows=2, required=False, help_text=_("职责范围以外的必须写；要另一位复签才算数。顾客看不到。")
    )
    instead = forms.CharField(
        label=_("请顾客找谁"), required=False, max_length=120, help_text=_("职责范围以外的必须写，答复时告诉顾客。")
    )


class CountersignForm(forms.Form):
    agreed = yes_or_no(_("您的意见"), _("同意，在职责范围以外"), _("不同意，归我们管"))
    why = words(_("理由"), rows=2, required=False, help_text=_("不同意的必须写。"))


class SpareForm(forms.Form):
    why = words(_("为什么不需要整改"), rows=2, help_text=_("经理写的就算数；别的同事写的，要经理复签。顾客看不到。"))


class AgreeSpareForm(forms.Form):
    agreed = yes_or_no(_("您的意见"), _("同意，不需整改"), _("不同意，要定整改"))
    why = words(_("理由"), rows=2, required=False, help_text=_("不同意的必须写。"))


class FlagForm(forms.Form):
    why = words(
        _("什么困难"),
        rows=2,
        help_text=_("上级马上知道。只有责任人、处理人和上级看得到；清单、导出和顾客页面里都没有。"),
    )


class UnflagForm(forms.Form):
    why = words(_("为什么撤下"), rows=2)
