"""导入名录: a list comes in at the desk, looked at first and confirmed then."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.customers.actions import Outcome, bring_in_list, not_listed
from huiyin.customers.rules.columns import WrongList
from huiyin.customers.rules.listing import Line, Listing, read_list
from huiyin.desk.forms.incoming import ListForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.kit.cells import inert
from huiyin.kit.refusal import Refusal
from huiyin.kit.tables import sheets
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.records import holding

MOST = 2000  # rows that one request takes; more come in on the command line
SHOWN = 100  # rows of each kind in a table
_SALT = "directory list"


@page("GET", "POST")
def import_directory(request: HttpRequest) -> HttpResponse:
    """Choose a file; then see what would happen. Nothing is written yet."""
    actor = doors.actor(request)
    site = _site(request, actor)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_valid():
        try:
            return _preview(request, form.cleaned_data["file"], site, actor)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    return _upload_page(request, form, site, status=422 if form.errors else 200)


def _site(request: HttpRequest, actor: Actor) -> Site:
    """The site that the form was shown for, else the one in view."""
    code = request.POST.get("site", "")
    site = doors.site(code, actor) if code else site_of(request, actor)
    actor.check("contacts.import", site)
    actor.check("organization.write", site)
    return site


def _upload_page(request: HttpRequest, form: Form, site: Site, *, status: int = 200) -> HttpResponse:
    return framed(request, "desk/import_directory.html", {"form": form, "into": site, "most": MOST}, status=status)


def _preview(request: HttpRequest, file: "UploadedFile[bytes]", site: Site, actor: Actor) -> HttpResponse:
    """Hold the file and tell what it would do; what cannot be read is not held."""
    name = holding.hold(file.read(), Path(file.name or "").suffix.lower())
    try:
        listing = _read(name)
        outcome = bring_in_list(listing.lines, site=site, by=actor, now=clock.now(), dry_run=True)
    except BaseException:
        holding.let_go(name)
        raise
    context = {
        "into": site,
        "file": file.name,
        "token": _signed(request, site, name),
        "outcome": outcome,
        "listing": listing,
        "shown": SHOWN,
        "refused": outcome.rejected[:SHOWN],
        "entering": _rows(outcome, adds=True),
        "there": _rows(outcome, adds=False),
    }
    return framed(request, "desk/import_preview.html", context)


def _read(name: str) -> Listing:
    """The rows of a file that is held. Refuses a file without any, and one with more than a request takes."""
    path = holding.held(name)
    if path is None:
        raise WrongList(_("这份表格已经导入过，或者放得太久了。请再选一次文件。"), "file")
    listing = read_list(sheets(path), {})
    if not listing.lines:
        raise WrongList(_("表格里没有数据行。"), "file")
    if len(listing.lines) > MOST:
        told = {"n": len(listing.lines), "most": MOST}
        raise WrongList(
            _("表里有 %(n)s 行，这里一次最多 %(most)s 行。请拆开，或请管理员用 huiyin import directory 导入。") % told,
            "file",
        )
    return listing


def _rows(outcome: Outcome, *, adds: bool) -> list[dict[str, Any]]:
    lines = [line for line, new in outcome.taken if new is adds][:SHOWN]
    return [_row(line) for line in lines]


def _row(line: Line) -> dict[str, Any]:
    people = [{"name": one.name, "role": one.role, "ways": [way.masked for way in one.ways]} for one in line.people]
    return {"line": line.line, "sheet": line.sheet, "room": str(line.spot), "people": people}


@page("POST")
def confirm_directory(request: HttpRequest) -> HttpResponse:
    """Bring in the list that was looked at. Confirmed twice it adds nothing."""
    actor = doors.actor(request)
    token = request.POST.get("list", "")
    if not token:
        return _upload_page(request, ListForm(), _site(request, actor), status=422)
    site, name = _meant(request, token, actor)
    try:
        listing = _read(name)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _upload_page(request, ListForm(), site, status=422)
    outcome = bring_in_list(listing.lines, site=site, by=actor, now=clock.now())
    holding.let_go(name)
    told = outcome.told() | {"skipped": len(listing.skipped), "left_out": listing.left_out}
    told["not_in_file"] = not_listed(outcome, site)
    kept = holding.hold(json.dumps(told, ensure_ascii=False).encode(), ".json")
    return redirect(f"{reverse('import_result')}?list={_signed(request, site, kept)}")


@page("GET")
def import_result(request: HttpRequest) -> HttpResponse:
    """What became of the rows."""
    actor = doors.actor(request)
    token = request.GET.get("list", "")
    site, told = _told(request, token, actor)
    context = {"into": site, "told": told, "token": token, "shown": SHOWN}
    context |= {"refused": told["rejected"][:SHOWN], "missing": told["not_in_file"][:SHOWN]}
    return framed(request, "desk/import_result.html", context)


@page("GET")
def import_report(request: HttpRequest) -> HttpResponse:
    """The refused rows as a .csv that a spreadsheet program opens without running anything."""
    _site_of, told = _told(request, request.GET.get("list", ""), doors.actor(request))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_("行"), _("列"), _("原因"), _("工作表")])
    for row in told["rejected"]:
        writer.writerow([row["line"], row["field"], inert(row["reason"]), inert(row.get("sheet", ""))])
    headers = {"Content-Disposition": 'attachment; filename="report.csv"'}
    return HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _told(request: HttpRequest, token: str, actor: Actor) -> tuple[Site, Mapping[str, Any]]:
    site, name = _meant(request, token, actor)
    path = holding.held(name)
    if path is None or path.suffix != ".json":
        raise Http404
    return site, json.loads(path.read_bytes())


def _signed(request: HttpRequest, site: Site, name: str) -> str:
    return signing.dumps([doors.person(request).pk, site.code, name], salt=_SALT)


def _meant(request: HttpRequest, token: str, actor: Actor) -> tuple[Site, str]:
    """The site and the file held; 404 for a token of somebody else, a wrong one, or one older than a day."""
    try:
        person, code, name = signing.loads(token, salt=_SALT, max_age=holding.LONGEST)
    except signing.BadSignature:
        raise Http404 from None
    if person != doors.person(request).pk:
        raise Http404
    site = doors.site(code, actor)
    actor.check("contacts.import", site)
    actor.check("organization.write", site)
    return site, name
