"""Reads of reports: the figures a digest is drawn from, and what the gate would find."""

from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from huiyin.cases.models import Case
from huiyin.cases.queries import received_between, withdrawn_measures
from huiyin.cases.queries.facts import Asked
from huiyin.cases.queries.indicators import reckon
from huiyin.cases.states import EventKind, State
from huiyin.handbook.queries import rulebook
from huiyin.kit.periods import Period
from huiyin.kit.privacy import Finding
from huiyin.notices.rules import Block, inspected
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.records.typesetting import qr_rows, render
from huiyin.references.queries import sight
from huiyin.reports.forms.complaint_digest_word import in_word
from huiyin.reports.models import Report
from huiyin.reports.rules import is_weekly

DIGEST_KINDS = ("complaint",)
FORMS = Path(__file__).parent / "forms"


def visible_to(actor: Actor) -> QuerySet[Report]:
    return Report.objects.filter(sight(actor, "reference__")).select_related(
        "reference", "site__company", "submitted_by", "approved_by", "received_by"
    )


def by_number(number: str, actor: Actor) -> Report | None:
    return visible_to(actor).filter(reference__number=number).first()


def listed(site: Site, actor: Actor, *, most: int) -> list[Report]:
    """The newest digests of a site, those of months before those of weeks, at most so many of each. Two queries."""
    found = visible_to(actor).filter(site=site).order_by("-period", "-id")
    weekly = Q(period__contains="-W")
    return [*found.exclude(weekly)[:most], *found.filter(weekly)[:most]]


