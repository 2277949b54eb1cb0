"""Who speaks for others: given from a day on, ended, one at a time."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.customers.actions import WrongMandate, end_mandate, enter, give_mandate
from huiyin.customers.models import Customer, Mandate
from huiyin.customers.queries import holders_of, mandates_of, speakers_at
from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.organization.rules import SYSTEM, NotAllowed


@pytest.fixture
def chair(cast: Cast, now: datetime) -> Customer:
    Mandate.objects.all().delete()
    return enter(cast.site, name="曾主任", by=SYSTEM, now=now)


def test_given_once_ended_and_taken_up_again(chair: Customer, cast: Cast, now: datetime) -> None:
    given = {"role": "committee_chair", "by": cast.clerk, "now": now}
    before = Entry.objects.count()
    first, again = (give_mandate(chair, from_on=date(2026, 1, day), **given) for day in (1, 5))
    assert (first, Entry.objects.count() - before) == (again, 1)
    for _twice in range(2):
        end_mandate(first, by=cast.clerk, now=now)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 22), date(2026, 11, 23)]
    held = [holders_of(cast.site, "committee_chair", on=day) for day in days]
    assert held == [[], [chair], [chair], []]
    give_mandate(chair, from_on=date(2026, 1, 1), **given)
    assert holders_of(cast.site, "committee_chair", on=days[-1]) == [chair]
    assert Entry.objects.count() - before == 3


def test_a_role_and_a_site_of_its_own(chair: Customer, cast: Cast, now: datetime) -> None:
    give_mandate(chair, role="committee_chair", from_on=date(2026, 1, 1), by=SYSTEM, now=now)
    today = now.date()
    assert holders_of(cast.site, "client", on=today) == []
    assert holders_of(cast.sites["hengtai"], "committee_chair", on=today) == []
    assert [mandate.role for mandate in mandates_of(chair, on=today)] == ["committee_chair"]
    seen = [[one.customer for one in speakers_at(cast.site, actor, on=today)] for actor in (cast.clerk, cast.stranger)]
    assert seen == [[chair], []]


def test_refused(chair: Customer, cast: Cast, now: datetime) -> None:
    tomorrow = now.date() + timedelta(days=1)
    with pytest.raises(WrongMandate):
        give_mandate(chair, role="client", from_on=tomorrow, by=SYSTEM, now=now)
    for nobody in (cast.stranger, cast.engineer):
        with pytest.raises(NotAllowed):
            give_mandate(chair, role="client", from_on=now.date(), by=nobody, now=now)
    assert mandates_of(chair, on=now.date()) == []
