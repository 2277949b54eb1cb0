"""What every staff page stands in: who, where, the menu, what waits."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.access import clock, doors
from huiyin.access.sessions import owes_second_factor
from huiyin.approvals.models import Step
from huiyin.approvals.queries import count_waiting_for, waiting_for
from huiyin.interactions.actions import read_all
from huiyin.interactions.queries import count_inbox, unread_about
from huiyin.kit.prepared import at_once
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.references.models import Reference

View = Callable[..., HttpResponseBase]
# (group, entries): (url name, label, icon, right)
MENU: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    ("", (("today", N_("今日"), "sun", ""),)),
    (
        N_("办事"),
        (
            ("duty_log", N_("记录"), "pen-line", "contacts.take"),
            ("cases", N_("事项"), "inbox", "cases.read"),
            ("letters", N_("来信"), "mail", "contacts.take"),
            ("supervision", N_("督办"), "eye", "cases.supervise"),
        ),
    ),
    (
        N_("公开"),
        (
            ("digests", N_("报告"), "file-text", "reports.read"),
            ("figures", N_("数字"), "chart-no-axes-column", "cases.read"),
        ),
    ),
    (
        N_("底账"),
        (
            ("duties", N_("履行"), "list-checks", "duties.read"),
            ("handbooks", N_("制度"), "scroll-text", "duties.read"),
            ("directory", N_("名录"), "book-user", "directory.read"),
            ("site_facts", N_("站点"), "map-pinned", "directory.read"),
            ("audit", N_("稽核"), "scale", "audit.read"),
        ),
    ),
)
SWITCH = 30  # sites to switch between in the frame; whoever works at more finds the others in the company's matrix
# At most twelve entries: rarer pages stand behind the entry they belong to, which is marked while one of them is open.
BEHIND = {
    "matrix": "duties",
    "matrix_sites": "duties",
    "matrix_people": "duties",
    "checkup": "handbooks",
    "project": "site_facts",
    "remits": "site_facts",
    "catalog": "duty_log",
    "draft_catalog": "duty_log",
    "decide_catalog": "duty_log",
    "calendar_years": "site_facts",
    "import_directory": "directory",
    "confirm_directory": "directory",
    "import_result": "directory",
    "measures": "cases",
    "measure": "cases",
    "oversight": "supervision",
    "analyses": "supervision",
    "analysis": "supervision",
    "public_answers": "digests",
    "public_answer": "digests",
    "prepare_answer": "digests",
}


def page(*methods: str, about_oneself: bool = False) -> Callable[[View], View]:
    """A page for staff: logged in, these methods only, never kept by a shared cache.

    Whoever approves sees nothing but `about_oneself` pages until the session has proven a second factor.
    """

    def decorate(view: View) -> View:
        guarded = view if about_oneself else _behind_second_factor(view)
        return wraps(view)(never_cache(login_required(require_http_methods([*methods, "HEAD"])(guarded))))

    return decorate


def _behind_second_factor(view: View) -> View:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.SECOND_FACTOR == "required" and owes_second_factor(request, doors.actor(request)):
            return redirect("account")
        return view(request, *args, **kwargs)

    return guarded


def site_of(request: HttpRequest, actor: Actor) -> Site:
    """The site in view: the one just chosen (`?site=`), the one chosen before, else the first of the person's."""
    sites = doors.sites(request)
    if not sites:
        raise Http404
    chosen = request.GET.get("site") or request.session.get("site")
    site = next((one for one in sites if one.code == chosen), sites[0])
    if request.session.get("site") != site.code:
        request.session["site"] = site.code
    return site


def verdicts(request: HttpRequest, actor: Actor) -> list[Step]:
    """The reviews that wait for the person; mostly there are none, which the count of the frame tells."""
    return list(waiting_for(actor)) if _waiting(request, actor)[1] else []


def read_about(request: HttpRequest, actor: Actor, about: Reference) -> None:
    """Mark what the person was told about something as read. Where there is nothing, the count of the frame tells."""
    counts = [count_inbox.statement(actor), count_waiting_for.statement(actor), unread_about(actor, about)]
    request._waiting = at_once(*counts)  # type: ignore[attr-defined]
    if request._waiting[2]:  # type: ignore[attr-defined]
        read_all(actor, about=about, now=clock.now())
        del request._waiting  # type: ignore[attr-defined]


def _waiting(request: HttpRequest, actor: Actor) -> tuple[int, ...]:
    """How many unread messages and how many reviews wait for the person; asked once a request, in one query."""
    if not hasattr(request, "_waiting"):
        request._waiting = at_once(count_inbox.statement(actor), count_waiting_for.statement(actor))  # type: ignore[attr-defined]
    return cast(tuple[int, ...], request._waiting)  # type: ignore[attr-defined]


def framed(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A staff page in its frame; an htmx request for a fragment gets the fragment alone."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    frame = {
        "nav": _nav(request, actor, site),
        "site": site,
        "sites": [
            {"name": one.name, "url": f"{reverse('today')}?site={one.code}", "current": one == site}
            for one in doors.sites(request)[:SWITCH]
        ],
        "sites_url": reverse("matrix_sites") if len(doors.sites(request)) > SWITCH else "",
        "actor": {
            "name": actor.name,
            "post": " · ".join(dict.fromkeys(str(Role(scope.role).label) for scope in actor.scopes)),
        },
        "home_url": reverse("today"),
        "search_url": reverse("search"),
        "log_url": reverse("duty_log") if actor.may("contacts.take", site) else "",
        "account": [
            {"label": _("账号与安全"), "url": reverse("account")},
            {"label": _("我的日历"), "url": reverse("my_calendar")},
        ],
        "log_out_url": reverse("log_out"),
        "waiting": {"count": sum(_waiting(request, actor)[:2]), "url": reverse("inbox")},
        "now": clock.now(),
    }
    return render(request, template, frame | context, status=status)


def _is_set_up(name: str) -> bool:
    """A house without mail has no letters, and no entry for them."""
    return name != "letters" or bool(settings.MAIL_IN or settings.MAIL_OUT)


def _nav(request: HttpRequest, actor: Actor, site: Site) -> list[dict[str, Any]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    groups = []
    for label, entries in MENU:
        shown = [
            {"label": _(word), "url": reverse(name), "icon": icon, "current": BEHIND.get(here or "", here) == name}
            for name, word, icon, right in entries
            if (not right or actor.may(right)) and _is_set_up(name)
        ]
        groups.append({"label": _(label) if label else "", "entries": shown})
    return groups
