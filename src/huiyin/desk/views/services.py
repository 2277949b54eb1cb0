"""《维修服务及回访记录表》 at the desk: filled and blank, to print and for Word."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from huiyin.access import clock, doors
from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.desk.frame import page, site_of
from huiyin.desk.views.papers import as_pdf, as_word
from huiyin.organization.models import Site
from huiyin.records.actions import number_form


@page("GET")
def service_form(request: HttpRequest, number: str) -> HttpResponse:
    """《维修服务及回访记录表》 of a job at home, filled, with its serial (S3.2.2.b)."""
    found, serial = _numbered(request, number)
    return as_pdf(services.service_sheet(found, serial), f"{number}-service.pdf")


@page("GET")
def service_form_word(request: HttpRequest, number: str) -> HttpResponse:
    """The same form with the same serial as a Word document."""
    found, serial = _numbered(request, number)
    return as_word(services.service_document(found, serial), f"{number}-service.docx")


def _numbered(request: HttpRequest, number: str) -> tuple[Case, int]:
    """The case and its serial; 404 where it is no job at home, or no handbook asks for the form."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    if not services.has_record(found):
        raise Http404
    return found, number_form(found.reference, services.FORM, site=found.site, by=actor, now=clock.now())


@page("GET")
def blank_service_form(request: HttpRequest) -> HttpResponse:
    """《维修服务及回访记录表》 with lines for a pen."""
    site = _asking(request)
    return as_pdf(services.blank_service_sheet(site, on=timezone.localdate(clock.now())), "blank-service.pdf")


@page("GET")
def blank_service_form_word(request: HttpRequest) -> HttpResponse:
    """The blank form as a Word document."""
    site = _asking(request)
    return as_word(services.blank_service_document(site, on=timezone.localdate(clock.now())), "blank-service.docx")


def _asking(request: HttpRequest) -> Site:
    site = site_of(request, doors.actor(request))
    if not services.asks_for_record(site, timezone.localdate(clock.now())):
        raise Http404
    return site
