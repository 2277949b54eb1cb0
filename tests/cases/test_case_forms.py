"""The papers of a case: 《顾客意见处理表》 filled, blank and long; the receipt in Chinese and English."""

import dataclasses
import re

import pytest

from huiyin.cases.forms.complaint_handling_form import ComplaintHandlingForm
from huiyin.cases.forms.receipt_slip import ENGLISH, ReceiptSlip
from huiyin.records.typesetting import typeset
from tests.records.printed import in_order, laid_out, pages_of, text_of

FILLED = ComplaintHandlingForm(
    company="某某物业管理有限公司",
    form_number="7.2.3-G01-F9",
    form_version="A/1",
    form_effective_on="2026-09-01",
    serial="000123",
    customer_name="欧阳静怡",
    address="翠湖花园3号楼",
    phone="021-5550-0117",
    receptionist="李晓明",
    visited_at="2026-11-23 09:42",
    place="前台",
    situation="电梯夜里停在三层不开门，有老人被困过。",
    remedy_sought="希望尽快修好。",
    recorder="周敏",
    recorded_on="2026-11-23",
    resolution_plan="更换门机控制板，之前安排专人值守。",
    handler="王建国",
    handled_on="2026-11-24",
    outcome_tracking="电话回访，顾客满意。",
    tracker="张敏",
    tracked_on="2026-11-28",
    remark="维保单位已到场。",
    qr_url="https://huiyin.example/r/TS-2026-0417",
)
LABELS = (
    "顾客意见处理表",
    "编号：",
    "版本号：",
    "表格生效期：",
    "序号：",
    "顾客姓名",
    "住址",
    "电话",
    "接待人",
    "来访时间",
    "地点",
    "情况说明：",
    "希望与建议：",
    "记录人：",
    "解决方案：",
    "处理人：",
    "结果跟踪：",
    "跟踪人：",
    "备注：",
)
BOXES = ("situation", "remedy_sought", "resolution_plan", "outcome_tracking", "remark")
OTHERS = tuple(
    field.name
    for field in dataclasses.fields(FILLED)
    if not field.name.endswith(("_on", "_url")) and field.name not in BOXES
)
MARKUP = '#read("/etc/passwd") ] [ " \\ *粗* _斜_ $x$ `raw` = 题 // 注 /* 注 */ @label <label> -- ~ {{ x }}'
SLIP = ReceiptSlip(
    site="翠湖花园",
    number="TS-2026-0417",
    received="2026-11-23 09:42",
    understood="电梯夜里停在三层不开门，希望尽快修好。",
    accountable="王建国",
    phone="021-5550-0117",
    due="2026-11-30",
    objection="打 021-5550-0100 找管理处经理。",
    routes="街道物业科 021-5550-0200\n12345 热线",
    qr_url="https://huiyin.example/t/8fK2xQmPz7",
    company="某某物业管理有限公司",
)


def body_of(pdf: bytes) -> str:
    """The text without what each sheet repeats at its head and foot."""
    text = re.sub(r"第\d+页共\d+页(扫码查看电子记录)?", "", text_of(pdf))
    return re.sub(r"顾客意见处理表（续）编号：\S{12}序号：\S{6}", "", text)


@pytest.mark.clause("S4.F.1", "S4.F.2", "S4.F.3")
def test_every_field_stands_in_its_place() -> None:
    pdf = typeset(FILLED)
    assert body_of(pdf) == (
        "某某物业管理有限公司顾客意见处理表编号：7.2.3-G01-F9版本号：A/1表格生效期：2026-09-01序号：000123"
        "顾客姓名欧阳静怡住址翠湖花园3号楼电话021-5550-0117接待人李晓明来访时间2026-11-2309:42地点前台"
        "情况说明：电梯夜里停在三层不开门，有老人被困过。希望与建议：希望尽快修好。记录人：周敏2026年11月23日"
        "解决方案：更换门机控制板，之前安排专人值守。处理人：王建国2026年11月24日"
        "结果跟踪：电话回访，顾客满意。跟踪人：张敏2026年11月28日备注：维保单位已到场。"
    )
    assert pages_of(pdf) == 1


