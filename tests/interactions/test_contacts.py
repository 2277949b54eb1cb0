"""What a contact must hold, and links and repeats that are safe."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.actions import remember, revoke_receipt
from huiyin.interactions.models import Interaction, Receipt, Repeat
from huiyin.interactions.queries import by_number, last_contacts, receipt_token, reference_behind
from huiyin.interactions.rules import AnotherBody, hash_of, token_of
from huiyin.journal.models import Entry
from huiyin.kit.refusal import Refusal
from tests.acts import WORDS, contact, take

KEY = "k" * 22


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("channel", {"channel": "pigeon"}),
        ("kind", {"kind": "rant"}),
        ("situation", {"words": ""}),
        ("situation", {"words": " \u200b\u3164\n"}),
        ("situation", {"words": "长" * 10_001}),
        ("remedy_sought", {"remedy_sought": "长" * 10_001}),
        ("answered_at_once", {"answered_at_once": "长" * 10_001}),
        ("category", {"category": "x" * 41}),
        ("place", {"place": "x" * 121}),
        ("name", {"name": "x" * 81}),
        ("phone", {"phone": "123"}),
        ("email", {"email": "nobody@"}),
        ("email", {"email": "a@b.c\nBcc: d@e.f"}),
    ],
)
def test_a_refusal_names_the_field_and_keeps_nothing(
    field: str, wrong: dict[str, Any], cast: Cast, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        take(cast, now, **wrong)
    assert refused.value.field == field
    assert [Interaction.objects.count(), Case.objects.count()] == [0, 0]


@pytest.mark.parametrize("away", [timedelta(minutes=2), timedelta(days=400), timedelta(days=-366 * 27)])
def test_a_time_in_the_future_or_before_2000_is_refused(away: timedelta, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        take(cast, now, occurred_at=now + away)
    assert refused.value.field == "occurred_at"


def test_a_clock_that_runs_a_minute_fast_is_forgiven(cast: Cast, now: datetime) -> None:
    at = now + timedelta(seconds=60)
    assert take(cast, now, occurred_at=at).received_at == at


@pytest.mark.clause("S4.4.2.1.1.a", "S3.2.1.b", "S4.4.2.1.2.a")
def test_a_contact_is_kept_word_for_word_with_what_the_customer_hopes_for(cast: Cast, now: datetime) -> None:
    words = "  电梯\r\n又坏了　<b>真的</b> \u200b"
    at = now - timedelta(hours=3)
    case = take(cast, now, words=words, by=cast.clerk, channel="duty_room", remedy_sought="今天修好", occurred_at=at)
    kept = Interaction.objects.get(subject=case.reference)
    assert [kept.situation, kept.remedy_sought] == ["电梯\n又坏了　<b>真的</b>", "今天修好"]
    assert [kept.channel, kept.kind, str(kept.room), kept.place] == ["duty_room", "complaint", "3-1-101", "3-1-101"]
    assert [kept.occurred_at, kept.recorded_at, kept.recorded_by] == [at, now, cast.users["chen"]]
    assert [by_number(kept.reference.number, by) for by in (cast.clerk, cast.stranger)] == [kept, None]


def test_the_last_contacts_of_a_person(cast: Cast, now: datetime) -> None:
    for days in range(7):
        take(cast, now + timedelta(days=days), words=f"第{days}次", customer=cast.resident)
    take(cast, now, words="邻居", customer=cast.neighbor)
    said = [one.situation for one in last_contacts(cast.resident, cast.clerk)]
    assert [said, last_contacts(cast.resident, cast.stranger)] == [["第6次", "第5次", "第4次", "第3次", "第2次"], []]


# ---- the receipt's link


def test_the_link_opens_its_own_case_and_is_kept_as_a_hash_only(cast: Cast, now: datetime) -> None:
    taken = cases.take(contact(cast), by=NOBODY, now=now)
    assert taken.case is not None
    assert reference_behind(taken.token) == taken.case.reference
    assert [len(taken.token), receipt_token(taken.case.reference)] == [32, taken.token]
    kept = repr([*Receipt.objects.values(), *Entry.objects.values(), *Repeat.objects.values()])
    assert [taken.token in kept, hash_of(taken.token) in kept] == [False, True]


def test_guesses_open_nothing(cast: Cast, now: datetime) -> None:
    token = cases.take(contact(cast), by=NOBODY, now=now).token
    other = "a" if token[-1] != "a" else "b"
    guesses = [
        "",
        token[:-1],
        token[:-1] + other,
        token.upper(),
        token + "a",
        "a" * 32,
        "a" * 81,
        "\0",
        "回音",
        "%",
        "1",
    ]
    assert [guess for guess in guesses if reference_behind(guess)] == []


def test_a_revoked_link_is_dead_and_the_new_one_lives(cast: Cast, now: datetime) -> None:
    taken = cases.take(contact(cast), by=NOBODY, now=now)
    assert taken.case is not None
    new = revoke_receipt(Receipt.objects.get())
    assert [reference_behind(taken.token), reference_behind(new)] == [None, taken.case.reference]
    assert [new, receipt_token(taken.case.reference)] == [token_of(taken.case.reference.number, 2)] * 2


def test_the_link_of_one_case_is_not_that_of_the_next(cast: Cast, now: datetime) -> None:
    tokens = {cases.take(contact(cast), by=NOBODY, now=now).token for _count in range(5)}
    assert len(tokens) == 5


# ---- sending again is safe


def test_the_same_request_answers_the_same(cast: Cast, now: datetime) -> None:
    first = cases.take(contact(cast), by=NOBODY, now=now, key=KEY)
    again = [cases.take(contact(cast), by=NOBODY, now=now + timedelta(hours=at), key=KEY) for at in range(1, 5)]
    assert [(one.contact, one.case, one.token, one.was_repeated) for one in again] == [
        (first.contact, first.case, first.token, True)
    ] * 4
    assert [Case.objects.count(), Interaction.objects.count(), Repeat.objects.count()] == [1, 1, 1]
    assert Entry.objects.filter(verb="cases.taken").count() == 1


def test_a_repeat_of_what_was_answered_at_once_answers_the_same(cast: Cast, now: datetime) -> None:
    said = contact(cast, "enquiry", answered_at_once="周一到周五")
    first, again = (cases.take(said, by=NOBODY, now=now, key=KEY) for _twice in range(2))
    assert [first.case, again.case, again.contact, again.token] == [None, None, first.contact, first.token]


@pytest.mark.parametrize(
    "change", [{"words": "别的"}, {"phone": "13800001112"}, {"name": "李四"}, {"category": "leak"}]
)
def test_another_body_under_the_same_key_is_refused(change: dict[str, str], cast: Cast, now: datetime) -> None:
    take_with_key = contact(cast)
    cases.take(take_with_key, by=NOBODY, now=now, key=KEY)
    with pytest.raises(AnotherBody) as refused:
        cases.take(contact(cast, **change), by=NOBODY, now=now, key=KEY)
    assert [refused.value.field, Case.objects.count()] == ["Idempotency-Key", 1]


def test_the_key_of_another_person_or_site_is_another_key(cast: Cast, now: datetime) -> None:
    said = contact(cast)
    taken = [
        cases.take(said, by=NOBODY, now=now, key=KEY),
        cases.take(said, by=cast.clerk, now=now, key=KEY),
        cases.take(replace(said, site=cast.sites["hengtai"]), by=NOBODY, now=now, key=KEY),
    ]
    assert [len({one.contact.pk for one in taken}), [one.was_repeated for one in taken]] == [3, [False] * 3]


def test_the_loser_of_a_race_gets_the_winner_s_answer(cast: Cast, now: datetime, monkeypatch: Any) -> None:
    """The other request commits between our look and our writing: the unique key stops ours, whole."""
    winner = cases.take(contact(cast), by=NOBODY, now=now)
    digest = contact(cast).digest()
    scope = f"{NOBODY.signature}@yulan"
    remember(scope, KEY, digest, winner.contact, now=now)
    before = [Case.objects.count(), Interaction.objects.count(), Receipt.objects.count(), Entry.objects.count()]
    loser = cases.take(contact(cast), by=NOBODY, now=now, key=KEY)
    assert [loser.contact, loser.case, loser.token, loser.was_repeated] == [
        winner.contact,
        winner.case,
        winner.token,
        True,
    ]
    after = [Case.objects.count(), Interaction.objects.count(), Receipt.objects.count(), Entry.objects.count()]
    assert after == before


def test_a_key_is_kept_once_by_the_database(cast: Cast, now: datetime) -> None:
    made = cases.take(contact(cast), by=NOBODY, now=now, key=KEY).contact
    with pytest.raises(IntegrityError), transaction.atomic():
        remember(f"{NOBODY.signature}@yulan", KEY, "other", made, now=now)


def test_a_refused_request_may_be_corrected_under_its_key(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal):
        cases.take(contact(cast, words=""), by=NOBODY, now=now, key=KEY)
    assert cases.take(contact(cast, words=WORDS), by=NOBODY, now=now, key=KEY).was_repeated is False
