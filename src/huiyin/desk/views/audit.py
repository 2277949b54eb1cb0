"""Audit: packs, daily roots, draws that anybody can repeat, and the trail of one matter with its links checked."""

import tempfile
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from huiyin.access import clock, doors
from huiyin.desk.forms import DrawForm, PackForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import duty_row
from huiyin.desk.views.papers import as_pdf
from huiyin.duties.models import Duty
from huiyin.handbook.queries import adopted_by, edition
from huiyin.journal.queries import Trail, daily_roots, trails
from huiyin.kit.refusal import Refusal
from huiyin.kit.sampling import list_text
from huiyin.organization.models import Site
from huiyin.organization.queries import names_behind
from huiyin.organization.rules import Actor
from huiyin.records.posters import sheet_of
from huiyin.reports import actions, lots
from huiyin.reports.evidence import PackOrder
from huiyin.reports.verbs import verb_words

RECENT = 7  # days on the page; older sheets are asked for by their day in the address
YEARS = 6


@page("GET")
def audit(request: HttpRequest) -> HttpResponse:
    """Where an audit begins: draw, take a pack, compare the daily roots."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("audit.read", site)
    return _audit_page(request, site, actor)


def _audit_page(request: HttpRequest, site: Site, actor: Actor, *, status: int = 200, **bound: Form) -> HttpResponse:
    now = clock.now()
    clauses, words = lots.clauses_of(site, actor, until=now), _words(site, now)
    context = {
        "draw_form": DrawForm(clauses=_labelled(clauses, site, now)),
        "pack_form": PackForm(years=_years(now)),
        "clauses": clauses,
        "draws": [{"entry": one, "words": words.get(one.facts["clause"], "")} for one in lots.draws_of(site)],
        "roots": list(daily_roots()[:RECENT]),
    }
    return framed(request, "desk/audit.html", context | bound, status=status)


def _words(site: Site, now: datetime) -> dict[str, str]:
    """What the clauses of the handbooks followed ask for, in our short words."""
    books = (edition(one.edition.digest) for one in adopted_by(site, timezone.localdate(now)))
    return {f"{book.id} {clause.id}": str(clause) for book in books for clause in book.clauses}


def _labelled(clauses: dict[str, int], site: Site, now: datetime) -> dict[str, str]:
    """Clauses to choose from, with their words and how many duties fell due."""
    words = _words(site, now)
    return {one: f"{one.split(' ', 1)[1]} {words.get(one, '')} ({count})" for one, count in clauses.items()}


def _years(now: datetime) -> list[int]:
    this = timezone.localdate(now).year
    return [this - back for back in range(YEARS)]


@page("POST")
def audit_pack(request: HttpRequest) -> HttpResponseBase:
    """Everything about the site's year in one ZIP; its making is on record."""
    actor, now = doors.actor(request), clock.now()
    site = site_of(request, actor)
    actor.check("audit.read", site)
    form = PackForm(request.POST, years=_years(now))
    if not form.is_valid():
        return _audit_page(request, site, actor, status=422, pack_form=form)
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    order = PackOrder(site, form.cleaned_data["year"], actor)
    made = actions.pack(order, stream, by=actor, now=now)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=made.name, content_type="application/zip")


@page("GET")
def daily_root(request: HttpRequest, day: str) -> HttpResponse:
    """日封 of a day for the notice board of the site in view."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("audit.read", site)
    return as_pdf(sheet_of(site, doors.daily_root(day)), f"{day}.pdf")


@page("POST")
def draw(request: HttpRequest) -> HttpResponse:
    """Draw, put on record, and show."""
    actor, now = doors.actor(request), clock.now()
    site = site_of(request, actor)
    actor.check("audit.read", site)
    clauses = lots.clauses_of(site, actor, until=now)
    form = DrawForm(request.POST, clauses=_labelled(clauses, site, now))
    if form.is_valid():
        try:
            entry = actions.draw(site, by=actor, now=now, **form.cleaned_data)
            return redirect("drawn", entry.pk)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _audit_page(request, site, actor, status=422, draw_form=form)


@page("GET")
def drawn(request: HttpRequest, key: int) -> HttpResponse:
    """A draw: its lots with evidence and trails, its method, and whether drawing again gives the same."""
    actor, now = doors.actor(request), clock.now()
    entry, site = doors.draw(key, actor)
    once_more = lots.again(entry, site, actor)
    found = [(item, once_more.items[item]) for item in entry.facts["lots"] if item in once_more.items]
    numbers = {one for _item, duty in found for one in _numbers(duty)}
    known = trails(sorted(numbers))
    rows = [duty_row(duty, now) | {"item": item, "trails": _trails(duty, known)} for item, duty in found]
    context = {
        "entry": entry,
        "place": site,
        "title": _words(site, now).get(entry.facts["clause"], entry.facts["clause"]),
        "rows": rows,
        "lost": [item for item in entry.facts["lots"] if item not in once_more.items],
        "same": once_more.digest == entry.facts["list"] and list(once_more.lots) == entry.facts["lots"],
        "today": once_more.digest,
        "by": names_behind([entry.actor]).get(entry.actor, entry.actor),
    }
    return framed(request, "desk/drawn.html", context)


def _numbers(duty: Duty) -> list[str]:
    about = [duty.reference.number] if duty.reference else []
    return list(dict.fromkeys([*about, *(one.reference.number for one in duty.evidence.all())]))


def _trails(duty: Duty, known: dict[str, Trail]) -> list[tuple[str, Trail]]:
    return [(number, known[number]) for number in _numbers(duty)]


@page("GET")
def draw_list(request: HttpRequest, key: int) -> HttpResponse:
    """The list a draw was made from, as it is hashed: for whoever draws again."""
    actor = doors.actor(request)
    entry, site = doors.draw(key, actor)
    text = list_text(lots.again(entry, site, actor).items)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@page("GET")
def trail(request: HttpRequest, number: str) -> HttpResponse:
    """Everything the journal holds about one matter, each entry checked against its link."""
    actor = doors.actor(request)
    reference = doors.reference(number, actor)
    actor.check("audit.read", reference.site)
    found = trails([reference.number])[reference.number]
    names = names_behind([line.entry.actor for line in found.lines])
    rows: list[dict[str, Any]] = [
        {
            "line": line,
            "who": names.get(line.entry.actor, line.entry.actor),
            "what": verb_words(line.entry.verb),
            "facts": {name: value for name, value in line.entry.facts.items() if value not in ("", None)},
        }
        for line in found.lines
    ]
    return framed(request, "desk/trail.html", {"reference": reference, "trail": found, "rows": rows})
