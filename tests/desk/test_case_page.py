"""The case page asks only for what a case has: what stands on its timeline tells which sections there are."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.access import doors
from huiyin.cases import actions as cases
from huiyin.cases.actions import Analysis
from huiyin.cases.models import Case
from huiyin.cases.queries import led_by, measures_about, referrals_of, timeline
from huiyin.cases.queries.marks import Marks, marks_of
from huiyin.customers.models import Customer
from huiyin.customers.queries import by_id, is_visible
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.duties.queries import told_about
from huiyin.interactions.models import Delivery
from tests import acts
from tests.acts import fresh, take

pytestmark = pytest.mark.usefixtures("plain_static_files", "still_clock")
DAY = timedelta(days=1)
WAITING = re.compile(r'class="waiting".*?>(\d+)</b', re.DOTALL)
Story = Callable[[Cast, datetime], Case]


def closed(cast: Cast, now: datetime) -> Case:
    return acts.close(take(cast, now - 5 * DAY), cast, now - 5 * DAY)


def measured(cast: Cast, now: datetime) -> Case:
    case = take(cast, now - DAY)
    acts.measure(case, cast, now)
    return case


def leading(cast: Cast, now: datetime) -> Case:
    """A case with a duplicate."""
    case = take(cast, now - DAY)
    cases.merge(take(cast, now), into=case, by=cast.manager, now=now)
    return case


def referred(cast: Cast, now: datetime) -> Case:
    case = take(cast, now - DAY)
    cases.refer(case, to="街道", why="超出我们的权限", by=cast.manager, now=now)
    return case


def deferred(cast: Cast, now: datetime) -> Case:
    case = take(cast, now - DAY, "suggestion")
    cases.name(case, to=cast.users["chen"], by=cast.manager, now=now)
    cases.weigh(fresh(case), analysis=Analysis("x", "x", "yes", "x"), by=cast.clerk, now=now)
    cases.defer(fresh(case), words="x", to="街道", by=cast.clerk, now=now)
    return case


# How often the page asks, at its second opening. Eleven for a case with its customer; one more for each section it has.
STORIES: dict[str, tuple[Story, int]] = {
    "new": (take, 11),
    "nobody's": (lambda cast, now: take(cast, now, name="", phone=""), 10),
    "enquiry": (lambda cast, now: take(cast, now, "enquiry"), 12),
    "suggestion": (lambda cast, now: take(cast, now, "suggestion"), 12),
    "closed": (closed, 12),
    "with a measure": (measured, 12),
    "with a duplicate": (leading, 12),
    "referred": (referred, 12),
    "deferred": (deferred, 13),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_section_that_is_not_there_is_not_asked_for(name: str, cast: Cast, client: Client, now: datetime) -> None:
    story, count = STORIES[name]
    case = story(cast, now)
    client.force_login(cast.users["zhou"])
    client.get(f"/cases/{case.reference.number}/")  # remembers the site, reads what was told
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/cases/{case.reference.number}/")
    assert page.status_code == 200
    assert len(asked) == count, "\n".join(query["sql"][:160] for query in asked.captured_queries)


def marks(case: Case, cast: Cast) -> Marks:
    duties = [duty for duty, _told in told_about(case.reference)]
    return marks_of(timeline(case, reader=cast.manager), duties)


@pytest.mark.parametrize("name", STORIES)
def test_the_timeline_tells_of_everything_that_stands_in_tables_of_its_own(
    name: str, cast: Cast, now: datetime
) -> None:
    case = fresh(STORIES[name][0](cast, now))
    told, (households, duplicates) = marks(case, cast), led_by(case, cast.manager)
    there = [bool(households or duplicates), bool(referrals_of(case)), bool(measures_about(case))]
    assert [told.leads_others, told.went_up, told.has_measures] == there
    assert told.is_satisfied == case.follow_ups.filter(result="satisfied").exists()


def test_what_was_told_about_a_case_is_read_by_opening_it(cast: Cast, client: Client, now: datetime) -> None:
    first, second = take(cast, now), take(cast, now)
    client.force_login(cast.users["zhou"])
    unread = Delivery.objects.filter(to_user=cast.users["zhou"], read_at=None)
    told = [set(unread.values_list("reference", flat=True))]
    for case in (first, second):
        shown = client.get(f"/cases/{case.reference.number}/").content.decode()
        told.append(set(unread.values_list("reference", flat=True)))
        assert WAITING.findall(shown) == [str(unread.count())]
    assert told == [{first.reference_id, second.reference_id}, {second.reference_id}, set()]


def test_a_customer_who_is_loaded_is_seen_by_the_same_people(cast: Cast, now: datetime) -> None:
    take(cast, now), take(cast, now, name="", phone="13900000000", place="5-1-101")
    someone = Customer.objects.order_by("id").last()
    assert someone is not None
    Customer.objects.filter(pk=someone.pk).update(erased_at=now)
    actors = [cast.actor(name) for name in cast.users]
    found = {
        (actor.id, one.pk): [is_visible(one, actor), by_id(one.pk, actor) is not None]
        for one in Customer.objects.all()
        for actor in [*actors, doors.NOBODY]
    }
    assert {key: pair for key, pair in found.items() if pair[0] != pair[1]} == {}
    assert {tuple(pair) for pair in found.values()} == {(True, True), (False, False)}


def test_reminders_come_with_their_duties(cast: Cast, now: datetime, django_assert_num_queries: Any) -> None:
    case = take(cast, now - 6 * DAY)
    duty = Duty.objects.filter(reference=case.reference, kind="solution").get()
    for rung, name in ((100, "zhou"), (50, "chen")):
        duty.nudges.create(rung=rung, to=cast.users[name], at=now)
    with django_assert_num_queries(1):
        found = told_about(case.reference)
    in_order = Duty.objects.filter(reference=case.reference).order_by("due_at", "id")
    assert [one.pk for one, _told in found] == list(in_order.values_list("pk", flat=True))
    told = {one.pk: [(each.rung, each.to, each.at) for each in given] for one, given in found}
    assert told[duty.pk] == [(50, "陈晓雯", now), (100, "周建国", now)]
    assert [given for pk, given in told.items() if pk != duty.pk and given] == []