@pytest.mark.clause("S4.F.1")
def test_the_blank_form_is_one_sheet_for_a_pen() -> None:
    pdf = typeset(ComplaintHandlingForm())
    assert in_order(text_of(pdf), *LABELS, "第1页共1页") == []
    assert text_of(pdf).count("年月日") == 3
    assert pages_of(pdf) == 1


@pytest.mark.clause("S4.F.1")
@pytest.mark.parametrize("field", BOXES)
def test_long_text_goes_on_to_further_sheets_without_loss(field: str) -> None:
    numbered = "".join(f"第{n:04d}句" for n in range(509)) + "终。"  # 3056 characters, each sentence different
    pdf = typeset(dataclasses.replace(FILLED, **{field: numbered}))
    assert numbered in body_of(pdf)
    assert in_order(body_of(pdf), *LABELS) == []
    assert pages_of(pdf) >= 2


def test_all_fields_long_at_once_lose_nothing() -> None:
    texts = {name: f"{place}甲乙丙丁戊己庚辛" * 120 for place, name in enumerate(BOXES)}
    assert in_order(body_of(typeset(dataclasses.replace(FILLED, **texts))), *texts.values()) == []


@pytest.mark.clause("S4.F.1")
@pytest.mark.parametrize("field", BOXES)
def test_typed_markup_is_printed_as_typed(field: str) -> None:
    pdf = typeset(dataclasses.replace(FILLED, **{field: f"{MARKUP}\n= 题\n- 条\n+ 条"}))
    assert in_order(body_of(pdf), f"{MARKUP}= 题- 条+ 条") == []


@pytest.mark.clause("S4.F.1")
@pytest.mark.parametrize("field", OTHERS)
@pytest.mark.parametrize(
    "piece", ['#read("x")', "]", "[", '"', "\\", "*粗*", "$x$", "`y`", "= 题", "//注", "@a", "<a>"]
)
def test_typed_markup_is_printed_as_typed_in_narrow_cells_too(field: str, piece: str) -> None:
    assert in_order(text_of(typeset(dataclasses.replace(FILLED, **{field: piece}))), piece) == []


def test_a_link_without_a_place_to_break_stays_in_its_box() -> None:
    link = "https://example.com/" + "abcdefghij" * 40
    assert link in body_of(typeset(dataclasses.replace(FILLED, resolution_plan=link)))


def test_lines_and_paragraphs_typed_are_kept() -> None:
    text = laid_out(typeset(dataclasses.replace(FILLED, situation="甲。\n乙。\n\n丙。")))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[lines.index("情况说明：") + 1 :][:3] == ["甲。", "乙。", "丙。"]


def test_a_receipt_says_all_that_a_resident_needs() -> None:
    pdf = typeset(SLIP)
    parts = (
        "受理回执",
        SLIP.number,
        SLIP.received,
        SLIP.understood,
        SLIP.accountable,
        SLIP.phone,
        "最迟给您方案",
        SLIP.due,
        SLIP.objection,
    )
    assert in_order(text_of(pdf), *parts, "街道物业科 021-5550-0200", "12345 热线", SLIP.qr_url) == []
    assert pages_of(pdf) == 1


def test_a_receipt_in_english() -> None:
    text = text_of(typeset(dataclasses.replace(SLIP, labels=ENGLISH)))
    labels = (
        "Receipt",
        "What we understood",
        "Who is in charge",
        "You get a solution by",
        "If you are not satisfied",
        "You can also turn to",
    )
    assert in_order(text, *labels) == []
    assert [word for word in ("受理回执", "负责人", "扫码") if word in text] == []


def test_a_receipt_prints_the_whole_understanding() -> None:
    understood = "".join(f"第{n:03d}句" for n in range(200))
    pdf = typeset(dataclasses.replace(SLIP, understood=understood))
    assert understood in re.sub(rf"{SLIP.number}\d/\d", "", text_of(pdf))
