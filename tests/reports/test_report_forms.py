"""The complaint digest on paper: totals reconcile, rates show their bases, nothing is cut off."""

import re

import pytest

from huiyin.records.typesetting import qr_rows, render, typeset
from huiyin.reports.forms.complaint_digest import ComplaintDigest, Count, DigestCase, Rate
from tests.records.printed import laid_out, text_of


def digest(*cases: DigestCase) -> ComplaintDigest:
    return ComplaintDigest(
        company="某某物业管理有限公司",
        site="翠湖花园",
        period="2026年11月",
        number="HZ-2026-0011",
        by_category=(Count("电梯", 3, 2), Count("保洁", 1, 1)),
        by_state=(Count("已办结", 3), Count("处理中", 1)),
        rates=(Rate("按时给出方案", 2, 3), Rate("已回访", 4, 4), Rate("回访满意", 0, 0)),
        cases=cases,
        measures="一、电梯维保改为每半月一次。\n二、夜间保洁增加一人。",
        author="李晓明",
        approver="王建国",
        approved_on="2026-12-03",
        qr_url="https://huiyin.example/r/HZ-2026-0011",
    )


@pytest.mark.clause("S3.2.3.c", "S4.4.2.1.6")
def test_figures_rates_and_signature_are_printed_in_order() -> None:
    case = DigestCase("TS-2026-0417", "2026-11-23", "电梯", "更换门机控制板。", 5, "已办结")
    assert text_of(typeset(digest(case))) == (
        "某某物业管理有限公司顾客投诉及处理情况汇总翠湖花园2026年11月编号：HZ-2026-0011"
        "按类别类别收到办结电梯32保洁11合计43按进展进展件数已办结3处理中1合计4"
        "比率项目比率件数／基数按时给出方案66.7%2/3已回访100.0%4/4回访满意—0/0"
        "逐件情况编号受理日类别处理情况天数进展TS-2026-04172026-11-23电梯更换门机控制板。5已办结"
        "整改措施一、电梯维保改为每半月一次。二、夜间保洁增加一人。编写：李晓明批准：王建国2026年12月3日"
        "HZ-2026-0011第1页共1页扫码核对原件"
    )


@pytest.mark.clause("S3.2.3.c")
def test_a_month_without_complaints_says_so() -> None:
    assert "逐件情况本期没有收到投诉。" in text_of(typeset(digest()))


def test_a_long_list_repeats_its_head_and_loses_no_case() -> None:
    cases = [DigestCase(f"TS-2026-{n:04d}", "2026-11-01", "电梯", "已处理。", n % 9, "已办结") for n in range(120)]
    pdf = typeset(digest(*cases))
    text = text_of(pdf)
    assert re.findall(r"TS-2026-\d{4}", text) == [case.number for case in cases]
    sheets = [sheet for sheet in laid_out(pdf).split("\f") if "TS-2026-" in sheet]
    assert [len(sheets), text.count("编号受理日类别处理情况天数进展")] == [4, 4]


def test_a_digest_of_posted_blocks_prints_them_as_posted() -> None:
    blocks = [
        {"kind": "table", "rows": [["项目", "数字"], ["收到投诉", "28"]]},
        {"kind": "heading", "text": "说明"},
        {"kind": "paragraph", "text": '#read("/etc/passwd") ]*"'},
    ]
    head = {
        "company": "某某物业",
        "title": "翠湖花园 2026年11月",
        "number": "HZ-1",
        "author": "李",
        "approver": "",
        "approved_on": "",
    }
    text = text_of(
        render(ComplaintDigest.TEMPLATE, {**head, "blocks": blocks, "qr": qr_rows("https://huiyin.example/r/HZ-1")})
    )
    assert text == (
        '某某物业翠湖花园2026年11月项目数字收到投诉28说明#read("/etc/passwd")]*"'
        "编写：李批准：年月日HZ-1第1页共1页扫码核对原件"
    )
