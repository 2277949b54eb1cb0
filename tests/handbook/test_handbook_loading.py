"""A wrong file is refused with its name, the line and the reason."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huiyin.handbook.rules import HandbookRefused, load, load_file

GOOD = """\
id = "ours"
edition = "1"
effective_on = 2026-01-01
site_kinds = ["residential"]
title = { zh = "我们的", en = "Ours" }

[[roles]]
id = "clerk"
zh = "客服"
en = "Clerk"
post = "service_assistant"

[[roles]]
id = "boss"
zh = "经理"
en = "Manager"
post = "site_manager"

[[clauses]]
id = "A.1"
zh = "一周内给方案"
en = "A solution in a week"
by = ["cases"]

[[clauses]]
id = "A.2"
zh = "每月汇总"
en = "A digest each month"
by = ["reports"]
role = "clerk"

[[limits]]
name = "solution"
kinds = ["complaint"]
days = 7
clause = "A.1"

[[recurring]]
kind = "complaint_digest"
every = "month"

[[recurring.steps]]
step = "submit"
clauses = ["A.2"]
owner = "clerk"
due = { day = 5 }

[[chains]]
kind = "complaint_digest"
clause = "A.2"
steps = [{ act = "draft", role = "clerk" }, { act = "approve", role = "boss" }]

