"""The journal: written once, chained, and telling when somebody touched it."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from huiyin.journal.actions import record, seal
from huiyin.journal.models import Detail, Entry, Link
from huiyin.journal.queries import as_act, entries_about, verify
from huiyin.journal.rules import GENESIS, Verdict, chained, salted
from huiyin.organization.rules import SYSTEM

pytestmark = pytest.mark.django_db


def write(now: datetime, count: int = 3) -> list[Entry]:
    for place in range(count):
        record("tests.wrote", by=SYSTEM, now=now + timedelta(seconds=place), reference="SX26-000001")
    return list(entries_about("SX26-000001"))


def without_triggers(sql: str, *values: object) -> None:
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        for table in ("entry", "link", "dailyroot"):
            on = f" ON journal_{table}" if connection.vendor == "postgresql" else ""
            for act in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS journal_{table}_no_{act}{on}")
        cursor.execute(sql, values)


@pytest.mark.parametrize("table", ["journal_entry", "journal_link"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_nothing_is_changed_or_deleted(table: str, act: str, now: datetime) -> None:
    write(now)
    seal(now=now)
    column = {"journal_entry": "verb = 'x'", "journal_link": "hash = 'x'"}[table]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table, column))
    assert (Entry.objects.count(), Link.objects.count(), verify().whole) == (3, 3, True)


def test_the_ways_of_the_orm_are_closed_too(now: datetime) -> None:
    entry = write(now, 1)[0]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(actor="staff:1")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).delete()
    assert list(Entry.objects.values_list("actor", flat=True)) == ["system"]


def test_sealing_again_links_nothing_twice(now: datetime) -> None:
    write(now)
    assert [seal(now=now), seal(now=now)] == [3, 0]
    assert list(Link.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    write(now, 2)
    assert [seal(now=now, at_most=1), seal(now=now), seal(now=now)] == [1, 1, 0]
    assert verify() == Verdict(5, 0, Link.objects.get(seq=5).hash)


def test_an_empty_journal_is_whole() -> None:
    assert verify() == Verdict(0, 0, GENESIS)


def test_entries_that_no_link_holds_are_counted(now: datetime) -> None:
    write(now)
    assert verify() == Verdict(0, 3, GENESIS)
    seal(now=now, at_most=2)
    assert [verify().links, verify().unlinked, verify().whole] == [2, 1, True]


def test_a_late_commit_with_a_lower_number_is_linked_as_well(now: datetime) -> None:
    """Sequences are drawn before the commit: a lower number may become visible after a higher one was sealed."""
    high = Entry.objects.create(id=900_002, at=now, verb="tests.high", actor="system")
    seal(now=now)
    low = Entry.objects.create(id=900_001, at=now, verb="tests.low", actor="system")
    seal(now=now)
    assert list(Link.objects.order_by("seq").values_list("entry", flat=True)) == [high.pk, low.pk]
    assert verify().whole


@pytest.mark.parametrize("column", ["verb", "reference", "actor"])
def test_one_changed_byte_is_found_with_its_link_and_day(column: str, now: datetime) -> None:
    entries = write(now)
    seal(now=now)
    without_triggers(f"UPDATE journal_entry SET {column} = 'X' WHERE id = %s", entries[1].pk)
    assert verify() == Verdict(1, 0, Link.objects.get(seq=1).hash, 2, "2026-11-23", "changed")
    assert not verify().whole


def test_a_time_moved_by_a_second_is_found(now: datetime) -> None:
    entries = write(now)
    seal(now=now)
    without_triggers("UPDATE journal_entry SET at = %s WHERE id = %s", now + timedelta(hours=1), entries[2].pk)
    assert verify().broken_at == 3


def test_a_link_taken_out_is_found(now: datetime) -> None:
    write(now)
    seal(now=now)
    without_triggers("DELETE FROM journal_link WHERE seq = 2")
    verdict = verify()
    assert [verdict.broken_at, verdict.fault, verdict.unlinked] == [2, "missing", 1]


def test_a_link_forged_with_a_fitting_hash_breaks_the_next(now: datetime) -> None:
    entries = write(now)
    seal(now=now)
    without_triggers("UPDATE journal_entry SET verb = 'tests.forged' WHERE id = %s", entries[0].pk)
    act = Entry.objects.get(pk=entries[0].pk)
    Link.objects.filter(seq=1).update(hash=chained(GENESIS, 1, as_act(act)))
    assert verify().broken_at == 2


def test_a_day_is_the_day_of_sealing_in_the_house(now: datetime) -> None:
    """Sealed at half past midnight in Shanghai, which is still the day before in London."""
    entries = write(now, 1)
    seal(now=now.replace(day=24, hour=0, minute=30))
    without_triggers("UPDATE journal_entry SET verb = 'X' WHERE id = %s", entries[0].pk)
    assert verify().broken_on == "2026-11-24"


def test_digests_hold_no_personal_value(now: datetime) -> None:
    record(
        "tests.wrote", by=SYSTEM, now=now, facts={"customer": 7}, fields={"name": "欧阳静怡", "phone": "13800001111"}
    )
    entry, detail = Entry.objects.get(), Detail.objects.get()
    assert entry.digests == {name: salted(value, detail.salt) for name, value in detail.values.items()}
    assert [name in str(vars(entry)) for name in ("欧阳静怡", "13800001111")] == [False, False]


def test_equal_values_have_different_digests(now: datetime) -> None:
    """Without the salt a short number could be found by trying."""
    for _twice in range(2):
        record("tests.wrote", by=SYSTEM, now=now, fields={"phone": "13800001111"})
    one, other = Entry.objects.values_list("digests", flat=True)
    assert one["phone"] != other["phone"]


def test_the_values_may_be_deleted_and_the_chain_holds(now: datetime) -> None:
    record("tests.wrote", by=SYSTEM, now=now, fields={"name": "欧阳静怡"})
    seal(now=now)
    Detail.objects.all().delete()
    assert [verify().links, verify().whole] == [1, True]
