"""导入名录 at the desk: looked at first, confirmed then, held by nobody but who sent it, and gone afterwards."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.customers.models import Customer
from huiyin.demo.cast import Cast
from huiyin.desk.views import incoming
from huiyin.records.holding import let_go_of_old

HEAD = "楼栋,单元,房号,姓名,电话,身份\n"
NEW, WRONG = "9栋,1,101,阿依努尔,13912340001,业主\n", "9栋,1,102,钱八,12,租户\n"


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    pass


def send(client: Client, text: str | bytes, name: str = "住户.csv", **more: str) -> HttpResponse:
    data = text.encode() if isinstance(text, str) else text
    return client.post("/directory/import/", {"file": SimpleUploadedFile(name, data), **more})  # type: ignore[return-value]


def token(page: HttpResponse) -> str:
    return re.findall(r'name="list" value="([^"]+)"', page.content.decode())[0]


def held(media: Path) -> list[str]:
    return sorted(path.suffix for path in (media / "held").glob("*"))


def test_looked_at_confirmed_and_reported(cast: Cast, client: Client, media: Path) -> None:
    client.force_login(cast.users["zhou"])
    assert 'href="/directory/import/"' in client.get("/directory/").content.decode()
    seen = send(client, HEAD + NEW + WRONG + "9栋,1,103,孙九,=1+1,业主\n")
    told = seen.content.decode()
    assert (seen.status_code, "会新增 1，已有 0，不收 2" in told, "139****0001" in told) == (200, True, True)
    assert (re.findall(r"1[3-9]\d{9}", told), Customer.objects.filter(name="阿依努尔").count()) == ([], 0)
    assert held(media) == [".csv"]
    done = client.post("/directory/import/confirm", {"list": token(seen)})
    assert (done.status_code, held(media)) == (302, [".json"])
    result = client.get(done["Location"]).content.decode()
    assert "新增 1，已有 0，未收 2" in result
    report = client.get(done["Location"].replace("result", "report.csv"))
    lines = report.content.decode("utf-8-sig").splitlines()
    assert (report["Content-Type"], lines[0], [line.split(",")[:2] for line in lines[1:]]) == (
        "text/csv; charset=utf-8",
        "行,列,原因,工作表",
        [["3", "phone"], ["4", "phone"]],
    )
    again = client.post("/directory/import/confirm", {"list": token(seen)})
    assert (again.status_code, "已经导入过" in again.content.decode()) == (422, True)
    assert Customer.objects.filter(name="阿依努尔").count() == 1
    assert "会新增 0，已有 1" in send(client, HEAD + NEW).content.decode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("照片.png", b"x", "只收 .xlsx、.xls 和 .csv"),
        ("表.xlsx", b"no workbook", "不是能读的表格"),
        ("表.csv", "甲,乙\n1,2\n".encode(), "没有找到表头"),
        ("表.csv", HEAD.encode(), "没有数据行"),
        ("表.csv", b"", "空文件"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_not_kept(
    name: str, data: bytes, words: str, cast: Cast, client: Client, media: Path
) -> None:
    client.force_login(cast.users["zhou"])
    answer = send(client, data, name)
    assert (answer.status_code, words in answer.content.decode(), held(media)) == (422, True, [])


def test_more_than_a_request_takes_goes_to_the_command_line(
    cast: Cast, client: Client, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST", 1)
    client.force_login(cast.users["zhou"])
    answer = send(client, HEAD + NEW + WRONG)
    assert (answer.status_code, "表里有 2 行，这里一次最多 1 行" in answer.content.decode(), held(media)) == (
        422,
        True,
        [],
    )


def test_only_who_sent_it_and_only_at_their_site(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    seen = token(send(client, HEAD + NEW))
    assert send(client, HEAD + NEW, site="xueyuan").status_code == 404
    assert client.post("/directory/import/confirm", {"list": seen + "x"}).status_code == 404
    assert client.get("/directory/import/result", {"list": seen}).status_code == 404
    for who in ("shen", "chen"):
        client.force_login(cast.users[who])
        assert client.post("/directory/import/confirm", {"list": seen}).status_code == 404
    assert [client.get("/directory/import/").status_code, send(client, HEAD + NEW).status_code] == [403, 403]
    assert "/directory/import/" not in client.get("/directory/").content.decode()
    assert Customer.objects.filter(name="阿依努尔").count() == 0


@pytest.mark.parametrize("rows", [1, 60])
def test_as_many_queries_however_many_rows(rows: int, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["zhou"])
    client.post("/directory/import/confirm", {"list": token(send(client, HEAD + NEW))})
    listed = NEW + "".join(f"9栋,1,{200 + serial},阿依{serial},1391234{serial:04},业主\n" for serial in range(rows))
    with CaptureQueriesContext(connection) as asked:
        page = send(client, HEAD + listed)
    assert (page.status_code, len(asked)) == (200, 10), "\n".join(
        query["sql"][:140] for query in asked.captured_queries
    )


def test_what_was_never_confirmed_is_gone_after_a_day(cast: Cast, client: Client, media: Path, now: datetime) -> None:
    client.force_login(cast.users["zhou"])
    send(client, HEAD + NEW)
    path = next((media / "held").glob("*"))
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    os.utime(path, ((now - timedelta(hours=23)).timestamp(),) * 2)
    assert (let_go_of_old(now=now), held(media)) == (0, [".csv"])
    assert (let_go_of_old(now=now + timedelta(hours=2)), held(media)) == (1, [])


def test_a_number_that_is_refused_stays_in_the_form(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["chen"])
    answer = client.post(f"/directory/{cast.resident.pk}/ways", {"phone": "12", "email": "a@b.cn"})
    told = answer.content.decode()
    assert (answer.status_code, 'value="12"' in told, 'value="a@b.cn"' in told, "电话号码看不明白" in told) == (
        422,
        True,
        True,
        True,
    )
    assert client.post(f"/directory/{cast.resident.pk}/ways", {}).status_code == 422
