"""The month's digest: drawn once, reconciled, submitted by the 5th, decided by somebody else, published without anybody's identity."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.access.doors import NOBODY
from huiyin.approvals.rules import NoReasonGiven, OwnWork
from huiyin.approvals.states import Verdict
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries.facts import Asked
from huiyin.cases.queries.indicators import reckon
from huiyin.clockwork.actions import open_recurring
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.duties.rules import standing
from huiyin.interactions.models import Delivery
from huiyin.journal.models import Entry
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.kit.seen import ChangedMeanwhile
from huiyin.notices.models import Notice
from huiyin.notices.queries import posted_on
from huiyin.notices.rules import NamesSomebody
from huiyin.organization.actions import appoint
from huiyin.organization.rules import SYSTEM, NotAllowed
from huiyin.records.actions import lay_down
from huiyin.records.models import Seal
from huiyin.records.queries import bytes_of
from huiyin.reports import actions as reports
from huiyin.reports.models import Report
from huiyin.reports.queries import blocks_of, by_number, drawn, gate, listed, printed, window
from huiyin.reports.rules import IllegalStep
from tests.acts import close, fresh, measure, take

ZONE = ZoneInfo("Asia/Shanghai")
OCTOBER = Period.parse("2026-10")
SUMMARY = "十月投诉四件，三件已办结。"


def on(day: int, hour: int = 10, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=ZONE)


@pytest.fixture
def october(cast: Cast, media: Path) -> list[Case]:
    """Four complaints: one closed at once, one late, one reopened, one untouched; an opinion; and neighbors in time and place."""
    taken = [take(cast, on(day, month=10), place=f"{day}-1-101") for day in (2, 3, 4, 5)]
    close(taken[0], cast, on(2, month=10))
    measure(fresh(taken[0]), cast, on(6, month=10), text="电梯每半月加检一次", by=cast.engineer)
    cases.answer(fresh(taken[1]), text="晚了", by=cast.clerk, now=on(20, month=10))
    cases.answer(fresh(taken[2]), text="修好了", by=cast.clerk, now=on(7, month=10))
    cases.follow_up(fresh(taken[2]), result="dissatisfied", channel="phone", by=cast.colleague, now=on(8, month=10))
    take(cast, on(9, month=10), "opinion")
    take(cast, on(9, month=10), site=cast.sites["hengtai"], place="")
    take(cast, on(30, 23, 59, 59, month=9))
    take(cast, on(1, 0, 0, 0))
    return [fresh(case) for case in taken]


@pytest.fixture
def drafted(october: list[Case], cast: Cast) -> Report:
    """Drawn up on the first of November, as the worker does."""
    open_recurring(now=on(1, 0, 5))
    return reports.draft(cast.site, OCTOBER, by=SYSTEM, now=on(1, 0, 5))


@pytest.fixture
def submitted(drafted: Report, cast: Cast) -> Report:
    reports.write(drafted, summary=SUMMARY, measures=drafted.measures, by=cast.clerk, now=on(3))
    return reports.submit(drafted, by=cast.clerk, now=on(3))


@pytest.fixture
def published(submitted: Report, cast: Cast) -> Notice:
    reports.decide(submitted, Verdict.AGREED, by=cast.manager, now=on(4))
    return publish(submitted, cast, on(4, 11))


def publish(report: Report, cast: Cast, at: datetime) -> Notice:
    return reports.publish(report, lay_down(b"%PDF sealed", "application/pdf"), by=cast.manager, now=at)


def steps(report: Report, at: datetime) -> dict[str, str]:
    """How each clause of the month stands."""
    duties = Duty.objects.filter(site=report.site, kind="complaint_digest", period="2026-10")
    return {duty.clause: standing(duty.due_at, duty.done_at, at).value for duty in duties}


# ---- drawn


def test_it_is_drawn_once(drafted: Report, cast: Cast) -> None:
    again = reports.draft(cast.site, OCTOBER, by=cast.clerk, now=on(2))
    assert [again.pk, again.drafted_at, Report.objects.count()] == [drafted.pk, on(1, 0, 5), 1]


@pytest.mark.clause("S3.2.3.c", "S4.4.2.1.6.c")
def test_every_complaint_of_the_month_is_counted_and_nothing_else(drafted: Report, october: list[Case]) -> None:
    """Instants just outside the month, another kind and another site are not."""
    figures = drafted.figures
    assert [row["number"] for row in figures["cases"]] == [case.reference.number for case in october]
    assert [figures["received"], figures["answered"], figures["closed"]] == [4, 3, 1]


@pytest.mark.clause("S3.2.3.c")
def test_totals_reconcile_with_the_cases(drafted: Report) -> None:
    figures = drafted.figures
    assert sum(row["received"] for row in figures["by_category"]) == figures["received"] == len(figures["cases"])
    assert sum(row["closed"] for row in figures["by_category"]) == figures["closed"]
    assert sum(row["state"] == "closed" for row in figures["cases"]) == figures["closed"]


def test_each_rate_has_its_base(drafted: Report) -> None:
    """The dictionary's (K06, K09, K12): what fell due in the month stands in the base, also what came before it."""
    figures = drafted.figures
    assert [figures["solution_on_time"], figures["followed_up"], figures["satisfied"]] == [
        {"numerator": 2, "denominator": 5},
        {"numerator": 2, "denominator": 3},
        {"numerator": 1, "denominator": 2},
    ]


