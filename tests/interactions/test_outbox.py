"""The outbox: each message leaves once, is tried again, and never vanishes silently."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions import actions
from huiyin.interactions.actions import LEASE, WAITS, Message, deliver_due, read_all, send
from huiyin.interactions.gateways import GATEWAYS
from huiyin.interactions.gateways.failures import NeverArrives, TryLater
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery
from huiyin.interactions.queries import due_deliveries, inbox, outbox_counts, worded
from huiyin.kit.refusal import Refusal
from tests.acts import take


@pytest.fixture
def mail(cast: Cast, now: datetime, post: Memory) -> Delivery:
    """The receipt of a complaint, waiting to leave by mail."""
    take(cast, now, email="zhang@example.com")
    return Delivery.objects.get(gateway="memory")


def test_a_message_leaves_once(mail: Delivery, post: Memory, now: datetime) -> None:
    assert [mail.state, outbox_counts()] == ["waiting", {"waiting": 1, "dead": 0}]
    assert [deliver_due(now=now) for _time in range(3)] == [1, 0, 0]
    assert [key for key, _subject, _body in post.sent] == [mail.key]
    mail.refresh_from_db()
    assert [mail.state, mail.sent_at, mail.attempts, outbox_counts()] == ["sent", now, 1, {"waiting": 0, "dead": 0}]


def test_what_is_sent_names_the_case_and_no_one_s_words(mail: Delivery, post: Memory, now: datetime) -> None:
    deliver_due(now=now)
    _key, subject, body = post.sent[0]
    assert mail.reference is not None
    assert [mail.reference.number in subject + body, "老人" in body, "张三丰" in body] == [True, False, False]
    assert "2026年11月30日" in body or "2026-11-30" in body


def test_the_same_event_tells_the_same_person_once(cast: Cast, mail: Delivery, now: datetime) -> None:
    again = Message(mail.reference, "taken", "cases/messages/taken", {}, to_customer=mail.to_customer)
    send([again, again], now=now)
    assert Delivery.objects.filter(to_customer=mail.to_customer).count() == 2  # the page's and the mail's


def test_a_passing_trouble_is_tried_again_with_growing_waits_and_ends_as_a_dead_letter(
    mail: Delivery, post: Memory, now: datetime
) -> None:
    at, waits = now, []
    for _try in range(len(WAITS) + 1):
        post.troubles.append(TryLater("451"))
        assert deliver_due(now=at) == 0
        mail.refresh_from_db()
        waits.append((mail.next_at - at) / timedelta(minutes=1) if mail.state == "waiting" else mail.state)
        assert deliver_due(now=mail.next_at - timedelta(seconds=1)) == 0
        at = mail.next_at
    assert [waits, mail.attempts, mail.problem] == [[1, 5, 15, 60, 240, "dead"], 6, "451"]
    assert [deliver_due(now=at + timedelta(days=30)), post.sent, outbox_counts()] == [0, [], {"waiting": 0, "dead": 1}]


def test_a_trouble_that_passes_does_not_keep_the_message(mail: Delivery, post: Memory, now: datetime) -> None:
    post.troubles += [TryLater("451"), TryLater("451")]
    sent = [deliver_due(now=now + timedelta(minutes=minutes)) for minutes in (0, 1, 6, 7)]
    mail.refresh_from_db()
    assert [sent, len(post.sent), mail.state, mail.problem, mail.attempts] == [[0, 0, 1, 0], 1, "sent", "", 3]


def test_a_lasting_trouble_is_a_dead_letter_at_once(mail: Delivery, post: Memory, now: datetime) -> None:
    post.troubles.append(NeverArrives("no such box"))
    assert [deliver_due(now=now), outbox_counts()] == [0, {"waiting": 0, "dead": 1}]
    mail.refresh_from_db()
    assert [mail.state, mail.problem] == ["dead", "no such box"]


def test_a_message_that_cannot_leave_does_not_hold_up_the_next(
    cast: Cast, mail: Delivery, post: Memory, now: datetime
) -> None:
    take(cast, now, email="other@example.com", phone="13800009999")
    post.troubles.append(RuntimeError("a bug of the gateway"))
    assert [deliver_due(now=now), len(post.sent)] == [1, 1]
    mail.refresh_from_db()
    assert [mail.state, mail.problem, mail.next_at - now] == ["waiting", "RuntimeError", timedelta(minutes=1)]


def test_what_a_died_worker_held_is_taken_over_after_its_lease(mail: Delivery, post: Memory, now: datetime) -> None:
    post.troubles.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver_due(now=now)
    mail.refresh_from_db()
    assert [mail.state, mail.next_at] == ["claimed", now + LEASE]
    assert [deliver_due(now=now + LEASE - timedelta(seconds=1)), post.sent] == [0, []]
    assert [deliver_due(now=now + LEASE), len(post.sent)] == [1, 1]


def test_two_workers_that_saw_the_same_row_send_it_once(mail: Delivery, post: Memory, now: datetime) -> None:
    one, other = due_deliveries(now).get(), due_deliveries(now).get()
    assert [actions._deliver(one, now), actions._deliver(other, now), len(post.sent)] == [True, False, 1]


def test_a_worker_that_begins_while_another_sends_finds_nothing(
    mail: Delivery, post: Memory, now: datetime, monkeypatch: Any
) -> None:
    inner = []

    def slow(delivery: Delivery, subject: str, body: str) -> None:
        inner.append(deliver_due(now=now))
        post.sent.append((delivery.key, subject, body))

    monkeypatch.setitem(GATEWAYS, "memory", slow)
    assert [deliver_due(now=now), inner, len(post.sent)] == [1, [0], 1]


def test_without_mail_the_customer_reads_it_on_the_page(cast: Cast, now: datetime) -> None:
    take(cast, now, email="zhang@example.com")
    told = Delivery.objects.exclude(to_customer=None)
    assert list(told.values_list("gateway", "state")) == [("page", "sent")]


def test_intake_works_while_mail_is_down(cast: Cast, post: Memory, now: datetime) -> None:
    post.troubles += [TryLater("down")] * 10
    for count in range(5):
        take(cast, now, email=f"c{count}@example.com", phone=f"1380000000{count}")
    deliver_due(now=now)
    assert [Case.objects.count(), outbox_counts()] == [5, {"waiting": 5, "dead": 0}]


def test_a_message_reads_in_the_language_of_its_reader(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    told = Delivery.objects.get(reference=case.reference, to_user=cast.users["wang"])
    subject, body = worded(told)
    assert [case.reference.number in subject + body, "老人" in subject + body] == [True, False]


def test_an_inbox_is_one_s_own_and_empties_by_reading(cast: Cast, now: datetime) -> None:
    first, second = take(cast, now), take(cast, now)
    assert [one.reference for one in inbox(cast.engineer)] == [second.reference, first.reference]
    assert list(inbox(cast.stranger)) == []
    read_all(cast.engineer, about=first.reference, now=now)
    assert [one.reference for one in inbox(cast.engineer)] == [second.reference]
    read_all(cast.engineer, now=now)
    assert [list(inbox(cast.engineer)), inbox(cast.manager).count()] == [[], 2]


def test_messages_of_a_refused_act_do_not_leave(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    before = Delivery.objects.count()
    with pytest.raises(Refusal):
        cases.close(case, outcome="accepted", by=cast.clerk, now=now)
    assert Delivery.objects.count() == before
