"""A list page asks the database as often for three rows as for one. The numbers are exact: another query is a decision."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.customers.actions import enter
from huiyin.demo.cast import Cast
from huiyin.kit.periods import Period
from huiyin.organization.actions import draft_remits, put_remits_in_force
from huiyin.organization.rules import SYSTEM
from huiyin.reports.actions import conclude, draft
from tests import acts

WORDS = "三号楼电梯又坏了，已经是第 {} 次，鹦鹉都学会喊了。"


def talk(cast: Cast, now: datetime, count: int) -> None:
    """People call the clerk; the engineer has answered each, so that there is evidence."""
    for serial in range(count):
        at = now - timedelta(days=5, minutes=serial)
        case = acts.take(cast, at, words=WORDS.format(serial), by=cast.clerk, phone=f"1390000111{serial}")
        acts.answer(case, cast, at)


def call(cast: Cast, now: datetime, count: int) -> None:
    """People call the clerk, who owes each of them a solution."""
    for serial in range(count):
        acts.take(cast, now - timedelta(minutes=serial), words=WORDS.format(serial), by=cast.clerk)


def move_in(cast: Cast, now: datetime, count: int) -> None:
    for serial in range(count):
        enter(cast.site, name=f"欧阳{serial}", by=SYSTEM, now=now)


def sum_up(cast: Cast, now: datetime, count: int) -> None:
    period = Period.month_of(now.date())
    for _turn in range(count):
        period = period.previous()
        draft(cast.site, period, by=SYSTEM, now=now)


def sum_weeks(cast: Cast, now: datetime, count: int) -> None:
    week = Period.week_of(now.date())
    for _turn in range(count):
        week = week.previous()
        draft(cast.site, week, by=SYSTEM, now=now)
        conclude(cast.company, week, conclusion="波动。", by=cast.actor("fang"), now=now)


def wait(cast: Cast, now: datetime, count: int) -> None:
    for serial in range(count):
        acts.letter_that_waits(cast, now, f"第 {serial} 封")


def write(cast: Cast, now: datetime, count: int) -> None:
    for serial in range(count):
        acts.sorted_letter(cast, now, f"From: a{serial}@b.cn\n\n{WORDS.format(serial)}".encode())


def share_out(cast: Cast, now: datetime, count: int) -> None:
    """As many versions of the remit matrix."""
    for serial in range(count):
        matrix = draft_remits(cast.site, [], by=cast.manager, now=now)
        put_remits_in_force(matrix, on=now.date() + timedelta(days=serial), by=cast.manager, now=now)


def fail(cast: Cast, now: datetime, count: int) -> None:
    case = acts.take(cast, now, by=cast.clerk)
    for _serial in range(count):
        acts.dead_mail(case, now)


def send_twice(cast: Cast, now: datetime, count: int) -> None:
    case = acts.take(cast, now, by=cast.clerk)
    for _serial in range(count):
        acts.doubtful_mail(case, now)


def rectify(cast: Cast, now: datetime, count: int) -> None:
    """As many measures, each of a matter of its own and asked of the engineer."""
    for serial in range(count):
        case = acts.take(cast, now - timedelta(days=1, minutes=serial), words=WORDS.format(serial), by=cast.clerk)
        acts.measure(case, cast, now)


def suggest(cast: Cast, now: datetime, count: int) -> None:
    """Suggestions that were put off, each carried to somebody above."""
    for _serial in range(count):
        case = acts.take(cast, now, "suggestion", WORDS.format(1), by=cast.clerk, phone="13900001110")
        cases.name(case, to=cast.users["chen"], by=cast.manager, now=now)
        cases.weigh(case, analysis=cases.Analysis("x", "x", "yes", "x"), by=cast.clerk, now=now)
        cases.defer(case, words="x", to="x", by=cast.clerk, now=now)


def tell_everybody(cast: Cast, now: datetime, count: int) -> None:
    """As many public answers, and as many cases that nobody could be answered."""
    site = cast.sites["xueyuan"]
    for _turn in range(count):
        acts.told_everybody(cast, now, site=site, by=cast.actor("yang"))


LISTS: dict[str, tuple[Any, ...]] = {
    "cases": ("/cases/?show=all", talk, 6),
    "duties": ("/duties/", talk, 9),
    "digests": ("/reports/", sum_up, 6),
    "public answers": ("/feedback/", tell_everybody, 6, "yang"),
    "duty book": ("/log/book", talk, 6),
    "search": ("/search/?q=鹦鹉", talk, 8),
    "directory": ("/directory/?q=欧阳", move_in, 7),
    "letters": ("/letters/", wait, 8),
    "letters that became cases": ("/letters/?show=taken", write, 8),
    "mails that did not arrive": ("/letters/?show=unsent", fail, 9),
    "mails that may have left twice": ("/letters/?show=twice", send_twice, 9),
    "today": ("/today/", call, 9),
    "suggestions": ("/suggestions/", suggest, 6),
    "referrals": ("/referrals/", suggest, 4),
    "measures": ("/measures/", rectify, 8),
    "supervision": ("/supervision/", call, 9, "zhou"),
    "oversight": ("/oversight/", call, 6, "fang"),
    "analyses": ("/analyses/", sum_weeks, 4, "fang"),
    "remits": ("/remits/", share_out, 7, "zhou"),
}


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_as_many_queries_for_three_rows_as_for_one(
    name: str, rows: int, cast: Cast, client: Client, now: datetime
) -> None:
    address, prepare, count, *who = LISTS[name]
    prepare(cast, now, rows)
    client.force_login(cast.users[who[0] if who else "chen"])
    client.get(address)  # remembers the site in the session
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    assert page.status_code == 200
    assert len(asked) == count, "\n".join(query["sql"][:160] for query in asked.captured_queries)


@pytest.mark.parametrize("rows", [1, 3])
def test_receipts_of_three_cases_ask_as_often_as_that_of_one(
    rows: int, cast: Cast, client: Client, now: datetime
) -> None:
    call(cast, now, rows)
    numbers = list(Case.objects.values_list("reference__number", flat=True))
    client.force_login(cast.users["chen"])
    client.get("/cases/")  # remembers the site in the session
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/cases/slips.pdf", {"of": numbers})
    assert (len(numbers), page["Content-Type"]) == (rows, "application/pdf")
    assert len(asked) == 5, "\n".join(query["sql"][:160] for query in asked.captured_queries)
