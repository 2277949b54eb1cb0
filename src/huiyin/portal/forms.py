"""Shape of what customers send. The actions decide what may be kept; their refusals come back beside the field."""

import re
import secrets
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from huiyin.interactions.rules import LONGEST_TEXT, AnotherBody
from huiyin.interactions.states import ContactKind
from huiyin.kit.refusal import Refusal
from huiyin.kit.uploads import NoPhoto
from huiyin.ui.forms import FilesField

KINDS = (
    (ContactKind.OPINION, _("我有意见")),
    (ContactKind.COMPLAINT, _("我要投诉")),
    (ContactKind.REPAIR_REQUEST, _("要报修")),
    (ContactKind.ENQUIRY, _("想咨询")),
    (ContactKind.SUGGESTION, _("提个建议")),
    (ContactKind.ASSISTANCE_REQUEST, _("需要帮助")),
    (ContactKind.COMPLIMENT, _("想表扬")),
)
TOO_LONG = _("写得太长了：最多 %(limit_value)s 字。")
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_key() -> str:
    """What makes sending the same form twice one matter. 128 bits."""
    return secrets.token_urlsafe(16)


class ReportForm(forms.Form):
    """报事. Three fields on the first screen; the rest may stay empty."""

    situation = forms.CharField(
        label=_("发生了什么"),
        help_text=_("一两句话就够，不用写得正式。"),
        error_messages={"required": _("请写下发生了什么。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.CharField(label=_("在哪里"), required=False, help_text=_("楼栋、房号，或公共地方。"))
    photos = FilesField(
        "image/*", label=_("照片"), required=False, help_text=_("最多 5 张，可以现场拍；拍摄位置会自动去掉。")
    )
    kind = forms.ChoiceField(label=_("这是"), choices=KINDS, initial=ContactKind.OPINION, widget=forms.RadioSelect)
    category = forms.ChoiceField(label=_("关于哪方面"), required=False)
    remedy_sought = forms.CharField(label=_("希望怎样解决"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    name = forms.CharField(
        label=_("怎么称呼您"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("您的电话"),
        required=False,
        help_text=_("只用来回复这件事。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    key = forms.CharField(required=False, initial=new_key, widget=forms.HiddenInput)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("说不准，请帮我选")), *categories]  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        """A key that is no key of ours protects nobody: take a new one."""
        key: str = self.cleaned_data["key"]
        return key if KEY.fullmatch(key) else new_key()

    @property
    def more_is_open(self) -> bool:
        """Whether something stands in the folded part that the person has to see."""
        folded = ("kind", "category", "remedy_sought", "name", "phone")
        return self.is_bound and any(name in self.errors or name in self.changed_data for name in folded)

    def refuse(self, refusal: Refusal) -> None:
        """Put an action's refusal beside its field, in words that say what is safe and what to do."""
        if isinstance(refusal, AnotherBody):
            self.data = MultiValueDict({**dict(self.data.lists()), "key": [new_key()]})  # type: ignore[attr-defined]
            self.add_error(None, _("这一页刚才已经提交过一次，那一次已经收下。如果这是另一件事，请再点一次“提交”。"))
            return
        self.add_error(refusal.field if refusal.field in self.fields else None, self._worded(refusal))

    def _worded(self, refusal: Refusal) -> str:
        if refusal.field != "photos":
            return str(refusal.message)
        why = _("支持 JPG、PNG、WebP、HEIC。") if type(refusal) is NoPhoto else refusal.message
        text = _("照片没有传上去，您写的内容还在。%(why)s请重新选照片，或不带照片提交。")
        return str(text % {"why": why})


class ObjectionForm(forms.Form):
    """What the customer says back: something more, or against how it was handled."""

    purpose = forms.ChoiceField(
        label=_("这是"),
        choices=(("say", _("补充、回话")), ("object", _("不满意，请重新看"))),
        required=False,
        widget=forms.RadioSelect,
    )

    words = forms.CharField(
        label=_("您想说的"),
        error_messages={"required": _("请先写几句。")},
        validators=[MaxLengthValidator(LONGEST_TEXT, TOO_LONG)],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photos = FilesField("image/*", label=_("照片"), required=False, help_text=_("最多 5 张；拍摄位置会自动去掉。"))

    def refuse(self, refusal: Refusal) -> None:
        """Put an action's refusal beside its field."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal.message))
