"""Forms of measures: ordering one, and the steps until somebody else has seen that it worked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.rules.corrective import Hint
from huiyin.desk.forms.fields import Insisting, a_day, words, yes_or_no
from huiyin.desk.forms.ways import ColleagueForm
from huiyin.ui.forms import FilesField


class MeasureForm(Insisting, ColleagueForm):
    """What, against which cause, by whom, until when. That the words stay is asked only once a hint was given."""

    who = "owner"
    text = words(_("做什么"), rows=2, help_text=_("马上改好这一次，或改掉让它发生的原因；会进入当月汇总，写事不写人。"))
    cause = words(
        _("原因"),
        rows=2,
        required=False,
        help_text=_(
            "制度、流程、设备或安排上，什么让它能够发生。写了就是纠正措施，过一阵要看效果；只改好这一次的不用写。"
        ),
    )
    owner = forms.TypedChoiceField(label=_("谁负责"), coerce=int, help_text=_("本人接下以前，由您负责。"))
    due_on = a_day(_("最迟哪天做完"))
    seen = forms.BooleanField(label=_("看过提示，就这样写"), required=False)
    hinted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    over, later = Hint, ("seen", "hinted")


class FinishMeasureForm(forms.Form):
    result = words(_("实际做了什么"), rows=2)
    photos = FilesField("image/*", label=_("照片"), required=False, help_text=_("最多 5 张；做完的样子。"))


class CheckMeasureForm(forms.Form):
    worked = yes_or_no(_("有没有效果"), _("有效果"), _("没有效果，重新整改"))
    words = words(_("从哪里看出来"), rows=2, help_text=_("看了现场、记录，还是这之后没有再发生。"))
    due_on = a_day(_("重新整改最迟哪天做完"), required=False, help_text=_("没有效果时填。"))


class DeclineMeasureForm(forms.Form):
    why = words(_("退回原因"), rows=2)


class WithdrawMeasureForm(forms.Form):
    why = words(_("为什么撤销"), rows=2)


class AcceptMeasureForm(forms.Form):
    """For the step that needs no words."""
