"""Forms of the log-in and of a person's own account."""

import json

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("用户名或密码不对。请再试一次，注意大小写。"),
        "inactive": _("用户名或密码不对。请再试一次，注意大小写。"),
    }


class CodeForm(forms.Form):
    """The second factor as digits."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        help_text=_("手机验证器上的六位数字，或一个恢复码"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class PasskeyForm(forms.Form):
    """What the browser's passkey answered; put in by the script."""

    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)

    def data_given(self) -> object:
        """The answer as data; None for anything else."""
        try:
            return json.loads(self.cleaned_data["credential"]) if self.is_valid() else None
        except ValueError:
            return None


class PasswordNowForm(forms.Form):
    """Somebody at an unlocked machine is not yet the person: what protects the account asks for the password."""

    password_now = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(PasswordNowForm):
    password = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_("至少十个字；不要用名字、生日或别处用过的密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的新密码不一样。"))
        return again


class AppForm(PasswordNowForm):
    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        help_text=_("手机上现在显示的六位数字"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    field_order = ("code", "password_now")


class NewPasskeyForm(PasswordNowForm, PasskeyForm):
    name = forms.CharField(
        label=_("给它起个名字"), max_length=60, required=False, help_text=_("如：办公室电脑、我的手机")
    )
    field_order = ("name", "password_now")


class IdentityForm(forms.Form):
    """Who asks for a person's data has to be that person."""

    identity = forms.CharField(
        label=_("怎样核对了是本人"), max_length=200, help_text=_("如：看过身份证件，或用登记的电话打回去确认")
    )


class CorrectionForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = forms.CharField(
        label=_("新的电话"),
        max_length=40,
        required=False,
        help_text=_("留空就不改；写了就换掉原来的"),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = forms.EmailField(label=_("新的邮箱"), required=False)
