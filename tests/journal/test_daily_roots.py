"""日封: each day's root; and what it finds when somebody with the database's password was at work."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from huiyin.journal.actions import close_days, record, seal
from huiyin.journal.models import DailyRoot, Entry, Link
from huiyin.journal.queries import as_act, as_day, verify
from huiyin.journal.rules import GENESIS, Day, Rooting, Verdict, chained, rooted
from huiyin.organization.rules import SYSTEM
from tests.journal.test_journal import without_triggers

pytestmark = pytest.mark.django_db
DAYS = (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22))


@pytest.fixture
def town(now: datetime) -> list[DailyRoot]:
    """Three closed days with three, no and two entries, and one entry of today."""
    for at, count in ((now - timedelta(days=3), 3), (now - timedelta(days=1), 2), (now, 1)):
        for place in range(count):
            record("tests.wrote", by=SYSTEM, now=at, reference="SX26-000001", facts={"place": place})
        seal(now=at)
    close_days(now=now)
    return list(DailyRoot.objects.order_by("day"))


def paper(town: list[DailyRoot]) -> dict[date, str]:
    return {root.day: root.root for root in town}


def test_every_day_has_a_root_the_empty_ones_too(town: list[DailyRoot]) -> None:
    assert [(root.day, root.first_seq, root.last_seq, root.count) for root in town] == [
        (DAYS[0], 1, 3, 3),
        (DAYS[1], 4, 3, 0),
        (DAYS[2], 4, 5, 2),
    ]
    assert [root.previous_root for root in town] == [GENESIS, town[0].root, town[1].root]
    hashes = list(Link.objects.order_by("seq").values_list("hash", flat=True))
    assert town[0].root == rooted(GENESIS, DAYS[0], 1, 3, hashes[:3])
    assert town[1].root == rooted(town[0].root, DAYS[1], 4, 3, [])
    assert verify(paper(town)) == Verdict(6, 0, hashes[5], days=3)


def test_closing_again_closes_nothing(town: list[DailyRoot], now: datetime) -> None:
    assert [close_days(now=now), close_days(now=now + timedelta(hours=13))] == [0, 0]
    assert close_days(now=now + timedelta(hours=14)) == 1
    assert DailyRoot.objects.order_by("-day")[0].count == 1


def test_after_a_sleep_all_days_are_closed(town: list[DailyRoot], now: datetime) -> None:
    assert close_days(now=now + timedelta(days=10)) == 10
    assert verify().days == 13


def test_without_entries_there_is_no_day(now: datetime) -> None:
    assert [close_days(now=now), DailyRoot.objects.count(), verify()] == [0, 0, Verdict(0, 0, GENESIS)]


def test_midnight_is_that_of_the_house(now: datetime) -> None:
    """23:59 in Shanghai belongs to the day, 00:00 to the next, whatever the day in London."""
    night = now.replace(hour=23, minute=59, second=59)
    for at in (night, night + timedelta(seconds=1)):
        record("tests.wrote", by=SYSTEM, now=at)
        seal(now=at)
    close_days(now=now + timedelta(days=2))
    assert list(DailyRoot.objects.order_by("day").values_list("day", "first_seq", "last_seq")) == [
        (date(2026, 11, 23), 1, 1),
        (date(2026, 11, 24), 2, 2),
    ]


def test_a_clock_that_goes_back_puts_nothing_into_a_closed_day(town: list[DailyRoot], now: datetime) -> None:
    record("tests.wrote", by=SYSTEM, now=now)
    seal(now=now - timedelta(days=2))
    assert verify().whole
    assert close_days(now=now + timedelta(days=1)) == 1
    assert verify() == Verdict(7, 0, Link.objects.get(seq=7).hash, days=4)


def test_what_came_late_is_linked_when_the_day_is_closed(town: list[DailyRoot], now: datetime) -> None:
    """A number far behind the newest is not looked for every second, but at midnight."""
    Entry.objects.create(id=900_000, at=now, verb="tests.high", actor="system")
    seal(now=now)
    late = Entry.objects.create(id=800_000, at=now, verb="tests.late", actor="system")
    assert [seal(now=now), close_days(now=now + timedelta(days=1))] == [0, 1]
    assert [Link.objects.get(entry=late).seq, verify().whole] == [8, True]


@pytest.mark.parametrize("act", ["UPDATE journal_dailyroot SET root = 'x'", "DELETE FROM journal_dailyroot"])
def test_no_root_is_changed_or_deleted(act: str, town: list[DailyRoot]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)
    assert verify().whole


def found() -> tuple[str, int | None, str | None]:
    verdict = verify()
    return verdict.fault, verdict.broken_at, verdict.broken_on


def test_one_changed_byte(town: list[DailyRoot]) -> None:
    entry = Link.objects.get(seq=4).entry_id
    without_triggers("UPDATE journal_entry SET verb = 'tests.wrotf' WHERE id = %s", entry)
    assert found() == ("changed", 4, "2026-11-22")


def test_one_entry_deleted_with_its_link(town: list[DailyRoot]) -> None:
    entry = Link.objects.get(seq=2).entry_id
    without_triggers("DELETE FROM journal_link WHERE seq = 2")
    without_triggers("DELETE FROM journal_entry WHERE id = %s", entry)
    assert found() == ("missing", 2, "2026-11-20")


def test_the_tail_cut_off(town: list[DailyRoot]) -> None:
    without_triggers("DELETE FROM journal_link WHERE seq >= 5")
    assert found() == ("cut", 5, "2026-11-22")


def test_everything_cut_off(town: list[DailyRoot]) -> None:
    without_triggers("DELETE FROM journal_link")
    assert found() == ("cut", 1, "2026-11-20")


def test_the_tail_cut_off_with_its_roots_is_found_by_the_paper_on_the_board(town: list[DailyRoot]) -> None:
    without_triggers("DELETE FROM journal_link WHERE seq >= 4")
    without_triggers("DELETE FROM journal_dailyroot WHERE day >= %s", DAYS[1])
    assert verify().whole
    verdict = verify({DAYS[2]: paper(town)[DAYS[2]]})
    assert (verdict.fault, verdict.broken_on) == ("paper", "2026-11-22")


def forge() -> None:
    """Change the first entry and compute the whole chain and all roots anew."""
    without_triggers("UPDATE journal_entry SET verb = 'tests.forged' WHERE id = %s", Link.objects.get(seq=1).entry_id)
    previous = GENESIS
    for link in Link.objects.select_related("entry").order_by("seq"):
        digest = chained(previous, link.seq, as_act(link.entry))
        Link.objects.filter(seq=link.seq).update(previous=previous, hash=digest)
        previous = digest
    before = GENESIS
    for root in DailyRoot.objects.order_by("day"):
        links = Link.objects.filter(seq__gte=root.first_seq, seq__lte=root.last_seq).order_by("seq")
        fresh = rooted(before, root.day, root.first_seq, root.last_seq, links.values_list("hash", flat=True))
        DailyRoot.objects.filter(day=root.day).update(previous_root=before, root=fresh)
        before = fresh


def test_a_chain_computed_anew_is_found_by_the_paper_on_the_board(town: list[DailyRoot]) -> None:
    printed = paper(town)
    forge()
    assert verify().whole
    verdict = verify({DAYS[0]: printed[DAYS[0]]})
    assert (verdict.fault, verdict.broken_on) == ("paper", "2026-11-20")


@pytest.mark.parametrize(
    ("sql", "day"),
    [
        ("UPDATE journal_dailyroot SET root = 'x' WHERE day = %s", "2026-11-20"),
        ("UPDATE journal_dailyroot SET previous_root = 'x' WHERE day = %s", "2026-11-20"),
        ("UPDATE journal_dailyroot SET last_seq = 2 WHERE day = %s", "2026-11-20"),
        ("DELETE FROM journal_dailyroot WHERE day = %s", "2026-11-20"),
    ],
)
def test_a_changed_root(sql: str, day: str, town: list[DailyRoot]) -> None:
    without_triggers(sql, DAYS[0])
    verdict = verify()
    # Without its first day the chain begins too late: the next day does not begin with the first link.
    assert (verdict.whole, verdict.broken_on) == (False, "2026-11-21" if sql.startswith("DELETE") else day)


def test_a_day_taken_out_of_the_middle(town: list[DailyRoot]) -> None:
    without_triggers("DELETE FROM journal_dailyroot WHERE day = %s", DAYS[1])
    assert found() == ("root", None, "2026-11-21")


def test_a_time_of_sealing_moved_to_another_day(town: list[DailyRoot], now: datetime) -> None:
    without_triggers("UPDATE journal_link SET sealed_at = %s WHERE seq = 3", now)
    assert found() == ("moved", 3, "2026-11-20")


def test_an_earlier_fault_of_the_chain_is_named_before_a_later_one_of_the_paper(town: list[DailyRoot]) -> None:
    without_triggers("DELETE FROM journal_link WHERE seq = 1")
    verdict = verify({DAYS[2]: "0" * 64})
    assert (verdict.fault, verdict.broken_at, verdict.broken_on) == ("missing", 1, "2026-11-20")


def test_a_root_as_it_is_printed(town: list[DailyRoot]) -> None:
    root = town[0]
    assert [len(part) for part in root.grouped.split()] == [8] * 8
    assert root.grouped.replace(" ", "") == root.root
    assert as_day(root) == Day(root.day, 1, 3, GENESIS, root.root)


def test_the_formula_is_the_one_in_the_papers() -> None:
    """docs/audit.md says how to compute a root with nothing but a SHA-256."""
    import hashlib

    text = f"{GENESIS}:2026-11-20:1:2:" + "a" * 64 + "b" * 64
    assert rooted(GENESIS, date(2026, 11, 20), 1, 2, ["a" * 64, "b" * 64]) == hashlib.sha256(text.encode()).hexdigest()
    assert (
        Rooting(GENESIS, date(2026, 11, 20), 1, 0).root
        == hashlib.sha256(f"{GENESIS}:2026-11-20:1:0:".encode()).hexdigest()
    )
