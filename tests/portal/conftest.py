"""The town with four households a site, a place for files, and words that a customer might send."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions import Taken
from huiyin.demo.cast import Cast
from huiyin.interactions.rules import Contact
from tests.town import settled

NOW = datetime(2026, 10, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
WORDS = "三号楼电梯又坏了，老人上不去楼。"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _here(media: Path, plain_static_files: None, still_clock: None) -> None:
    """The clock stands still; files go to a folder of the test's own."""


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    return settled(now=now, households=4)


@pytest.fixture
def taken(cast: Cast, now: datetime) -> Taken:
    """A complaint that came by the page, before anybody worked on it."""
    contact = Contact(
        cast.site, "web", "complaint", WORDS, category="elevator", place="3号楼", name="张三丰", phone="13800001111"
    )
    return cases.take(contact, by=NOBODY, now=now)


def jpeg(*, exif: bytes = b"", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#7a8f99").save(out, "JPEG", exif=exif)
    return out.getvalue()


def text_of(response: HttpResponse) -> str:
    """What a reader reads: the page without its tags, spaces folded."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def send(client: Client) -> Callable[..., HttpResponse]:
    """Send the form of 报事 at 玉兰苑, as the page would; words given replace the usual ones."""

    def sent(address: str = "/s/yulan/report", **fields: object) -> HttpResponse:
        usual = {"situation": WORDS, "place": "3号楼", "kind": "opinion", "key": "k" * 22}
        return client.post(address, usual | fields)  # type: ignore[return-value]

    return sent
