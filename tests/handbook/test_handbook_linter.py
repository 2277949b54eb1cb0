"""The linter finds in the shipped handbooks what it should, and nothing in edited ones without it."""

from collections.abc import Iterable
from datetime import date

import pytest
from django.utils import translation

from huiyin.handbook.linter import SEVERITIES, Finding, Source, findings, impossible, title_of, way_words
from huiyin.handbook.linter.words import SAID
from huiyin.handbook.rules import load, shipped_ids, shipped_text
from huiyin.kit.workdays import Calendar, published_calendar

CALENDAR = published_calendar(2019, 2027)  # 2027 is not published yet
FIRST, LAST = date(2026, 11, 23), date(2027, 11, 22)
OFFICE, COMPANY, COMMUNITY = "management-office", "property-company", "residential-community"


def source(name: str, *changes: tuple[str, str]) -> Source:
    """A shipped handbook, edited: each piece of text must be there."""
    text = shipped_text(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Source(load(text, f"{name}.toml"), text, f"{name}.toml")


def check(
    *sources: Source, kind: str | None = None, first: date = FIRST, last: date = LAST, calendar: Calendar = CALENDAR
) -> list[Finding]:
    return findings(sources, kind, calendar, first, last)


def told(found: Iterable[Finding], *codes: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.code, one.clauses) for one in found if one.code in codes]


# ---- what the issue names


def test_two_clauses_are_numbered_six() -> None:
    found = [one for one in check(source(OFFICE)) if one.code == "duplicate_number"]
    assert [(one.clauses, one.message) for one in found] == [
        (("S3.2.6a", "S3.2.6b.i", "S3.2.6b.ii"), "编号“6”下有 2 条不同的规定：S3.2.6a、S3.2.6b")
    ]
    assert told(check(source(OFFICE, ('printed = "6"\n', ""))), "duplicate_number") == []


def test_no_other_number_is_used_twice() -> None:
    found = check(*map(source, shipped_ids()))
    assert told(found, "duplicate_number") == [("duplicate_number", ("S3.2.6a", "S3.2.6b.i", "S3.2.6b.ii"))]


@pytest.mark.clause("S4.5.1", "S4.5.4")
def test_one_form_number_stands_on_two_forms() -> None:
    found = [one for one in check(*map(source, shipped_ids())) if one.code == "form_number_twice"]
    assert [(one.clauses, one.handbook) for one in found] == [(("S4.5.1", "S4.5.4"), COMPANY)]
    assert found[0].message == "表号 7.2.3-G01-F1 用了两次：《工作信息记录本》、《物业管理服务报告》"
    assert found[0].consequence == "归档和序号会混在一起。下一个空号是 7.2.3-G01-F3。"
    edited = source(COMPANY, ('number = "7.2.3-G01-F1"   # see the work log (X02)', 'number = "7.2.3-G01-F3"'))
    assert told(check(edited), "form_number_twice") == []


def test_one_form_has_no_number() -> None:
    found = check(*map(source, shipped_ids()))
    assert told(found, "form_without_number") == [("form_without_number", ("S4.F.1",))]
    assert told(check(source(COMPANY, ('number = ""', 'number = "7.2.3-G01-F4"'))), "form_without_number") == []


def test_handing_in_may_fall_on_or_after_publication() -> None:
    found = [one for one in check(source(COMPANY)) if one.code == "submission_not_before_publication"]
    assert [(one.clauses, one.severity) for one in found] == [(("S4.4.2.5.c", "S4.4.2.5.f"), "impossible")]
    assert found[0].message == (
        "交出（S4.4.2.5.c）的最后一天不早于公布（S4.4.2.5.f）的最后一天：2020-10-19 交出、2020-10-18 公布；2021-10-18 交出、2021-10-18 公布"
        "（2027 年的放假安排还没有公布，这里列的是已公布的年份）"
    )
    assert impossible(check(source(COMPANY))) == found
    earlier = source(COMPANY, ("due = { nth_working_day = 8 }", "due = { nth_working_day = 6 }"))
    assert told(check(earlier), "submission_not_before_publication", "no_time_before_publication") == []


