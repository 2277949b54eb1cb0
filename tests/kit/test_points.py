"""What an answer leaves out: numbered points in the ways Chinese writes them, days, people."""

import pytest

from huiyin.kit.points import missed, names_day, names_person, numbered


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1. 电梯坏了 2. 灯不亮", ["电梯坏了", "灯不亮"]),
        ("一、电梯坏了；二、灯不亮。", ["电梯坏了", "灯不亮"]),
        ("①电梯坏了②灯不亮③漏水", ["电梯坏了", "灯不亮", "漏水"]),
        ("（1）电梯（2）灯", ["电梯", "灯"]),
        ("（一）电梯\n（二）灯", ["电梯", "灯"]),
        ("第一，电梯坏了，第二，灯不亮", ["电梯坏了", "灯不亮"]),
        ("1、电梯坏了\n2、灯不亮", ["电梯坏了", "灯不亮"]),
        ("电梯坏了，灯不亮。", []),
        ("1. 只有一点", []),
        ("电费 1.5 元，2.5 元都有", []),
        ("3号楼 2单元 1.2 米", []),
        ("晚上 10. 有人吵", []),
        ("", []),
    ],
)
def test_points_are_found_however_they_are_numbered(text: str, points: list[str]) -> None:
    assert numbered(text) == points


def test_ten_and_more_count_on() -> None:
    signs = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
    assert len(numbered("\n".join(f"{sign}、事{sign}" for sign in signs))) == 12


@pytest.mark.parametrize(
    ("answer", "left_out"),
    [
        ("电梯明天修好。", [2]),
        ("电梯明天修好，走廊的灯今天换。", []),
        ("1. 明天修好。2. 今天换。", []),
        ("一、明天修好。二、今天换。", []),
        ("谢谢您的意见，我们会处理。", [1, 2]),
        ("", [1, 2]),
    ],
)
def test_what_an_answer_leaves_out(answer: str, left_out: list[int]) -> None:
    assert missed("1. 电梯老是坏 2. 走廊灯不亮", answer) == left_out


@pytest.mark.parametrize("answer", ["2026年都会处理。", "见 2026-11 号通知。", "202", "Wil, if we can."])
def test_a_year_or_a_piece_of_a_word_touches_no_point(answer: str) -> None:
    assert missed("1. 2026年电梯坏了三次 2. 2026年走廊的 wifi 没有", answer) == [1, 2]


def test_a_whole_word_in_latin_letters_touches_its_point() -> None:
    assert missed("1. 电梯坏了 2. 走廊的 WiFi 没有信号", "wifi 明天接通，客梯后天修。") == [1]


def test_nothing_is_left_out_of_what_was_not_numbered() -> None:
    assert missed("电梯坏了", "好") == []


@pytest.mark.parametrize(
    "text",
    [
        "11月30日前修好",
        "2026年11月30日",
        "2026-11-30",
        "周五上门",
        "星期天",
        "明天",
        "三天内办好",
        "3个工作日内",
        "两周后",
        "月底",
        "30日前",
        "12月上旬",
    ],
)
def test_days(text: str) -> None:
    assert names_day(text)


@pytest.mark.parametrize("text", ["尽快", "3号楼", "已经派人", "马上处理", "三个人", ""])
def test_no_days(text: str) -> None:
    assert not names_day(text)


@pytest.mark.parametrize(
    "text", ["找王工", "李师傅上门", "电话 021-5550 1101", "13800138000", "5550 1101", "周经理负责", "陈晓雯会联系您"]
)
def test_people(text: str) -> None:
    assert names_person(text, ("陈晓雯",))


@pytest.mark.parametrize("text", ["请施工单位处理", "有关人员会联系", "110 米", "王工作人员", ""])
def test_nobody(text: str) -> None:
    assert not names_person(text, ("陈晓雯",))