[[publications]]
kind = "complaint_digest"
audience = "site"
clause = "A.2"
"""

OCCASION = 'every = "occasion" 要写明 on（什么事发生时），别的周期不写'
NO_QUOTA = "数量“follow_up_sample”没有在 quotas 里写明"
NOT_WITH_A_DAY = "no_later_than 只用于第几个工作日（nth_working_day）"
ONE_WAY = "定一个日子只用一种写法：day, nth_working_day, days_after, working_days_after, day_of_period, days_before_end"


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def refused(text: str) -> tuple[str, int, str]:
    with pytest.raises(HandbookRefused) as caught:
        load(text, "ours.toml")
    return caught.value.name, caught.value.line, caught.value.reason


def test_a_right_file_is_read() -> None:
    assert load(GOOD, "ours.toml").limits[0].days == 7


@pytest.mark.parametrize(
    ("old", "new", "marked", "reason"),
    [
        ('edition = "1"\n', "", "id = ", "缺少“edition”"),
        ('edition = "1"', 'edtion = "1"\nedition = "1"', "edtion", "这里没有“edtion”这一项"),
        ("days = 7", "days = 7\nhurry = true", "hurry", "这里没有“hurry”这一项"),
        ("days = 7", 'days = "7"', 'days = "7"', "这里应为 int | null，读到的是 str"),
        ("days = 7", "days = -1", "days = -1", "数值应 >= 0"),
        ('every = "month"', 'every = "month"\non = "event"', 'on = "event"', OCCASION),
        ('every = "month"', 'every = "occasion"', "[[recurring]]", OCCASION),
        ('every = "month"', 'every = "month"\nquota = "follow_up_sample"', "quota", NO_QUOTA),
        ("due = { day = 5 }", "due = { day = 5, month = -1 }", "due =", "month 不能早于期间的第一个月"),
        ("due = { day = 5 }", "due = { day = 5, no_later_than = 9 }", "due =", NOT_WITH_A_DAY),
        ("days = 7", "", "[[limits]]", "days、hours 和 minutes 要写一个，只写一个"),
        ("days = 7", "days = 7\nhours = 2", "[[limits]]", "days、hours 和 minutes 要写一个，只写一个"),
        ("days = 7", 'days = 0\ncounting = "working"', "counting", "按工作日数，至少要有一天"),
        ('kinds = ["complaint"]', 'kinds = ["complain"]', '["complain"]', "不允许的值 'complain'"),
        ('name = "solution"', 'name = "solutions"', '"solutions"', "不允许的值 'solutions'"),
        ("[[recurring]]", "[[recuring]]", "[[recuring]]", "这里没有“recuring”这一项"),
        ('clause = "A.1"', 'clause = "A.9"', '"A.9"', "条款“A.9”没有在 clauses 里写明"),
        ('clauses = ["A.2"]', 'clauses = ["A.3"]', '"A.3"', "条款“A.3”没有在 clauses 里写明"),
        ('clause = "A.1"\n', "", "[[limits]]", "要么写明出自哪一条（clause），要么写明是我们定的（ours = true）"),
        ('owner = "clerk"', 'owner = "nobody"', '"nobody"', "角色“nobody”没有在 roles 里写明"),
        ('id = "A.2"', 'id = "A.1"', 'id = "A.1" again', "“A.1”写了两次"),
        ("due = { day = 5 }", "due = { day = 32 }", "day = 32", "数值应 <= 31"),
        (
            "due = { day = 5 }",
            "due = { day = 5, nth_working_day = 3 }",
            "due =",
            ONE_WAY,
        ),
        ("due = { day = 5 }", "due = { day = 1, inclusive = false }", "due =", "“不含当日”只能用于 2 日以后的固定日期"),
        ("due = { day = 5 }", "due = { day = 5 }\nopens = { day = 6 }", "due =", "到期日早于开始日"),
        ("due = { day = 5 }\n", "", "[[recurring.steps]]", "有条款的步骤要写明到期日（due）"),
        (
            'every = "month"',
            'every = "week"',
            "due =",
            "每周的和随事发生的事项不能用月份里的日子（day、nth_working_day）",
        ),
        ('act = "approve"', 'act = "review"', "steps = [", "审批链要以审批（approve）或批准（ratify）结束"),
        ('role = "boss"', 'role = "clerk"', "steps = [", "“clerk”在同一条审批链里出现两次"),
        ('act = "draft"', 'act = "ratify"', "steps = [", "次序不对：先拟定，再审阅、审核，然后审批、批准"),
        (
            'audience = "site"',
            'audience = "site"\ndeidentified = false',
            "deidentified",
            "向公众公布的内容必须先隐去个人信息",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line(old: str, new: str, marked: str, reason: str) -> None:
    text = GOOD.replace(old, new)
    line = line_of(text, marked.removesuffix(" again"))
    if marked.endswith(" again"):
        line = line + text.splitlines()[line:].index('id = "A.1"') + 1
    assert refused(text) == ("ours.toml", line, reason)


def test_an_unknown_post_lists_the_known_ones() -> None:
    name, line, reason = refused(GOOD.replace('post = "site_manager"', 'post = "king"'))
    assert (name, line) == ("ours.toml", line_of(GOOD, 'post = "site_manager"'))
    assert reason.startswith("没有“king”这个岗位；可用：service_assistant, ")


def test_a_limit_stated_twice_is_refused_at_the_second() -> None:
    text = GOOD + '\n[[limits]]\nname = "solution"\ndays = 3\nclause = "A.1"\n'
    assert refused(text) == ("ours.toml", text.count("\n") - 2, "“solution”对“complaint”定了两次")


def test_what_is_graver_is_not_given_more_time() -> None:
    slower = '\n[[limits]]\nname = "solution"\nurgency = ["serious"]\ndays = 9\nclause = "A.1"\n'
    assert refused(GOOD + slower)[2] == "“solution”对“complaint”：更急的（serious）反而时限更长"
    faster = slower.replace("days = 9", "days = 2") + slower.replace("serious", "danger").replace(
        "days = 9", "hours = 70"
    )
    assert refused(GOOD + faster)[2] == "“solution”对“enquiry”：更急的（danger）反而时限更长"
    assert load(GOOD + faster.replace("hours = 70", "minutes = 90"), "ours.toml").limits[-1].minutes == 90


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("id = ", 1),
        ('id = "a"\nid = "b"\n', 2),
        ('id = "a"\ntitle = {\n', 2),
        ('id = "a"\nsite_kinds = [\n', 2),
        ("a = " + "[" * 5000, 1),
        ("a = " + "9" * 6000, 1),
        ("x" * 400_001, 1),
        ("\x00", 1),
    ],
    ids=["empty", "cut off", "twice", "open table", "open list", "deep", "long number", "huge", "binary"],
)
def test_what_is_no_toml_is_refused(text: str, line: int) -> None:
    assert refused(text)[:2] == ("ours.toml", line)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(b'id = "a"\nzh = "\xff\xfe"\n')
    with pytest.raises(HandbookRefused) as caught:
        load_file(path)
    assert (caught.value.name, caught.value.line) == ("ours.toml", 2)


def test_a_file_with_windows_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_file(path) == load(GOOD, "ours.toml")


def test_the_refusal_is_one_sentence_in_the_language_of_the_reader() -> None:
    text = GOOD.replace("days = 7", "days = 7\nhurry = true")
    with pytest.raises(HandbookRefused) as caught:
        load(text, "ours.toml")
    assert str(caught.value) == f"ours.toml 第 {line_of(text, 'hurry')} 行：这里没有“hurry”这一项"
    with translation.override("en"), pytest.raises(HandbookRefused) as caught:
        load(text, "ours.toml")
    assert caught.value.line == line_of(text, "hurry")


@given(st.text(max_size=200), st.integers(min_value=0, max_value=len(GOOD)))
def test_any_spoiled_file_is_read_or_refused(rubbish: str, at: int) -> None:
    text = GOOD[:at] + rubbish + GOOD[at:]
    assert line_refused(text) in {None, *range(1, text.count("\n") + 2)}


def line_refused(text: str) -> int | None:
    """The line at which a text is refused, or None where it is read."""
    try:
        load(text, "ours.toml")
    except HandbookRefused as refusal:
        return refusal.line
    return None