@pytest.mark.parametrize(
    ("month", "code", "days"),
    [
        (date(2019, 10, 1), "", ""),
        (date(2020, 10, 1), "submission_not_before_publication", "2020-10-19 交出、2020-10-18 公布"),
        (date(2021, 10, 1), "submission_not_before_publication", "2021-10-18 交出、2021-10-18 公布"),
        (date(2022, 10, 1), "", ""),
        (date(2023, 10, 1), "", ""),
        (date(2024, 10, 1), "", ""),
        (date(2025, 10, 1), "no_time_before_publication", "2025-10-17 交出、2025-10-18 公布"),
        (date(2026, 1, 1), "", ""),
        (date(2026, 4, 1), "", ""),
        (date(2026, 7, 1), "", ""),
        (date(2026, 10, 1), "no_time_before_publication", "2026-10-16 交出、2026-10-18 公布"),
    ],
)
def test_the_known_months_are_judged_by_their_own_schedule(month: date, code: str, days: str) -> None:
    found = check(
        source(COMPANY), kind="residential", first=month, last=month.replace(day=31 if month.month != 4 else 30)
    )
    dated = [one for one in found if one.code.endswith("before_publication")]
    assert [(one.code, str(dict(one.values)["days"]), str(dict(one.values)["basis"])) for one in dated] == (
        [(code, days, "")] if code else []
    )


@pytest.mark.parametrize("year", range(2019, 2027))
def test_a_whole_year_of_the_table(year: int) -> None:
    found = check(source(COMPANY), kind="residential", first=date(year, 1, 1), last=date(year, 12, 31))
    codes = {2020: ["submission_not_before_publication"], 2021: ["submission_not_before_publication"]}
    codes |= {2025: ["no_time_before_publication"], 2026: ["no_time_before_publication"]}
    assert [one.code for one in found if one.code.endswith("before_publication")] == codes.get(year, [])


def test_months_without_a_working_day_before_the_third_and_the_fifth() -> None:
    found = check(source(OFFICE), source(COMPANY), first=date(2026, 1, 1), last=date(2026, 12, 31))
    tight = [one for one in found if one.code == "no_working_day_before"]
    assert [(one.clauses, one.severity, dict(one.values)["day"], str(dict(one.values)["months"])) for one in tight] == [
        (("S3.2.3.c",), "notice", 5, "2026-05、2026-10"),
        (("S3.2.6b.i",), "notice", 3, "2026-01、2026-05、2026-10"),
        (("S4.4.2.1.6.c", "S4.4.2.1.6.d"), "notice", 5, "2026-05、2026-10"),
    ]
    later = source(
        OFFICE,
        ("due = { day = 5, inclusive", "due = { day = 12, inclusive"),
        ("due = { day = 3 }", "due = { day = 12 }"),
    )
    assert told(check(later), "no_working_day_before") == []


def test_many_months_are_told_by_the_month_of_the_year() -> None:
    found = [one for one in check(source(OFFICE)) if one.code == "no_working_day_before"]
    assert (
        str(dict(found[0].values)["months"])
        == "2 月（2022 年）；5 月（2020–2021、2024–2026 年）；10 月（2019–2026 年）"
    )


def test_roles_that_act_and_are_never_defined() -> None:
    found = [one for one in check(source(OFFICE), source(COMPANY)) if one.code == "undefined_role"]
    assert [(one.clauses, str(dict(one.values)["role"]), str(dict(one.values)["post"])) for one in found] == [
        (("S3.2.1.c",), "上级", "管理处经理"),
        (("S3.2.7.b",), "上级领导", "主任／总经理"),
        (("S3.2.5.c", "S3.2.5.d"), "公司相关部门", "品质管理部人员"),
        (("S4.4.2.1.6.b", "S4.4.2.1.6.c", "S4.4.2.3.a", "S4.4.2.3.c", "S4.F.3"), "管业部", "客服助理"),
        (("S4.4.2.1.1.b",), "上级", "管理处经理"),
    ]
    settled = [source(name, *((line + "\n", "") for line in _role_marks(name))) for name in (OFFICE, COMPANY)]
    assert told(check(*settled), "undefined_role") == []


