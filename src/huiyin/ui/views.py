"""The living page of the design system, the reader's own look, and the answer to a refused form token."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from huiyin.ui import samples

CHOICES = {"print": {"", "large"}, "scheme": {"", "light", "dark"}}
YEAR = 365 * 86400


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state. `?sample=NAME` shows one sample screen in its real frame."""
    name = request.GET.get("sample", "")
    page = name if name in samples.SCREENS else "gallery"
    return render(request, f"ui/{page}.html" if page == "gallery" else f"ui/samples/{page}.html", samples.context(name))


@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of `print` or `scheme` in a cookie for a year, then go back to `next`."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, allowed in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            response.set_cookie(
                f"huiyin_{name}", value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
    return response


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was too old or missing: say so, and that nothing was saved."""
    return render(request, "403_csrf.html", status=403)
