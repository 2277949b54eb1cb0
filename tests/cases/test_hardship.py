"""困难提示: told to the superior at once, seen by those who need it, and by nobody else anywhere."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import timeline
from huiyin.cases.queries.lists import hardship_of
from huiyin.cases.rules import NothingWritten
from huiyin.cases.rules.hardship import NothingFlagged
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Delivery
from huiyin.journal.models import Entry
from huiyin.organization.rules import NotAllowed
from huiyin.references.queries import search
from tests.acts import fresh, take

HOUR = timedelta(hours=1)
WHY = "独居，刚出院，家里断了暖气"


@pytest.fixture
def flagged(cast: Cast, now: datetime) -> Case:
    """Handled by the engineer, flagged by the clerk's colleague."""
    case = take(cast, now, "assistance_request")
    cases.accept(case, by=cast.engineer, now=now)
    cases.flag(fresh(case), why=WHY, by=cast.colleague, now=now + HOUR)
    return fresh(case)


@pytest.mark.clause("S3.2.1.c", "S4.4.2.1.1.b")
def test_the_superior_is_told_at_once_but_not_why(flagged: Case, cast: Cast, now: datetime) -> None:
    sent = Delivery.objects.filter(template="cases/messages/flagged").order_by("id")
    assert [(one.to_user.name if one.to_user else "", one.created_at) for one in sent] == [
        ("周建国", now + HOUR),
        ("王志强", now + HOUR),
    ]
    assert WHY not in repr(list(sent.values()))


@pytest.mark.parametrize(
    ("who", "sees"),
    [("wang", True), ("zhou", True), ("lin", True), ("chen", False), ("liu", False), ("fang", False), ("qian", False)],
)
def test_who_sees_it(who: str, sees: bool, flagged: Case, cast: Cast) -> None:
    reader = cast.actor(who)
    seen = [event.text for event in timeline(flagged, reader=reader) if event.kind == "flagged"]
    assert [seen, hardship_of(flagged, reader) is not None] == [[WHY] if sees else [], sees]


def test_without_a_reader_nobody_sees_it(flagged: Case, cast: Cast) -> None:
    for events in (timeline(flagged), timeline(flagged, public_only=True)):
        assert "flagged" not in [event.kind for event in events]
    assert list(search("独居", cast.manager)) == []


def test_in_the_journal_it_is_a_note(flagged: Case) -> None:
    kept = repr(list(Entry.objects.filter(reference=flagged.reference.number).values()))
    assert [WHY in kept, "flag" in kept, Entry.objects.filter(verb="cases.noted").count()] == [False, False, 1]


def test_it_is_taken_away_by_whoever_sees_it(flagged: Case, cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingFlagged):
        cases.unflag(flagged, why="x", by=cast.clerk, now=now + 2 * HOUR)
    cases.unflag(fresh(flagged), why="社区已接手", by=cast.manager, now=now + 2 * HOUR)
    assert hardship_of(flagged, cast.manager) is None
    with pytest.raises(NothingFlagged):
        cases.unflag(fresh(flagged), why="x", by=cast.manager, now=now + 3 * HOUR)


def test_what_is_refused(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NothingWritten):
        cases.flag(case, why="\u200b", by=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        cases.flag(case, why="x", by=cast.actor("qian"), now=now)
    assert Delivery.objects.filter(template="cases/messages/flagged").count() == 0
