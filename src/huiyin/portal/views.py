"""Customers' pages: no account, no script. A site is found by its code, a matter by its token alone."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.access import clock, doors, limits
from huiyin.access.addresses import client_address, neighborhood
from huiyin.cases import actions as cases
from huiyin.cases.actions import Taken
from huiyin.cases.papers import letter_slip
from huiyin.handbook.queries import rulebook
from huiyin.interactions.rules import Contact
from huiyin.journal.queries import daily_roots
from huiyin.kit.chinese import clean
from huiyin.kit.refusal import Refusal
from huiyin.notices import queries as notices
from huiyin.notices.rules import matching
from huiyin.notices.states import NoticeKind
from huiyin.organization.queries import picture_of
from huiyin.organization.rules import Actor
from huiyin.portal.forms import ObjectionForm, ReportForm
from huiyin.portal.stories import Story, routes_of, slip_of, story_of
from huiyin.records.actions import Laid, lay_down_photos
from huiyin.records.queries import bytes_of
from huiyin.records.rules import LARGEST_UPLOAD, too_large
from huiyin.records.typesetting import typeset

if TYPE_CHECKING:
    from huiyin.organization.models import Building, Site

View = Callable[..., HttpResponse]
ON_SITE_PAGE = 5
ROOTS_ON_SITE_PAGE = 1
ROOTS_SHOWN = 62


def private(view: View) -> View:
    """A page that only the holder of a link may have: kept nowhere, listed nowhere, its address told to nobody."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """The open sites, one tap from reporting."""
    return render(request, "portal/front_page.html", {"sites": doors.public_sites()})


@require_safe
def site_page(request: HttpRequest, site: str) -> HttpResponse:
    """The public face of a site."""
    place = doors.public_site(site)
    today = timezone.localdate(clock.now())
    posted = notices.posted_on(place, on=today)
    lists = {
        "notices": posted.exclude(kind=NoticeKind.DISCLOSURE)[:ON_SITE_PAGE],
        "results": notices.disclosed(place, on=today)[:ON_SITE_PAGE],
        "roots": daily_roots()[:ROOTS_ON_SITE_PAGE],
    }
    return render(request, "portal/site_page.html", _about(place) | lists)


@require_safe
def results(request: HttpRequest, site: str) -> HttpResponse:
    """Published results of the past months, newest first."""
    place = doors.public_site(site)
    posted = notices.disclosed(place, on=timezone.localdate(clock.now()))
    return render(request, "portal/results.html", _about(place) | {"results": posted[:60]})


@require_safe
def services(request: HttpRequest, site: str) -> HttpResponse:
    """服务目录: the version in force, narrowed by `q` (S3.2.1.a)."""
    place, q = doors.public_site(site), request.GET.get("q", "")[:80]
    shown = notices.catalog_in_force(place, on=timezone.localdate(clock.now()))
    offered = matching(shown.services, q) if shown else []
    return render(request, "portal/services.html", _about(place) | {"catalog": shown, "services": offered, "q": q})


@require_safe
def seals(request: HttpRequest, site: str) -> HttpResponse:
    """日封 of the last weeks, to be compared with the sheets on the notice board."""
    place = doors.public_site(site)
    return render(request, "portal/seals.html", _about(place) | {"roots": daily_roots()[:ROOTS_SHOWN]})


@require_safe
def notice(request: HttpRequest, site: str, number: str) -> HttpResponse:
    """One published notice or result."""
    place = doors.public_site(site)
    return render(request, "portal/notice.html", _about(place) | {"notice": doors.notice(number, place)})


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, site: str) -> HttpResponse:
    """报事, also by the QR code of a building (`?b=code`). Sending the same form twice makes one matter."""
    place = doors.public_site(site)
    code = request.GET.get("b", "")
    building = next((one for one in picture_of(place).buildings if one.code == code), None) if code else None
    form = _report_form(request, place, building)
    if request.method == "POST" and form.is_valid():
        try:
            _check_not_too_often(request)
            taken = _take(form, request, place, building)
            return HttpResponseRedirect(reverse("track", args=[taken.token]) + "?new=1", status=303)
        except limits.TooOften as refusal:
            form.refuse(refusal)
            return _later(_report_page(request, place, form), refusal)
        except Refusal as refusal:
            form.refuse(refusal)
    return _report_page(request, place, form)


def _report_page(request: HttpRequest, place: "Site", form: ReportForm) -> HttpResponse:
    context = _about(place) | {"form": form, "has_files": bool(request.FILES)}
    return render(request, "portal/report.html", context, status=422 if form.is_bound else 200)


def _check_not_too_often(request: HttpRequest) -> None:
    """What one address may send. A whole estate may share one, so the limit is wide; nothing typed is lost by it."""
    who, now, most = neighborhood(client_address(request)), clock.now(), settings.REPORTS_PER_MINUTE
    limits.check(limits.Limit("reports_minute", most, 60), who, now=now)
    limits.check(limits.Limit("reports_hour", most * 10, 3600), who, now=now)


def _later(page: HttpResponse, refusal: limits.TooOften) -> HttpResponse:
    page.status_code = 429
    page["Retry-After"] = str(refusal.seconds)
    return page


def _report_form(request: HttpRequest, site: "Site", building: "Building | None") -> ReportForm:
    categories = rulebook(site, timezone.localdate(clock.now())).categories()
    if request.method == "POST":
        return ReportForm(request.POST, request.FILES, categories=categories)
    return ReportForm(initial={"place": building.name if building else ""}, categories=categories)


def _take(form: ReportForm, request: HttpRequest, site: "Site", building: "Building | None") -> Taken:
    """Check the words first, so that no photo is laid down for nothing, then hand all of it to the one front door."""
    said = {name: value for name, value in form.cleaned_data.items() if name not in {"photos", "key"}}
    stands_there = building is not None and building.name in said["place"]
    contact = Contact(site=site, channel="web", building=building if stands_there else None, **said)
    now = clock.now()
    if form.cleaned_data["photos"]:
        contact.checked(now=now)
    photos = _photos(form)
    return cases.take(contact, by=doors.NOBODY, now=now, key=form.cleaned_data["key"], photos=photos)


def _photos(form: ReportForm | ObjectionForm) -> list[Laid]:
    uploads = form.cleaned_data["photos"]
    if any(upload.size > LARGEST_UPLOAD for upload in uploads):
        raise too_large()
    return lay_down_photos([upload.read() for upload in uploads])


@private
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt and the story behind it. Looking changes nothing."""
    story = story_of(doors.behind_link(token), now=clock.now())
    usual = "object" if story.is_answered else "say"
    return _track_page(request, token, story, ObjectionForm(initial={"purpose": usual}))


