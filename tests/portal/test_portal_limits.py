"""Too often is told in words, with when to come again; what was typed stays (O5)."""

from collections.abc import Callable

from django.http import HttpResponse

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from tests.portal.conftest import WORDS, text_of


def test_the_form_comes_back_with_everything_typed(cast: Cast, settings, send: Callable[..., HttpResponse]) -> None:
    settings.REPORTS_PER_MINUTE = 2
    answers = [send(key=f"{n}" * 22, situation=f"{WORDS}{n}") for n in range(3)]
    last = answers[-1]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert (last.headers["Retry-After"], f"{WORDS}2" in last.content.decode(), Case.objects.count()) == ("60", True, 2)
    assert "60 秒里最多 2 次" in text_of(last)


def test_another_address_is_another_caller(cast: Cast, settings, client, send: Callable[..., HttpResponse]) -> None:
    settings.REPORTS_PER_MINUTE = 1
    first, second = send(key="a" * 22), send(key="b" * 22)
    client.defaults["REMOTE_ADDR"] = "203.0.113.5"
    assert [first.status_code, second.status_code, send(key="c" * 22).status_code] == [303, 429, 303]


def test_wrong_forms_are_not_counted(cast: Cast, settings, send: Callable[..., HttpResponse]) -> None:
    settings.REPORTS_PER_MINUTE = 1
    assert [send(situation="").status_code for _one in range(3)] + [send().status_code] == [422, 422, 422, 303]


def test_no_limit_when_lifted(cast: Cast, settings, send: Callable[..., HttpResponse]) -> None:
    settings.REPORTS_PER_MINUTE = 0
    assert {send(key=f"{n:022}").status_code for n in range(5)} == {303}
