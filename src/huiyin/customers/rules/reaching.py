"""How phone numbers and addresses are kept: ciphertext, blind index, mask. And the household seen at the counter."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.utils.translation import gettext_lazy as _

from huiyin.customers.states import Purpose
from huiyin.kit import phones
from huiyin.kit.refusal import Refusal
from huiyin.settings import derived_key


class WrongPhone(Refusal):
    def __init__(self, field: str = "phone") -> None:
        super().__init__(_("电话号码看不明白。请写 11 位手机号，或带区号的座机。"), field)


@cache
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derived_key("contact-points")))])


def encrypted(value: str) -> str:
    return _cipher().encrypt(value.encode()).decode()


def decrypted(ciphertext: str) -> str:
    return _cipher().decrypt(ciphertext.encode()).decode()


def blind_index(kind: str, value: str) -> str:
    """HMAC-SHA256 (hex) by which an equal value is found without reading it. Different on every installation."""
    return hmac.new(derived_key("blind-index"), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Reached:
    """One normalized way to reach somebody."""

    kind: str
    value: str

    @classmethod
    def by_phone(cls, text: str, field: str = "phone") -> "Reached":
        """Refuses what is no telephone number."""
        number = phones.parse(text)
        if number is None:
            raise WrongPhone(field)
        return cls("phone", number)

    @classmethod
    def by_email(cls, text: str) -> "Reached":
        return cls("email", text.strip().lower())

    @property
    def masked(self) -> str:
        if self.kind == "phone":
            return phones.masked(self.value)
        name, _at, host = self.value.partition("@")
        return f"{name[:1]}***@{host}"[:40]

    @property
    def last_four(self) -> str:
        return self.value[-4:] if self.kind == "phone" else ""

    @property
    def index(self) -> str:
        return blind_index(self.kind, self.value)


ANONYMOUS = _("未留姓名")


# What a person is told before they agree; kept with the consent in the words of that day.
TOLD = {
    Purpose.INVITATIONS: _("我们会发信息邀请您参加社区活动和满意度调查。不同意不影响任何服务，随时可以撤回。"),
    Purpose.PICTURES: _("活动照片里有您时，会在公告栏和小区页面公开。不同意不影响任何服务，随时可以撤回。"),
    Purpose.HARDSHIP: _("为了照顾您的需要，记下您说的困难或健康情况，只给需要帮您的人看。随时可以撤回。"),
}
