"""The ledger: opened once, discharged by what fits and nothing else, late for ever."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.demo.cast import Cast
from huiyin.duties.actions import discharge, hand_over, lift, note_nudge, open_duties
from huiyin.duties.models import Duty, Evidence, Nudge
from huiyin.duties.queries import about, by_standing, compliance, evidence_for, of_site, open_now, owed_by, visible_to
from huiyin.duties.rules import Asked, Done, grade, percent_run, standing
from huiyin.duties.states import Standing
from huiyin.journal.models import Entry
from huiyin.organization.models import Site
from huiyin.references.actions import Wanted, issue, restrict
from huiyin.references.models import Reference
from huiyin.references.states import Kind

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def paper(cast: Cast, now: datetime) -> Reference:
    """What serves as evidence."""
    return issue(cast.site, Wanted(Kind.REPORT, "小结"), now=now)[0]


def asked(now: datetime, kind: str = "forum", **changes: Any) -> Asked:
    return replace(
        Asked(kind, now, now + 10 * DAY, step="hold", period="2026-11", handbook="h", clause="S9"), **changes
    )


def opened(site: Site, *wanted: Asked, reference: Reference | None = None) -> list[Duty]:
    before = set(Duty.objects.values_list("pk", flat=True))
    open_duties(site, wanted, reference=reference)
    return list(Duty.objects.exclude(pk__in=before).order_by("id"))


# ---- standing: pure


@pytest.mark.parametrize(
    ("done", "at", "expected"),
    [
        (None, -3 * DAY, Standing.RUNNING),
        (None, -2 * DAY, Standing.DUE_SOON),
        (None, 0 * DAY, Standing.DUE_SOON),
        (None, SECOND, Standing.MISSING),
        (-DAY, 100 * DAY, Standing.KEPT),
        (0 * DAY, 100 * DAY, Standing.KEPT),
        (SECOND, SECOND, Standing.LATE),
        (SECOND, 1000 * DAY, Standing.LATE),
    ],
)
def test_standing(done: timedelta | None, at: timedelta, expected: Standing, now: datetime) -> None:
    """Times are counted from the due second; late stays late however long ago."""
    assert standing(now, None if done is None else now + done, now + at) == expected


def test_what_does_not_apply_is_neither_kept_nor_late(now: datetime) -> None:
    assert standing(now, None, now + DAY, not_applicable=True) == Standing.NOT_APPLICABLE


@pytest.mark.parametrize(("after", "percent"), [(-1, 0), (0, 0), (5, 50), (8, 80), (10, 100), (15, 150), (100, 1000)])
def test_how_far_the_time_has_run(after: int, percent: int, now: datetime) -> None:
    assert percent_run(now, now + 10 * DAY, now + after * DAY) == percent


def test_no_time_at_all_has_run_out_at_once(now: datetime) -> None:
    assert [percent_run(now, now, now), percent_run(now, now, now + SECOND)] == [0, 100]


# ---- opening


def test_opening_again_changes_nothing(cast: Cast, now: datetime, paper: Reference) -> None:
    duty = opened(cast.site, asked(now))[0]
    discharge(cast.site, Done(("forum",), now, step="hold"), reference=paper, by=cast.clerk, now=now)
    for _time in range(3):
        open_duties(cast.site, [asked(now, due_at=now + 99 * DAY)])
    assert list(Duty.objects.values_list("pk", "due_at", "done_at")) == [(duty.pk, now + 10 * DAY, now)]


@pytest.mark.parametrize(
    "other", [{"kind": "event"}, {"step": "file"}, {"period": "2026-12"}, {"clause": "S8"}, {"handbook": "g"}]
)
def test_what_differs_in_any_mark_is_another_duty(other: dict[str, str], cast: Cast, now: datetime) -> None:
    open_duties(cast.site, [asked(now), asked(now, **other)])
    open_duties(cast.site, [asked(now, **other), asked(now)])
    assert Duty.objects.count() == 2


def test_each_site_and_each_matter_has_its_own(cast: Cast, now: datetime, paper: Reference) -> None:
    open_duties(cast.site, [asked(now)])
    open_duties(cast.sites["hengtai"], [asked(now)])
    open_duties(cast.site, [asked(now)], reference=paper)
    assert Duty.objects.count() == 3


# ---- evidence


def test_one_act_discharges_every_duty_it_fits(cast: Cast, now: datetime, paper: Reference) -> None:
    """Two handbooks ask for the same forum: held once, kept twice."""
    duties = opened(cast.site, asked(now), asked(now, handbook="g", clause="S7"), asked(now, clause="S8"))
    at = now + DAY
    met = discharge(cast.site, Done(("event", "forum"), at, step="hold"), reference=paper, by=cast.clerk, now=at)
    assert {duty.pk for duty in met} == {duty.pk for duty in duties}
    assert set(Duty.objects.values_list("done_at", flat=True)) == {at}
    assert [evidence.duties.count() for evidence in Evidence.objects.all()] == [3]
    entries = Entry.objects.filter(verb="duties.discharged").order_by("id")
    assert [entry.facts["clause"] for entry in entries] == ["S9", "S7", "S8"]
    assert {entry.reference for entry in entries} == {paper.number}


def test_one_act_never_serves_two_periods_of_a_clause(cast: Cast, now: datetime, paper: Reference) -> None:
    """An event of this quarter is this quarter's; only when nothing of this quarter is open does it make up for the last."""
    past = asked(now, period="2026Q3", opens_at=now - 90 * DAY, due_at=now - DAY)
    missed, running = opened(cast.site, past, asked(now, period="2026Q4"))
    done = partial(discharge, cast.site, Done(("forum",), now, step="hold"), reference=paper, by=cast.clerk, now=now)
    assert [duty.pk for duty in done()] == [running.pk]
    assert [duty.pk for duty in done()] == [missed.pk]
    assert done() == []