def window(period: Period) -> tuple[datetime, datetime]:
    """First instant of a period and first instant after it, in the site's time zone."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(period.first, time.min, tzinfo=zone)
    return first, datetime.combine(period.next().first, time.min, tzinfo=zone)


def complaints_of(site: Site, period: Period) -> QuerySet[Case]:
    """Complaints received in the period (S3.2.3.c: all of last month's)."""
    return received_between(site, *window(period)).filter(kind__in=DIGEST_KINDS)


def drawn(site: Site, period: Period, *, now: datetime) -> dict[str, Any]:
    """The figures of a complaint digest and its de-identified list. Totals reconcile with the cases received.

    The rates are the dictionary's own of the complaints (K06, K09, K12): what fell due, was answered, was asked in the period.
    """
    cases = complaints_of(site, period)
    counted = cases.order_by().values_list("category", "state").annotate(n=Count("pk"), answered=Count("answered_at"))
    groups = [(category, state, n) for category, state, n, _answered in counted]
    shares = reckon(Asked(Case.objects.filter(site=site, kind__in=DIGEST_KINDS), site, *window(period), now)).shares
    rules = rulebook(site, period.last)
    rows = [_row(case, now) for case in cases.select_related("reference").order_by("received_at", "id")]
    return {
        "received": sum(n for _category, _state, n in groups),
        "closed": sum(n for _category, state, n in groups if state == State.CLOSED),
        "answered": sum(answered for *_group, answered in counted),
        "solution_on_time": shares["on_time"].as_json(),
        "followed_up": shares["followed_up"].as_json(),
        "satisfied": shares["satisfied"].as_json(),
        "by_category": _by_category(groups, rules),
        "cases": rows,
    }


def _by_category(groups: list[tuple[str, str, int]], rules: Any) -> list[dict[str, Any]]:
    sums: dict[str, dict[str, int]] = {}
    for category, state, n in groups:
        sums.setdefault(category, {})[state] = n
    return [
        {
            "category": category,
            "name": rules.category_name(category),
            "received": sum(by_state.values()),
            "closed": by_state.get("closed", 0),
        }
        for category, by_state in sorted(sums.items())
    ]


def _row(case: Case, now: datetime) -> dict[str, Any]:
    """One line of the public list: number, day, category, how far. No words of the customer, no place finer than the site."""
    days = ((case.answered_at or now) - case.received_at).days
    return {
        "number": case.reference.number,
        "received_on": timezone.localdate(case.received_at).isoformat(),
        "category": case.category,
        "state": case.state,
        "days": days,
    }


def measures_of(site: Site, period: Period) -> str:
    """整改措施 taken on the period's complaints, as a first text for the author; those called off again are left out."""
    cases = complaints_of(site, period).filter(events__kind=EventKind.MEASURE)
    told = cases.order_by("received_at", "events__id").values_list("events__text", "events__values")
    called_off = withdrawn_measures(site)
    return "\n".join(dict.fromkeys(text for text, values in told if text and values.get("measure") not in called_off))


def names_to_keep_out(report: Report) -> tuple[list[str], list[str]]:
    """Names and rooms of the people whose cases the report counts: the gate looks for exactly these as well."""
    cases = complaints_of(report.site, Period.parse(report.period))
    names = cases.exclude(customer=None).exclude(customer__name="").values_list("customer__name", flat=True)
    rooms = cases.exclude(room=None).select_related("room__building")
    return sorted(set(names)), sorted({str(case.room) for case in rooms})


def gate(report: Report) -> list[Finding]:
    """What publication would stumble over, shown to the author and the manager before they decide."""
    names, rooms = names_to_keep_out(report)
    return inspected(
        [Block("paragraph", report.summary), Block("paragraph", report.measures)], names=names, rooms=rooms
    )


def title_of(site: Site, period: Period) -> str:
    """The digest's title, as posted: in the first language, whoever drafts it."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("%(site)s %(period)s 顾客投诉及处理情况") % {"site": site.name, "period": period.label()}


def _share(rate: dict[str, int]) -> str:
    """A share with its base: 80.0 %（4/5）; a dash where the base is empty."""
    if not rate["denominator"]:
        return "–"
    return f"{rate['numerator'] / rate['denominator']:.1%} ({rate['numerator']}/{rate['denominator']})"


def blocks_of(report: Report) -> list[Block]:
    """The public form of a digest: figures, words, measures and the de-identified list."""
    drawn_figures = report.figures
    totals = (
        (gettext("收到投诉"), str(drawn_figures["received"])),
        (gettext("已答复"), str(drawn_figures["answered"])),
        (gettext("已办结"), str(drawn_figures["closed"])),
        (gettext("按时给出方案"), _share(drawn_figures["solution_on_time"])),
        (gettext("已回访"), _share(drawn_figures["followed_up"])),
        (gettext("回访满意"), _share(drawn_figures["satisfied"])),
    )
    blocks = [Block("table", rows=((gettext("项目"), gettext("数字")), *totals))]
    if drawn_figures["by_category"]:
        rows = tuple((row["name"], str(row["received"]), str(row["closed"])) for row in drawn_figures["by_category"])
        blocks.append(Block("table", rows=((gettext("类别"), gettext("收到"), gettext("办结")), *rows)))
    for heading, words in ((gettext("说明"), report.summary), (gettext("整改措施"), report.measures)):
        if words:
            blocks += [
                Block("heading", heading),
                *(Block("paragraph", line) for line in words.splitlines() if line.strip()),
            ]
    if drawn_figures["cases"]:
        blocks += [Block("heading", gettext("逐件情况")), Block("table", rows=_public_rows(report))]
    return blocks


def _public_rows(report: Report) -> tuple[tuple[str, ...], ...]:
    heads = (gettext("编号"), gettext("受理日"), gettext("类别"), gettext("进展"), gettext("天数"))
    names = rulebook(report.site, Period.parse(report.period).last)
    rows = [
        (
            row["number"],
            row["received_on"],
            names.category_name(row["category"]),
            str(State(row["state"]).label),
            str(row["days"]),
        )
        for row in report.figures["cases"]
    ]
    return (heads, *rows)


def _signed(report: Report) -> dict[str, str]:
    """Who signs the paper: the manager who approved the month's, whoever of the quality department received the week's."""
    weekly = is_weekly(report.period)
    person, at = (report.received_by, report.received_at) if weekly else (report.approved_by, report.approved_at)
    day = timezone.localdate(at).isoformat() if at else ""
    return {
        "signed": "received" if weekly else "approved",
        "approver": person.name if person else "",
        "approved_on": day,
    }


def printed(report: Report) -> bytes:
    """The digest as PDF, in the form that is archived. Takes some ten milliseconds: called outside transactions."""
    values = _on_paper(report)
    return render(FORMS / "complaint_digest.typ", values | {"qr": qr_rows(values["qr_url"])})


def as_document(report: Report) -> bytes:
    """The same as a Word document. Takes some 60 ms: called outside transactions."""
    return in_word(_on_paper(report))


def _on_paper(report: Report) -> dict[str, Any]:
    with translation.override(settings.LANGUAGE_CODE):
        blocks = [block.as_json() for block in blocks_of(report)]
    return {
        "company": report.site.company.name,
        "title": report.reference.title,
        "number": report.reference.number,
        "blocks": blocks,
        "author": report.submitted_by.name if report.submitted_by else "",
        **_signed(report),
        "qr_url": f"{settings.BASE_URL}/r/{report.reference.number}",
    }
