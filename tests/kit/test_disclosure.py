"""What could give somebody away in a public text: each sort of trace is found, general words pass."""

import pytest

from huiyin.kit.disclosure import OWN_WORDS, About, find_telling

SAID = "我住的那间宿舍晚上十一点以后水管一直响，吵得睡不着。"
KNOWN = About(("欧阳静怡", "高兴"), ("3-1-101",), (SAID,))


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("有人打 13800001111 反映", "phone", "13800001111"),
        ("欧阳静怡反映热水", "customer", "欧阳静怡"),
        ("王同学很满意", "name", "王同学"),
        ("3-1-101 漏水", "room", "3-1-101"),
        ("502室漏水", "room", "502室"),
        ("车牌沪A12345", "plate", "沪A12345"),
        ("证件 110101199003078515", "id_card", "110101199003078515"),
        ("11月23日夜里停水", "day", "11月23日"),
        ("2026-11-23 停水", "day", "2026-11-23"),
        ("十一月二十三日停水", "day", "十一月二十三日"),
        ("学号 2023110456", "number", "2023110456"),
        ("见 SX26-000123", "number", "SX26-000123"),
        ("八楼有位孕妇", "rare", "孕妇"),
        ("有位 86 岁的老人", "rare", "86 岁"),
        ("有人说晚上十一点以后水管一直响", "own_words", "晚上十一点以后水管一直响"),
    ],
)
def test_each_trace_is_named(text: str, kind: str, what: str) -> None:
    assert [(one.kind, one.text) for one in find_telling(text, KNOWN)] == [(kind, what)]


@pytest.mark.parametrize(
    "text",
    [
        "本月有同学反映热水供应时间太短，共 12 件。",
        "热水延长到晚上十一点，11 月起实行。",
        "3号楼电梯每半月加检一次。",
        "值班室 24 小时有人，7 个工作日内答复。",
        SAID[: OWN_WORDS - 1],
    ],
)
def test_general_words_pass(text: str) -> None:
    assert find_telling(text, KNOWN) == []


def test_a_name_inside_a_longer_finding_is_still_named() -> None:
    """A reason may let own words stand, never the name within them."""
    known = About(("欧阳静怡",), (), ("我叫欧阳静怡，住在这里十年了",))
    assert {one.kind for one in find_telling("我叫欧阳静怡，住在这里十年了", known)} == {"own_words", "customer"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("ID110101199003078515", ["number", "id_card"]),
        ("我的证件号是 110101199003078515", ["own_words", "id_card"]),
        ("欧阳静怡wang@x.com", ["email", "customer"]),
        ("欧阳同学", ["customer"]),
    ],
)
def test_no_longer_finding_hides_a_name_or_an_identity_number(text: str, kinds: list[str]) -> None:
    known = About(("欧阳静怡", "欧阳同学"), (), ("我的证件号是 110101199003078515",))
    assert [one.kind for one in find_telling(text, known)] == kinds
