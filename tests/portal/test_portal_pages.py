"""The public face: who may read what, how heavy it is, and that it needs no script."""

import gzip
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

import huiyin.ui
from huiyin.cases.actions import Taken
from huiyin.demo.cast import Cast
from huiyin.notices.actions import Posting, post, withdraw
from huiyin.notices.models import Notice
from huiyin.notices.rules import Block
from tests.portal.conftest import WORDS, text_of

HEAVIEST = 15 * 1024
SHEET = Path(huiyin.ui.__file__).parent / "static/ui/huiyin.css"


@pytest.fixture
def posted(cast: Cast, now: datetime) -> Notice:
    blocks = [
        Block("heading", "说明"),
        Block("paragraph", "已全部更换。"),
        Block("table", rows=(("项目", "数字"), ("收到投诉", "3"))),
    ]
    return post(cast.site, Posting("disclosure", "十月投诉处理情况", blocks, 30), about=None, by=cast.manager, now=now)


def test_front_page(cast: Cast, client: Client) -> None:
    page = client.get("/")
    links = re.findall(r'href="(/s/[^"]+)"', page.content.decode())
    assert page.status_code == 200
    assert [link for link in links if link.endswith("/report")] == [
        "/s/binjiang/report",
        "/s/hengtai/report",
        "/s/xueyuan/report",
        "/s/yulan/report",
    ]


@pytest.mark.django_db
def test_front_page_of_an_empty_house(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_site_page(cast: Cast, client: Client, posted: Notice) -> None:
    shown = text_of(client.get("/s/yulan/"))
    expected = ["报事", "十月投诉处理情况", "021-5550 1100", "12345 市民服务热线"]
    assert [words for words in expected if words not in shown] == []
    assert "十月投诉处理情况" not in text_of(client.get("/s/hengtai/"))


@pytest.mark.clause("S3.2.3.d")
def test_notice(cast: Cast, client: Client, posted: Notice) -> None:
    shown = text_of(client.get(f"/s/yulan/notices/{posted.reference.number}"))
    expected = ["十月投诉处理情况", "说明", "已全部更换。", "收到投诉", "2026年10月23日 周五", "展示到 11月22日"]
    assert [words for words in expected if words not in shown] == []
    assert client.get(f"/s/hengtai/notices/{posted.reference.number}").status_code == 404


def test_withdrawn_notice_is_gone(cast: Cast, client: Client, posted: Notice, now: datetime) -> None:
    withdraw(posted, why="写错了", by=cast.manager, now=now)
    assert client.get(f"/s/yulan/notices/{posted.reference.number}").status_code == 404
    assert "十月投诉处理情况" not in text_of(client.get("/s/yulan/results"))


def test_results(cast: Cast, client: Client, posted: Notice) -> None:
    assert "十月投诉处理情况" in text_of(client.get("/s/yulan/results"))
    assert "还没有公示" in text_of(client.get("/s/hengtai/results"))


def addresses(taken: Taken, posted: Notice) -> list[str]:
    of_site = ["/s/yulan/", "/s/yulan/report", "/s/yulan/results", f"/s/yulan/notices/{posted.reference.number}"]
    return ["/", *of_site, f"/t/{taken.token}", f"/t/{taken.token}?new=1"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_weight_and_script(cast: Cast, client: Client, taken: Taken, posted: Notice, language: str) -> None:
    client.cookies["huiyin_language"] = language
    sheet = len(gzip.compress(SHEET.read_bytes()))
    pages = {address: client.get(address) for address in addresses(taken, posted)}
    weights = {address: sheet + len(gzip.compress(page.content)) for address, page in pages.items()}
    assert {address: weight for address, weight in weights.items() if weight > HEAVIEST} == {}
    assert [address for address, page in pages.items() if "<script" in page.content.decode()] == []
    assert [address for address, page in pages.items() if re.search(r"\s(style|on\w+)=", page.content.decode())] == []


def test_no_session_and_no_cookie_but_the_forms_own(cast: Cast, client: Client, taken: Taken, posted: Notice) -> None:
    for address in addresses(taken, posted):
        client.get(address)
    client.post("/s/yulan/report", {"situation": "路灯不亮", "kind": "opinion"})
    assert set(client.cookies) <= {"csrftoken"}


def test_english_is_complete(cast: Cast, client: Client, taken: Taken, posted: Notice) -> None:
    """Nothing Chinese is left but names, people's own words, and what was posted."""
    client.cookies["huiyin_language"] = "en"
    known = {"中文", "玉兰苑", "恒泰中心", "学苑公寓", "滨江新苑二期", "梧桐路", "滨江大道", "书院路", "号"}
    for address in ("/", "/s/xueyuan/", "/s/yulan/report", "/s/hengtai/results"):
        left = set(re.findall(r"[一-鿿]+", text_of(client.get(address)))) - known
        assert (address, left - {"街道办事处", "市民服务热线"}) == (address, set())
    shown = text_of(client.get(f"/t/{taken.token}?new=1")).replace(WORDS, "")
    people = {"陈晓雯", "王志强", "工程维修部", "街道办事处", "市民服务热线"}
    assert set(re.findall(r"[一-鿿]+", shown)) - known - people == set()


def test_large_print_and_language_are_one_tap_away(cast: Cast, client: Client, taken: Taken, posted: Notice) -> None:
    for address in addresses(taken, posted):
        buttons = re.findall(r"<button[^>]*name=\"(\w+)\"\s+value=\"(\w+)\"", client.get(address).content.decode())
        assert buttons == [("print", "large"), ("language", "en")]
