"""The past brought in: kept, found and counted, but it moves nothing and tells nobody."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.actions import Past
from huiyin.cases.models import Case
from huiyin.cases.queries import filtered, listed, timeline
from huiyin.clockwork.actions import nudge
from huiyin.customers.actions import enter
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty, Evidence, Nudge
from huiyin.interactions.models import Delivery, Interaction, Receipt
from huiyin.interactions.rules import WrongContact
from huiyin.kit.periods import Period
from huiyin.organization.rules import SYSTEM, NotAllowed
from huiyin.references.queries import search
from huiyin.reports.queries import drawn

YEARS = timedelta(days=5 * 365)


def past(now: datetime, **changes: object) -> Past:
    usual = {
        "kind": "complaint",
        "words": "宿舍热水器坏了，\n冬天没有热水。",
        "written_at": now - YEARS,
        "subject": "热水",
        "number": "2021-0007",
        "answer": "已更换。",
        "answered_at": now - YEARS + timedelta(days=3),
    }
    return Past(**(usual | changes))  # type: ignore[arg-type]


def bring(cast: Cast, now: datetime, **changes: object) -> Case | None:
    return cases.bring_in(past(now, **changes), site=cast.site, channel="web", customer=None, by=SYSTEM, now=now)


def test_it_stands_at_its_own_times(cast: Cast, now: datetime) -> None:
    made = bring(cast, now)
    assert made is not None
    case = Case.objects.get(pk=made.pk)
    asked, answered = now - YEARS, now - YEARS + timedelta(days=3)
    assert [case.received_at, case.solved_at, case.answered_at, case.closed_at] == [asked, answered, answered, answered]
    assert [case.state, case.outcome, case.is_history, case.accountable.name] == ["closed", "imported", True, "陈晓雯"]
    assert [(event.kind, event.at) for event in timeline(case)] == [("taken", asked), ("answered", answered)]
    kept = Interaction.objects.get()
    assert [kept.situation, kept.occurred_at, kept.recorded_at, kept.source_number] == [
        "热水\n\n宿舍热水器坏了，\n冬天没有热水。",
        asked,
        now,
        "2021-0007",
    ]
    assert [list(search(query, cast.clerk)) for query in ("热水器", "更换")] == [[case.reference]] * 2


def test_it_changes_no_ledger_and_sends_nothing(cast: Cast, now: datetime) -> None:
    bring(cast, now)
    bring(cast, now, number="2021-0008", answer="", answered_at=None)
    tables = (Duty, Evidence, Delivery, Receipt, Nudge)
    assert [table.objects.count() for table in tables] == [0, 0, 0, 0, 0]
    assert [nudge(now=now), Nudge.objects.count(), Delivery.objects.count()] == [0, 0, 0]


def test_what_was_never_answered_stays_open_and_is_never_overdue(cast: Cast, now: datetime) -> None:
    made = bring(cast, now, answer="", answered_at=None)
    assert made is not None
    actor = cast.clerk
    assert [made.state, list(filtered(listed(actor), now=now, actor=actor, show="overdue"))] == ["received", []]


def test_twice_is_once(cast: Cast, now: datetime) -> None:
    assert bring(cast, now) is not None
    assert bring(cast, now, words="别的", answer="别的") is None
    assert Case.objects.count() == 1


def test_without_a_number_the_row_itself_is_its_name(cast: Cast, now: datetime) -> None:
    assert bring(cast, now, number="") is not None
    assert bring(cast, now, number="", answer="补了答复") is None
    assert bring(cast, now, number="", words="另一件") is not None
    assert Case.objects.count() == 2


def test_the_same_number_at_another_site_is_another_message(cast: Cast, now: datetime) -> None:
    for site in cast.sites.values():
        assert cases.bring_in(past(now), site=site, channel="web", customer=None, by=SYSTEM, now=now) is not None
    assert Case.objects.count() == len(cast.sites)


def test_an_answer_older_than_its_question_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongContact) as refused:
        bring(cast, now, answered_at=now - YEARS - timedelta(seconds=1))
    assert [refused.value.field, Case.objects.count()] == ["answered_at", 0]


def test_the_future_is_no_past(cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongContact) as refused:
        bring(cast, now, written_at=now + timedelta(days=1), answered_at=None)
    assert refused.value.field == "occurred_at"


def test_only_a_manager_brings_in(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        cases.bring_in(past(now), site=cast.site, channel="web", customer=None, by=cast.clerk, now=now)


def test_a_customer_of_the_past_is_told_nothing_when_the_case_is_taken_up_again(cast: Cast, now: datetime) -> None:
    person = enter(cast.site, name="老顾客", by=SYSTEM, now=now)
    message = past(now, answer="", answered_at=None)
    case = cases.bring_in(message, site=cast.site, channel="web", customer=person, by=SYSTEM, now=now)
    assert case is not None
    cases.answer(case, text="补一个答复", by=cast.clerk, now=now)
    assert Delivery.objects.filter(to_customer=person).count() == 0


def test_it_counts_in_the_statistics_of_its_month(cast: Cast, now: datetime) -> None:
    bring(cast, now, written_at=now - timedelta(days=40), answered_at=now - timedelta(days=38))
    assert drawn(cast.site, Period.parse("2026-10"), now=now)["received"] == 1
