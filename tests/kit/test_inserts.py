"""Rows inserted by statements worked out once are the rows the usual way would make."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from huiyin.interactions.models import Delivery, Repeat
from huiyin.journal.models import Entry
from huiyin.kit.inserts import insert


def entry(now: datetime, verb: str = "tested") -> Entry:
    facts = {"字": ["一", 2, None, {"deep": True}], "none": None}
    return Entry(at=now, verb=verb, reference="SX26-1", actor="system", facts=facts, digests={})


def repeat(now: datetime, key: str) -> Repeat:
    return Repeat(scope="here", key=key, body_digest="0", reference="SX26-1", created_at=now)


def test_a_row_is_as_if_created(db: None, now: datetime) -> None:
    usual = Entry.objects.create(**{k: v for k, v in vars(entry(now)).items() if k not in {"_state", "id"}})
    (ours,) = insert(entry(now))
    kept = [model_to_dict(Entry.objects.get(pk=row.pk), exclude=["id"]) for row in (usual, ours)]
    assert kept[0] == kept[1]
    assert [ours.pk, ours._state.adding] == [usual.pk + 1, False]


def test_many_rows_take_one_statement_and_get_their_keys(
    db: None, now: datetime, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        rows = insert(*(entry(now, verb) for verb in "abc"))
    assert [Entry.objects.get(pk=row.pk).verb for row in rows] == ["a", "b", "c"]


def test_nothing_is_no_statement(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert insert() == ()


def test_what_is_known_is_left_out_where_asked(db: None, now: datetime) -> None:
    def rows() -> list[Delivery]:
        times = {"next_at": now, "created_at": now}
        return [Delivery(key=key, gateway="desk", template="t", values={"n": 1}, **times) for key in "ab"]

    insert(rows()[0], skip_known=True)
    insert(*rows(), skip_known=True)
    assert list(Delivery.objects.order_by("key").values_list("key", "values", "sent_at")) == [
        ("a", {"n": 1}, None),
        ("b", {"n": 1}, None),
    ]


def test_a_broken_rule_of_the_table_comes_through(db: None, now: datetime) -> None:
    insert(repeat(now, "once"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(repeat(now, "once"))
    assert Repeat.objects.count() == 1