@pytest.mark.parametrize(
    ("name", "line"), [("solution_on_time", "on_time"), ("followed_up", "followed_up"), ("satisfied", "satisfied")]
)
def test_a_rate_is_the_one_of_the_figures_page(name: str, line: str, drafted: Report, cast: Cast) -> None:
    """Digest, public page and figures count alike: one dictionary."""
    complaints = Case.objects.filter(site=cast.site, kind="complaint")
    asked = Asked(complaints, cast.site, *window(OCTOBER), on(1, 0, 5))
    assert drafted.figures[name] == reckon(asked).shares[line].as_json()


def test_a_month_of_silence_is_a_digest_too(cast: Cast) -> None:
    report = reports.draft(cast.sites["xueyuan"], Period.parse("2026-08"), by=SYSTEM, now=on(1))
    assert [report.figures["received"], report.figures["cases"]] == [0, []]
    assert report.figures["satisfied"] == {"numerator": 0, "denominator": 0}
    assert blocks_of(report)[0].rows[-1] == ("回访满意", "–")


@pytest.mark.clause("S3.2.3.b")
def test_the_measures_of_the_month_are_its_first_text(drafted: Report) -> None:
    assert drafted.measures == "电梯每半月加检一次"


def test_writing_draws_the_figures_anew(drafted: Report, october: list[Case], cast: Cast) -> None:
    cases.answer(october[3], text="补上", by=cast.clerk, now=on(2))
    reports.write(drafted, summary="", measures="", by=cast.clerk, now=on(3))
    assert drafted.figures["answered"] == 4


def test_it_is_seen_at_its_site(drafted: Report, cast: Cast) -> None:
    number = drafted.reference.number
    assert [by_number(number, actor) for actor in (cast.clerk, cast.stranger)] == [drafted, None]
    assert [listed(cast.site, cast.clerk, most=9), listed(cast.site, cast.stranger, most=9)] == [[drafted], []]


def test_reopening_does_not_turn_a_late_solution_into_one_on_time(october: list[Case], cast: Cast) -> None:
    """The verdict on the first date is frozen; the new date belongs to the new round."""
    before = drawn(cast.site, OCTOBER, now=on(1))["solution_on_time"]
    cases.object_to(october[1], words="不行", by=NOBODY, now=on(21, month=10))
    assert drawn(cast.site, OCTOBER, now=on(1))["solution_on_time"] == before


# ---- submitted


@pytest.mark.clause("S3.2.3.c", "S4.4.2.1.6.c")
@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        (on(1), "kept"),
        (on(5), "kept"),
        (on(5, 23, 59, 59), "kept"),
        (on(6, 0, 0, 0), "late"),
        (on(6), "late"),
        (on(30), "late"),
    ],
)
def test_the_fifth_counts_and_the_sixth_is_late_for_ever(
    at: datetime, verdict: str, drafted: Report, cast: Cast
) -> None:
    reports.submit(drafted, by=cast.clerk, now=at)
    later = at + timedelta(days=3650)
    found = steps(drafted, later)
    assert [found["S3.2.3.c"], found["S4.4.2.1.6.c"]] == [verdict, verdict]


@pytest.mark.clause("S3.2.3.c")
def test_returned_and_submitted_again_late_it_is_still_kept(submitted: Report, cast: Cast) -> None:
    """It was handed in on the 3rd; the manager's return does not make the author late."""
    reports.decide(submitted, Verdict.RETURNED, by=cast.manager, now=on(7), comment="补充整改措施")
    reports.submit(submitted, by=cast.clerk, now=on(8))
    assert [steps(submitted, on(9))["S3.2.3.c"], submitted.version] == ["kept", 2]


def test_submitting_tells_the_manager_once(submitted: Report, cast: Cast) -> None:
    told = Delivery.objects.filter(reference=submitted.reference)
    assert [(one.template, str(one.to_user)) for one in told] == [("reports/messages/submitted", "周建国")]