@private
@require_POST
def object_to(request: HttpRequest, token: str) -> HttpResponse:
    """The customer writes back, or disagrees, in their own words. Pressing twice says it once."""
    story = story_of(doors.behind_link(token), now=clock.now())
    doors.found(story.case or story.letter)
    form = ObjectionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            _check_not_too_often(request)
            if not story.has_just_said(clean(form.cleaned_data["words"])):
                _say(story, form)
            return HttpResponseRedirect(reverse("track", args=[token]) + "?said=1", status=303)
        except limits.TooOften as refusal:
            form.refuse(refusal)
            return _later(_track_page(request, token, story, form), refusal)
        except Refusal as refusal:
            form.refuse(refusal)
    return _track_page(request, token, story, form)


def _say(story: Story, form: ObjectionForm) -> None:
    """What was written goes where it belongs: into the matter, against how it was handled, or as the answer to a letter of ours."""
    now, words, photos = clock.now(), form.cleaned_data["words"], _photos(form)
    begun = story.reference if story.letter is None or story.case is None else story.case.reference
    by = Actor(kind="link", id=begun.number)
    if story.letter is not None and (story.case is None or form.cleaned_data["purpose"] == "say"):
        cases.answer_letter(story.letter, words=words, now=now, photos=photos)
    elif form.cleaned_data["purpose"] == "say":
        customer = story.own[0].customer if story.own else None
        cases.say_more(doors.found(story.case), words=words, customer=customer, by=by, now=now, photos=photos)
    else:
        cases.object_to(doors.found(story.case), words=words, by=by, now=now, photos=photos)


def _track_page(request: HttpRequest, token: str, story: Story, form: ObjectionForm) -> HttpResponse:
    context = _about(story.reference.site) | {"story": story, "form": form, "token": token, "now": clock.now()}
    context |= {"address": _address(token)}
    context |= {"is_new": "new" in request.GET, "has_said": "said" in request.GET}
    return render(request, "portal/track.html", context, status=422 if form.is_bound else 200)


@private
@require_safe
def photo(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """A photo of this matter that the holder of the link may see."""
    file = doors.public_file(token, key)
    story = story_of(doors.behind_link(token), now=clock.now())
    if not story.shows(file):
        raise Http404
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    return HttpResponse(bytes_of(file), content_type="image/webp", headers=headers)


@private
@require_safe
def slip(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a paper slip, for a printer or a pocket."""
    story = story_of(doors.behind_link(token), now=clock.now())
    paper = letter_slip(story.letter) if story.letter else typeset(slip_of(story, address=_address(token)))
    headers = {"Content-Disposition": f'inline; filename="{story.reference.number}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def _address(token: str) -> str:
    """The link that opens a matter, as the receipt prints it."""
    return settings.BASE_URL + reverse("track", args=[token])


def _about(site: "Site") -> dict[str, Any]:
    """What every page of a site shows: its name, its telephone, its other pages."""
    links = [
        {"label": _("报事"), "url": reverse("report", args=[site.code])},
        {"label": _("服务目录"), "url": reverse("services", args=[site.code])},
        {"label": _("处理结果公示"), "url": reverse("results", args=[site.code])},
    ]
    home = reverse("site_page", args=[site.code])
    return {"site": site, "home_url": home, "links": links, "routes": routes_of(site.external_routes)}
