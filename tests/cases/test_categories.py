"""归类: every case has a subject (S1.3); a proposal learns from what people decided and never decides."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.models import Case, Event
from huiyin.cases.queries import forget_learned, proposed
from huiyin.cases.rules import NotCategorized, UnknownCategory
from huiyin.demo.cast import Cast
from huiyin.organization.rules import NotAllowed
from tests.acts import close, fresh, take

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _learns_anew() -> Iterator[None]:
    forget_learned()
    yield
    forget_learned()


def uncategorized(
    cast: Cast, now: datetime, words: str = "宿舍天花板漏水了，滴到床上。", site: str = "xueyuan"
) -> Case:
    place = {"site": cast.sites[site], "category": "", "place": ""}
    return take(cast, now, words=words, **place)


def test_a_person_says_what_it_is_about_and_every_change_stays_on_record(cast: Cast, now: datetime) -> None:
    case = uncategorized(cast, now, site="yulan")
    cases.categorize(fresh(case), category="leak", by=cast.clerk, now=now)
    cases.categorize(fresh(case), category="repair", by=cast.colleague, now=now + DAY)
    told = Event.objects.filter(case=case, kind="categorized").order_by("id").values_list("values", "is_public")
    assert [fresh(case).category, list(told)] == [
        "repair",
        [({"category": "leak", "before": ""}, False), ({"category": "repair", "before": "leak"}, False)],
    ]


def test_only_subjects_of_the_site_are_taken(cast: Cast, now: datetime) -> None:
    case = uncategorized(cast, now, site="yulan")
    for wrong in ("", "accommodation", "x" * 50):
        with pytest.raises(UnknownCategory) as refused:
            cases.categorize(fresh(case), category=wrong, by=cast.clerk, now=now)
        assert refused.value.field == "category"
    with pytest.raises(NotAllowed):
        cases.categorize(fresh(case), category="leak", by=cast.stranger, now=now)


@pytest.mark.clause("S1.3")
def test_where_the_procedure_lays_subjects_down_no_case_ends_without_one(cast: Cast, now: datetime) -> None:
    case, manager, colleague = uncategorized(cast, now), cast.actor("gao"), cast.actor("yang")
    cases.answer(fresh(case), text="修好了。", by=manager, now=now + DAY)
    cases.follow_up(fresh(case), result="satisfied", channel="phone", by=colleague, now=now + 2 * DAY)
    with pytest.raises(NotCategorized) as refused:
        cases.close(fresh(case), outcome="accepted", by=colleague, now=now + 2 * DAY)
    assert [refused.value.field, fresh(case).state] == ["category", "answered"]
    cases.categorize(fresh(case), category="repair", by=colleague, now=now + 2 * DAY)
    cases.close(fresh(case), outcome="accepted", by=colleague, now=now + 2 * DAY)
    assert fresh(case).state == "closed"


def test_where_no_procedure_asks_for_it_a_case_may_end_without(cast: Cast, now: datetime) -> None:
    case = close(uncategorized(cast, now, site="yulan"), cast, now)
    assert [fresh(case).state, fresh(case).category] == ["closed", ""]


def test_the_words_of_the_procedures_propose_until_there_are_decisions(cast: Cast, now: datetime) -> None:
    found = proposed("厨房天花板漏水，渗水三天了", cast.site, now.date())
    assert found is not None
    assert [found.code, found.name, bool(found.because)] == ["leak", "漏水渗水", True]
    assert proposed("您好，我想问一下", cast.site, now.date()) is None


def test_it_learns_from_what_people_here_decided(cast: Cast, now: datetime) -> None:
    words = "外卖柜又满了，外卖柜取不出饭"
    assert proposed(words, cast.site, now.date()) is None
    for serial in range(6):
        take(cast, now, words=f"外卖柜打不开，第{serial}次，外卖柜要加", category="security", place="")
    forget_learned()
    found = proposed(words, cast.site, now.date())
    assert [found and found.code, uncategorized(cast, now, words, "yulan").category] == ["security", ""]


@pytest.mark.usefixtures("plain_static_files", "still_clock")
def test_the_case_page_offers_it_for_one_click(cast: Cast, client: Client, now: datetime) -> None:
    case = uncategorized(cast, now, "厨房天花板漏水，渗水三天了", "yulan")
    client.force_login(cast.users["chen"])
    address = f"/cases/{case.reference.number}/"
    page = client.get(address).content.decode()
    assert ["还没有归类" in page, 'value="leak">归为“漏水渗水”' in page] == [True, True]
    client.post(f"{address}categorize", {"category": "leak"})
    assert [fresh(case).category, "还没有归类" in client.get(address).content.decode()] == ["leak", False]


@pytest.mark.usefixtures("plain_static_files", "still_clock")
def test_the_duty_log_offers_it_beside_the_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["chen"])
    said = {"situation": "厨房天花板漏水，渗水三天了"}
    assert "看起来是“漏水渗水”" in client.post("/log/proposed", said).content.decode()
    assert "看起来是" not in client.post("/log/proposed", said | {"category": "noise"}).content.decode()
    assert '<option value="leak" selected>' in client.post("/log/proposed?take=leak").content.decode()
    assert client.post("/log/proposed", {"situation": ""}).status_code == 200
