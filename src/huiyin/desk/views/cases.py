"""The duty log and the cases: from the caller on the line to the last word."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases import queries
from huiyin.cases.actions.handling import expect
from huiyin.cases.models import Case
from huiyin.cases.papers import blank_sheet, handling_sheet, slip
from huiyin.cases.rules import buttons
from huiyin.customers import queries as people
from huiyin.customers.models import Customer
from huiyin.desk import forms
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import Leaves, case_row, duty_row, line_row
from huiyin.duties import queries as ledger
from huiyin.handbook.queries import rulebook
from huiyin.interactions import queries as interactions
from huiyin.interactions.actions import read_all
from huiyin.interactions.rules import Contact
from huiyin.interactions.states import ContactKind
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Building, Site
from huiyin.organization.queries import crew_of, picture_of
from huiyin.organization.rules import Actor
from huiyin.records import queries as records
from huiyin.records.actions import number_form

PAGE = 25
SHOWS = (
    ("open", N_("未结的")),
    ("mine", N_("我的")),
    ("overdue", N_("逾期的")),
    ("closed", N_("已办结的")),
    ("all", N_("全部")),
)


@page("GET", "POST")
def duty_log(request: HttpRequest) -> HttpResponse:
    """One screen: who, what, Enter. Keyboard alone suffices; nothing typed is lost."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("contacts.take", site)
    categories = rulebook(site, timezone.localdate(clock.now())).categories()
    if request.method == "POST":
        form = forms.ContactForm(request.POST, categories=categories)
        if form.is_valid():
            try:
                return _taken(request, form, site, actor)
            except Refusal as refusal:
                _add(form, refusal)
        return framed(request, "desk/duty_log.html", _beside(form, site, actor), status=422)
    initial = {"key": secrets.token_urlsafe(16), "q": request.GET.get("who", "")[:80], "channel": "phone"}
    form = forms.ContactForm(
        initial=initial | {"customer": request.GET.get("customer", "")[:18]}, categories=categories
    )
    return framed(request, "desk/duty_log.html", _beside(form, site, actor))


def _taken(request: HttpRequest, form: forms.ContactForm, site: Site, actor: Actor) -> HttpResponse:
    given = form.cleaned_data
    customer = doors.customer(given["customer"], actor) if given["customer"] else None
    homes = people.homes_of(customer) if customer else []
    contact = Contact(
        site,
        given["channel"],
        given["kind"],
        given["situation"],
        given["remedy_sought"],
        given["category"],
        given["place"],
        given["name"],
        given["phone"],
        building=_building_in(given["place"], site),
        room=homes[0].room if homes and not given["place"] else None,
        customer=customer,
        occurred_at=given["occurred_at"],
        answered_at_once=given["answered_at_once"],
    )
    joins = doors.case(given["joins"], actor) if given["joins"] else None
    taken = act_on.take(contact, by=actor, now=clock.now(), key=given["key"], joins=joins)
    return redirect("taken", taken.contact.number)


def _building_in(place: str, site: Site) -> Building | None:
    """The building named in the words; the longest name wins, since 11号楼 holds 1号楼 as well."""
    named = [one for one in picture_of(site).buildings if one.name in place] if place else []
    return max(named, key=lambda one: len(one.name), default=None)


def _add(form: Form, refusal: Refusal) -> None:
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


def _beside(form: forms.ContactForm, site: Site, actor: Actor) -> dict[str, Any]:
    """What stands beside the form: the household meant and cases that look alike."""
    given = form.data if form.is_bound else form.initial
    chosen = str(given.get("customer") or "")
    found = people.by_id(int(chosen), actor) if chosen.isdecimal() and len(chosen) < 19 else None
    context: dict[str, Any] = {"form": form, "query": given.get("q", ""), "found": [], "chosen": None}
    if found:
        context |= _household(found, actor)
    elif given.get("q"):
        context |= _meant(people.find(str(given["q"]), site, actor), actor)
    return context


def _meant(found: list[Customer], actor: Actor) -> dict[str, Any]:
    """One person is meant; several are offered."""
    return _household(found[0], actor) if len(found) == 1 else {"found": found}


def _household(customer: Customer, actor: Actor) -> dict[str, Any]:
    rooms = [home.room_id for home in people.homes_of(customer)]
    return {
        "chosen": customer,
        "open_cases": [case_row(case) for case in queries.open_of_household(customer.pk, rooms, actor)],
        "last_contacts": interactions.last_contacts(customer, actor),
    }


