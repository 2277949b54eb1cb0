"""A count whose statement is worked out once counts what the query set counts."""

from datetime import datetime
from typing import Any

from huiyin.approvals.queries import count_waiting_for, waiting_for
from huiyin.demo.cast import Cast
from huiyin.interactions.queries import count_inbox, inbox
from huiyin.kit.periods import Period
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.reports.actions import draft, submit
from tests import acts


def test_counts_are_those_of_the_query_sets(cast: Cast, now: datetime, django_assert_num_queries: Any) -> None:
    actors = (cast.clerk, cast.manager, cast.director, cast.stranger, SYSTEM, Actor(kind="link", id="portal"))
    for _twice in range(2):
        acts.take(cast, now)
        for actor in actors:
            with django_assert_num_queries(2):
                counts = [count_inbox(actor), count_waiting_for(actor)]
            assert counts == [inbox(actor).count(), waiting_for(actor).count()]


def test_a_review_that_waits_is_counted_once_it_does(cast: Cast, now: datetime) -> None:
    before = count_waiting_for(cast.manager)
    report = draft(cast.site, Period.month_of(now.date()).previous(), by=SYSTEM, now=now)
    submit(report, by=cast.clerk, now=now)
    assert [before, count_waiting_for(cast.manager), count_waiting_for(cast.stranger)] == [0, 1, 0]
