"""The look over the shoulder finds what it is there for."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from huiyin.demo.cast import Cast
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
