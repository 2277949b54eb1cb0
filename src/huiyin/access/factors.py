"""The second factor: codes of an authenticator app, recovery codes, passkeys. The tables and the arithmetic are allauth's."""

import base64
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.access import limits
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization.actions import end_sessions
from huiyin.organization.models import User
from huiyin.organization.rules import Actor
from huiyin.settings import derived_key

Type = Authenticator.Type
STEP = 30  # seconds an app shows one code
TRIES = limits.Limit("second_factor", 5, 900)
USED = limits.Limit("used_code", 1, 600)
MOST_PASSKEYS = 10


class WrongCode(Refusal):
    """Not the code that is shown now; or a key that does not answer."""


class LastFactor(Refusal):
    """Whoever approves keeps one."""


@cache
def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("second-factor")))


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets lie encrypted in the table; an app shows them under our name; no mail is sent about them."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)

    def _get_site_name(self) -> str:
        return "回音 Huiyin"

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        return None


@dataclass(frozen=True)
class Factors:
    """What a person has set up."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes_left: int

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)

    def without(self, key: int) -> bool:
        """Whether something would be left once this one is gone."""
        return any(one.pk != key for one in (self.app, *self.passkeys) if one)


def factors_of(user: User) -> Factors:
    """One query."""
    kept = list(Authenticator.objects.filter(user_id=user.pk).order_by("id"))
    codes = [RecoveryCodes(one) for one in kept if one.type == Type.RECOVERY_CODES]
    return Factors(
        next((one for one in kept if one.type == Type.TOTP), None),
        tuple(one for one in kept if one.type == Type.WEBAUTHN),
        len(codes[0].get_unused_codes()) if codes else 0,
    )


def new_secret() -> str:
    """A secret for an app, not yet anybody's."""
    return str(totp.generate_totp_secret())


def app_address(user: User, secret: str) -> str:
    """What the QR code holds, by which an app learns the secret."""
    return str(Adapter().build_totp_url(user, secret))


def add_app(user: User, secret: str, code: str, *, by: Actor, now: datetime) -> None:
    """The app is set up once it shows the right code. One app a person: a new one takes the place of the old."""
    if _step_of(secret, code, now) is None:
        raise WrongCode(_("验证码不对。请看手机上现在显示的六位数字；手机的时间要准。"), "code")
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).delete()
        totp.TOTP.activate(user, secret)
        end_sessions(user)
        journal.record("access.factor_added", by=by, now=now, facts={"user": user.pk, "type": "totp"})


@transaction.atomic
def new_codes(user: User, *, by: Actor, now: datetime) -> list[str]:
    """Ten recovery codes, each good once; earlier ones are void. They are shown this once."""
    Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user)
    journal.record("access.codes_made", by=by, now=now, facts={"user": user.pk})
    return [f"{code[:4]} {code[4:]}" for code in codes.generate_codes()]


@transaction.atomic
def remove(user: User, key: int, *, needed: bool, by: Actor, now: datetime) -> None:
    """Take one factor away. Refused for the last one of whoever needs one. Recovery codes go with the last."""
    have = factors_of(user)
    if needed and not have.without(key):
        raise LastFactor(_("您的岗位要审批，至少要留一种二次验证。请先设好另一种，再去掉这一种。"))
    removed = Authenticator.objects.filter(user_id=user.pk, pk=key, type__in=[Type.TOTP, Type.WEBAUTHN])
    for one in removed:
        one.delete()
        journal.record("access.factor_removed", by=by, now=now, facts={"user": user.pk, "type": str(one.type)})
    if not have.without(key):
        Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()


@transaction.atomic
def forget_all(user: User, *, by: Actor, now: datetime) -> None:
    """For somebody who lost phone and codes, by an administrator who saw them. Their sessions end."""
    by.check_everywhere("organization.write")
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    journal.record("access.factors_forgotten", by=by, now=now, facts={"user": user.pk})


def check_code(user: User, code: str, *, now: datetime) -> str:
    """`app` or `recovery` where the code is right and was not used before. Five tries in a quarter of an hour, then wait."""
    limits.check(TRIES, str(user.pk), now=now)
    code = chinese.folded(code).replace(" ", "").replace("-", "")
    for one in Authenticator.objects.filter(user_id=user.pk, type__in=[Type.TOTP, Type.RECOVERY_CODES]):
        if one.type == Type.TOTP:
            step = _step_of(Adapter().decrypt(one.data["secret"]), code, now)
            if step is not None and limits.spend(USED, f"{user.pk}:{step}", now=now) == 1:
                return "app"
        elif code.isascii() and RecoveryCodes(one).validate_code(code):
            return "recovery"
    raise WrongCode(_("验证码不对，或已经用过。请输入手机上现在显示的六位数字，或一个没用过的恢复码。"), "code")


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which half minute the code belongs to: the present one or a neighbor, for clocks that are a little off."""
    code = chinese.folded(code).replace(" ", "")
    present = int(now.timestamp()) // STEP
    right = (
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(totp.format_hotp_value(totp.hotp_value(secret, step)).encode(), code.encode())
    )
    return next(right, None)


def passkeys_possible(request: HttpRequest) -> bool:
    """Browsers keep passkeys for names, over https or on the machine itself; never for a bare address."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


def passkey_options(user: User) -> dict[str, Any]:
    """What the browser is asked to make a new passkey from. The challenge is kept in the session."""
    return dict(webauthn.begin_registration(user, True))


def add_passkey(user: User, name: str, credential: object, *, by: Actor, now: datetime) -> None:
    """Keep a passkey that the browser made from `passkey_options`."""
    if Authenticator.objects.filter(user_id=user.pk, type=Type.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise WrongCode(_("最多 %(most)s 把通行密钥，请先去掉不用的。") % {"most": MOST_PASSKEYS}, "name")
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise WrongCode(_("没有收到可用的通行密钥，请再试一次。"), "name") from None
    with transaction.atomic():
        webauthn.WebAuthn.add(user, chinese.clean(name)[:60] or str(_("通行密钥")), credential)
        end_sessions(user)
        journal.record("access.factor_added", by=by, now=now, facts={"user": user.pk, "type": "webauthn"})


def passkey_question(user: User | None = None) -> dict[str, Any]:
    """What a passkey is asked to sign: anybody's, or one of this person's. The challenge is kept in the session."""
    return dict(webauthn.begin_authentication(user))


def passkey_owner(credential: object, user: User | None = None) -> User:
    """Whose passkey signed the question; `user` where it must be theirs. A deactivated person's is refused like a wrong one."""
    try:
        webauthn.parse_authentication_response(credential)
        owner = user or webauthn.extract_user_from_response(credential)
        webauthn.complete_authentication(owner, credential).record_usage()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise WrongCode(_("这把通行密钥没有认出来。请再试一次，或用密码登录。")) from None
    if not owner.is_active:
        raise WrongCode(_("这把通行密钥没有认出来。请再试一次，或用密码登录。"))
    return owner
