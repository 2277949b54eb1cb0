"""`huiyin handbook check`: schema, then the check-up; no database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huiyin.handbook.rules.loading import SHIPPED

OFFICE, COMPANY, HOUSING = (
    SHIPPED / f"{name}.toml" for name in ("management-office", "property-company", "student-housing")
)
Run = Callable[..., Any]


def edited(folder: Path, path: Path, *changes: tuple[str, str]) -> Path:
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    mine = folder / path.name
    mine.write_text(text)
    return mine


def test_what_can_not_be_kept_ends_in_one(huiyin: Run) -> None:
    said = huiyin("handbook", "check", COMPANY)
    assert (said.code, said.err) == (1, "有 1 处照原文做不到，采用以前要先作决定。\n")
    assert said.out.splitlines()[0] == "property-company.toml：55 条，可用"
    told = said.out.split("\n\n")[1].splitlines()
    line = COMPANY.read_text().splitlines().index("due = { nth_working_day = 8 }") + 1
    assert told[0] == f"[做不到] property-company.toml 第 {line} 行  S4.4.2.5.c S4.4.2.5.f"
    assert told[1].startswith(
        "  交出（S4.4.2.5.c）的最后一天不早于公布（S4.4.2.5.f）的最后一天：2020-10-19 交出、2020-10-18 公布"
    )
    assert told[2:] == [
        "  后果：等到最后一天才交，审核和批准没有时间，公布一定会迟。",
        "  办法：遇到这样的月份，提前到公布前三个工作日交出；到期日仍按原文 (earlier)",
        "  办法：遇到这样的月份，交出、审核、批准和公布安排在同一天，专人值班 (same_day)",
        "  办法：修订制度，改交出日或公布日 (amend)",
    ]


def test_the_rest_is_told_and_ends_in_nought(huiyin: Run) -> None:
    said = huiyin("handbook", "check", OFFICE, "--json")
    assert (said.code, said.err) == (0, "")
    assert [(one["code"], one["line"]) for one in said.json if one["severity"] == "duplicate"] == [
        ("duplicate_number", OFFICE.read_text().splitlines().index('id = "S3.2.6b.i"') + 1)
    ]


def test_a_handbook_without_trouble_passes(huiyin: Run, tmp_path: Path) -> None:
    bare = """\
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

[[clauses]]
id = "A.1"
zh = "每月中旬汇总"
en = "A digest in mid-month"
role = "clerk"
by = ["reports"]

[[recurring]]
kind = "complaint_digest"
every = "month"

[[recurring.steps]]
step = "submit"
clauses = ["A.1"]
owner = "clerk"
due = { day = 15 }
"""
    (tmp_path / "ours.toml").write_text(bare)
    said = huiyin("handbook", "check", tmp_path / "ours.toml", "--json")
    assert (said.code, said.json, said.err) == (0, [], "")


def test_files_are_checked_together(huiyin: Run) -> None:
    said = huiyin("handbook", "check", OFFICE, COMPANY, "--site-kind", "residential", "--json")
    talks = next(one for one in said.json if one["clauses"] == ["S3.2.5.a", "S4.4.2.2.a"])
    assert (talks["severity"], talks["file"], talks["ways_out"][0]) == (
        "conflict",
        "management-office.toml",
        {"id": "strictest", "words": "按最密的做，一份证据同时算数"},
    )
    assert talks["lines"]["S4.4.2.2.a"] == COMPANY.read_text().splitlines().index('id = "S4.4.2.2.a"') + 1


@pytest.mark.parametrize(
    ("span", "code", "found"),
    [
        (("--year", "2020"), 1, ["submission_not_before_publication"]),
        (("--year", "2023"), 0, []),
        (("--from", "2026-10-01", "--to", "2026-10-31"), 0, ["no_time_before_publication"]),
    ],
)
def test_the_days_can_be_chosen(huiyin: Run, span: tuple[str, ...], code: int, found: list[str]) -> None:
    said = huiyin("handbook", "check", COMPANY, *span, "--json")
    dated = [one["code"] for one in said.json if one["code"].endswith("before_publication")]
    assert (said.code, dated) == (code, found)


def test_a_broken_file_is_named_with_its_line(huiyin: Run, tmp_path: Path) -> None:
    broken = edited(tmp_path, COMPANY, ("nth_working_day = 8", 'nth_working_day = "8"'))
    said = huiyin("handbook", "check", OFFICE, broken)
    line = broken.read_text().splitlines().index('due = { nth_working_day = "8" }') + 1
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"property-company.toml 第 {line} 行：")


def test_wrong_usage_ends_in_two(huiyin: Run) -> None:
    for wrong in (("--year", "2026", "--from", "2026-01-01"), ("--site-kind", "castle"), ("--year", "1")):
        assert huiyin("handbook", "check", OFFICE, *wrong).code == 2
    assert huiyin("handbook", "check").code == 2


def test_a_kind_of_site_it_is_not_made_for_is_refused(huiyin: Run) -> None:
    said = huiyin("handbook", "check", HOUSING, "--site-kind", "residential")
    assert (said.code, said.err) == (1, "“学生公寓顾客沟通”不适用于这类站点。\n")
    assert huiyin("handbook", "check", OFFICE, "--from", "2026-02-01", "--to", "2026-01-01").code == 1