def test_an_act_for_one_cluster_is_not_done_for_the_others(cast: Cast, now: datetime, paper: Reference) -> None:
    _whole, _west, east = opened(
        cast.site, asked(now), asked(now, scope="cluster:west"), asked(now, scope="cluster:east")
    )
    done = Done(("forum",), now + DAY, step="hold", scope="cluster:east")
    assert discharge(cast.site, done, reference=paper, by=cast.clerk, now=now + DAY) == [east]


@pytest.mark.parametrize(
    ("wanted", "papers", "valid_until", "worth"),
    [
        ((), (), None, "sound"),
        (("photo", "record"), ("record",), None, "sound"),
        (("photo", "record"), (), None, "weak"),
        (("photo",), ("report",), None, "weak"),
        (("photo",), ("photo",), date(2026, 11, 23), "sound"),
        (("photo",), ("photo",), date(2026, 11, 22), "expired"),
    ],
)
def test_what_evidence_is_worth(
    wanted: tuple[str, ...], papers: tuple[str, ...], valid_until: date | None, worth: str
) -> None:
    assert grade(wanted, papers, valid_until, date(2026, 11, 23)) == worth


@pytest.mark.parametrize(
    "done",
    [
        {"kinds": ("event",)},
        {"step": "file"},
        {"step": ""},
        {"about": "2026-10"},
        {"happened_at": -DAY},
        {"clauses": ("S8",)},
    ],
)
def test_what_does_not_fit_discharges_nothing(
    done: dict[str, Any], cast: Cast, now: datetime, paper: Reference
) -> None:
    duty = opened(cast.site, asked(now))[0]
    if "happened_at" in done:
        done = {"happened_at": now + done["happened_at"]}
    act = replace(Done(("forum",), now, step="hold"), **done)
    assert discharge(cast.site, act, reference=paper, by=cast.clerk, now=now) == []
    duty.refresh_from_db()
    assert [duty.done_at, evidence_for(duty).count(), Evidence.objects.count()] == [None, 0, 1]


def test_an_act_at_another_site_discharges_nothing_here(cast: Cast, now: datetime, paper: Reference) -> None:
    open_duties(cast.site, [asked(now)])
    other = cast.sites["hengtai"]
    assert discharge(other, Done(("forum",), now, step="hold"), reference=paper, by=cast.clerk, now=now) == []


def test_an_act_about_a_period_fits_that_period_whenever_it_happens(
    cast: Cast, now: datetime, paper: Reference
) -> None:
    """The report of the third quarter, filed in November, keeps the third quarter's duty and not the fourth's."""
    third, fourth = opened(cast.site, asked(now - 60 * DAY, period="2026Q3"), asked(now - 5 * DAY, period="2026Q4"))
    act = Done(("forum",), now, step="hold", about="2026Q3")
    assert discharge(cast.site, act, reference=paper, by=cast.clerk, now=now) == [third]
    fourth.refresh_from_db()
    assert fourth.done_at is None


