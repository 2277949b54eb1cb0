"""A cause does not stop at a person, and a measure is more than a talking-to (ISO 9001 10.2.1 b, domain 3.3)."""

import pytest

from huiyin.cases.rules.blame import only_blames, only_teaches, people_in


@pytest.mark.parametrize(
    "cause",
    [
        "责任心不强",
        "保洁员责任心不强。",
        "主要是员工疏忽、培训不到位",
        "由于当班人员粗心大意，服务意识不强，工作不到位。",
        "值班人员失职！",
        "责任\u200b心不强",
    ],
)
def test_a_cause_that_stops_at_a_person(cause: str) -> None:
    assert only_blames(cause) is True


@pytest.mark.parametrize(
    "cause",
    [
        "",
        "维保合同只写每月一次，门机的磨损没有列入检查表。",
        "责任心不强，交接班也没有检查清单可以对照。",
        "培训不到位：新工具发下去三个月没有操作说明书。",
        "水泵老化",
    ],
)
def test_a_cause_that_says_something_about_the_work(cause: str) -> None:
    assert only_blames(cause) is False


@pytest.mark.parametrize(
    "text", ["加强教育", "对当事人进行批评教育，引以为戒。", "组织全体员工学习，提高服务意识", "扣罚责任人"]
)
def test_a_measure_that_only_teaches(text: str) -> None:
    assert only_teaches(text) is True


@pytest.mark.parametrize(
    "text", ["换掉门机", "加强培训，并在泵房贴上操作步骤和检查表。", "检查表加一栏，班长每天签字", "x"]
)
def test_a_measure_that_changes_something(text: str) -> None:
    assert only_teaches(text) is False


def test_who_is_named() -> None:
    assert people_in("王志强没有锁门，后来李师傅也没有，王志强又没有。", ["王志强", "陈晓雯"]) == ["王志强", "李师傅"]
    assert people_in("门锁没有列入交接", ["王志强"]) == []
