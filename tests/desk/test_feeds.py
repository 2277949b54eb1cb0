"""A person's duties in their own calendar program: what stands there, for whom it opens, what it never tells."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from huiyin.demo.cast import Cast
from huiyin.duties import actions, queries
from huiyin.duties.models import Duty
from huiyin.duties.rules import Done
from huiyin.handbook.actions import settle
from huiyin.handbook.queries import facts_of
from huiyin.organization.queries import actor_of, feed_token
from huiyin.organization.rules import SYSTEM


@pytest.fixture
def ledger(cast: Cast, now: datetime) -> Cast:
    settle(cast.site, facts_of(cast.site, timezone.localdate(now)), now=now)
    Duty.objects.filter(due_at__lt=now).delete()
    return cast


def entries(client: Client, cast: Cast, who: str) -> list[tuple[date, str, list[str]]]:
    body = client.get(f"/feeds/{feed_token(cast.users[who])}.ics").content
    found = Calendar.from_ical(body.decode()).walk("VEVENT")
    return [(one["dtstart"].dt, str(one["summary"]), str(one["description"]).split("\n")) for one in found]


def test_each_act_stands_once_on_its_strictest_day(ledger: Cast, now: datetime, client: Client) -> None:
    talk = next(one for one in entries(client, ledger, "zhou") if one[1].startswith("与业委会主任沟通"))
    assert talk[:2] == (date(2026, 12, 31), "与业委会主任沟通 · 举行 · 2026年第4季度 · 玉兰苑")
    assert talk[2][0] == "S3.2.5.a、S4.4.2.2.a"


def test_what_is_done_is_gone(ledger: Cast, now: datetime, client: Client) -> None:
    before = entries(client, ledger, "zhou")
    talk = Duty.objects.filter(kind="committee_talk").first()
    actions.attest(talk, Done(("committee_talk",), now, step="hold", what="面谈"), (), by=SYSTEM, now=now)
    after = entries(client, ledger, "zhou")
    assert [one for one in before if one not in after] == [one for one in before if one[1].startswith("与业委会主任")]


def test_the_persons_language(ledger: Cast, client: Client) -> None:
    ledger.users["zhou"].language = "en"
    ledger.users["zhou"].save()
    assert "Community event · hold · Q4 2026" in " ".join(one[1] for one in entries(client, ledger, "zhou"))


def test_only_the_link_opens_it_and_it_dies_with_the_password(ledger: Cast, client: Client) -> None:
    person = ledger.users["zhou"]
    token = feed_token(person)
    tried = [token[:-1] + ("0" if token[-1] != "0" else "1"), "1-", "x", "９-" + token, f"{10**18}-{'0' * 40}"]
    assert [client.get(f"/feeds/{one}.ics").status_code for one in [token, *tried]] == [200] + [404] * len(tried)
    person.set_password("another-one-2027")
    person.save()
    assert client.get(f"/feeds/{token}.ics").status_code == 404
    person.is_active = False
    person.save()
    assert client.get(f"/feeds/{feed_token(person)}.ics").status_code == 404


def test_the_page_tells_the_address(ledger: Cast, client: Client) -> None:
    client.force_login(ledger.users["zhou"])
    page = client.get("/me/calendar").content.decode()
    assert [f"/feeds/{feed_token(ledger.users['zhou'])}.ics" in page, "webcal://" in page] == [True, True]


def test_as_many_questions_for_many_as_for_one(
    ledger: Cast, client: Client, now: datetime, django_assert_num_queries: Any
) -> None:
    path = f"/feeds/{feed_token(ledger.users['zhou'])}.ics"
    client.get(path)
    with django_assert_num_queries(3):
        client.get(path)


def test_one_line_on_today_for_what_one_act_keeps(ledger: Cast, client: Client, now: datetime) -> None:
    client.force_login(ledger.users["zhou"])
    page = client.get("/today/").content.decode()
    assert [page.count("与业委会主任沟通"), "S3.2.5.a、S4.4.2.2.a" in page] == [1, True]


def test_two_periods_of_a_clause_are_two_acts(ledger: Cast, now: datetime) -> None:
    owed = list(queries.owed_by(actor_of(ledger.users["zhou"]), now=now))
    talks = [one for one in owed if one.kind == "committee_talk"]
    assert [len(act) for act in queries.by_act([*talks, *talks])] == [2, 2]