@pytest.mark.parametrize("who", ["wang", "he", "qian", "fang"])
def test_only_clerks_and_the_manager_submit(who: str, drafted: Report, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reports.submit(drafted, by=cast.actor(who), now=on(3))


def test_what_was_submitted_is_written_no_more(submitted: Report, cast: Cast) -> None:
    with pytest.raises(IllegalStep):
        reports.write(submitted, summary="改一改", measures="", by=cast.clerk, now=on(4))


# ---- decided


@pytest.mark.clause("S3.2.3.d")
def test_nothing_is_published_before_the_manager_agreed(submitted: Report, cast: Cast) -> None:
    with pytest.raises(IllegalStep):
        publish(submitted, cast, on(4))
    assert [Notice.objects.count(), Seal.objects.count(), submitted.state] == [0, 0, "submitted"]


def test_a_draft_is_not_published_either(drafted: Report, cast: Cast) -> None:
    with pytest.raises(IllegalStep):
        publish(drafted, cast, on(4))


@pytest.mark.clause("S3.2.3.d")
def test_nobody_approves_what_they_submitted(drafted: Report, cast: Cast) -> None:
    reports.submit(drafted, by=cast.manager, now=on(3))
    with pytest.raises(OwnWork):
        reports.decide(drafted, Verdict.AGREED, by=cast.manager, now=on(4))
    assert Report.objects.get().state == "submitted"
    assert str(Delivery.objects.get(template="reports/messages/submitted").to_user) == "沈国梁"
    assert reports.decide(drafted, Verdict.AGREED, by=cast.director, now=on(4)).state == "approved"


@pytest.mark.clause("S3.2.3.d")
@pytest.mark.parametrize("who", ["chen", "lin", "wang", "zheng", "fang"])
def test_only_the_manager_approves(who: str, submitted: Report, cast: Cast) -> None:
    with pytest.raises(Refusal):
        reports.decide(submitted, Verdict.AGREED, by=cast.actor(who), now=on(4))
    assert Report.objects.get().state == "submitted"


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_a_return_needs_a_reason(blank: str, submitted: Report, cast: Cast) -> None:
    with pytest.raises(NoReasonGiven):
        reports.decide(submitted, Verdict.RETURNED, by=cast.manager, now=on(4), comment=blank)
    assert Report.objects.get().state == "submitted"


def test_a_return_tells_the_author_and_opens_the_draft(submitted: Report, cast: Cast) -> None:
    reports.decide(submitted, Verdict.RETURNED, by=cast.manager, now=on(4), comment="补充整改措施")
    assert str(Delivery.objects.get(template="reports/messages/returned").to_user) == "陈晓雯"
    reports.write(submitted, summary="补充了", measures="", by=cast.clerk, now=on(4))
    assert [submitted.state, submitted.summary] == ["returned", "补充了"]


@pytest.mark.clause("S4.4.2.1.6.d")
def test_once_approved_it_goes_on_to_the_quality_department(submitted: Report, cast: Cast) -> None:
    assert steps(submitted, on(4))["S4.4.2.1.6.d"] != "kept"
    reports.decide(submitted, Verdict.AGREED, by=cast.manager, now=on(4))
    assert steps(submitted, on(4))["S4.4.2.1.6.d"] == "kept"
    assert str(Delivery.objects.get(template="reports/messages/approved").to_user) == "方静"


def test_two_managers_decide_once(submitted: Report, cast: Cast) -> None:
    appoint(cast.users["lin"], role="site_manager", by=SYSTEM, now=on(1), company=cast.company.pk, site=cast.site)
    stale = Report.objects.select_related("reference", "site", "submitted_by").get()
    reports.decide(submitted, Verdict.AGREED, by=cast.manager, now=on(4))
    with pytest.raises(Refusal):
        reports.decide(stale, Verdict.RETURNED, by=cast.colleague, now=on(4), comment="不行")
    assert Report.objects.get().state == "approved"


def test_the_slower_of_two_authors_loses(drafted: Report, cast: Cast) -> None:
    stale = Report.objects.select_related("reference", "site").get()
    reports.submit(drafted, by=cast.clerk, now=on(3))
    with pytest.raises(ChangedMeanwhile):
        reports.write(stale, summary="晚到的字", measures="", by=cast.colleague, now=on(3))
    assert Report.objects.get().summary == ""


# ---- the gate


@pytest.mark.clause("S3.2.3.d")
@pytest.mark.parametrize(
    "words", ["业主张三丰反映", "致电 13800001111", "2-1-101 的电梯", "3号楼1单元101室", "王女士满意"]
)
@pytest.mark.parametrize("place", ["summary", "measures"])
def test_a_name_a_number_or_a_room_stops_approval(words: str, place: str, drafted: Report, cast: Cast) -> None:
    text = {"summary": SUMMARY, "measures": "加检"} | {place: f"情况：{words}。"}
    reports.write(drafted, by=cast.clerk, now=on(3), **text)
    reports.submit(drafted, by=cast.clerk, now=on(3))
    assert len(gate(drafted)) == 1
    with pytest.raises(NamesSomebody):
        reports.decide(drafted, Verdict.AGREED, by=cast.manager, now=on(4))
    assert [Report.objects.get().state, Report.objects.get().approved_at] == ["submitted", None]


@pytest.mark.clause("S3.2.3.d")
def test_the_page_shows_the_digest_and_nobody_s_identity(published: Notice, cast: Cast) -> None:
    assert list(posted_on(cast.site, on=on(4).date())) == [published]
    words = published.title + repr(published.body)
    people = ["张三丰", "13800001111", "-1-101", "老人", "陈晓雯", "王志强"]
    assert [person for person in people if person in words] == []
    assert [published.title, SUMMARY in words, "电梯每半月加检一次" in words] == [
        "玉兰苑 2026年10月 顾客投诉及处理情况",
        True,
        True,
    ]


@pytest.mark.clause("S3.2.3.c", "S3.2.3.d", "S3.2.3.e", "S4.4.2.1.6.c", "S4.4.2.1.6.d")
def test_the_whole_round_by_the_fifth_keeps_every_clause(published: Notice, drafted: Report) -> None:
    assert steps(drafted, on(30)) == {
        "S3.2.3.c": "kept",
        "S3.2.3.d": "kept",
        "S3.2.3.e": "kept",
        "S4.4.2.1.6.c": "kept",
        "S4.4.2.1.6.d": "kept",
    }


@pytest.mark.clause("S3.2.3.d", "S3.2.3.e")
def test_published_on_the_sixth_is_late_for_ever(submitted: Report, cast: Cast) -> None:
    reports.decide(submitted, Verdict.AGREED, by=cast.manager, now=on(5))
    publish(submitted, cast, on(6))
    assert steps(submitted, on(6, month=12)) == {
        "S3.2.3.c": "kept",
        "S3.2.3.d": "late",
        "S3.2.3.e": "late",
        "S4.4.2.1.6.c": "kept",
        "S4.4.2.1.6.d": "kept",
    }


def test_other_months_and_sites_are_not_discharged(published: Notice, cast: Cast) -> None:
    done = Duty.objects.filter(kind="complaint_digest", done_at__isnull=False)
    assert {(duty.site.code, duty.period) for duty in done} == {("yulan", "2026-10")}


@pytest.mark.clause("S3.2.3.e")
def test_it_is_archived_with_a_filing_number(published: Notice, drafted: Report) -> None:
    seal = Seal.objects.get()
    assert [seal.reference, seal.filing_number, bytes_of(seal.file)] == [
        drafted.reference,
        f"BA-20261104-{drafted.reference.number}",
        b"%PDF sealed",
    ]
    assert Entry.objects.get(verb="reports.published").facts == {"notice": published.reference.number}


def test_it_is_published_once(published: Notice, drafted: Report, submitted: Report, cast: Cast) -> None:
    with pytest.raises(IllegalStep):
        publish(submitted, cast, on(5))
    assert [Notice.objects.count(), Seal.objects.count(), Report.objects.get().published_at] == [1, 1, on(4, 11)]


def test_a_changed_gate_stops_publication_too(submitted: Report, cast: Cast) -> None:
    """Somebody wrote to the database after the approval: what is posted is inspected once more."""
    reports.decide(submitted, Verdict.AGREED, by=cast.manager, now=on(4))
    submitted.summary = "张三丰反映"
    with pytest.raises(NamesSomebody):
        publish(submitted, cast, on(4))
    assert [Notice.objects.count(), Seal.objects.count(), Report.objects.get().state] == [0, 0, "approved"]


def test_the_paper_is_a_pdf(submitted: Report) -> None:
    assert printed(submitted)[:5] == b"%PDF-"


@pytest.mark.parametrize("count", [1, 3])
def test_drawing_takes_the_same_statements_for_one_case_and_for_three(
    count: int, cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    for _one in range(count):
        take(cast, on(3, month=10))
    drawn(cast.site, OCTOBER, now=on(1))
    with django_assert_num_queries(6):
        drawn(cast.site, OCTOBER, now=on(1))


def test_months_are_listed_before_weeks_however_many_these_are(cast: Cast, now: datetime) -> None:
    """As words 2026-W43 comes after 2026-10: the month's digest must not be pushed off the list."""
    for period in ("2026-W44", "2026-10", "2026-W43"):
        reports.draft(cast.site, Period.parse(period), by=SYSTEM, now=now)
    assert [one.period for one in listed(cast.site, cast.clerk, most=1)] == ["2026-10", "2026-W44"]
