"""Names with signs that few fonts know are stored, found, sorted, taken away and printed; nothing vanishes (H8)."""

import csv
import io
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

from huiyin.customers.actions import enter
from huiyin.customers.models import Customer
from huiyin.customers.queries import find
from huiyin.demo.cast import Cast
from huiyin.desk.sheets import spreadsheet
from huiyin.kit.cells import inert
from huiyin.kit.tables import sheets
from huiyin.records.forms.building_poster import BuildingPoster
from huiyin.records.glyphs import settable, unsettable
from huiyin.records.typesetting import typeset
from tests.records.printed import text_of

NAMES = (
    "王䶮", "李㛃", "\U00020bb7田健", "陈\U0002070e", "张\U0002a6a5宇", "赵\U0002a700文", "孙\U0002b740强", "周\U0002b820平",
    "吴\U0002ceb0芳", "郑\U00030000军", "冯\U00031350丽", "褚龦", "卫﨑",
    "阿卜杜拉·买买提", "古丽巴哈尔·阿不都热依木", "ئابدۇللا مەمەت", "نۇرگۈل",
    "བཀྲ་ཤིས་ཚེ་རིང", "སྒྲོལ་མ", "ᠪᠠᠶᠠᠷ", "ᠨᠠᠷᠠ\u180eᠨ",
)  # fmt: skip


def kept(name: str) -> str:
    return unicodedata.normalize("NFC", name)


@pytest.fixture
def people(cast: Cast, now: datetime) -> list[Customer]:
    return [enter(cast.site, name=name, by=cast.clerk, now=now) for name in NAMES]


def test_stored_found_and_sorted(people: list[Customer], cast: Cast) -> None:
    assert len(NAMES) == 21
    told = dict(Customer.objects.filter(pk__in=[one.pk for one in people]).values_list("pk", "name"))
    assert [told[one.pk] for one in people] == [kept(name) for name in NAMES]
    assert [one in find(name, cast.site, cast.clerk) for one, name in zip(people, NAMES, strict=True)] == [True] * 21
    in_order = Customer.objects.filter(pk__in=told).order_by("name", "pk").values_list("name", flat=True)
    assert sorted(in_order) == sorted(map(kept, NAMES))


def test_written_decomposed_they_are_the_same(cast: Cast, now: datetime) -> None:
    person = enter(cast.site, name=unicodedata.normalize("NFD", "Müller 李"), by=cast.clerk, now=now)
    assert [person.name, find("Müller", cast.site, cast.clerk)] == ["Müller 李", [person]]


def test_taken_away_and_read_back(tmp_path: Path) -> None:
    names = [kept(name) for name in NAMES]
    (tmp_path / "a.xlsx").write_bytes(spreadsheet("x", ["a", "name"], [[at, name] for at, name in enumerate(names)]))
    assert [row[1] for row in sheets(tmp_path / "a.xlsx")[0].rows[1:]] == names
    stream = io.StringIO()
    csv.writer(stream).writerows([inert(name)] for name in names)
    for encoding in ("utf-8-sig", "gb18030"):
        (tmp_path / "a.csv").write_bytes(stream.getvalue().encode(encoding))
        assert [row[0] for row in sheets(tmp_path / "a.csv")[0].rows] == names


@pytest.mark.parametrize("name", NAMES)
def test_printed_or_its_code_is_printed(name: str) -> None:
    """A sign that no font has shows its code: never a blank."""
    name = kept(name)
    printed = text_of(typeset(BuildingPoster(site="花园", place=name, phone="1", qr_url="https://h.example/")))
    assert "".join(settable(name).split()) in printed
    assert all(f"〔U+{ord(sign):04X}〕" in printed for sign in unsettable(name))
