"""Coming in, going out, and the permanent link of a number."""

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.access import clock, doors
from huiyin.desk.forms import LogInForm
from huiyin.desk.frame import page
from huiyin.interactions.actions import read_all
from huiyin.references.states import Kind

PAGES = {Kind.CASE: "case", Kind.REPORT: "digest", Kind.ACT: "registered"}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The same words whether the name or the password is wrong."""
    form: AuthenticationForm = LogInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(_next(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/log_in.html", {"form": form, "next": request.GET.get("next", "")}, status=status)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse("today")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("log_in")


@page("GET")
def permanent(request: HttpRequest, number: str) -> HttpResponse:
    """Where a readable number leads; reading it marks its messages as read."""
    actor = doors.actor(request)
    reference = doors.reference(number, actor)
    if reference.kind in PAGES:
        return redirect(PAGES[Kind(reference.kind)], number)
    if reference.kind == Kind.NOTICE:
        return redirect("notice", reference.site.code, number)
    contact = reference.interaction
    if contact.subject is not None:
        return redirect("case", contact.subject.number)
    read_all(actor, about=reference, now=clock.now())
    if contact.answered_at_once:
        return redirect("taken", number)
    raise Http404
