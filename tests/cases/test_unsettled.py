"""没有着落: nothing that came in is left without an outcome, or it says why (S1.4)."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions as cases
from huiyin.cases.models import Case, Explanation
from huiyin.cases.queries import unsettled
from huiyin.cases.rules import NothingWritten
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Interaction
from huiyin.organization.rules import NotAllowed
from tests.acts import close, contact, letter_that_waits, take

DAY = timedelta(days=1)


@pytest.mark.clause("S1.4")
def test_what_is_answered_joined_or_being_worked_on_is_not_listed(cast: Cast, now: datetime) -> None:
    at_once = contact(cast, "enquiry", answered_at_once="可以按季度交。")
    cases.take(at_once, by=cast.clerk, now=now)
    running = take(cast, now)
    cases.take(contact(cast), by=cast.clerk, now=now, joins=running)
    close(take(cast, now), cast, now)
    assert unsettled(cast.site, cast.manager, now=now + 4 * DAY).count == 0


@pytest.mark.clause("S1.4")
def test_what_has_no_outcome_is_listed_oldest_first(cast: Cast, now: datetime, media: object) -> None:
    late, later = take(cast, now), take(cast, now + DAY)
    letter = letter_that_waits(cast, now)
    nobody = take(cast, now + 20 * DAY)
    Interaction.objects.filter(subject=nobody.reference).update(subject=None)
    ended = take(cast, now)
    Case.objects.filter(pk=ended.pk).update(state="closed", closed_at=now, outcome="exhausted")
    found = unsettled(cast.site, cast.manager, now=now + 20 * DAY)
    assert [[one.pk for one in found.clockless], found.letters, found.wordless] == [
        [late.pk, later.pk],
        [letter],
        [ended],
    ]
    assert [[one.reference.number for one in found.contacts], found.count, found.explained] == [
        [Interaction.objects.get(subject=None, letter=None).reference.number],
        5,
        0,
    ]


def test_only_what_the_reader_may_see_and_only_of_the_site(cast: Cast, now: datetime) -> None:
    take(cast, now)
    take(cast, now, kind="assistance_request")
    seen = [unsettled(cast.site, by, now=now + 30 * DAY).count for by in (cast.manager, cast.colleague, cast.stranger)]
    assert [*seen, unsettled(cast.sites["hengtai"], cast.manager, now=now + 30 * DAY).count] == [2, 1, 0, 0]


@pytest.mark.clause("S1.4")
def test_why_it_has_none_is_written_down_and_kept(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    with pytest.raises(NothingWritten) as refused:
        cases.explain(case.reference, reason=" ", by=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        cases.explain(case.reference, reason="等配件", by=cast.stranger, now=now)
    for reason in ("等配件", "配件下周一到"):
        cases.explain(case.reference, reason=reason, by=cast.clerk, now=now + 20 * DAY)
    found = unsettled(cast.site, cast.manager, now=now + 20 * DAY)
    assert [refused.value.field, found.explained, found.why[case.reference_id].reason] == ["reason", 1, "配件下周一到"]
    assert Explanation.objects.count() == 2


@pytest.mark.usefixtures("plain_static_files", "still_clock")
def test_the_page_says_how_old_and_takes_the_reason(cast: Cast, client: Client, now: datetime) -> None:
    case = take(cast, now - 20 * DAY)
    number = case.reference.number
    client.force_login(cast.users["zhou"])
    page = client.get("/unsettled/").content.decode()
    assert [word in page for word in (number, "时限都过了", "周", "写原因")] == [True] * 4
    wrong = client.post(f"/unsettled/{number}/why", {"reason": ""})
    assert [wrong.status_code, number in wrong.content.decode()] == [422, True]
    assert client.post(f"/unsettled/{number}/why", {"reason": "等配件"}).headers["Location"] == "/unsettled/"
    assert "等配件" in client.get("/unsettled/").content.decode()


@pytest.mark.usefixtures("plain_static_files", "still_clock")
def test_an_empty_page_says_that_all_is_well(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    assert "件件都有着落" in client.get("/unsettled/").content.decode()


@pytest.mark.usefixtures("plain_static_files", "still_clock")
@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_three_rows_as_for_one(rows: int, cast: Cast, client: Client, now: datetime) -> None:
    for serial in range(rows):
        take(cast, now - (20 + serial) * DAY)
    client.force_login(cast.users["chen"])
    client.get("/unsettled/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/unsettled/")
    assert len(asked) == 8