def _role_marks(name: str) -> list[str]:
    """The lines that mark a role's post as ours."""
    roles = shipped_text(name).split("# ---- clauses")[0]
    return list(dict.fromkeys(line for line in roles.splitlines() if line.startswith("ours = true")))


def test_words_that_nobody_can_measure() -> None:
    found = [one for one in check(*map(source, shipped_ids())) if one.code == "unmeasurable_words"]
    assert [(one.clauses, dict(one.values)["word"]) for one in found] == [
        ((clause.id,), clause.vague) for name in shipped_ids() for clause in source(name).book.clauses if clause.vague
    ]
    assert [one.clauses[0] for one in found if one.handbook == COMMUNITY] == [
        "S5.3.1",
        "S5.4.1.1.a",
        "S5.4.1.1.b",
        "S5.4.1.2.e",
    ]
    measured = source(COMMUNITY, ('vague = "及时"\n', ""), ('vague = "积极主动"\n', ""))
    assert told(check(measured), "unmeasurable_words") == []


def test_a_vague_word_says_what_we_put_in_its_place() -> None:
    found = {one.clauses[0]: one for one in check(source(OFFICE)) if one.code == "unmeasurable_words"}
    assert found["S3.2.1.c"].message == "“及时”没有说是多久、多少"
    assert found["S3.2.1.c"].consequence == "做没做到说不清。我们代定的值：当天上报。"


def test_frequencies_conflict_between_handbooks() -> None:
    found = check(source(OFFICE), source(COMPANY), kind="residential")
    digest = ("S3.2.3.c", "S3.2.3.d", "S3.2.3.e", "S4.4.2.1.5.a", "S4.4.2.1.5.b", "S4.4.2.1.6.c", "S4.4.2.1.6.d")
    assert told(found, "conflicting_frequency") == [
        ("conflicting_frequency", digest),
        ("conflicting_frequency", ("S3.2.5.a", "S4.4.2.2.a")),
    ]
    assert found[3].message == "同一件事，要求的次数不同：S3.2.5.a：每季度；S4.4.2.2.a：每半年"
    talks = ('every = "half"\nsite_kinds', 'every = "quarter"\nsite_kinds')
    weekly = ('kind = "complaint_digest"\nevery = "week"', 'kind = "complaint_digest"\nevery = "month"')
    agreed = check(source(OFFICE), source(COMPANY, talks, weekly), kind="residential")
    assert told(agreed, "conflicting_frequency") == []


def test_a_handbook_alone_conflicts_with_nobody() -> None:
    between = {"conflicting_frequency", "different_days", "different_reviewers", "approval_in_one_only"}
    between |= {"published_in_one_only", "each_and_sample", "two_yearly_surveys"}
    assert [told(check(source(name)), *between) for name in shipped_ids()] == [[]] * len(shipped_ids())


def test_handbooks_of_different_sites_do_not_conflict() -> None:
    assert [
        one.severity for one in check(source(OFFICE), source("student-housing")) if one.severity == "conflict"
    ] == []


def test_the_offices_tower_has_no_committee_to_talk_with() -> None:
    found = check(source(OFFICE), source(COMPANY), kind="single_owner")
    assert ("S3.2.5.a", "S4.4.2.2.a") not in [one.clauses for one in found]
    assert impossible(found) == []


def test_lists_of_records_omit_forms_that_clauses_use() -> None:
    found = check(*map(source, shipped_ids()))
    assert told(found, "record_list_omits") == [
        ("record_list_omits", ("S2.2.2.a",)),
        ("record_list_omits", ("S2.2.4.b",)),
        ("record_list_omits", ("S3.2.1.b",)),
        ("record_list_omits", ("S4.F.1",)),
    ]
    assert told(check(source(COMPANY, ("listed = false\n", ""))), "record_list_omits") == []


