"""The cases: the list, one case, and the acts on it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.access import clock, doors
from huiyin.cases import queries
from huiyin.cases.actions.handling import expect
from huiyin.cases.models import Case
from huiyin.cases.queries.marks import marks_of
from huiyin.cases.services import has_record
from huiyin.cases.states import State
from huiyin.customers import queries as people
from huiyin.desk.acts import ACTS, DO, add_refusal, blank, next_acts
from huiyin.desk.frame import framed, page, read_about, site_of
from huiyin.desk.measures import measure_block
from huiyin.desk.narrowing import Narrowing, choice
from huiyin.desk.rows import ROWS, Leaves, case_row, clock_rows, line_row
from huiyin.desk.ways import Around, Ways
from huiyin.duties import queries as ledger
from huiyin.handbook.queries import rulebook
from huiyin.interactions import queries as interactions
from huiyin.interactions.states import ContactKind
from huiyin.kit.refusal import Refusal
from huiyin.notices.queries import shown_with
from huiyin.organization.models import Building, Department
from huiyin.organization.rules import Actor
from huiyin.records import queries as records
from huiyin.reports.public_answers import answers_of

AT_HAND = 4
SHOWS = (
    ("open", N_("未结的")),
    ("mine", N_("我的")),
    ("overdue", N_("逾期的")),
    ("referred", N_("等上级回音的")),
    ("waiting", N_("等人接办的")),
    ("fell_due", N_("本月到期的")),
    ("on_time", N_("本月到期且按时的")),
    ("answered", N_("已答复的")),
    ("closed", N_("已办结的")),
    ("all", N_("全部")),
)


@page("GET")
def cases(request: HttpRequest) -> HttpResponse:
    """The list, as a sentence says: open, mine, overdue; of a kind, a category, a building."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    site = site_of(request, actor)
    asked = {name: request.GET.get(name, "")[:40] for name in ("show", "kind", "category", "building")}
    asked["show"] = asked["show"] or "open"
    buildings = doors.picture(request, site).buildings
    building = next((one for one in buildings if str(one.pk) == asked["building"]), None)
    narrow = Narrowing.read(request, site)
    found = queries.filtered(
        queries.narrowed(queries.listed(actor).filter(site=site), narrow.asked, now=now),
        now=now,
        actor=actor,
        show=asked["show"],
        kind=asked["kind"],
        category=asked["category"],
        building=building.pk if building else None,
    )
    pages = Leaves(found, ROWS).get_page(request.GET.get("page", "1")[:6])
    context = {
        "page": pages,
        "may_group": actor.may("cases.group", site),
        "rows": [line_row(line) for line in queries.lines(cast(QuerySet[Case], pages.object_list))],
        "choices": _choices(request, asked, buildings, rulebook(site, timezone.localdate(now)).categories()),
        "narrowed": narrow.words,
    }
    return framed(request, "desk/cases.html", context)


