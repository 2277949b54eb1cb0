"""The first assessment: what it comes to, what it shortens, and who hears of danger at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.rules import IllegalMove
from huiyin.cases.rules.triage import AT_INTAKE, Triage, WrongAssessment, at_intake
from huiyin.cases.states import Affected, Complexity, Severity, Urgency
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.organization.rules import NotAllowed
from tests import acts
from tests.acts import fresh, take

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOUND = st.builds(
    Triage,
    is_safety=st.booleans(),
    severity=st.sampled_from([None, *Severity.values]),
    affected=st.sampled_from(Affected.values),
    is_immediate=st.booleans(),
    complexity=st.sampled_from(Complexity.values),
)


def solutions(case: Case) -> list[tuple[str, datetime, str]]:
    rows = Duty.objects.filter(reference=case.reference, kind="solution").order_by("due_at")
    return [(one.clause, one.due_at.astimezone(ZONE), one.not_applicable) for one in rows]


def warned(case: Case) -> list[str]:
    rows = Delivery.objects.filter(reference=case.reference, template__endswith="danger").order_by("id")
    return [str(row.to_user) for row in rows.select_related("to_user")]


@pytest.mark.parametrize(
    ("found", "urgency"),
    [
        (Triage(), "normal"),
        (Triage(severity=2, affected="neighbors", complexity="outside"), "normal"),
        (Triage(severity=3), "serious"),
        (Triage(affected="many"), "serious"),
        (Triage(severity=4), "urgent"),
        (Triage(is_immediate=True), "urgent"),
        (Triage(is_safety=True), "danger"),
    ],
)
def test_what_an_assessment_comes_to(found: Triage, urgency: str) -> None:
    assert found.urgency == urgency


@given(FOUND)
def test_safety_forces_the_emergency_clock_and_nothing_is_graver(found: Triage) -> None:
    assert (found.urgency == Urgency.DANGER) == found.is_safety
    ranks = list(Urgency)
    graver = Triage(True, found.severity, found.affected, found.is_immediate, found.complexity)
    assert ranks.index(graver.urgency) <= ranks.index(found.urgency)


def test_what_is_on_no_list_is_refused() -> None:
    for wrong, field in (
        (Triage(severity=5), "severity"),
        (Triage(affected="x"), "affected"),
        (Triage(complexity="x"), "complexity"),
    ):
        with pytest.raises(WrongAssessment) as caught:
            wrong.checked()
        assert caught.value.field == field
    with pytest.raises(WrongAssessment):
        at_intake("soon")
    assert [at_intake(""), {code: one.urgency for code, one in AT_INTAKE.items()}] == [
        None,
        {one.value: one for one in Urgency},
    ]


def test_danger_at_intake_is_counted_in_hours_and_the_manager_hears_at_once(cast: Cast, now: datetime) -> None:
    taken = cases.take(acts.contact(cast), by=cast.clerk, now=now, urgency="danger").case
    assert taken is not None
    assert [taken.urgency, taken.severity, taken.solution_due_at] == ["danger", None, now + 2 * HOUR]
    assert [event.kind for event in taken.events.all()] == ["taken", "triaged", "informed"]
    assert warned(taken) == ["周建国", "陈晓雯"]


def test_a_clause_keeps_its_own_date_beside_the_shorter_one(cast: Cast, now: datetime) -> None:
    site = cast.sites["xueyuan"]
    case = cases.take(acts.contact(cast, site=site, place=""), by=cast.actor("yang"), now=now, urgency="serious").case
    assert case is not None
    three, seven = (datetime(2026, 11, 23 + days, 23, 59, 59, tzinfo=ZONE) for days in (3, 7))
    assert solutions(case) == [("", three, ""), ("S1.4.2.a", seven, "")]
    assert [case.first_due_at, case.solution_due_at] == [three, three]
    cases.accept(case, by=cast.actor("gao"), now=now)
    cases.solve(case, plan="更换", by=cast.actor("gao"), now=now + DAY)
    assert set(Duty.objects.filter(reference=case.reference, kind="solution").values_list("done_at", flat=True)) == {
        now + DAY
    }


def test_a_graver_assessment_shortens_what_runs(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    at = now + 2 * DAY
    cases.triage(case, found=Triage(severity=4), words="水漫到电梯井", by=cast.clerk, now=at)
    week = datetime(2026, 11, 30, 23, 59, 59, tzinfo=ZONE)
    assert solutions(case) == [("", (at + DAY).astimezone(ZONE), ""), ("", week, "重新评估后改按更短的时限")]
    stored = fresh(case)
    assert [stored.urgency, stored.severity, stored.solution_due_at, stored.first_due_at] == [
        "urgent",
        4,
        at + DAY,
        at + DAY,
    ]
    event = stored.events.get(kind="triaged")
    assert [event.text, event.is_public, event.values["urgency"], warned(case)] == ["水漫到电梯井", False, "urgent", []]


def test_a_milder_assessment_lengthens_nothing_and_what_is_late_stays_late(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.triage(case, found=Triage(is_safety=True), by=cast.clerk, now=now)
    before = solutions(case)
    cases.triage(case, found=Triage(), by=cast.clerk, now=now + HOUR)
    assert [solutions(case), fresh(case).solution_due_at] == [before, now + 2 * HOUR]
    other = take(cast, now)
    late = now + 9 * DAY
    cases.triage(other, found=Triage(is_safety=True), by=cast.clerk, now=late)
    assert solutions(other) == [("", datetime(2026, 11, 30, 23, 59, 59, tzinfo=ZONE), "")]
    assert warned(other) == ["周建国", "陈晓雯"]


def test_what_is_solved_keeps_its_verdict(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.accept(case, by=cast.engineer, now=now)
    cases.solve(case, plan="更换", by=cast.engineer, now=now + DAY)
    first = fresh(case).first_due_at
    cases.triage(case, found=Triage(is_safety=True), by=cast.clerk, now=now + DAY)
    assert [fresh(case).first_due_at, len(solutions(case))] == [first, 1]


def test_who_may_assess_and_when(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NotAllowed):
        cases.triage(case, found=Triage(), by=cast.actor("fang"), now=now)
    acts.close(case, cast, now)
    with pytest.raises(IllegalMove):
        cases.triage(case, found=Triage(), by=cast.clerk, now=now)


def test_a_grave_case_is_followed_up_sooner(cast: Cast, now: datetime) -> None:
    case = cases.take(acts.contact(cast), by=cast.clerk, now=now, urgency="danger").case
    assert case is not None
    acts.answer(case, cast, now)
    rows = Duty.objects.filter(reference=case.reference, kind="follow_up").order_by("due_at")
    assert [(one.clause, (one.due_at.astimezone(ZONE).date() - now.date()).days) for one in rows] == [
        ("", 3),
        ("S3.2.3.a", 9),
    ]
