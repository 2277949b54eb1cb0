"""R4, R5: every message comes to an end, whatever the provider does and whoever dies on the way.

HUIYIN_WHOLE=1 for ten thousand events. The provider of this file is told by a seed what to do with each message.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.interactions.actions import Message, deliver_due, send
from huiyin.interactions.gateways import GATEWAYS
from huiyin.interactions.gateways.failures import MaybeTaken, NeverArrives, OutOfReach, TryLater
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery, Doubt
from huiyin.interactions.queries import maybe_twice, outbox_counts
from tests.acts import take
from tests.pace import rounds

MINUTE = timedelta(minutes=1)
FINAL = {"sent", "dead", "no_way"}


class Killed(BaseException):
    """The worker is gone."""


class Provider:
    """Takes messages by their key, when it feels like it; knows a message that comes again by that key, as good ones do."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.taken, self.unknown, self.died = chance, Counter[str](), Counter[str](), 0
        self.doubtful = Counter[str]()  # of these nobody on our side can know whether they were taken

    def deliver(self, delivery: Delivery, subject: str, body: str) -> None:
        what = self.chance.random()
        if what < 0.04:
            self.died += 1
            self.doubtful[delivery.key] += 1
            raise Killed  # before the call
        if what < 0.10:
            raise TryLater("451")
        if what < 0.14:
            raise TryLater("429")
        if what < 0.16:
            raise NeverArrives("550")
        if what < 0.17:
            raise OutOfReach("ConnectionRefusedError")
        self.taken[delivery.key] += 1
        if what < 0.22:
            self.unknown[delivery.key] += 1
            self.doubtful[delivery.key] += 1
            raise MaybeTaken("TimeoutError")  # accepted, and we do not hear of it
        if what < 0.26:
            self.died += 1
            self.unknown[delivery.key] += 1
            self.doubtful[delivery.key] += 1
            raise Killed  # between the call and the mark


def events(case: Case, count: int, now: datetime) -> None:
    for start in range(0, count, 200):
        about = {"template": "cases/messages/answered", "to_customer": case.customer}
        send([Message(case.reference, f"event{n}", **about) for n in range(start, min(start + 200, count))], now=now)  # type: ignore[arg-type]


@pytest.fixture
def case(cast: Cast, now: datetime, post: Memory) -> Case:
    found = take(cast, now, email="zhang@example.com")
    Delivery.objects.all().delete()
    return found


def worked(now: datetime) -> None:
    """One round of a worker that may die in it."""
    with suppress(Killed):
        deliver_due(now=now)


def test_every_event_ends_and_nothing_doubles_that_was_not_unknown(case: Case, now: datetime, monkeypatch: Any) -> None:
    count, provider = rounds(150, 10_000), Provider(random.Random())
    monkeypatch.setitem(GATEWAYS, "memory", provider.deliver)
    events(case, count, now)
    events(case, count, now)  # the same events told twice are the same messages
    at = now
    while outbox_counts()["waiting"] and at < now + timedelta(days=3):
        worked(at)
        at += timedelta(seconds=20)
    rows = dict(Delivery.objects.filter(gateway="memory").values_list("key", "state"))
    assert [len(rows), set(rows.values()) - FINAL] == [count, set()]
    assert {key for key, state in rows.items() if state == "sent"} <= set(provider.taken)
    doubled = {key for key, times in provider.taken.items() if times > 1}
    assert {key: times for key, times in provider.taken.items() if times > 1 + provider.unknown[key]} == {}
    assert [doubled <= set(provider.unknown), provider.died > 0] == [True, True]
    assert Counter(Doubt.objects.values_list("delivery__key", flat=True)) == provider.doubtful
    shown = set(maybe_twice().values_list("key", flat=True))
    assert [doubled - shown, shown - set(provider.doubtful)] == [set(), set()]
    print(
        len(shown),
        "shown as maybe twice;",
        count,
        "events",
        provider.died,
        "deaths",
        len(doubled),
        "doubled of",
        len(provider.unknown),
        Counter(rows.values()),
    )


@pytest.mark.parametrize("hours", [0.5, 9, 72])
def test_while_every_provider_is_dead_everything_is_taken_and_soon_after_everything_leaves(
    hours: float, cast: Cast, now: datetime, post: Memory, monkeypatch: Any
) -> None:
    count, tries, at = rounds(6, 300), 0, now

    def dead(delivery: Delivery, subject: str, body: str) -> None:
        nonlocal tries
        tries += 1
        raise OutOfReach("TimeoutError")

    monkeypatch.setitem(GATEWAYS, "memory", dead)
    taken = [take(cast, now, email=f"z{n}@example.com", phone=f"138{n:08}", name=f"张{n}") for n in range(count)]
    while at < now + timedelta(hours=hours):
        deliver_due(now=at)
        at += timedelta(minutes=5)
    assert [len(taken), outbox_counts()] == [count, {"waiting": count, "dead": 0}]
    assert tries <= 12 * hours + 1  # one knock a round, not one a message
    monkeypatch.setitem(
        GATEWAYS, "memory", lambda delivery, subject, body: post.sent.append((delivery.key, subject, body))
    )
    back = at
    while outbox_counts()["waiting"] and at < back + timedelta(hours=24):
        deliver_due(now=at)
        at += timedelta(seconds=10)
    assert [at - back <= 15 * MINUTE, len(post.sent), outbox_counts()["dead"]] == [True, count, 0]
