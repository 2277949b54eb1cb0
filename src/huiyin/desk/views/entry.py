"""Coming in, going out, and the permanent link of a number."""

import json
from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.access import clock, doors, factors, limits, sessions
from huiyin.desk.entrance import CodeForm, LogInForm, PasskeyForm
from huiyin.desk.frame import page
from huiyin.interactions import queries as interactions
from huiyin.interactions.actions import read_all
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import User
from huiyin.references.states import Kind

PAGES = {Kind.CASE: "case", Kind.REPORT: "digest", Kind.ACT: "registered", Kind.FEEDBACK: "public_answer"}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The same words, after the same time, whether the name or the password is wrong."""
    if request.method != "POST":
        return _log_in_page(request, LogInForm(request))
    username = request.POST.get("username", "")
    try:
        sessions.check_flood(request, username, now=clock.now())
    except limits.TooOften as refusal:
        return _wait(request, refusal, refusal.seconds)
    form = LogInForm(request, data=request.POST)
    if not form.is_valid():
        sessions.note_wrong_try(request, username, now=clock.now())
        return _log_in_page(request, form, status=422)
    return _past_password(request, form.get_user())


def _past_password(request: HttpRequest, user: Any) -> HttpResponse:
    target = safe_next(request)
    if sessions.go_half_way(request, user, now=clock.now()):
        return redirect(f"{reverse('second_step')}?{_as_query(target)}")
    sessions.enter(request, user, way="password", now=clock.now())
    return HttpResponseRedirect(target)


def _log_in_page(request: HttpRequest, form: LogInForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "passkeys": factors.passkeys_possible(request),
        "passkey_form": PasskeyForm(),
    }
    return render(request, "desk/log_in.html", context, status=status)


def locked(request: HttpRequest, _answer: HttpResponse | None = None, _credentials: object = None) -> HttpResponse:
    """Called by the lock after five wrong passwords: until when, and who can help. Known and unknown names look alike."""
    username = request.POST.get("username", "")
    sessions.note_lock(request, username, now=clock.now())
    until = sessions.locked_until(request, username)
    lasts = int(settings.AXES_COOLOFF_TIME.total_seconds())
    seconds = min(lasts, max(1, ceil((until - clock.now()).total_seconds()))) if until else lasts
    words = _("密码连续输错太多次，这个用户名暂时锁定。请在 %(minutes)s 分钟后再试，或请管理员解锁。")
    return _wait(request, Refusal(words % {"minutes": ceil(seconds / 60)}), seconds)


def _wait(request: HttpRequest, refusal: Refusal, seconds: int) -> HttpResponse:
    form = LogInForm(request, initial={"username": request.POST.get("username", "")[:60]})
    context = {"form": form, "next": request.POST.get("next", ""), "wait": refusal}
    answer = render(request, "desk/log_in.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor, after the right password. Five wrong codes, then a quarter of an hour's rest."""
    user = sessions.who_is_half_way(request, now=clock.now())
    if user is None:
        return redirect("log_in")
    code, key = CodeForm(request.POST or None), PasskeyForm(request.POST or None)
    if request.method != "POST":
        return _second_page(request, user, CodeForm())
    try:
        if "credential" in request.POST:
            limits.check(factors.TRIES, str(user.pk), now=clock.now())
            factors.passkey_owner(key.data_given(), user)
            way = "passkey"
        elif code.is_valid():
            way = factors.check_code(user, code.cleaned_data["code"], now=clock.now())
        else:
            return _second_page(request, user, code, status=422)
    except limits.TooOften as refusal:
        code.add_error(None, str(refusal.message))
        answer = _second_page(request, user, code, status=429)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    except factors.WrongCode as refusal:
        sessions.note_refused(user, way="second", now=clock.now())
        code.add_error(None if "credential" in request.POST else "code", str(refusal.message))
        return _second_page(request, user, code, status=422)
    sessions.enter(request, user, way=way, now=clock.now())
    return HttpResponseRedirect(safe_next(request))


def _second_page(request: HttpRequest, user: User, form: CodeForm, *, status: int = 200) -> HttpResponse:
    have = factors.factors_of(user)
    question = factors.passkey_question(user) if have.passkeys and factors.passkeys_possible(request) else None
    context = {
        "form": form,
        "have": have,
        "question": question,
        "question_json": json.dumps(question),
        "passkey_form": PasskeyForm(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "desk/second_step.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def passkey_log_in(request: HttpRequest) -> HttpResponse:
    """Log in by passkey alone: what the person has and what they know or are. GET asks the question, POST brings the answer."""
    if not factors.passkeys_possible(request):
        raise Http404
    if request.method == "GET":
        return JsonResponse(factors.passkey_question())
    form = LogInForm(request)
    try:
        sessions.check_flood(request, "passkey", now=clock.now())
        user = factors.passkey_owner(PasskeyForm(request.POST).data_given())
    except limits.TooOften as refusal:
        return _wait(request, refusal, refusal.seconds)
    except factors.WrongCode as refusal:
        sessions.note_wrong_try(request, "passkey", way="second", now=clock.now())
        context = {"form": form, "wait": refusal, "next": request.POST.get("next", ""), "passkeys": True}
        return render(request, "desk/log_in.html", context | {"passkey_form": PasskeyForm()}, status=422)
    sessions.enter(request, user, way="passkey", now=clock.now())
    return HttpResponseRedirect(safe_next(request))


def safe_next(request: HttpRequest) -> str:
    """Where the form says to go afterwards, as long as it is a page of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse("today")


def _as_query(target: str) -> str:
    query = QueryDict(mutable=True)
    query["next"] = target
    return query.urlencode()


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    sessions.leave(request, now=clock.now())
    return redirect("log_in")


@page("GET")
def permanent(request: HttpRequest, number: str) -> HttpResponse:
    """Where a readable number leads; reading it marks its messages as read."""
    actor = doors.actor(request)
    reference = doors.reference(number, actor)
    if reference.kind in PAGES:
        return redirect(PAGES[Kind(reference.kind)], number)
    if reference.kind == Kind.CATALOG:
        version = reference.catalog.version
        return redirect(f"{reverse('catalog')}?site={reference.site.code}&version={version}")
    if reference.kind == Kind.NOTICE:
        return redirect("notice", reference.site.code, number)
    if (letter := interactions.own_letter(reference)) is not None:
        read_all(actor, about=reference, now=clock.now())
        return redirect("customer", letter.customer_id)
    contact = reference.interaction
    if contact.subject is not None:
        return redirect("case", contact.subject.number)
    read_all(actor, about=reference, now=clock.now())
    if contact.answered_at_once:
        return redirect("taken", number)
    raise Http404
