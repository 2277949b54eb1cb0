"""A person's own page: password, second factor, passkeys, and signing out everywhere."""

import json
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from huiyin.access import clock, doors, factors, limits, sessions
from huiyin.desk.entrance import AppForm, NewPasskeyForm, NewPasswordForm, PasswordNowForm
from huiyin.desk.frame import framed, page
from huiyin.kit.refusal import Refusal
from huiyin.organization import actions
from huiyin.organization.models import User

PASSWORD_TRIES = limits.Limit("password_now", 5, 900)
SECRET = "app_secret"  # noqa: S105 - where the session keeps an app's secret until its first code
Do = Callable[[Form], object]


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@page("GET", about_oneself=True)
def account(request: HttpRequest) -> HttpResponse:
    """What is set up, what is missing, and forms to change it."""
    return _account_page(request)


def _account_page(request: HttpRequest, *, status: int = 200, **bound: Any) -> HttpResponse:
    actor = doors.actor(request)
    context = {
        "have": factors.factors_of(_user(request)),
        "owes": sessions.owes_second_factor(request, actor),
        "approves": actor.approves,
        "passkeys_possible": factors.passkeys_possible(request),
        "person": _user(request),
        "password_form": NewPasswordForm(),
        "everywhere_form": PasswordNowForm(auto_id="everywhere_%s"),
        "codes_form": PasswordNowForm(auto_id="codes_%s"),
        "remove_form": PasswordNowForm(auto_id="remove_%s"),
    }
    return framed(request, "desk/account.html", context | bound, status=status)


def _sure(request: HttpRequest, form: Form, do: Do) -> int:
    """Do it where the form is whole and the password right; else the form tells why. Answers 200, 422 or 429."""
    if not form.is_valid():
        return 422
    user, status = _user(request), 422
    try:
        limits.check(PASSWORD_TRIES, str(user.pk), now=clock.now())
        if not user.check_password(form.cleaned_data["password_now"]):
            form.add_error("password_now", _("现在的密码不对。"))
            return 422
        do(form)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        status = 429 if isinstance(refusal, limits.TooOften) else 422
    else:
        status = 200
    if status == 200:
        _stay(request)
    return status


def _stay(request: HttpRequest) -> None:
    """All sessions of the person ended with the change; this one goes on, under a new key."""
    proven = request.session.get(sessions.PROVEN)
    update_session_auth_hash(request, _user(request))
    if proven:
        request.session[sessions.PROVEN] = proven


@sensitive_post_parameters()
@page("POST", about_oneself=True)
def change_password(request: HttpRequest) -> HttpResponse:
    user, by = _user(request), doors.actor(request)
    form = NewPasswordForm(request.POST)

    def do(form: Form) -> None:
        actions.change_password(user, form.cleaned_data["password"], by=by, now=clock.now())

    status = _sure(request, form, do)
    if status != 200:
        return _account_page(request, status=status, password_form=form)
    messages.success(request, _("密码已经换好。别处登录着的都已退出。"))
    return redirect("account")


@sensitive_post_parameters()
@page("POST", about_oneself=True)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    form = PasswordNowForm(request.POST, auto_id="everywhere_%s")
    status = _sure(
        request,
        form,
        lambda _form: actions.sign_out_everywhere(_user(request), by=doors.actor(request), now=clock.now()),
    )
    if status != 200:
        return _account_page(request, status=status, everywhere_form=form)
    messages.success(request, _("别处登录着的都已退出，只留这里。"))
    return redirect("account")


@sensitive_post_parameters()
@page("GET", "POST", about_oneself=True)
def add_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: scan, type the six digits it shows."""
    user, by = _user(request), doors.actor(request)
    secret = request.session.get(SECRET) or factors.new_secret()
    request.session[SECRET] = secret
    form, status = AppForm(), 200
    if request.method == "POST":
        form = AppForm(request.POST)

        def do(form: Form) -> None:
            factors.add_app(user, secret, form.cleaned_data["code"], by=by, now=clock.now())
            request.session[sessions.PROVEN] = "app"
            request.session.pop(SECRET, None)

        status = _sure(request, form, do)
        if status == 200:
            return _set_up(request)
    address = factors.app_address(user, secret)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return framed(request, "desk/add_app.html", {"form": form, "address": address, "secret": spaced}, status=status)


@sensitive_post_parameters()
@page("GET", "POST", about_oneself=True)
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Keep a passkey: the browser makes it, the person unlocks it."""
    if not factors.passkeys_possible(request):
        messages.error(request, _("用网址里的名字（不是数字地址）并通过 https 打开，才能用通行密钥。"))
        return redirect("account")
    user, by = _user(request), doors.actor(request)
    form, status = NewPasskeyForm(), 200
    if request.method == "POST":
        form = NewPasskeyForm(request.POST)

        def do(form: Form) -> None:
            given = cast(NewPasskeyForm, form)
            factors.add_passkey(user, given.cleaned_data["name"], given.data_given(), by=by, now=clock.now())
            request.session[sessions.PROVEN] = "passkey"

        status = _sure(request, form, do)
        if status == 200:
            return _set_up(request)
    options = json.dumps(factors.passkey_options(user))
    return framed(request, "desk/add_passkey.html", {"form": form, "options_json": options}, status=status)


def _set_up(request: HttpRequest) -> HttpResponse:
    """After the first factor come the recovery codes, shown once; after a further one the account page."""
    user = _user(request)
    if factors.factors_of(user).codes_left:
        messages.success(request, _("已经设好。下次登录就会用到它。"))
        return redirect("account")
    return _codes_page(request, factors.new_codes(user, by=doors.actor(request), now=clock.now()))


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return framed(request, "desk/new_codes.html", {"codes": codes})


@sensitive_post_parameters()
@page("POST", about_oneself=True)
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones are void."""
    user, by, made = _user(request), doors.actor(request), list[str]()
    form = PasswordNowForm(request.POST, auto_id="codes_%s")
    have = factors.factors_of(user)
    if not have:
        return redirect("account")
    status = _sure(request, form, lambda _form: made.extend(factors.new_codes(user, by=by, now=clock.now())))
    return _codes_page(request, made) if status == 200 else _account_page(request, status=status, codes_form=form)


@sensitive_post_parameters()
@page("POST", about_oneself=True)
def remove_factor(request: HttpRequest, key: int) -> HttpResponse:
    """Take an app or a passkey away; whoever approves keeps one."""
    user, by = _user(request), doors.actor(request)
    have = factors.factors_of(user)
    doors.found(next((one for one in (have.app, *have.passkeys) if one and one.pk == key), None))
    form = PasswordNowForm(request.POST, auto_id="remove_%s")
    needed = sessions.must_prove(by)
    status = _sure(request, form, lambda _form: factors.remove(user, key, needed=needed, by=by, now=clock.now()))
    if status != 200:
        return _account_page(request, status=status, remove_form=form)
    messages.success(request, _("已经去掉。"))
    return redirect("account")
