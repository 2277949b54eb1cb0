"""The case page: the clocks and what is done about them; as many queries for a long story as for a short one."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.clockwork.actions import nudge
from huiyin.demo.cast import Cast
from huiyin.desk.rows import duty_row
from huiyin.desk.templatetags.desk import task_rows
from huiyin.duties.models import Duty
from huiyin.duties.queries import compliance
from tests.acts import fresh, take

pytestmark = pytest.mark.usefixtures("plain_static_files", "still_clock")
DAY = timedelta(days=1)
QUERIES = 11
STATEMENTS = 28  # of a solution given at the desk, log-in and all


def path(case: Case, act: str = "") -> str:
    return f"/cases/{case.reference.number}/{act}"


def long_story(cast: Cast, words: int, now: datetime) -> Case:
    """A case whose customer was told so often how it stands."""
    case = take(cast, now - 3 * DAY, by=cast.clerk)
    for hour in range(words):
        cases.update(fresh(case), text="还在等配件。", by=cast.clerk, now=now - 3 * DAY + timedelta(hours=hour))
    return case


@pytest.mark.parametrize("words", [1, 12])
def test_the_case_page_costs_the_same_however_long_the_story(
    words: int, cast: Cast, client: Client, now: datetime
) -> None:
    case = long_story(cast, words, now)
    nudge(now=now)
    client.force_login(cast.users["chen"])
    client.get(path(case))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path(case))
    assert page.status_code == 200
    assert len(asked) == QUERIES, "\n".join(query["sql"][:160] for query in asked.captured_queries)


@pytest.mark.parametrize("words", [1, 12])
def test_a_solution_costs_the_same_however_long_the_story(
    words: int, cast: Cast, client: Client, now: datetime
) -> None:
    """A new statement per act is a decision: change the number with a reason."""
    case = long_story(cast, words, now)
    client.force_login(cast.users["chen"])
    client.get(path(case))
    with CaptureQueriesContext(connection) as asked:
        given = client.post(path(case, "solve"), {"plan": "请维修部明天上午来看。"})
    assert given.status_code == 302
    statements = [query["sql"][:160] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == STATEMENTS, "\n".join(statements)


def test_each_clock_says_how_it_stands_why_and_who_was_told(cast: Cast, client: Client, now: datetime) -> None:
    case = take(cast, now - 6 * DAY, by=cast.clerk, channel="phone")
    nudge(now=now)
    client.force_login(cast.users["zhou"])
    for language, words in (
        ("zh-hans", ("首次实质答复", "告知进展", "给出解决方案", "收到，当天不计", "提醒 沈国梁")),
        ("en", ("First answer in substance", "Tell how it stands", "which does not count", "沈国梁 was told")),
    ):
        client.cookies["huiyin_language"] = language
        shown = client.get(path(case)).content.decode()
        assert [word for word in words if word not in shown] == [], language


def test_acts_about_time_go_through_the_page_and_refusals_stand_beside_the_field(
    cast: Cast, client: Client, now: datetime
) -> None:
    case = take(cast, now, by=cast.clerk, channel="phone")
    client.force_login(cast.users["chen"])
    shown = client.get(path(case)).content.decode()
    offered = [
        act
        for act in ("acknowledge", "update", "arrive", "pause", "resume", "ask_extension", "decide_extension", "triage")
        if path(case, act) in shown
    ]
    assert offered == ["update", "pause", "ask_extension", "triage"]
    wrong = client.post(path(case, "pause"), {"reason": "parts", "told": "等配件", "until": "2026-11-01"})
    assert wrong.status_code == 422
    assert "再看的日子要在明天以后" in wrong.content.decode()
    assert "等配件" in wrong.content.decode()
    sent = {
        "triage": {"severity": "3", "affected": "one", "complexity": "simple"},
        "update": {"text": "配件在路上。", "way": "phone"},
        "ask_extension": {"until": "2026-12-20", "why": "整台更换"},
        "pause": {"reason": "parts", "told": "等配件", "until": "2026-11-30"},
        "resume": {},
    }
    for act, words in sent.items():
        assert client.post(path(case, act), words).status_code == 302, act
        assert ("暂停中" in client.get(path(case)).content.decode()) == (act == "pause"), act
    client.force_login(cast.users["zhou"])
    assert client.post(path(case, "decide_extension"), {"agreed": "yes", "words": "十二月办好。"}).status_code == 302
    assert [event.kind for event in case.events.order_by("id")][-6:] == [
        "triaged",
        "updated",
        "extension",
        "paused",
        "resumed",
        "extended",
    ]
    assert fresh(case).urgency == "serious"


def test_danger_chosen_in_the_duty_log_is_told_and_marked(cast: Cast, client: Client, now: datetime) -> None:
    client.force_login(cast.users["chen"])
    given = {"channel": "phone", "kind": "repair_request", "situation": "电梯困人", "urgency": "danger"}
    assert client.post("/log/", given).status_code == 302
    case = Case.objects.get()
    assert [case.urgency, case.solution_due_at] == ["danger", now + timedelta(hours=2)]
    assert "危及安全" in client.get(path(case)).content.decode()


def test_today_keeps_one_line_a_case_with_all_its_dates(cast: Cast, client: Client, now: datetime) -> None:
    case = take(cast, now, by=cast.clerk)
    client.force_login(cast.users["chen"])
    shown = client.get("/today/").content.decode()
    assert shown.count(case.summary) == 1
    assert "给出解决方案：" in shown


def test_what_was_agreed_later_stands_by_its_later_day(cast: Cast, client: Client, now: datetime) -> None:
    case = take(cast, now - 6 * DAY, by=cast.clerk, channel="phone")
    until = (now + 20 * DAY).date()
    cases.ask_extension(fresh(case), until=until, why="整台更换", by=cast.clerk, now=now - 5 * DAY)
    cases.decide_extension(fresh(case), agreed=True, words="换整台。", by=cast.manager, now=now - 5 * DAY)
    row = duty_row(Duty.objects.get(reference=case.reference, kind="solution"), now + 10 * DAY)
    assert [row["at"].astimezone(now.tzinfo).date(), row["standing"]] == [until, "running"]
    line = task_rows([row | {"words": "", "beside": "", "button": ""}], now + 10 * DAY)
    assert ["逾期" in line, "还剩" in line] == [False, True]
    kept = compliance(Duty.objects.filter(reference=case.reference, kind="solution"), now=now + 10 * DAY)
    assert kept == {"due": 0, "kept": 0, "late": 0, "missing": 0}


def test_words_of_an_act_that_somebody_else_did_first_stay(cast: Cast, client: Client, now: datetime) -> None:
    case = take(cast, now, by=cast.clerk, channel="phone")
    cases.answer(fresh(case), text="已经修好。", by=cast.clerk, now=now)
    client.force_login(cast.users["zhou"])
    late = client.post(path(case, "pause"), {"reason": "parts", "told": "等主板到货", "until": "2026-11-30"})
    assert (late.status_code, "等主板到货" in late.content.decode()) == (422, True)
    assert "现在不能" in late.content.decode()
