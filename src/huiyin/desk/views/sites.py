"""The site's own facts that decide what is due there and when: semesters, committee, and the country's calendar."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk import forms
from huiyin.desk.frame import framed, page, site_of
from huiyin.engineering.actions import follow
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization import actions, calendars
from huiyin.organization.models import CalendarYear, Site, Term
from huiyin.organization.queries import calendar_years as loaded_years
from huiyin.organization.queries import circumstance_history, circumstances_of, terms_of
from huiyin.organization.rules import Actor, recheck_default
from huiyin.organization.states import CircumstanceName, SiteKind


@page("GET")
def site_facts(request: HttpRequest) -> HttpResponse:
    """What was said about the site in view; forms for whoever may say it."""
    actor = doors.actor(request)
    actor.check("directory.read")
    return _facts_page(request, site_of(request, actor), actor)


def _facts_page(request: HttpRequest, site: Site, actor: Actor, *, status: int = 200, **bound: Form) -> HttpResponse:
    today = timezone.localdate(clock.now())
    context: dict[str, Any] = {
        "place": site,
        "years": _years(today)[-2:],
        "may_write": actor.may("organization.write", site),
        "term_form": None,
        "circumstance_form": None,
    }
    if site.kind == SiteKind.STUDENT_HOUSING:
        context |= _terms(request, site, today)
    if site.kind == SiteKind.RESIDENTIAL:
        context |= _committee(site, today)
    return framed(request, "desk/site_facts.html", context | bound, status=status)


def _terms(request: HttpRequest, site: Site, today: date) -> dict[str, Any]:
    terms = terms_of(site)
    chosen = next((term for term in terms if term.period == request.GET.get("term")), None)
    initial = {"period": str(_next_period(terms, today))}
    if chosen:
        initial = {"period": chosen.period, "first_on": str(chosen.first_on), "last_on": str(chosen.last_on)}
    rows = [
        {
            "term": term,
            "name": Period.parse(term.period).label(),
            "weeks": ((term.last_on - term.first_on).days + 7) // 7,
            "state": "running" if term.first_on <= today <= term.last_on else "",
        }
        for term in reversed(terms)
    ]
    form = forms.TermForm(initial=initial, periods=_periods(terms, today))
    return {"terms": rows, "term_form": form, "chosen": chosen}


def _next_period(terms: tuple[Term, ...], today: date) -> Period:
    """The semester that follows the last one written; the one of today where none is."""
    if terms:
        return Period.parse(terms[-1].period).next()
    return Period("semester", today.year if today.month >= 8 else today.year - 1, 1 if today.month >= 8 else 2)


def _periods(terms: tuple[Term, ...], today: date) -> list[tuple[str, str]]:
    """Semesters to choose from: five school years around today, those already written and the one after them."""
    around = {Period("semester", year, number) for year in range(today.year - 3, today.year + 3) for number in (1, 2)}
    known = {Period.parse(term.period) for term in terms} | {_next_period(terms, today)}
    return [(str(one), one.label()) for one in sorted(around | known)]


def _committee(site: Site, today: date) -> dict[str, Any]:
    stated = circumstances_of(site).get(CircumstanceName.OWNERS_COMMITTEE)
    initial = {"holds": ("yes" if stated.holds else "no") if stated else None}
    return {
        "stated": stated,
        "recheck_is_due": bool(stated and stated.recheck_on and stated.recheck_on <= today),
        "recheck_default": recheck_default(today),
        "earlier": list(circumstance_history(site)[1:6]),
        "circumstance_form": forms.CircumstanceForm(initial=initial),
    }


def _site(request: HttpRequest, code: str, actor: Actor) -> Site:
    """The site a form was written for, which then is the site in view; refused where the actor may not write there."""
    site = doors.site(code, actor)
    actor.check("organization.write", site)
    request.session["site"] = site.code
    return site


def _back() -> HttpResponse:
    return redirect("site_facts")


@page("POST")
def set_term(request: HttpRequest, code: str) -> HttpResponse:
    """Write a semester, or move one."""
    actor, now = doors.actor(request), clock.now()
    site = _site(request, code, actor)
    form = forms.TermForm(request.POST, periods=_periods(terms_of(site), timezone.localdate(now)))
    if form.is_valid():
        try:
            actions.set_term(site, by=actor, now=now, **form.cleaned_data)
        except Refusal as refusal:
            _put(form, refusal)
        else:
            follow(site, now=now)
            messages.success(request, _("学期已记下，未办的责任已按它重算。"))
            return _back()
    return _facts_page(request, site, actor, status=422, term_form=form)


@page("POST")
def remove_term(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """Take a semester out that was written by mistake."""
    actor, now = doors.actor(request), clock.now()
    site = _site(request, code, actor)
    actions.remove_term(site, period=period, by=actor, now=now)
    follow(site, now=now)
    messages.success(request, _("学期已去掉，日志里留有原来的日子。"))
    return _back()


@page("POST")
def state_circumstance(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether there is an owners' committee."""
    actor, now = doors.actor(request), clock.now()
    site = _site(request, code, actor)
    form = forms.CircumstanceForm(request.POST)
    if form.is_valid():
        try:
            name = CircumstanceName.OWNERS_COMMITTEE
            actions.state_circumstance(site, name=name, by=actor, now=now, **form.cleaned_data)
        except Refusal as refusal:
            _put(form, refusal)
        else:
            follow(site, now=now)
            messages.success(request, _("已记下，未办的责任已按它重算。"))
            return _back()
    return _facts_page(request, site, actor, status=422, circumstance_form=form)