# ---- what the comparison of the five procedures found beside


def test_one_report_has_two_days_and_one_chain() -> None:
    found = check(source(OFFICE), source(COMPANY), kind="residential")
    assert told(found, "different_days") == [("different_days", ("S3.2.6a", "S4.4.2.5.f"))]
    assert told(found, "approval_in_one_only") == [
        ("approval_in_one_only", ("S3.2.7.b", "S4.4.2.3.a", "S4.4.2.3.b", "S4.4.2.3.c")),
        ("approval_in_one_only", ("S4.4.2.5.e", "S3.2.6a")),
        ("approval_in_one_only", ("S4.3.c", "S3.2.9.b")),
    ]
    same_day = source(OFFICE, ("due = { day = 20 }", "due = { day = 18 }"))
    assert told(check(same_day, source(COMPANY)), "different_days") == []


def test_minutes_go_past_different_readers() -> None:
    found = [one for one in check(source(OFFICE), source(COMPANY)) if one.code == "different_reviewers"]
    assert [one.clauses for one in found] == [("S3.2.5.c", "S3.2.5.d", "S4.4.2.2.c", "S4.4.2.2.d")]
    assert found[0].message == (
        "同一件文书，审的人不同：S3.2.5.d：公司相关部门、业委会主任；S4.4.2.2.d：分管总经理助理、业委会主任"
    )
    same = source(COMPANY, ('post = "assistant_general_manager"', 'post = "quality_officer"'))
    assert told(check(source(OFFICE), same), "different_reviewers") == []


def test_services_and_surveys_are_asked_for_twice() -> None:
    found = check(source(OFFICE), source(COMPANY), kind="residential")
    assert told(found, "each_and_sample", "two_yearly_surveys") == [
        ("two_yearly_surveys", ("S3.2.11.a", "S4.4.2.6")),
        ("each_and_sample", ("S3.2.2.a", "S3.2.2.b", "S4.4.2.1.4.a")),
    ]


def test_one_publishes_and_the_other_is_silent() -> None:
    found = check(source(OFFICE), source(COMPANY), kind="residential")
    assert told(found, "published_in_one_only") == [
        ("published_in_one_only", ("S3.2.3.d", "S4.4.2.1.6.c", "S4.4.2.1.6.d")),
        ("published_in_one_only", ("S3.2.7.b", "S4.4.2.3.a", "S4.4.2.3.b", "S4.4.2.3.c")),
    ]


def test_shares_of_nothing_in_particular() -> None:
    assert told(check(source(OFFICE), source(COMPANY)), "unclear_base", "weak_floor", "designs_not_comparable") == [
        ("unclear_base", ("S3.2.10.b", "S3.2.10.c", "S3.2.10.d", "S3.2.11.b")),
        ("unclear_base", ("S4.4.2.1.4.b",)),
        ("weak_floor", ("S3.2.11.b",)),
        ("designs_not_comparable", ("S3.2.10.a", "S3.2.11.a")),
    ]
    sound = source(OFFICE, ("share = 30", "share = 50"))
    assert told(check(sound), "weak_floor") == []


def test_nobody_says_how_long_records_are_kept_and_shown() -> None:
    community = check(source(COMMUNITY))
    assert told(community, "no_retention", "no_display_days") == [
        ("no_retention", ("S5.5",)),
        ("no_display_days", ("S5.4.1.1.a", "S5.4.1.1.b")),
    ]
    kept = '\n[[retention]]\nrecord = "visit"\nyears = 3\ncounted_from = "made"\nclause = "S5.5"\n'
    text = shipped_text(COMMUNITY).replace('audience = "affected"', 'audience = "affected"\ndays = 30') + kept
    settled = Source(load(text, "x.toml"), text, "x.toml")
    assert told(check(settled), "no_retention", "no_display_days") == []


