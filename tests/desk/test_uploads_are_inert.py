"""H2: whatever was sent, what comes back runs nowhere, and only to whom it belongs."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.kit.uploads import NoPhoto
from huiyin.organization.rules import SYSTEM
from huiyin.records.actions import attach, lay_down_papers
from huiyin.records.models import StoredFile
from tests.acts import take
from tests.hostile_files import NO_PICTURES, PAPERS, PICTURES, drawn

SMALL = ("svg", "html", "html behind a GIF's head", "html behind a PNG's head", "php", "program", "postscript", "zip")


@pytest.fixture(autouse=True)
def _here(plain_static_files: None, media: Any, still_clock: None) -> None:
    pass


def inert(answer: Any) -> list[Any]:
    """What makes a served file harmless; streamed files are read to their end."""
    body = b"".join(answer.streaming_content)
    policy = answer.headers["Content-Security-Policy"]
    kind, way = answer.headers["Content-Type"], answer.headers["Content-Disposition"].split(";")[0]
    return [kind, way, policy, answer.headers["X-Content-Type-Options"], len(body) > 0]


def test_papers_come_back_as_downloads_and_pictures_as_pictures(cast: Cast, client: Client, now: datetime) -> None:
    case = take(cast, now)
    client.force_login(cast.users["zhou"])
    for make in PAPERS.values():
        file = attach(case.reference, lay_down_papers([make()]), label='x".html\r\n<b>', by=SYSTEM, now=now)[0]
        told = inert(client.get(f"/files/{file.key}"))
        assert told == ["application/pdf", "attachment", "default-src 'none'; sandbox", "nosniff", True]
    file = attach(
        case.reference, lay_down_papers([PICTURES["jpeg with html behind it"]()]), label="x", by=SYSTEM, now=now
    )[0]
    told = inert(client.get(f"/files/{file.key}"))
    assert told == ["image/webp", "inline", "default-src 'none'; sandbox", "nosniff", True]


@pytest.mark.parametrize("name", SMALL)
def test_nothing_else_is_kept(name: str, cast: Cast, client: Client, now: datetime) -> None:
    """By the form, whatever it is called and says it is; and as a paper."""
    with pytest.raises(NoPhoto):
        lay_down_papers([NO_PICTURES[name]()])
    sent = SimpleUploadedFile("photo.jpg", NO_PICTURES[name](), "image/jpeg")
    answer = client.post("/s/yulan/report", {"situation": "电梯坏了", "kind": "complaint", "photos": sent})
    assert [answer.status_code, "电梯坏了" in answer.content.decode()] == [422, True]
    assert [Case.objects.count(), StoredFile.objects.count()] == [0, 0]


def test_a_file_is_only_for_whoever_sees_its_matter(cast: Cast, client: Client, now: datetime) -> None:
    sent = SimpleUploadedFile("../../x.html", drawn("JPEG"), "text/html")
    link = client.post("/s/yulan/report", {"situation": "电梯坏了", "kind": "complaint", "photos": sent}).headers[
        "Location"
    ]
    key = StoredFile.objects.get().key
    own, other = link.split("?")[0], take(cast, now, words="别的事")
    from huiyin.interactions.queries import receipt_token

    assert client.get(f"{own}/photo/{key}").status_code == 200
    assert client.get(f"/t/{receipt_token(other.reference)}/photo/{key}").status_code == 404
    assert client.get(f"/files/{key}").status_code == 302  # log in first
    seen = {}
    for name in ("zhou", "he", "yang"):
        client.force_login(cast.users[name])
        seen[name] = client.get(f"/files/{key}").status_code
    assert seen == {"zhou": 200, "he": 404, "yang": 404}
