"""整改: the measures of a site by owner, day and state; one of them, and the steps on it."""

from typing import Any, cast
from urllib.parse import urlencode

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
from huiyin.cases.models import CorrectiveMeasure
from huiyin.cases.states import EventKind, MeasureKind, MeasureState
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.measures import DO, FORMS, measure_block, measure_row
from huiyin.desk.narrowing import choice
from huiyin.desk.rows import ROWS, Leaves, case_row
from huiyin.desk.sheets import spreadsheet
from huiyin.desk.views.papers import as_sheet
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

SHOWS = (
    ("running", N_("没有了结的")),
    ("mine", N_("我的")),
    ("late", N_("逾期的")),
    ("offered", N_("等人接下的")),
    ("to_check", N_("等着验证的")),
    ("again", N_("没有效果重做的")),
    ("effective", N_("验证有效的")),
    ("withdrawn", N_("已撤销的")),
    ("all", N_("全部")),
)


@page("GET")
def measures(request: HttpRequest) -> HttpResponse:
    """The list, as a sentence says: what runs, late, mine; of whom; a correction or against the cause."""
    actor, now = doors.actor(request), clock.now()
    actor.check("cases.read")
    site = site_of(request, actor)
    asked = {name: request.GET.get(name, "")[:20] for name in ("show", "owner", "kind")}
    asked["show"] = asked["show"] or "running"
    owners = queries.measure_owners(site, actor)
    owner = next((key for key, _name in owners if str(key) == asked["owner"]), None)
    found = queries.measures_listed(site, actor, now=now, show=asked["show"], owner=owner, kind=asked["kind"])
    today = timezone.localdate(now)
    if request.GET.get("as") == "xlsx":
        return _sheet(site, [measure_row(one, today) for one in found[:1000]])
    pages = Leaves(found, ROWS).get_page(request.GET.get("page", "1")[:6])
    context = {
        "page": pages,
        "rows": [measure_row(one, today) for one in cast(QuerySet[CorrectiveMeasure], pages.object_list)],
        "counts": queries.measure_counts(site, actor, now=now),
        "unmended": [case_row(one) for one in queries.unmended(site, actor)[:ROWS]],
        "choices": _choices(asked, [(str(key), name) for key, name in owners]),
        "sheet": "?" + urlencode(asked | {"as": "xlsx"}),
    }
    return framed(request, "desk/measures.html", context)


def _choices(asked: dict[str, str], owners: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The words of the filter sentence, each with its alternatives."""
    kinds = [(code, str(label)) for code, label in MeasureKind.choices]
    return [
        choice("show", _("进展"), [(code, _(word)) for code, word in SHOWS], asked, asked),
        choice("owner", _("谁负责"), [("", _("各人")), *owners], asked, asked),
        choice("kind", _("哪一种"), [("", _("纠正和纠正措施")), *kinds], asked, asked),
    ]


def _sheet(site: Site, rows: list[dict[str, Any]]) -> HttpResponse:
    """One row a measure, as the list shows it, with cause, result and verdict."""
    head = [_("编号"), _("做什么"), _("原因"), _("谁负责"), _("最迟"), _("进展"), _("实际做了什么"), _("效果")]
    lines = []
    for row in rows:
        one: CorrectiveMeasure = row["one"]
        said = (one.case.reference.number, one.text, one.cause, one.owner.name, one.due_on.isoformat())
        lines.append([*said, row["state"], one.result, one.verdict])
    return as_sheet(spreadsheet(_("整改"), head, lines), f"measures-{site.code}.xlsx")


@page("GET")
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure: what, why, who, until when, what was done, whether it worked."""
    actor = doors.actor(request)
    return _measure_page(request, doors.measure(pk, actor), actor)


def _measure_page(
    request: HttpRequest, one: CorrectiveMeasure, actor: Actor, *, tried: str = "", form: Form | None = None
) -> HttpResponse:
    now = clock.now()
    kinds = {EventKind.MEASURE, EventKind.MEASURE_DONE, EventKind.MEASURE_SEEN, EventKind.NOTED}
    events = [event for event in queries.timeline(one.case, reader=actor) if event.kind in kinds]
    context = {
        "told": measure_block(one, actor, timezone.localdate(now), tried=tried, form=form),
        "case": one.case,
        "events": [event for event in events if event.values.get("measure") == one.pk],
        "recurrence": queries.recurrence(one, actor, now=now),
        "waits": one.state == MeasureState.DONE and one.check_on and one.check_on > timezone.localdate(now),
    }
    return framed(request, "desk/measure.html", context, status=422 if tried else 200)


@page("POST")
def measure_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take one step. A refusal comes back on the page beside what was typed."""
    actor = doors.actor(request)
    one = doors.measure(pk, actor)
    if act not in FORMS:
        raise Http404
    form = FORMS[act](request.POST, request.FILES, auto_id=f"{act}{pk}_%s")
    if form.is_valid():
        try:
            DO[act](one, form.cleaned_data, actor)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已记下。"))
            back = request.POST.get("back") == "case"
            return redirect("case", one.case.reference.number) if back else redirect("measure", pk)
    return _measure_page(request, doors.measure(pk, actor), actor, tried=act, form=form)
