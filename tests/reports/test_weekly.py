"""The week's digest: drafts itself, is handed in by one act, is received and analyzed by the quality department, and never published."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.approvals.states import Verdict
from huiyin.clockwork.actions import draft_digests, open_recurring
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.duties.rules import standing
from huiyin.interactions.models import Delivery
from huiyin.kit.periods import Period
from huiyin.notices.models import Notice
from huiyin.organization.rules import SYSTEM, NotAllowed
from huiyin.records.actions import lay_down
from huiyin.reports import actions as reports
from huiyin.reports.analyses import analyzed, concluded, conclusion_for, of_week, printed_analysis
from huiyin.reports.models import Report
from huiyin.reports.queries import printed
from huiyin.reports.rules import ConcludedAlready, IllegalStep, NoConclusion, NotHandedIn, NotOverYet, ReceivedAlready
from tests.acts import take

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Period.parse("2026-W47")  # 16 to 22 November


def on(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


@pytest.fixture
def drafted(cast: Cast) -> Report:
    """Two complaints of the week at the estate, one after it; the worker comes by on Monday morning."""
    for day in (17, 22, 23):
        take(cast, on(day), place=f"{day % 5 + 1}-1-101", phone=f"139000011{day}")
    take(cast, on(18), site=cast.sites["xueyuan"], category="repair", place="")
    open_recurring(now=on(23, 0))
    draft_digests(now=on(23, 0))
    return Report.objects.get(site=cast.site, period="2026-W47")


@pytest.fixture
def handed_in(drafted: Report, cast: Cast) -> Report:
    return reports.submit(drafted, by=cast.clerk, now=on(23, 9))


def steps(at: datetime) -> dict[str, str]:
    duties = Duty.objects.filter(kind="complaint_digest", period="2026-W47")
    return {duty.clause: standing(duty.due_at, duty.done_at, at).value for duty in duties}


@pytest.mark.clause("S4.4.2.1.5.a")
def test_it_drafts_itself_on_monday_where_a_procedure_asks_for_it(drafted: Report, cast: Cast) -> None:
    assert [drafted.figures["received"], drafted.state] == [2, "draft"]
    assert [report.site.code for report in of_week(WEEK)] == ["yulan"]


@pytest.mark.clause("S4.4.2.1.5.a")
def test_a_week_of_silence_is_handed_in_as_well(cast: Cast) -> None:
    report = reports.draft(cast.site, Period.parse("2026-W30"), by=SYSTEM, now=on(23))
    assert [report.figures["received"], report.figures["cases"]] == [0, []]
    assert reports.submit(report, by=cast.clerk, now=on(23)).state == "submitted"


@pytest.mark.clause("S4.4.2.1.5.a")
def test_one_act_hands_it_in_and_a_named_person_receives_it(handed_in: Report, cast: Cast) -> None:
    assert steps(on(23)) == {"S4.4.2.1.5.a": "kept", "S4.4.2.1.5.b": "running"}
    told = Delivery.objects.filter(template="reports/messages/handed_in").values_list("to_user__name", flat=True)
    assert list(told) == ["方静"]
    reports.acknowledge(handed_in, by=cast.actor("fang"), now=on(23, 11))
    kept = Report.objects.get(pk=handed_in.pk)
    assert [kept.received_by.name if kept.received_by else "", kept.received_at] == ["方静", on(23, 11)]
    with pytest.raises(ReceivedAlready):
        reports.acknowledge(kept, by=cast.actor("fang"), now=on(23, 12))


def test_what_was_not_handed_in_is_not_received_and_nobody_else_signs(drafted: Report, cast: Cast) -> None:
    with pytest.raises(NotHandedIn):
        reports.acknowledge(drafted, by=cast.actor("fang"), now=on(23))
    reports.submit(drafted, by=cast.clerk, now=on(23))
    for who in ("zhou", "shen", "chen", "qian"):
        with pytest.raises(NotAllowed):
            reports.acknowledge(drafted, by=cast.actor(who), now=on(23))


def test_it_is_never_published(handed_in: Report, cast: Cast, media: Path) -> None:
    """X04: the month's is for everybody, the week's for the quality department."""
    with pytest.raises(IllegalStep):
        reports.decide(handed_in, Verdict.AGREED, by=cast.manager, now=on(23))
    with pytest.raises(IllegalStep):
        reports.publish(handed_in, lay_down(b"%PDF", "application/pdf"), by=cast.manager, now=on(23))
    assert Notice.objects.count() == 0


@pytest.mark.clause("S4.4.2.1.6.d")
def test_the_months_digest_is_received_too_once_it_is_approved(cast: Cast) -> None:
    report = reports.draft(cast.site, Period.parse("2026-10"), by=SYSTEM, now=on(1))
    reports.submit(report, by=cast.clerk, now=on(2))
    with pytest.raises(NotHandedIn):
        reports.acknowledge(report, by=cast.actor("fang"), now=on(2))
    reports.decide(report, Verdict.AGREED, by=cast.manager, now=on(3))
    reports.acknowledge(report, by=cast.actor("fang"), now=on(4))
    assert Report.objects.get(pk=report.pk).received_at == on(4)


@pytest.mark.clause("S4.4.2.1.5.b")
def test_the_analysis_is_kept_sent_to_the_sites_and_keeps_the_duty(handed_in: Report, cast: Cast) -> None:
    fang = cast.actor("fang")
    words = "两件都是电梯，属于波动。"
    kept = reports.conclude(cast.company, WEEK, conclusion=words, by=fang, now=on(24))
    assert steps(on(24)) == {"S4.4.2.1.5.a": "kept", "S4.4.2.1.5.b": "kept"}
    assert [kept.figures["total"], len(kept.figures["weeks"]), concluded()["2026-W47"].conclusion] == [3, 26, words]
    assert conclusion_for(handed_in) == kept
    told = Delivery.objects.filter(template="reports/messages/analyzed").values_list("to_user__name", flat=True)
    assert list(told) == ["周建国"]
    with pytest.raises(ConcludedAlready):
        reports.conclude(cast.company, WEEK, conclusion="再写", by=fang, now=on(25))


@pytest.mark.clause("S4.4.2.1.5.b")
def test_counts_are_per_site_and_category_and_reconcile(handed_in: Report, cast: Cast) -> None:
    figures = analyzed(WEEK, now=on(24))
    found = {one["code"]: (one["received"], [kind["name"] for kind in one["categories"]]) for one in figures["sites"]}
    assert found == {"binjiang": (0, []), "hengtai": (0, []), "xueyuan": (1, ["维修"]), "yulan": (2, ["电梯"])}
    assert figures["total"] == 3 == figures["weeks"][-1]["count"]
    assert figures["weeks"][-1]["base"] == figures["households"] / 1000


def test_only_the_quality_department_concludes_and_only_over_a_week_that_ended(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reports.conclude(cast.company, WEEK, conclusion="好", by=cast.director, now=on(24))
    with pytest.raises(NoConclusion):
        reports.conclude(cast.company, WEEK, conclusion=" ", by=cast.actor("fang"), now=on(24))
    with pytest.raises(NotOverYet):
        reports.conclude(cast.company, WEEK, conclusion="好", by=cast.actor("fang"), now=on(22))


def test_both_print(handed_in: Report, cast: Cast) -> None:
    kept = reports.conclude(cast.company, WEEK, conclusion="属于波动。", by=cast.actor("fang"), now=on(24))
    papers = [printed(handed_in), printed_analysis(cast.company, WEEK, kept.figures, kept)]
    assert [paper[:5] for paper in papers] == [b"%PDF-", b"%PDF-"]
