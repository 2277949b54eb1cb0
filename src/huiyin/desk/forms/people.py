"""Forms of the people served."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.customers.states import CustomerRole
from huiyin.desk.forms.fields import a_day


class MandateForm(forms.Form):
    """Whom a customer speaks for."""

    role = forms.ChoiceField(label=_("代表"), choices=CustomerRole.choices)
    from_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是今天"))


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("为什么要看"), max_length=200)
