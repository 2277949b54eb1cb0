"""Forms of public answers: the words for everybody, the verdict on them, taking them back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import words
from huiyin.desk.forms.papers import OnWords
from huiyin.reports.public_answers import LONGEST_TITLE


class PublicAnswerForm(OnWords):
    """What was raised and what was done, in general words."""

    title = forms.CharField(label=_("标题"), max_length=LONGEST_TITLE, help_text=_("例如：晚上热水停得太早"))
    raised = words(
        _("反映了什么"), rows=4, help_text=_("用概括的话，不照抄原话；不写姓名、房号、电话、日期和少见的细节。")
    )
    done = words(_("怎样处理的"), rows=4)


class PublishForm(OnWords):
    """The second person's verdict."""

    despite = words(
        _("为什么可以公布"), rows=2, required=False, help_text=_("检查发现了什么而仍要公布时写，会一直留着。")
    )
    comment = words(_("退回原因"), rows=2, required=False, help_text=_("退回时写：哪里要改。"))


class TakeBackForm(forms.Form):
    why = forms.CharField(label=_("撤回原因"), max_length=200)
