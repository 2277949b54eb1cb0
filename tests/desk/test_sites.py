"""The site's own facts on the page: who may write them, what is refused keeps what was typed, queries stay the same."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clockwork.actions import open_recurring
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.organization.actions import set_term, state_circumstance
from huiyin.organization.models import Term
from huiyin.organization.queries import calendar_years, circumstances_of, terms_of
from huiyin.organization.rules import SYSTEM
from tests.organization.test_calendar_years import TOML

TYPED = {
    "year": "2027",
    "source": "国办发明电〔2026〕9号",
    "days_off": "1月1日（周五）至3日（周日）放假\n2月5日至11日、4月5日\n5月1日至5日，6月9日\n9月15日 10月1日至7日",
    "make_up": "2月14日（周日）、2月20日、10月10日上班",
}


def as_(client: Client, cast: Cast, username: str) -> Client:
    client.force_login(cast.users[username])
    return client


@pytest.fixture
def campus(cast: Cast) -> Any:
    """The student housing with an empty academic calendar."""
    Term.objects.filter(site=cast.sites["xueyuan"]).delete()
    return cast.sites["xueyuan"]


def test_the_manager_writes_and_moves_a_semester(cast: Cast, campus: Any, client: Client) -> None:
    as_(client, cast, "gao")
    for last in ("2027-01-15", "2027-01-22"):
        answer = client.post(
            "/sites/xueyuan/terms", {"period": "2026-2027-1", "first_on": "2026-09-07", "last_on": last}
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, "/site/")
    assert [(term.period, str(term.last_on)) for term in terms_of(campus)] == [("2026-2027-1", "2027-01-22")]
    client.post("/sites/xueyuan/terms/2026-2027-1/remove")
    assert terms_of(campus) == ()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"period": "2026-2027-1", "first_on": "2027-02-30", "last_on": "x"},
        {"period": "2026-2027-9", "first_on": "2026-09-07", "last_on": "2027-01-15"},
        {"period": "2026-2027-1", "first_on": "2026-09-07", "last_on": "2026-09-06"},
    ],
)
def test_a_wrong_semester_comes_back_as_typed(typed: dict[str, str], cast: Cast, campus: Any, client: Client) -> None:
    answer = as_(client, cast, "gao").post("/sites/xueyuan/terms", typed)
    assert (answer.status_code, terms_of(campus)) == (422, ())
    assert [value for value in typed.values() if value not in answer.content.decode()] == []


def test_a_clerk_sees_and_may_not_write(cast: Cast, campus: Any, client: Client) -> None:
    as_(client, cast, "yang")
    page = client.get("/site/").content.decode()
    assert ("/sites/xueyuan/terms" in page, "学期" in page) == (False, True)
    answer = client.post(
        "/sites/xueyuan/terms", {"period": "2026-2027-1", "first_on": "2026-09-07", "last_on": "2027-01-15"}
    )
    assert (answer.status_code, terms_of(campus)) == (403, ())


def test_the_manager_says_that_there_is_no_committee(cast: Cast, client: Client) -> None:
    as_(client, cast, "zhou")
    answer = client.post("/sites/yulan/circumstances", {"holds": "no", "reason": "街道没有备案。"})
    stated = circumstances_of(cast.site)["owners_committee"]
    assert (answer.status_code, stated.holds, stated.recheck_on) == (302, False, date(2027, 5, 23))
    assert "2027年5月23日" in client.get("/site/").content.decode()
    wrong = client.post("/sites/yulan/circumstances", {"holds": "yes", "reason": "成立了", "since_on": "2027-01-01"})
    assert (wrong.status_code, "成立了" in wrong.content.decode()) == (422, True)


def test_time_to_look_again_is_said(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    state_circumstance(cast.site, name="owners_committee", holds=False, reason="没有。", by=cast.manager, now=now)
    as_(client, cast, "zhou")
    told = []
    for day in (22, 23):
        monkeypatch.setattr("huiyin.access.clock.now", lambda day=day: now.replace(year=2027, month=5, day=day))
        client.force_login(cast.users["zhou"])
        told.append("该再看一次了" in client.get("/site/").content.decode())
    assert told == [False, True]


def test_a_year_copied_from_the_notice(cast: Cast, client: Client) -> None:
    answer = as_(client, cast, "shen").post("/calendar/load", TYPED)
    row = calendar_years()[2027]
    assert (answer.status_code, len(row.days_off), row.make_up) == (302, 25, ["2027-02-14", "2027-02-20", "2027-10-10"])
    assert "国办发明电〔2026〕9号" in client.get("/calendar/").content.decode()


def test_a_wrong_year_comes_back_as_typed(cast: Cast, client: Client) -> None:
    answer = as_(client, cast, "shen").post("/calendar/load", TYPED | {"make_up": "2月15日"})
    page = answer.content.decode()
    assert (answer.status_code, "2027-02-15 本来就是工作日" in page, ">\n2月15日</textarea>" in page) == (
        422,
        True,
        True,
    )
    assert 2027 not in calendar_years()


def test_a_year_by_file_and_a_wrong_file_to_put_right(cast: Cast, client: Client) -> None:
    as_(client, cast, "shen")
    wrong = SimpleUploadedFile("2027.toml", TOML.replace('"2027-06-09", ', "").encode())
    answer = client.post("/calendar/load-file", {"file": wrong})
    page = answer.content.decode()
    assert (answer.status_code, "少了法定放假日：2027-06-09" in page, "2月5日至11日" in page) == (422, True, True)
    assert client.post("/calendar/load-file", {}).status_code == 422
    assert (
        client.post("/calendar/load-file", {"file": SimpleUploadedFile("a.toml", b"\xff\x00" * 9)}).status_code == 422
    )
    assert (
        client.post("/calendar/load-file", {"file": SimpleUploadedFile("2027.toml", TOML.encode())}).status_code == 302
    )
    assert calendar_years()[2027].version == 1


def test_a_loaded_year_takes_the_doubt_out_of_open_duties(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    january = now.replace(year=2027, month=1, day=2)
    monkeypatch.setattr("huiyin.access.clock.now", lambda: january)
    open_recurring(now=january)
    doubtful = Duty.objects.filter(provisional=True, done_at__isnull=True)
    before = doubtful.count()
    as_(client, cast, "shen").post("/calendar/load", TYPED)
    assert (before > 0, doubtful.count()) == (True, 0)


def test_open_duties_follow_a_semester_that_moves(cast: Cast, client: Client, now: datetime) -> None:
    open_recurring(now=now)
    forum = Duty.objects.filter(kind="forum", period="2026-2027-1", site=cast.sites["xueyuan"])
    days = [timezone.localdate(forum.get().due_at)]
    typed = {"period": "2026-2027-1", "first_on": "2026-09-07", "last_on": "2027-01-08"}
    as_(client, cast, "gao").post("/sites/xueyuan/terms", typed)
    days.append(timezone.localdate(forum.get().due_at))
    assert days == [date(2027, 1, 22), date(2027, 1, 8)]


def test_only_the_company_loads(cast: Cast, client: Client) -> None:
    as_(client, cast, "zhou")
    assert "/calendar/load" not in client.get("/calendar/").content.decode()
    assert [client.post(path, TYPED).status_code for path in ("/calendar/load", "/calendar/load-file")] == [403, 403]
    assert 2027 not in calendar_years()


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_three_rows_as_for_one(
    rows: int, cast: Cast, campus: Any, client: Client, now: datetime
) -> None:
    for number in range(rows):
        days = {"first_on": date(2024 + number, 9, 2), "last_on": date(2025 + number, 1, 17)}
        set_term(campus, period=f"{2024 + number}-{2025 + number}-1", **days, by=SYSTEM, now=now)
        state_circumstance(cast.site, name="owners_committee", holds=True, reason="有。", by=cast.manager, now=now)
    counts = []
    for username, path in (("gao", "/site/"), ("zhou", "/site/"), ("gao", "/calendar/")):
        as_(client, cast, username).get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts == [6, 7, 4]