@page("GET")
def who(request: HttpRequest) -> HttpResponse:
    """The household a few typed signs mean: a fragment beside the duty log."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    query = request.GET.get("q", "")[:80]
    found = people.find(query, site, actor)
    chosen = request.GET.get("customer", "")
    only = people.by_id(int(chosen), actor) if chosen.isdecimal() and len(chosen) < 19 else None
    context = {"query": query, "found": [], "chosen": None} | _meant([only] if only else found, actor)
    return render(request, "desk/_who.html", context | {"now": clock.now()})


@page("GET")
def alike(request: HttpRequest) -> HttpResponse:
    """Open cases of the same place or category: offered before a duplicate is made."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    place = request.GET.get("place", "")[:120]
    building = _building_in(place, site)
    found = queries.look_alikes(
        site, actor, now=clock.now(), category=request.GET.get("category", "")[:40], building=building
    )
    return render(request, "desk/_alike.html", {"alike": [case_row(case) for case in found], "now": clock.now()})


@page("GET")
def duty_book(request: HttpRequest) -> HttpResponse:
    """《值班记录本》／《工作信息记录本》: every contact of the site, newest first (S3.2.1.b, S4.4.2.1.1.a)."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    pages = Leaves(interactions.log_of(site, actor), PAGE).get_page(request.GET.get("page", "1")[:6])
    return framed(request, "desk/duty_book.html", {"page": pages})


@page("GET")
def taken(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, to be read to the caller or printed."""
    actor = doors.actor(request)
    contact = doors.contact(number, actor)
    matter = doors.case(contact.subject.number, actor) if contact.subject else None
    token = interactions.receipt_token(matter.reference if matter else contact.reference)
    return framed(request, "desk/taken.html", {"contact": contact, "case": matter, "token": token})


