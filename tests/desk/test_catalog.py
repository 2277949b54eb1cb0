"""服务目录 at the desk and on the public page."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.approvals.states import Verdict
from huiyin.cases import actions as cases
from huiyin.demo.cast import Cast
from huiyin.notices.actions import decide_catalog
from huiyin.notices.models import ServiceCatalog
from huiyin.notices.queries import NO_CATALOG
from tests.acts import contact
from tests.notices.test_catalog import SERVICE, approved, submitted

pytestmark = pytest.mark.usefixtures("still_clock")


def typed(*services: dict[str, str], **more: str) -> dict[str, str]:
    rows = {f"form-{place}-{name}": value for place, one in enumerate(services) for name, value in one.items()}
    return {"form-TOTAL_FORMS": str(len(services) + 1), "form-INITIAL_FORMS": "0", "on": "", **rows, **more}


@pytest.mark.clause("S3.2.1.a")
def test_catalog_is_written_by_one_and_approved_by_another(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["chen"])
    assert client.get("/sites/yulan/catalog/draft").status_code == 200
    answer = client.post("/sites/yulan/catalog/draft", typed(SERVICE, submit="1"))
    assert (answer.status_code, answer["Location"]) == (302, "/catalog/")
    number = ServiceCatalog.objects.get().reference.number
    assert client.post("/sites/yulan/catalog/decide", {"approve": "1"}).status_code == 403
    client.force_login(cast.users["zhou"])
    assert number in client.get("/inbox/").content.decode()
    assert client.get(f"/r/{number}")["Location"] == "/catalog/?site=yulan&version=1"
    assert "/sites/yulan/catalog/decide" in client.get("/catalog/?version=1").content.decode()
    assert client.post("/sites/yulan/catalog/decide", {"return": "1"}).status_code == 422
    assert client.post("/sites/yulan/catalog/decide", {"approve": "1"}).status_code == 302
    late = client.post("/sites/yulan/catalog/decide", {"approve": "1", "comment": "我也同意"})
    page = late.content.decode()
    assert [late.status_code, "别人已经审过这一版了" in page, "我也同意" in page] == [422, True, True]
    assert ["管道疏通" in page, 'name="approve"' in page] == [True, False]
    assert client.post("/sites/hengtai/catalog/decide", {"approve": "1"}).status_code == 404
    assert "管道疏通" in client.get("/catalog/").content.decode()


def test_draft_catalog_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["chen"])
    answer = client.post("/sites/yulan/catalog/draft", typed(SERVICE | {"price": ""}))
    assert (answer.status_code, "下水疏通" in answer.content.decode()) == (422, True)
    assert client.get("/sites/hengtai/catalog/draft").status_code == 404


def test_draft_catalog_never_covers_what_a_colleague_saved(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["chen"])
    page = client.get("/sites/yulan/catalog/draft").content.decode()
    assert f'name="seen" value="{NO_CATALOG}"' in page
    client.post("/sites/yulan/catalog/draft", typed(SERVICE | {"holds": "同事写的"}, seen=NO_CATALOG))
    late = client.post("/sites/yulan/catalog/draft", typed(SERVICE | {"holds": "我写的"}, seen=NO_CATALOG, submit="1"))
    page, kept = late.content.decode(), ServiceCatalog.objects.get()
    assert [late.status_code, kept.state, kept.services[0]["holds"]] == [422, "draft", "同事写的"]
    assert [text in page for text in ("同事写的", "我写的", kept.words_seen)] == [True] * 3
    client.post("/sites/yulan/catalog/draft", typed(SERVICE | {"holds": "我写的"}, seen=kept.words_seen, submit="1"))
    assert [(one.state, one.services[0]["holds"]) for one in ServiceCatalog.objects.all()] == [("submitted", "我写的")]


def test_decide_catalog_about_the_words_that_were_read(client: Client, cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    client.force_login(cast.users["zhou"])
    seen = waiting.words_seen
    assert seen in client.get("/catalog/?version=1").content.decode()
    decide_catalog(waiting, Verdict.RETURNED, by=cast.manager, now=now, comment="太贵")
    again = submitted(cast, now, price="800 元")
    late = client.post("/sites/yulan/catalog/decide", {"approve": "1", "seen": seen, "comment": "我的意见"})
    page = late.content.decode()
    assert [late.status_code, ServiceCatalog.objects.get().state] == [422, "submitted"]
    assert [text in page for text in ("我的意见", "800 元", again.words_seen)] == [True] * 3
    answer = client.post("/sites/yulan/catalog/decide", {"approve": "1", "seen": again.words_seen})
    assert [answer.status_code, ServiceCatalog.objects.get().state] == [302, "approved"]


def test_a_comment_is_not_lost_where_another_returned_it_meanwhile(client: Client, cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    client.force_login(cast.users["zhou"])
    sent = {"return": "1", "seen": waiting.words_seen, "comment": "电话要写全"}
    decide_catalog(waiting, Verdict.RETURNED, by=cast.manager, now=now, comment="太贵")
    late = client.post("/sites/yulan/catalog/decide", sent)
    page = late.content.decode()
    assert [late.status_code, "别人已经审过这一版了" in page, "电话要写全" in page] == [422, True, True]


@pytest.mark.clause("S3.2.1.a")
def test_services_are_public_once_approved(client: Client, cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    assert "管道疏通" not in client.get("/s/yulan/services").content.decode()
    ServiceCatalog.objects.filter(pk=waiting.pk).delete()
    approved(cast, now)
    found = [client.get(f"/s/yulan/services?q={words}").content.decode() for words in ("", "疏通", "游泳")]
    assert ["管道疏通" in one for one in found] == [True, True, False]
    assert "管道疏通" not in client.get("/s/hengtai/services").content.decode()


def test_the_duty_log_leads_to_it_and_the_receipt_tells_the_version(client: Client, cast: Cast, now: datetime) -> None:
    approved(cast, now)
    client.force_login(cast.users["chen"])
    assert 'action="/catalog/" target="_blank"' in client.get("/log/").content.decode()
    taken = cases.take(contact(cast, "enquiry", "收费吗", answered_at_once="80 元"), by=cast.clerk, now=now).contact
    assert "/catalog/?site=yulan&amp;version=1" in client.get(f"/log/taken/{taken.number}").content.decode()


def test_catalog_takes_the_same_queries_for_one_service_and_for_three(
    client: Client, cast: Cast, now: datetime
) -> None:
    client.force_login(cast.users["chen"])
    client.get("/catalog/")
    counts = []
    for many in (1, 3):
        for _version in range(many):
            approved(cast, now)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/catalog/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
