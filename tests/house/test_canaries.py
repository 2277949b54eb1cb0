"""The look over the shoulder finds what it is there for."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from huiyin.demo.cast import Cast
from huiyin.interactions.actions import Message, deliver_due, send
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery
from huiyin.interactions.queries import receipt_token
from tests import acts, canaries
from tests.conftest import NOW


@pytest.mark.parametrize(("reader", "found"), [("chen", 0), ("shen", 0), ("he", 2)])
def test_a_leak_is_found(cast: Cast, reader: str, found: int) -> None:
    case = acts.take(cast, NOW, name="暗鸽yulan")
    request = RequestFactory().get("/cases/")
    request._cached_user = cast.users[reader]
    canaries.watch.note(request, HttpResponse(f"{case.reference.number} 暗鸽yulan"))
    leaks = canaries.leaks()
    canaries.watch.seen.clear()
    canaries.watch.names.clear()
    assert len(leaks) == found


def test_every_answer_passes_by(cast: Cast, client: Client, media) -> None:
    case = acts.take(cast, NOW)
    client.force_login(cast.users["chen"])
    client.get("/cases/?show=all")
    assert {number for numbers in canaries.watch.seen.values() for number in numbers} == {case.reference.number}


def weighed(message: Message) -> list[str]:
    """What the look at messages says; afterwards the outbox is empty, so that the look after this test finds nothing."""
    send([message], now=NOW)
    deliver_due(now=NOW)
    found = [one.rpartition(" tells ")[2] for one in canaries.leaks()]
    Delivery.objects.all().delete()
    return found


TELLS = {
    "已修好。": 0,
    "楼下说：楼上天天半夜拖椅子。": 1,
    "参见 {other}": 1,
    "http://x/t/{link}": 1,
    "电话 13800009999": 1,
    "暗鸽hengtai": 1,
}


@pytest.mark.parametrize(("words", "found"), TELLS.items())
def test_what_a_letter_tells_of_others_is_found(cast: Cast, post: Memory, words: str, found: int) -> None:
    mine = acts.take(cast, NOW, name="张三丰", email="zhang@example.com")
    other = acts.take(cast, NOW, name="李四", phone="13800002222", words="楼上天天半夜拖椅子。", place="2-1-101")
    said = words.format(other=other.reference.number, link=receipt_token(other.reference))
    Delivery.objects.all().delete()
    message = Message(
        mine.reference, "x", "cases/messages/written", {}, to_customer=mine.customer, words=said, is_ours=True
    )
    assert len(weighed(message)) == found


def test_a_message_about_anothers_matter_is_found(cast: Cast, post: Memory) -> None:
    mine, other = acts.take(cast, NOW), acts.take(cast, NOW, name="李四", phone="13800002222", place="2-1-101")
    Delivery.objects.all().delete()
    to_neighbor = Message(other.reference, "x", "cases/messages/written", {}, to_customer=mine.customer)
    assert len(weighed(to_neighbor)) == 1
    to_stranger = Message(
        other.reference, "x", "cases/messages/joined", {}, to_users=(cast.users["he"], cast.users["chen"])
    )
    assert weighed(to_stranger) == [f"{other.reference.number} to {cast.users['he']}"]
