"""Forms of the people served."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.customers.states import CustomerRole, OccupancyRole
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


class OccupantForm(forms.Form):
    """Somebody who lives or works in a room."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    role = forms.ChoiceField(label=_("身份"), choices=OccupancyRole.choices)
    from_on = a_day(_("入住日期"), required=False, help_text=_("不填就是今天"))


class WayForm(forms.Form):
    """One more telephone or mail address."""

    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    email = forms.EmailField(label=_("邮箱"), required=False, max_length=120)


class MoveOutForm(forms.Form):
    until_on = a_day(_("搬离日期"), required=False, help_text=_("不填就是今天"))
