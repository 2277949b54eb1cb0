"""Forms of the people served."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.customers.states import CustomerRole
from huiyin.desk.forms.fields import a_day, words


class MandateForm(forms.Form):
    """Whom a customer speaks for."""

    role = forms.ChoiceField(label=_("代表"), choices=CustomerRole.choices)
    from_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是今天"))


class WriteToForm(forms.Form):
    """A letter that begins a conversation."""

    words = words(_("写给顾客"), help_text=_("留了邮箱的发邮件，没有的请打印交给本人；信上都有回话的链接。"))


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("为什么要看"), max_length=200)
