"""A week over all sites: counts per site and category, and whether they are signal or noise (S4.4.2.1.5.b)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Case as Choice
from django.db.models import Count, IntegerField, QuerySet, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from huiyin.cases.models import Case
from huiyin.handbook.queries import rulebook
from huiyin.kit.control import u_chart
from huiyin.kit.periods import Period
from huiyin.notices.rules import Block
from huiyin.organization.models import Company, Room, Site
from huiyin.records.typesetting import qr_rows, render
from huiyin.reports.models import Analysis, Report
from huiyin.reports.queries import DIGEST_KINDS, FORMS, window

WEEKS = 26  # on the chart
THOUSAND = 1000


def of_week(period: Period) -> list[Report]:
    """The week's digests of all sites, those handed in and those that wait. One query."""
    kept = Report.objects.filter(kind="complaint_digest", period=str(period)).order_by("site__code")
    return list(kept.select_related("reference", "site", "submitted_by", "received_by"))


def conclusion_for(report: Report) -> Analysis | None:
    """What the quality department concluded about the week of a digest. One query."""
    kept = Analysis.objects.filter(company=report.site.company_id, period=report.period)
    return kept.select_related("concluded_by").first()


def concluded() -> dict[str, Analysis]:
    """Every analysis by its week. One query."""
    return {one.period: one for one in Analysis.objects.select_related("concluded_by")}


def _complaints(first: datetime, end: datetime) -> QuerySet[Case]:
    return Case.objects.filter(
        kind__in=DIGEST_KINDS, is_history=False, received_at__gte=first, received_at__lt=end
    ).order_by()


def _weekly(weeks: Sequence[Period]) -> dict[tuple[int, int], int]:
    """Complaints by site and by number of the week. One grouped statement."""
    ends = [window(week)[1] for week in weeks]
    whens = [When(received_at__lt=end, then=Value(number)) for number, end in enumerate(ends)]
    came = _complaints(window(weeks[0])[0], ends[-1])
    rows = came.annotate(week=Choice(*whens, output_field=IntegerField())).values_list("site", "week")
    return {(site, week): n for site, week, n in rows.annotate(n=Count("pk"))}


def households() -> dict[int, int]:
    """Homes and rooms on record at each site: the base of its rate. One query."""
    return dict(Room.objects.values_list("site").annotate(n=Count("pk")).order_by())


def analyzed(period: Period, *, now: datetime) -> dict[str, Any]:
    """The figures of a week: per site and category, and the chart of the weeks up to it. Four queries and one per site's rules."""
    weeks = [period]
    while len(weeks) < WEEKS:
        weeks.insert(0, weeks[0].previous())
    counts, homes, sites = _weekly(weeks), households(), list(Site.objects.order_by("code"))
    bases = [sum(homes.values()) / THOUSAND] * WEEKS
    sums = [sum(counts.get((site.pk, number), 0) for site in sites) for number in range(WEEKS)]
    chart = u_chart(sums, bases)
    groups = _complaints(*window(period)).values_list("site", "category").annotate(n=Count("pk"))
    by_site: dict[int, dict[str, int]] = {}
    for site, category, n in groups:
        by_site.setdefault(site, {})[category] = n
    return {
        "total": sums[-1],
        "households": sum(homes.values()),
        "mean": chart.mean,
        "weeks": [{"week": str(week), **asdict(point)} for week, point in zip(weeks, chart.points, strict=True)],
        "sites": [
            _site(
                site,
                by_site.get(site.pk, {}),
                [counts.get((site.pk, number), 0) for number in range(WEEKS)],
                homes,
                period.last,
            )
            for site in sites
        ],
    }


def _site(site: Site, categories: dict[str, int], counts: list[int], homes: dict[int, int], on: date) -> dict[str, Any]:
    """One site's row: this week's count, rate, usual rate with its limits, and what of it is a signal."""
    base = homes.get(site.pk, 0)
    chart = u_chart(counts, [base / THOUSAND] * len(counts))
    last = chart.points[-1]
    rules = rulebook(site, on)
    ordered = sorted(categories.items(), key=lambda one: (-one[1], one[0]))
    return {
        "code": site.code,
        "name": site.name,
        "received": counts[-1],
        "households": base,
        "categories": [{"name": rules.category_name(code), "received": n} for code, n in ordered],
        **{name: value for name, value in asdict(last).items() if name != "count"},
        "mean": chart.mean,
    }


SIGNALS = {"above": N_("高出控制限"), "below": N_("低于控制限"), "run": N_("连续八周在同一侧"), "": N_("波动之内")}


def signal_words(code: str) -> str:
    """What a point says, in the active language. Never good or bad, only signal or noise."""
    return gettext(SIGNALS[code])


def blocks_of(figures: dict[str, Any], conclusion: str) -> list[Block]:
    """The analysis as headings, paragraphs and tables."""
    heads = (gettext("站点"), gettext("投诉"), gettext("每千户"), gettext("平常"), gettext("控制限"), gettext("判断"))
    rows = [
        (
            one["name"],
            str(one["received"]),
            f"{one['rate']:.1f}",
            f"{one['mean']:.1f}",
            limits_of(one),
            signal_words(one["signal"]),
        )
        for one in figures["sites"]
    ]
    kinds = [
        (one["name"], kind["name"] or "–", str(kind["received"]))
        for one in figures["sites"]
        for kind in one["categories"]
    ]
    weeks = [
        (one["week"], str(one["count"]), f"{one['rate']:.1f}", limits_of(one), signal_words(one["signal"]))
        for one in figures["weeks"]
    ]
    blocks = [Block("heading", gettext("各站点")), Block("table", rows=(heads, *rows))]
    if kinds:
        blocks.append(Block("heading", gettext("各站点按事由")))
        blocks.append(Block("table", rows=((gettext("站点"), gettext("事由"), gettext("件数")), *kinds)))
    if conclusion:
        blocks.append(Block("heading", gettext("结论")))
        blocks += [Block("paragraph", line) for line in conclusion.splitlines() if line.strip()]
    of_weeks = (gettext("周"), gettext("投诉"), gettext("每千户"), gettext("控制限"), gettext("判断"))
    return [*blocks, Block("heading", gettext("逐周")), Block("table", rows=(of_weeks, *weeks))]


def limits_of(one: dict[str, Any]) -> str:
    return f"{one['lower']:.1f}–{one['upper']:.1f}"


def printed_analysis(company: Company, period: Period, figures: dict[str, Any], kept: Analysis | None) -> bytes:
    """The analysis as PDF, in the first language."""
    with translation.override(settings.LANGUAGE_CODE):
        title = gettext("%(period)s 顾客投诉分析") % {"period": period.label()}
        blocks = [block.as_json() for block in blocks_of(figures, kept.conclusion if kept else "")]
    values = {
        "company": company.name,
        "title": title,
        "number": str(period),
        "blocks": blocks,
        "author": kept.concluded_by.name if kept else "",
        "approver": "",
        "approved_on": timezone.localdate(kept.concluded_at).isoformat() if kept else "",
        "qr": qr_rows(f"{settings.BASE_URL}/analyses/{period}/"),
    }
    return render(FORMS / "complaint_digest.typ", values)
