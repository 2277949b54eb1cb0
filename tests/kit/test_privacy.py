"""Numbers are recognized and masked; what would give a person away is found."""

import pytest

from huiyin.kit import phones
from huiyin.kit.privacy import find_personal, redacted


@pytest.mark.parametrize("text", ["13800001111", "138 0000 1111", "+86 138-0000-1111", "１３８００００１１１１"])
def test_one_mobile_in_many_spellings(text: str) -> None:
    assert phones.parse(text) == "+8613800001111"


@pytest.mark.parametrize("text", ["", "123", "abc", "1380000111", "138000011112", "12345678901234567890123456789012"])
def test_what_is_no_number(text: str) -> None:
    assert phones.parse(text) is None


def test_masked_and_grouped() -> None:
    assert (phones.masked("+8613800001111"), phones.grouped("+8613800001111")) == ("138****1111", "138 0000 1111")
    assert phones.masked(phones.parse("021-55501234") or "") == "021****34"


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("请打13800001111找我", "phone", "13800001111"),
        ("电话 138 0000 1111", "phone", "138 0000 1111"),
        ("座机021-55501234", "phone", "021-55501234"),
        ("身份证31010119900101123X号", "id_card", "31010119900101123X"),
        ("车牌沪A12345挡路", "plate", "沪A12345"),
        ("新能源沪AD12345也是", "plate", "沪AD12345"),
        ("发到 a.b@example.com 吧", "email", "a.b@example.com"),
        ("住3-1-502的人", "room", "3-1-502"),
        ("3号楼2单元501室漏水", "room", "3号楼2单元501室"),
        ("王女士说", "name", "王女士"),
    ],
)
def test_the_gate_finds(text: str, kind: str, part: str) -> None:
    assert [(one.kind, one.text) for one in find_personal(text)] == [(kind, part)]


def test_the_gate_looks_for_the_people_concerned() -> None:
    found = find_personal("赵桂英家楼上漏水", names=["赵桂英", "李"], rooms=["1-1-101"])
    assert [(one.kind, one.text) for one in found] == [("name", "赵桂英")]
    assert redacted("赵桂英家", found) == "███家"


@pytest.mark.parametrize(
    "text", ["2026年11月收到 12 件，办结 10 件", "电梯每半月加检一次", "3号楼电梯", "按时 80.0% (4/5)", "SX26-000123"]
)
def test_ordinary_words_pass(text: str) -> None:
    assert find_personal(text) == []
