"""A site's own academic calendar, and the facts that decide which duties apply."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.kit.refusal import Refusal
from huiyin.organization.actions import remove_term, set_term, state_circumstance
from huiyin.organization.models import Site
from huiyin.organization.queries import circumstance_history, circumstances_of, terms_of
from huiyin.organization.rules import SYSTEM, NotAllowed, WrongCircumstance, WrongTerm, recheck_default

AUTUMN = {"period": "2030-2031-1", "first_on": date(2030, 9, 2), "last_on": date(2031, 1, 17)}
SPRING = {"period": "2030-2031-2", "first_on": date(2031, 2, 24), "last_on": date(2031, 7, 4)}


@pytest.fixture
def campus(cast: Cast) -> Site:
    """A second student housing, with no terms yet."""
    return Site.objects.create(company=cast.company, code="east", kind="student_housing", name="东苑")


def spans(site: Site) -> list[tuple[str, date, date]]:
    return [(term.period, term.first_on, term.last_on) for term in terms_of(site)]


def test_a_term_is_written_once_and_moved(campus: Site, now: datetime) -> None:
    before = Entry.objects.count()
    for days in (AUTUMN, AUTUMN, AUTUMN | {"last_on": date(2031, 1, 24)}, SPRING):
        set_term(campus, **days, by=SYSTEM, now=now)
    assert spans(campus) == [
        ("2030-2031-1", date(2030, 9, 2), date(2031, 1, 24)),
        ("2030-2031-2", date(2031, 2, 24), date(2031, 7, 4)),
    ]
    assert [entry.facts.get("before") for entry in Entry.objects.order_by("id")[before:]] == [
        None,
        "2030-09-02..2031-01-17",
        None,
    ]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("period", {"period": "2030"}),
        ("period", {"period": "2030-2032-1"}),
        ("period", {"period": "秋季"}),
        ("last_on", {"last_on": date(2030, 9, 1)}),
        ("first_on", {"first_on": date(2029, 12, 31)}),
        ("last_on", {"last_on": date(2032, 1, 1)}),
        ("last_on", {"last_on": date(2031, 6, 30)}),
        ("last_on", {"last_on": date(2031, 2, 24)}),
        ("first_on", {"period": "2031-2032-1", "first_on": date(2031, 7, 4), "last_on": date(2031, 12, 31)}),
    ],
)
def test_days_that_make_no_term_are_refused(field: str, changes: dict, campus: Site, now: datetime) -> None:
    set_term(campus, **SPRING, by=SYSTEM, now=now)
    with pytest.raises(WrongTerm if field != "period" else Refusal) as refused:
        set_term(campus, **(AUTUMN | changes), by=SYSTEM, now=now)
    assert refused.value.field == field
    assert spans(campus) == [tuple(SPRING.values())]


def test_one_sites_calendar_never_changes_anothers(campus: Site, cast: Cast, now: datetime) -> None:
    here = cast.sites["xueyuan"]
    set_term(campus, **AUTUMN, by=SYSTEM, now=now)
    before = spans(campus)
    set_term(here, period="2030-2031-1", first_on=date(2030, 8, 26), last_on=date(2031, 1, 10), by=SYSTEM, now=now)
    set_term(here, period="2030-2031-2", first_on=date(2031, 1, 11), last_on=date(2031, 6, 20), by=SYSTEM, now=now)
    remove_term(here, period="2030-2031-1", by=SYSTEM, now=now)
    assert spans(campus) == before


def test_a_term_written_by_mistake_is_taken_out(campus: Site, now: datetime) -> None:
    set_term(campus, **AUTUMN, by=SYSTEM, now=now)
    before = Entry.objects.count()
    for _twice in range(2):
        remove_term(campus, period="2030-2031-1", by=SYSTEM, now=now)
    assert (spans(campus), Entry.objects.count() - before) == ([], 1)


def test_only_students_have_terms_and_only_the_manager_sets_them(campus: Site, cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongTerm):
        set_term(cast.site, **AUTUMN, by=SYSTEM, now=now)
    for nobody in (cast.actor("yang"), cast.manager):
        with pytest.raises(NotAllowed):
            set_term(campus, **AUTUMN, by=nobody, now=now)
        with pytest.raises(NotAllowed):
            remove_term(campus, period="2030-2031-1", by=nobody, now=now)


def test_no_committee_is_looked_at_again_after_half_a_year(cast: Cast, now: datetime) -> None:
    said = state_circumstance(
        cast.site, name="owners_committee", holds=False, reason="街道没有备案。", by=cast.manager, now=now
    )
    assert (said.since_on, said.recheck_on, said.by) == (date(2026, 11, 23), date(2027, 5, 23), cast.users["zhou"])
    assert circumstances_of(cast.site) == {"owners_committee": said}


@pytest.mark.parametrize(
    ("today", "again"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 1, 1), date(2026, 7, 1)),
    ],
)
def test_half_a_year_by_the_calendar(today: date, again: date) -> None:
    """Civil Code §202."""
    assert recheck_default(today) == again


def test_the_newest_statement_counts_and_the_old_stay(cast: Cast, now: datetime) -> None:
    started = circumstance_history(cast.site).count()
    for day, holds in ((0, False), (40, True)):
        state_circumstance(
            cast.site,
            name="owners_committee",
            holds=holds,
            reason="查过街道备案。",
            by=cast.manager,
            now=now + timedelta(days=day),
        )
    newest = circumstances_of(cast.site)["owners_committee"]
    assert (newest.holds, newest.recheck_on, newest.since_on) == (True, None, date(2027, 1, 2))
    assert circumstance_history(cast.site).count() == started + 2
    assert "owners_committee" not in circumstances_of(cast.sites["hengtai"])


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("reason", {"reason": " \u200b"}),
        ("reason", {"reason": "字" * 1001}),
        ("since_on", {"since_on": date(2026, 11, 24)}),
        ("recheck_on", {"recheck_on": date(2026, 11, 23)}),
        ("recheck_on", {"recheck_on": date(2028, 1, 1)}),
    ],
)
def test_a_fact_without_grounds_is_refused(field: str, said: dict, cast: Cast, now: datetime) -> None:
    usual = {"name": "owners_committee", "holds": False, "reason": "没有成立。"}
    before = circumstance_history(cast.site).count()
    with pytest.raises(WrongCircumstance) as refused:
        state_circumstance(cast.site, **(usual | said), by=cast.manager, now=now)
    assert (refused.value.field, circumstance_history(cast.site).count()) == (field, before)


def test_a_clerk_states_nothing(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        state_circumstance(cast.site, name="owners_committee", holds=True, reason="有。", by=cast.clerk, now=now)