def test_what_the_source_leaves_open_is_told_once_for_each_handbook() -> None:
    found = check(*map(source, shipped_ids()))
    ours = {
        name: tuple(one.id for one in source(name).book.clauses if one.ours and not one.vague) for name in shipped_ids()
    }
    assert told(found, "values_are_ours") == [("values_are_ours", ours[name]) for name in shipped_ids() if ours[name]]


# ---- what an edited handbook may bring in


def test_a_role_that_nobody_fills_is_impossible() -> None:
    empty = source(COMPANY, ('post = "finance_officer"\n', ""))
    found = impossible(check(empty))
    assert told(found, "role_without_post") == [("role_without_post", ("S4.4.2.5.b",))]


def test_a_step_that_nobody_owes_is_impossible() -> None:
    nobody = source(OFFICE, ('clauses = ["S3.2.11.a"]\nowner = "service_centre"', 'clauses = ["S3.2.11.a"]'))
    assert told(impossible(check(nobody)), "step_without_owner") == [("step_without_owner", ("S3.2.11.a",))]


def test_whoever_writes_may_not_approve() -> None:
    alone = source(OFFICE, ('post = "director"', 'post = "service_assistant"'))
    found = [one for one in check(alone) if one.code == "same_post_approves"]
    assert [(one.clauses, one.message) for one in found] == [
        (("S3.2.7.b",), "拟定和批准是同一个岗位：客服助理"),
    ]


# ---- findings as such


def test_each_finding_names_the_line_it_stands_on() -> None:
    found = check(*map(source, shipped_ids()))
    texts = {f"{name}.toml": shipped_text(name).splitlines() for name in shipped_ids()}
    lines = {one.code: texts[one.file][one.line - 1] for one in found if one.handbook == COMPANY}
    assert (lines["form_number_twice"], lines["form_without_number"][:11]) == (
        'number = "7.2.3-G01-F1"   # see the work log (X02)',
        'number = ""',
    )
    assert lines["submission_not_before_publication"] == "due = { nth_working_day = 8 }"
    for one in found:
        for concern in one.concerns:
            assert texts[f"{concern.handbook}.toml"][concern.line - 1] == f'id = "{concern.clause}"'


def test_every_finding_says_something_and_offers_ways_out() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for one in check(*map(source, shipped_ids())):
                assert one.concerns
                assert "%(" not in one.message + one.consequence + one.title
                assert len(one.ways_out) >= 1
                assert all(way.words == way_words(one.code, way.id) for way in one.ways_out)


def test_in_english_there_is_no_chinese_but_names_on_paper() -> None:
    with translation.override("en"):
        found = next(one for one in check(source(OFFICE)) if one.clauses == ("S3.2.7.b",))
        assert found.message == (
            "“Superior who approves” has to act, but the source does not say who that is; read here as “Director”"
        )


def test_worst_comes_first_and_the_order_of_files_does_not_matter() -> None:
    found = check(*map(source, shipped_ids()))
    ranks = [SEVERITIES.index(one.severity) for one in found]
    assert ranks == sorted(ranks)
    assert check(*map(source, reversed(shipped_ids()))) == found


def test_a_finding_keeps_its_key_when_lines_move() -> None:
    moved = source(COMPANY, ("# ---- clauses", "# ---- clauses\n\n"))
    before, after = impossible(check(source(COMPANY)))[0], impossible(check(moved))[0]
    assert (before.key == after.key, before.line + 2) == (True, after.line)
    assert len({one.key for one in check(*map(source, shipped_ids()))}) == len(check(*map(source, shipped_ids())))


def test_without_any_published_schedule_no_day_is_judged() -> None:
    found = check(source(COMPANY), calendar=Calendar())
    assert told(found, "submission_not_before_publication", "no_working_day_before") == []


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (title_of("gone"), way_words("gone", "x"), way_words("weak_floor", "x")) == ("gone", "x", "x")
    assert all(said.ways for said in SAID.values())
