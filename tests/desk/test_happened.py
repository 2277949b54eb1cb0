"""What happens without a duty's asking: a meeting, a visit, a finding. It is registered, and sets off what must follow."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.handbook.actions import settle
from huiyin.handbook.queries import facts_of, occasions
from huiyin.references.models import Reference


def given(**more: str) -> dict[str, str]:
    return {"occasion": "committee_meeting", "what": "业委会十一月例会", "happened_on": "2026-11-20", "note": ""} | more


def test_what_the_adopted_handbooks_know_is_on_offer(cast: Cast) -> None:
    found = {code: occasions(site, date(2026, 11, 23)) for code, site in cast.sites.items()}
    assert found == {
        "yulan": ["committee_meeting", "event", "service", "visit"],
        "hengtai": ["event", "service", "visit"],
        "xueyuan": ["suggestion_deferred"],
        "binjiang": ["inspection", "tender", "visit"],
    }


@pytest.mark.clause("S3.2.5.b", "S3.2.5.c", "S3.2.5.d", "S3.2.5.e", "S4.4.2.2.b", "S4.4.2.2.c")
def test_a_meeting_asks_for_its_minutes(cast: Cast, now: datetime, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    answer = client.post("/duties/happened", given())
    meeting = Reference.objects.get(kind="DJ", title="业委会十一月例会")
    assert [answer.status_code, answer.url] == [302, f"/acts/{meeting.number}/"]
    asked = Duty.objects.filter(reference=meeting).order_by("due_at", "clause")
    assert {(one.clause, timezone.localdate(one.due_at)) for one in asked} >= {
        ("S3.2.5.b", date(2026, 11, 21)),
        ("S3.2.5.c", date(2026, 11, 22)),
        ("S3.2.5.d", date(2026, 11, 23)),
        ("S3.2.5.e", date(2026, 11, 23)),
    }
    page = client.get(answer.url).content.decode()
    assert [page.count("业委会会议纪要") > 3, "S3.2.5.d" in page] == [True, True]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"occasion": "tender"}, "occasion"),  # not of a handbook followed here
        ({"occasion": "'"}, "occasion"),
        ({"what": ""}, "what"),
        ({"happened_on": "2026-11-24"}, "happened_on"),
        ({"happened_on": "2026-02-30"}, "happened_on"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    wrong: dict[str, str], field: str, cast: Cast, client: Client
) -> None:
    client.force_login(cast.users["zhou"])
    answer = client.post("/duties/happened", given(note="到会九人。") | wrong)
    assert [answer.status_code, list(answer.context["form"].errors)] == [422, [field]]
    assert ["到会九人。" in answer.content.decode(), Reference.objects.filter(kind="DJ").count()] == [True, 0]


def test_who_may_not_register_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["qian"])
    assert [client.get("/duties/happened").status_code, client.post("/duties/happened", given()).status_code] == [
        403
    ] * 2


def test_an_event_keeps_its_quarter_as_well(cast: Cast, now: datetime, client: Client) -> None:
    settle(cast.site, facts_of(cast.site, timezone.localdate(now)), now=now)
    cast_day = timezone.localdate(now) - timedelta(days=1)
    client.force_login(cast.users["zhou"])
    quarter = Duty.objects.filter(kind="event", step="hold", period="2026Q4")
    before = quarter.filter(done_at=None).count()
    client.post("/duties/happened", given(occasion="event", what="邻里节", happened_on=cast_day.isoformat()))
    assert [before > 0, quarter.filter(done_at=None).count()] == [True, 0]