def _choices(
    request: HttpRequest, asked: dict[str, str], buildings: Sequence[Building], categories: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The words of the filter sentence, each with its alternatives."""
    kept = {name: str(value) for name, value in request.GET.items() if name != "page"}
    kinds = ((code, str(label)) for code, label in ContactKind.choices)
    towers = ((str(one.pk), one.name) for one in buildings)
    return [
        choice("show", _("进展"), [(code, _(word)) for code, word in SHOWS], asked, kept),
        choice("kind", _("类别"), [("", _("各类")), *kinds], asked, kept),
        choice("category", _("事由"), [("", _("各种事由")), *categories], asked, kept),
        choice("building", _("楼栋"), [("", _("各楼")), *towers], asked, kept),
    ]


@page("GET")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case; opening it marks its messages as read."""
    actor = doors.actor(request)
    found = doors.case(number, actor)
    read_about(request, actor, found.reference)
    return _case_page(request, found, actor)


def _case_page(
    request: HttpRequest, found: Case, actor: Actor, *, tried: str = "", form: Form | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    around = Around(found, doors.picture(request, found.site))
    events, owed = queries.timeline(found, reader=actor), ledger.told_about(found.reference)
    duties = [duty for duty, _told in owed]
    waits = {duty.kind for duty in duties if duty.done_at is None and not (duty.not_applicable or duty.scope)}
    department = around.picture.department_for(found.category)
    shown = {key for event in events for key in event.values.get("photos", ())}
    marks = marks_of(events, duties)
    households, duplicates = queries.led_by(found, actor) if marks.leads_others else ([], [])
    referrals = queries.referrals_of(found) if marks.went_up else []
    own = Ways(found, around.suggestion, referrals, marks)
    context = {
        "case": found,
        "proposal": _proposal(around),
        "should_be": department if department and _answers_for(department, found) else None,
        "lead": queries.leads_to(found, actor),
        "belongs": {
            "households": [case_row(one) for one in households],
            "duplicates": [case_row(one) for one in duplicates],
        },
        "row": case_row(found),
        "has_record": has_record(found, around.rules),
        "catalog": shown_with(found.reference) if found.kind == ContactKind.ENQUIRY else None,
        "customer": found.customer if found.customer and people.is_visible(found.customer, actor) else None,
        "category": around.rules.category_name(found.category),
        "contacts": interactions.with_letters(
            interactions.contacts_about(*(one.reference for one in (found, *duplicates))), actor
        ),
        "events": events,
        "clocks": clock_rows(queries.clocks_of(found, events, around.rules_on, around.picture.calendar), owed, now),
        "marks": marks,
        "files": [one for one in records.files_of(found.reference) if one.key not in shown],
        "suggestion": around.suggestion,
        "measures": _measures(found, actor, timezone.localdate(now)) if marks.has_measures else [],
        "referrals": referrals,
        **_told_everybody(found, actor),
        **_bar(next_acts(around, actor, tried, form, own=own, waits=waits)),
        "twice": [
            {"delivery": one, "subject": interactions.worded(one)[0]}
            for one in interactions.maybe_twice_about(found.reference)
        ],
        "token": interactions.receipt_token_of_page(found.reference),
        "alike": [
            case_row(one)
            for one in queries.look_alikes(found.site, actor, now=now, category=found.category, building=found.building)
            if one.pk != found.pk
        ],
    }
    return framed(request, "desk/case.html", context, status=status)


def _measures(found: Case, actor: Actor, today: date) -> list[dict[str, Any]]:
    return [measure_block(one, actor, today) for one in queries.measures_about(found)]


def _told_everybody(found: Case, actor: Actor) -> dict[str, Any]:
    """What everybody was told of a closed case. One query of a closed one."""
    if found.state != State.CLOSED:
        return {}
    return {"told_everybody": answers_of(found, actor), "may_tell_everybody": actor.may("reports.draft", found.site)}


def _bar(acts: list[dict[str, Any]]) -> dict[str, Any]:
    """The acts that stand open on the bar, and the rarer ones behind a button; never that button for one act alone."""
    shown = acts if len(acts) <= AT_HAND + 1 else acts[:AT_HAND]
    rarer = acts[len(shown) :]
    return {"acts": shown, "rarer": rarer, "rarer_open": any(one["open"] for one in rarer)}


def _answers_for(department: Department, found: Case) -> bool:
    """Whether the subject belongs to another department than the one that was told."""
    return found.category in department.categories and department.pk != found.department_id


def _proposal(around: Around) -> queries.Proposal | None:
    """A subject proposed for a case that has none. It waits for one click."""
    found, today = around.case, timezone.localdate(clock.now())
    if found.category or found.state == State.CLOSED:
        return None
    return queries.proposed(found.summary, found.site, today, around.rules_on(today))


@page("POST")
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one act. A refusal comes back on the page beside what was typed."""
    actor = doors.actor(request)
    found = doors.case_to_act_on(number, actor)
    if act not in ACTS:
        raise Http404
    form = blank(act, Around(found, doors.picture(request, found.site)), request.POST)
    if form.is_valid():
        try:
            expect(found, _version(request))
            DO[act](found, form.cleaned_data, actor)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已记下。"))
            return redirect("case", number)
    return _case_page(request, doors.case(number, actor), actor, tried=act, form=form, status=422)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