def test_late_is_late_for_ever_although_done(cast: Cast, now: datetime, paper: Reference) -> None:
    duty = opened(cast.site, asked(now))[0]
    act = Done(("forum",), duty.due_at + SECOND, step="hold")
    discharge(cast.site, act, reference=paper, by=cast.clerk, now=duty.due_at + SECOND)
    Duty.objects.update(moved_to=duty.due_at + 30 * DAY)
    duty.refresh_from_db()
    assert standing(duty.due_at, duty.done_at, now + 999 * DAY) == Standing.LATE
    assert list(by_standing(Duty.objects.all(), "late", now + 999 * DAY)) == [duty]


def test_doing_it_again_does_not_move_the_first_time(cast: Cast, now: datetime, paper: Reference) -> None:
    open_duties(cast.site, [asked(now)])
    for days in (2, 20):
        act = Done(("forum",), now + days * DAY, step="hold")
        discharge(cast.site, act, reference=paper, by=cast.clerk, now=now + days * DAY)
    assert [Duty.objects.get().done_at, Evidence.objects.count()] == [now + 2 * DAY, 2]


def test_a_quota_is_met_by_the_sum(cast: Cast, now: datetime, paper: Reference) -> None:
    duty = opened(cast.site, asked(now, needed=10))[0]
    met = []
    for days, amount in enumerate((4, 5, 1, 3)):
        act = Done(("forum",), now + days * DAY, step="hold", amount=amount)
        met.append(discharge(cast.site, act, reference=paper, by=cast.clerk, now=now + days * DAY))
    assert [met, Duty.objects.get().done_at] == [[[], [], [duty], []], now + 2 * DAY]


def test_only_about_narrows_to_one_matter(cast: Cast, now: datetime, paper: Reference) -> None:
    other = issue(cast.site, Wanted(Kind.CASE, "另一件"), now=now)[0]
    mine = opened(cast.site, asked(now), reference=paper)[0]
    opened(cast.site, asked(now), reference=other)
    opened(cast.site, asked(now))
    act = Done(("forum",), now, step="hold")
    assert discharge(cast.site, act, reference=paper, by=cast.clerk, now=now, only_about=True) == [mine]


def test_lifted_duties_are_discharged_by_nothing(cast: Cast, now: datetime, paper: Reference) -> None:
    opened(cast.site, asked(now), reference=paper)
    lift(paper, ["forum", "event"], reason="停办", by=cast.clerk, now=now)
    act = Done(("forum",), now, step="hold")
    assert discharge(cast.site, act, reference=paper, by=cast.clerk, now=now) == []
    lift(paper, ["forum"], reason="再停一次", by=cast.clerk, now=now)
    assert [Duty.objects.get().not_applicable, Entry.objects.filter(verb="duties.lifted").count()] == ["停办", 1]


def test_handing_over_moves_open_duties_of_the_matter_alone(cast: Cast, now: datetime, paper: Reference) -> None:
    chen, wang = cast.users["chen"], cast.users["wang"]
    mine = asked(now, owner_id=chen.pk)
    opened(cast.site, mine, replace(mine, kind="event"), replace(mine, kind="survey", owner_id=None), reference=paper)
    opened(cast.site, mine)
    lift(paper, ["event"], reason="停办", by=cast.clerk, now=now)
    hand_over(paper, wang)
    rows = Duty.objects.order_by("id").values_list("kind", "reference", "owner__username")
    assert list(rows) == [
        ("forum", paper.pk, "wang"),
        ("event", paper.pk, "chen"),
        ("survey", paper.pk, None),
        ("forum", None, "chen"),
    ]


def test_a_rung_is_used_once(cast: Cast, now: datetime) -> None:
    duty = opened(cast.site, asked(now))[0]
    used = [note_nudge(duty, rung=rung, to=cast.users["chen"], now=now) for rung in (50, 50, 80, 50)]
    assert [used, Nudge.objects.count()] == [[True, False, True, False], 2]


# ---- reading


