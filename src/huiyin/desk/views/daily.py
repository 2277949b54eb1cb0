"""The day: what is due, what waits, what is kept, how it stands, where it is."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import queries as cases
from huiyin.cases.rules.clocks import CLOCKS
from huiyin.customers import queries as people
from huiyin.desk.frame import framed, page, site_of, verdicts
from huiyin.desk.narrowing import people_of_unit
from huiyin.desk.rows import case_row, duty_row, hit_row
from huiyin.duties import queries as ledger
from huiyin.duties.models import Duty
from huiyin.duties.states import Standing
from huiyin.duties.words import kind_words
from huiyin.handbook.queries import adopted_by, coming_troubles, decisions_for
from huiyin.interactions import actions as interactions
from huiyin.interactions import queries as messages
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references import queries as references
from huiyin.reports.queries import window
from huiyin.ui.templatetags.ui import moment

PAGE = 25


@page("GET")
def today(request: HttpRequest) -> HttpResponse:
    """What I owe, by due time, with the next act on each row; the figures of the month in one line above."""
    actor, now = doors.actor(request), clock.now()
    site = site_of(request, actor)
    acts = _one_line_a_case(ledger.by_act(ledger.owed_by(actor, now=now)[:90]))
    mine = [_task(duty, now, served=served) for duty, *served in acts]
    others = [_task(duty, now, of_others=True) for duty, *_more in _one_line_a_case(_owed_by_others(site, actor, now))]
    _say_words([*mine, *others])
    month = Period.month_of(timezone.localdate(now))
    first, end = window(month)
    counts = cases.waiting_at(site, actor, now=now)
    context = {
        "late": [row for row in mine if row["standing"] == Standing.MISSING],
        "soon": [row for row in mine if row["standing"] == Standing.DUE_SOON],
        "later": [row for row in mine if row["standing"] == Standing.RUNNING],
        "others": others,
        "on_time": cases.dates_kept(cases.visible_to(actor).filter(site=site), now=now),
        "kept": ledger.compliance(ledger.of_site(site, actor, first=first, last=end), now=now),
        "open_count": counts["open"],
        "overdue_count": counts["overdue"],
        "told": [{"delivery": one, "words": messages.worded(one)} for one in messages.of_oversight(actor)[:10]],
        "verdicts": verdicts(request, actor)[:5],
        "radar": cases.radar(site, actor, now=now)[:3] if _answers_for(site, actor) else [],
        "troubles": _troubles(site, actor, timezone.localdate(now)),
        "period": month,
    }
    return framed(request, "desk/today.html", context)


def _one_line_a_case(acts: list[list[Duty]]) -> list[list[Duty]]:
    """The clocks of one case on the line of the one that ends first; given, and left, in order of time."""
    lines: dict[object, list[Duty]] = {}
    for act in acts:
        key = act[0].reference_id if act[0].kind in CLOCKS else act[0].pk
        lines.setdefault((act[0].kind in CLOCKS, key), []).extend(act)
    return list(lines.values())


def _answers_for(site: Site, actor: Actor) -> bool:
    return actor.may("cases.take_over", site) and actor.may("cases.group", site)


def _owed_by_others(site: Site, actor: Actor, now: datetime) -> list[list[Duty]]:
    """For whoever answers for the whole site: what the others owe within a week (S3.1.1.a)."""
    if not actor.may("cases.take_over", site):
        return []
    return [[duty] for duty in ledger.owed_at(site, actor, now=now, until=now + timedelta(days=7))[:30]]


def _troubles(site: Site, actor: Actor, on: date) -> list[dict[str, Any]]:
    """What the coming weeks' calendar makes hard to keep, for whoever may decide about it, with the decision taken."""
    found = coming_troubles(site, on) if actor.may("handbook.adopt", site) else []
    decided = decisions_for(site) if found else {}
    return [{"finding": one, "told": next(iter(decided.get(one.key, [])), None)} for one in found]


def _task(duty: Duty, now: datetime, *, of_others: bool = False, served: Iterable[Duty] = ()) -> dict[str, Any]:
    """A duty as a line of the day: one's own with its number and next act, that of others with who owes it.

    `served` are the duties that the same act keeps: their clauses stand on the line of the strictest.
    """
    row = duty_row(duty, now) | {"words": "、".join(each.clause for each in (duty, *served) if not each.reference_id)}
    row["why"] = "\n".join([row["why"], *(_due_words(one) for one in served if one.reference_id)])
    own = {"beside": row["number"], "button": row["act"]}
    return row | ({"beside": row["who"], "button": _("打开")} if of_others else own)


