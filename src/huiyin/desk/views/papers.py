"""Papers and files of cases."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from huiyin.access import clock, doors
from huiyin.cases.papers import blank_document, blank_sheet, handling_document, handling_sheet, slip
from huiyin.desk.frame import page, site_of
from huiyin.desk.sheets import SHEET
from huiyin.records import queries as records
from huiyin.records.actions import number_form
from huiyin.reports.queries import as_document

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page("GET")
def case_form(request: HttpRequest, number: str) -> HttpResponse:
    """《顾客意见处理表》 filled, with its serial (S4.F.1)."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    serial = number_form(found.reference, "complaint_handling_form", site=found.site, by=actor, now=clock.now())
    return as_pdf(handling_sheet(found, serial), f"{number}.pdf")


@page("GET")
def blank_form(request: HttpRequest) -> HttpResponse:
    """《顾客意见处理表》 with lines for a pen."""
    return as_pdf(blank_sheet(site_of(request, doors.actor(request)), on=timezone.localdate(clock.now())), "blank.pdf")


@page("GET")
def case_form_word(request: HttpRequest, number: str) -> HttpResponse:
    """《顾客意见处理表》 filled, as a Word document with the same serial."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    serial = number_form(found.reference, "complaint_handling_form", site=found.site, by=actor, now=clock.now())
    return as_word(handling_document(found, serial), f"{number}.docx")


@page("GET")
def blank_form_word(request: HttpRequest) -> HttpResponse:
    """《顾客意见处理表》 with lines for a pen, as a Word document."""
    site = site_of(request, doors.actor(request))
    return as_word(blank_document(site, on=timezone.localdate(clock.now())), "blank.docx")


@page("GET")
def digest_word(request: HttpRequest, number: str) -> HttpResponse:
    """The month's digest as a Word document, as it stands now."""
    return as_word(as_document(doors.report(number, doors.actor(request))), f"{number}.docx")


@page("GET")
def case_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt on paper."""
    return as_pdf(slip(doors.case(number, doors.actor(request))), f"{number}-slip.pdf")


def as_pdf(data: bytes, name: str) -> HttpResponse:
    """A PDF to look at."""
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def as_word(data: bytes, name: str) -> HttpResponse:
    """A Word document to take away."""
    return HttpResponse(data, content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def as_sheet(data: bytes, name: str) -> HttpResponse:
    """A spreadsheet to take away."""
    return HttpResponse(data, content_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page("GET")
def file(request: HttpRequest, key: str) -> FileResponse:
    """A stored file, inert: photos inline, everything else as a download."""
    found = doors.file(key, doors.actor(request))
    inline = found.media_type == "image/webp"
    response = FileResponse(
        records.path_of(found).open("rb"), as_attachment=not inline, filename=found.label, content_type=found.media_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