@page("GET")
def cases(request: HttpRequest) -> HttpResponse:
    """The list, as a sentence says: open, mine, overdue; of a kind, a category, a building."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    site = site_of(request, actor)
    asked = {name: request.GET.get(name, "")[:40] for name in ("show", "kind", "category", "building")}
    asked["show"] = asked["show"] or "open"
    buildings = picture_of(site).buildings
    building = next((one for one in buildings if str(one.pk) == asked["building"]), None)
    found = queries.filtered(
        queries.listed(actor).filter(site=site),
        now=now,
        actor=actor,
        show=asked["show"],
        kind=asked["kind"],
        category=asked["category"],
        building=building.pk if building else None,
    )
    pages = Leaves(found, PAGE).get_page(request.GET.get("page", "1")[:6])
    context = {
        "page": pages,
        "rows": [line_row(line) for line in queries.lines(cast(QuerySet[Case], pages.object_list))],
        "choices": _choices(request, asked, buildings, rulebook(site, timezone.localdate(now)).categories()),
    }
    return framed(request, "desk/cases.html", context)


def _choices(
    request: HttpRequest, asked: dict[str, str], buildings: Sequence[Building], categories: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The words of the filter sentence, each with its alternatives."""
    chosen = {name: value for name, value in request.GET.items() if name != "page"}

    def choice(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        rows = []
        for code, word in options:
            url = "?" + urlencode(chosen | {name: code})
            rows.append({"label": word, "url": url, "current": code == asked[name], "count": None})
        value = next((row["label"] for row in rows if row["current"]), rows[0]["label"])
        return {"label": label, "value": value, "options": rows}

    return [
        choice("show", _("进展"), [(code, _(word)) for code, word in SHOWS]),
        choice("kind", _("类别"), [("", _("各类")), *((code, str(label)) for code, label in ContactKind.choices)]),
        choice("category", _("事由"), [("", _("各种事由")), *categories]),
        choice("building", _("楼栋"), [("", _("各楼")), *((str(one.pk), one.name) for one in buildings)]),
    ]


ACTS: dict[str, type[Form]] = {
    "accept": forms.FreeForm,
    "decline": forms.DeclineForm,
    "hand_off": forms.HandOffForm,
    "solve": forms.SolveForm,
    "answer": forms.AnswerForm,
    "follow_up": forms.FollowUpForm,
    "close": forms.CloseForm,
    "refer": forms.ReferForm,
    "reopen": forms.ReopenForm,
    "note": forms.NoteForm,
    "measure": forms.MeasureForm,
}


@page("GET")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case; opening it marks its messages as read."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    read_all(actor, about=found.reference, now=clock.now())
    return _case_page(request, found, actor)


def _case_page(
    request: HttpRequest, found: Case, actor: Actor, *, tried: str = "", form: Form | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    customer = people.by_id(found.customer_id, actor) if found.customer_id else None
    context = {
        "case": found,
        "row": case_row(found),
        "customer": customer,
        "category": rulebook(found.site, timezone.localdate(found.received_at)).category_name(found.category),
        "contacts": interactions.with_letters(interactions.contacts_about(found.reference), actor),
        "events": queries.timeline(found),
        "duties": [duty_row(duty, now) for duty in ledger.about(found.reference)],
        "files": records.files_of(found.reference),
        "acts": _acts(found, actor, tried, form),
        "token": interactions.receipt_token(found.reference),
        "alike": [
            case_row(one)
            for one in queries.look_alikes(found.site, actor, now=now, category=found.category, building=found.building)
            if one.pk != found.pk
        ],
    }
    return framed(request, "desk/case.html", context, status=status)


def _acts(found: Case, actor: Actor, tried: str, form: Form | None) -> list[dict[str, Any]]:
    """Exactly the legal next acts the person may do, the usual one first, each with its form."""
    offered = found.handed_to_id == actor.user_id
    usual = {"received": "accept", "in_progress": "solve", "solved": "answer", "referred": "answer"}.get(
        found.state, ""
    )
    if found.state == "answered":
        usual = "close" if found.follow_ups.filter(result="satisfied").exists() else "follow_up"
    acts = []
    for transition in buttons(found.state):
        name = transition.name
        hidden = (name == "decline" and not offered) or (
            name == "accept" and found.accountable_id == actor.user_id and found.handler_id
        )
        if hidden or not actor.may(transition.right, found.site):
            continue
        shown = form if name == tried and form is not None else _blank(name, found)
        acts.append(
            {"name": name, "label": transition.label, "form": shown, "usual": name == usual, "open": name == tried}
        )
    if found.state != "closed" and actor.may("cases.solve", found.site):
        shown = form if tried == "measure" and form is not None else _blank("measure", found)
        acts.append(
            {"name": "measure", "label": _("整改措施"), "form": shown, "usual": False, "open": tried == "measure"}
        )
    return sorted(acts, key=lambda one: not one["usual"])


def _blank(name: str, found: Case, data: Any = None) -> Form:
    if name == "hand_off":
        names = {
            post.user_id: post.user.name for post in crew_of(found.site).posts if post.user_id != found.accountable_id
        }
        return forms.HandOffForm(data, people=sorted(names.items()), auto_id="hand_off_%s")
    return ACTS[name](data, auto_id=f"{name}_%s")


@page("POST")
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one act. A refusal comes back on the page beside what was typed."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    if act not in ACTS:
        raise Http404
    form = _blank(act, found, request.POST)
    if form.is_valid():
        try:
            expect(found, _version(request))
            DO[act](found, form.cleaned_data, actor)
        except Refusal as refusal:
            _add(form, refusal)
        else:
            messages.success(request, _("已记下。"))
            return redirect("case", number)
    return _case_page(request, doors.case(number, actor), actor, tried=act, form=form, status=422)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _hand_off(found: Case, given: dict[str, Any], actor: Actor) -> None:
    act_on.hand_off(found, to=doors.colleague(given["to"], found.site), why=given["why"], by=actor, now=clock.now())


DO: dict[str, Callable[[Case, dict[str, Any], Actor], object]] = {
    "accept": lambda found, given, actor: act_on.accept(found, by=actor, now=clock.now()),
    "decline": lambda found, given, actor: act_on.decline(found, by=actor, now=clock.now(), **given),
    "hand_off": _hand_off,
    "solve": lambda found, given, actor: act_on.solve(found, by=actor, now=clock.now(), **given),
    "answer": lambda found, given, actor: act_on.answer(found, by=actor, now=clock.now(), **given),
    "follow_up": lambda found, given, actor: act_on.follow_up(found, by=actor, now=clock.now(), **given),
    "close": lambda found, given, actor: act_on.close(found, by=actor, now=clock.now(), **given),
    "refer": lambda found, given, actor: act_on.refer(found, by=actor, now=clock.now(), **given),
    "reopen": lambda found, given, actor: act_on.reopen(found, by=actor, now=clock.now(), **given),
    "note": lambda found, given, actor: act_on.note(found, by=actor, now=clock.now(), **given),
    "measure": lambda found, given, actor: act_on.take_measure(found, by=actor, now=clock.now(), **given),
}


@page("GET")
def case_form(request: HttpRequest, number: str) -> HttpResponse:
    """《顾客意见处理表》 filled, with its serial (S4.F.1)."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    serial = number_form(found.reference, "complaint_handling_form", site=found.site, by=actor, now=clock.now())
    return _pdf(handling_sheet(found, serial), f"{number}.pdf")


@page("GET")
def blank_form(request: HttpRequest) -> HttpResponse:
    """《顾客意见处理表》 with lines for a pen."""
    return _pdf(blank_sheet(site_of(request, doors.actor(request)), on=timezone.localdate(clock.now())), "blank.pdf")


@page("GET")
def case_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt on paper."""
    return _pdf(slip(doors.case(number, doors.actor(request))), f"{number}-slip.pdf")


def _pdf(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


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