def _due_words(duty: Duty) -> str:
    """给出解决方案：2026年11月30日 周一 23:59."""
    return _("%(what)s：%(at)s") % {"what": kind_words(duty.kind), "at": moment(duty.runs_until)}


def _say_words(rows: list[dict[str, Any]]) -> None:
    """Rows about a case say in the customer's first words what it is about. One query."""
    words = cases.words_of(row["duty"].reference_id for row in rows if row["duty"].reference_id)
    for row in rows:
        row["words"] = words.get(row["duty"].reference_id, row["words"])


@page("GET", "POST")
def inbox(request: HttpRequest) -> HttpResponse:
    """What was told to me and not read yet; POST marks all as read."""
    actor, now = doors.actor(request), clock.now()
    if request.method == "POST":
        interactions.read_all(actor, now=now)
    rows = [{"delivery": one, "words": messages.worded(one)} for one in messages.inbox(actor)[:50]]
    return framed(request, "desk/inbox.html", {"rows": rows, "verdicts": verdicts(request, actor)[:20]})


@page("GET")
def duties(request: HttpRequest) -> HttpResponse:
    """The site's duties of a month as a list with their evidence."""
    actor, now = doors.actor(request), clock.now()
    actor.check("duties.read")
    site = site_of(request, actor)
    month = _month(request, now)
    first, end = window(month)
    due = _narrowed(request, ledger.of_site(site, actor, first=first, last=end - timedelta(seconds=1)), site)
    counts = ledger.compliance(due, now=now)
    show = request.GET.get("show", "")
    pages = Paginator(ledger.by_standing(due, show, now), PAGE).get_page(_page_number(request))
    standings = [
        {"label": label, "url": f"?month={month}&show={code}", "current": code == show}
        for code, label in [("", _("全部")), *Standing.choices]
    ]
    context = {
        "page": pages,
        "rows": [duty_row(duty, now) for duty in pages],
        "counts": counts,
        "month": month,
        "standings": standings,
        "shown": next((one["label"] for one in standings if one["current"]), standings[0]["label"]),
        "may_register": actor.may("duties.attest", site),
        "adoptions": adopted_by(site, timezone.localdate(now)),
    }
    return framed(request, "desk/duties.html", context)


def _narrowed(request: HttpRequest, duties: QuerySet[Duty], site: Site) -> QuerySet[Duty]:
    """The list of duties as a cell of the matrix asks for it: of a clause, a kind, a person or a post."""
    asked = {name: request.GET.get(name, "")[:40] for name in ("clause", "kind", "who")}
    if asked["clause"]:
        duties = duties.filter(clause=asked["clause"])
    if asked["kind"]:
        duties = duties.filter(kind=asked["kind"])
    if asked["who"].isdecimal() and asked["who"].isascii():
        duties = duties.filter(owner=int(asked["who"]) % 2**31)
    elif asked["who"].startswith("unit:"):
        duties = duties.filter(owner__in=people_of_unit(site, asked["who"]))
    elif asked["who"]:
        duties = duties.filter(owner__isnull=True, owner_role=asked["who"])
    return duties


def _month(request: HttpRequest, now: datetime) -> Period:
    """The month or year asked for, else this month."""
    try:
        asked = Period.parse(request.GET.get("month") or request.GET.get("year", ""))
    except Refusal:
        asked = Period.month_of(timezone.localdate(now))
    return asked if asked.kind in {"month", "year"} else Period.month_of(timezone.localdate(now))


def _page_number(request: HttpRequest) -> str:
    """At most six digits: a longer number is no page."""
    return request.GET.get("page", "1")[:6]


@page("GET")
def search(request: HttpRequest) -> HttpResponse:
    """Everything with a number, by any words inside it, newest first; and the people of the site in view."""
    actor = doors.actor(request)
    query = request.GET.get("q", "")[:200].strip()
    number = query.upper()
    exact = doors.reference_or_none(number, actor) if query else None
    pages = Paginator(references.hits(query, actor), PAGE).get_page(_page_number(request))
    rows = [hit_row(reference) for reference in references.with_ids(list(pages))]
    cases_by_reference = {
        case.reference_id: case_row(case) for case in cases.of_references([hit["id"] for hit in rows])
    }
    for row in rows:
        row["case"] = cases_by_reference.get(row["id"])
    found = {"people": people.find(query[:80], site_of(request, actor), actor) if pages.number == 1 else []}
    return framed(request, "desk/search.html", found | {"q": query, "exact": exact, "page": pages, "rows": rows})