def _put(form: Form, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@page("GET")
def calendar_years(request: HttpRequest) -> HttpResponse:
    """Which published years are loaded, from where, and which are missing."""
    actor = doors.actor(request)
    actor.check("directory.read")
    return _years_page(request, actor)


def _years_page(request: HttpRequest, actor: Actor, *, status: int = 200, **bound: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "rows": _years(timezone.localdate(clock.now())),
        "may_load": actor.may_everywhere("calendar.load"),
        "typed": forms.YearForm(),
        "sent": forms.YearFileForm(),
    }
    return framed(request, "desk/calendar_years.html", context | bound, status=status)


@page("POST")
def load_year(request: HttpRequest) -> HttpResponse:
    """Load a year that was typed."""
    actor = doors.actor(request)
    actor.check_everywhere("calendar.load")
    form = forms.YearForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        days = {name: calendars.typed(given[name]) for name in ("days_off", "make_up")}
        draft = calendars.Draft(calendars.Said(given["year"]), calendars.Said(given["source"]), **days)
        try:
            return _loaded(request, calendars.checked(draft), actor)
        except calendars.WrongSchedule as wrong:
            for fault in wrong.faults:
                form.add_error(fault.key or None, fault.reason)
    return _years_page(request, actor, status=422, typed=form)


@page("POST")
def load_year_file(request: HttpRequest) -> HttpResponse:
    """Load a year from a file; what a wrong file said stands in the form beside, to be put right by hand."""
    actor = doors.actor(request)
    actor.check_everywhere("calendar.load")
    form, typed = forms.YearFileForm(request.POST, request.FILES), forms.YearForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = calendars.read(file.name, file.read(calendars.LARGEST_FILE + 1))
            typed = forms.YearForm(initial=_as_typed(draft))
            return _loaded(request, calendars.checked(draft, file.name), actor)
        except calendars.WrongSchedule as wrong:
            for line in str(wrong).splitlines():
                form.add_error(None, line)
    return _years_page(request, actor, status=422, sent=form, typed=typed)


def _loaded(request: HttpRequest, schedule: calendars.Schedule, actor: Actor) -> HttpResponse:
    now = clock.now()
    made = actions.load_year(schedule, by=actor, now=now)
    if made:
        follow(now=now)
    told = _("%(year)s 年已载入，未办的责任已按它重算。") if made else _("%(year)s 年已经是这样了，没有改动。")
    messages.success(request, told % {"year": schedule.year})
    return redirect("calendar_years")


def _as_typed(draft: calendars.Draft) -> dict[str, str]:
    """What a wrong file said, to be put right by hand."""
    lists = {name: "\n".join(one.text for one in getattr(draft, name)) for name in ("days_off", "make_up")}
    return {"year": draft.year.text, "source": draft.source.text, **lists}


def _years(today: date) -> list[dict[str, Any]]:
    """Every year from the first one loaded to the next one, the newest last; a missing one has no row."""
    known = loaded_years()
    first, last = min([*known, today.year]), max([*known, today.year + 1])
    return [_year_row(year, known.get(year)) for year in range(first, last + 1)]


def _year_row(year: int, row: CalendarYear | None) -> dict[str, Any]:
    if row is None:
        return {"year": year, "row": None, "off": [], "worked": []}
    return {"year": year, "row": row, "off": _spans(row.days_off), "worked": _spans(row.make_up)}


def _spans(days: list[str]) -> list[tuple[date, date]]:
    """Days that follow one another as first and last."""
    spans: list[tuple[date, date]] = []
    for day in map(date.fromisoformat, sorted(days)):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