@pytest.fixture
def month(cast: Cast, now: datetime, paper: Reference) -> list[Duty]:
    """Kept, late, missing, due soon, running, not applicable; and one of the past that is for statistics."""
    kinds = ("kept", "late", "missing", "soon", "running", "lifted", "history")
    due = (-5, -5, -5, 1, 5, 5, -5)
    rows = [asked(now - 30 * DAY, kind=kind, due_at=now + days * DAY) for kind, days in zip(kinds, due, strict=True)]
    rows[-1] = replace(rows[-1], is_history=True)
    opened(cast.site, *rows, reference=paper)
    for kind, days in (("kept", -6), ("late", -4)):
        at = now + days * DAY
        discharge(cast.site, Done((kind,), at, step="hold"), reference=paper, by=cast.clerk, now=at)
    lift(paper, ["lifted"], reason="x", by=cast.clerk, now=now)
    return list(Duty.objects.order_by("id"))


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ("kept", ["kept"]),
        ("late", ["late"]),
        ("missing", ["missing"]),
        ("due_soon", ["soon"]),
        ("running", ["running"]),
        ("not_applicable", ["lifted"]),
        ("", ["kept", "late", "missing", "soon", "running", "lifted", "history"]),
    ],
)
def test_lists_by_standing_agree_with_the_rule(wanted: str, kinds: list[str], month: list[Duty], now: datetime) -> None:
    found = by_standing(Duty.objects.order_by("id"), wanted, now)
    assert [duty.kind for duty in found] == kinds
    if wanted:
        judged = {standing(d.due_at, d.done_at, now, not_applicable=bool(d.not_applicable)) for d in found}
        assert judged == {Standing(wanted)}


def test_compliance_counts_what_fell_due(month: list[Duty], cast: Cast, now: datetime) -> None:
    duties = of_site(cast.site, cast.clerk, first=now - 60 * DAY, last=now + 60 * DAY)
    assert compliance(duties, now=now) == {"due": 3, "kept": 1, "late": 1, "missing": 1}
    assert compliance(Duty.objects.none(), now=now) == {"due": 0, "kept": 0, "late": 0, "missing": 0}


@pytest.mark.parametrize("wanted", ["", "kept", "late", "missing"])
def test_of_a_site_in_due_order_and_three_queries(
    wanted: str, month: list[Duty], cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    actor = cast.clerk
    with django_assert_num_queries(3 if wanted in {"", "kept", "late"} else 2):
        duties = by_standing(of_site(cast.site, actor, first=now - 60 * DAY, last=now + 60 * DAY), wanted, now)
        rows = [(duty.kind, [one.reference.number for one in duty.evidence.all()]) for duty in duties]
    assert [kind for kind, _evidence in rows] == {
        "": ["kept", "late", "missing", "soon", "running", "lifted"],
    }.get(wanted, [wanted])


def test_the_window_includes_both_ends(month: list[Duty], cast: Cast, now: datetime) -> None:
    edge = now + DAY
    assert [duty.kind for duty in of_site(cast.site, cast.clerk, first=edge, last=edge)] == ["soon"]


def test_a_stranger_sees_none_and_restricted_matters_hide_their_duties(
    month: list[Duty], cast: Cast, now: datetime, paper: Reference
) -> None:
    assert [visible_to(cast.stranger).count(), visible_to(cast.clerk).count()] == [0, 7]
    restrict(paper, 2)
    assert [visible_to(cast.clerk).count(), visible_to(cast.manager).count(), about(paper).count()] == [0, 7, 7]


def test_what_i_owe(cast: Cast, now: datetime) -> None:
    chen = cast.users["chen"].pk
    opened(
        cast.site,
        asked(now, kind="mine", owner_id=chen),
        asked(now, kind="of my post", owner_role="service_assistant", due_at=now + 5 * DAY),
        asked(now, kind="a colleague's", owner_id=cast.users["lin"].pk),
        asked(now, kind="the manager's", owner_role="site_manager"),
        asked(now + DAY, kind="not begun", owner_id=chen),
    )
    open_duties(cast.sites["hengtai"], [asked(now, kind="elsewhere", owner_role="service_assistant")])
    assert [duty.kind for duty in owed_by(cast.clerk, now=now)] == ["of my post", "mine"]
    assert [duty.kind for duty in owed_by(cast.stranger, now=now)] == ["elsewhere"]
    assert open_now(now=now).count() == 5


def test_the_database_refuses_a_due_time_before_the_opening(cast: Cast, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(site=cast.site, kind="x", opens_at=now, due_at=now - SECOND)
