"""Published years: what a file may say, what is refused with its place, and that old versions stay."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.demo.cast import Cast
from huiyin.kit.workdays import published_calendar, statutory_days
from huiyin.organization.actions import load_year
from huiyin.organization.calendars import Schedule, WrongSchedule, checked, read, typed
from huiyin.organization.models import CalendarYear
from huiyin.organization.queries import calendar_years, versions_of, working_calendar
from huiyin.organization.rules import SYSTEM, NotAllowed

TOML = """\
year = 2027
source = "国办发明电〔2026〕9号"
days_off = [
  "2027-01-01..2027-01-03",
  "2月5日至11日", 2027-04-05,
  "5月1日至5日",
  "2027-06-09", "2027-09-15", "10月1日至7日",
]
make_up = ["2027-02-14", "2027-02-20", "2027-10-10"]
"""
OFF = [
    *("2027-01-01", "2027-01-02", "2027-01-03"),
    *(f"2027-02-{day:02d}" for day in range(5, 12)),
    "2027-04-05",
    *(f"2027-05-0{day}" for day in range(1, 6)),
    *("2027-06-09", "2027-09-15"),
    *(f"2027-10-0{day}" for day in range(1, 8)),
]
JSON = json.dumps(
    {
        "year": 2027,
        "source": "国办发明电〔2026〕9号",
        "days_off": OFF,
        "make_up": ["2027-02-14", "2027-02-20", "2027-10-10"],
    },
    indent=1,
    ensure_ascii=False,
)
CSV = "kind,value\nyear,2027\n来源,国办发明电〔2026〕9号\n" + "".join(f"放假,{day}\n" for day in OFF)
CSV += "make_up,2027-02-14\n上班,2027-02-20\nmake_up,2027-10-10\n"
SCHEDULE = Schedule(
    2027,
    "国办发明电〔2026〕9号",
    tuple(map(date.fromisoformat, OFF)),
    (date(2027, 2, 14), date(2027, 2, 20), date(2027, 10, 10)),
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("2027.toml", TOML.encode()),
        ("2027.JSON", JSON.encode()),
        ("2027.csv", CSV.encode("utf-8-sig")),
        ("2027.csv", CSV.encode("gb18030")),
    ],
)
def test_three_kinds_of_file_say_the_same(name: str, data: bytes) -> None:
    assert checked(read(name, data), name) == SCHEDULE


@pytest.mark.parametrize("year", range(2019, 2027))
def test_the_years_that_were_published_pass(year: int) -> None:
    known = published_calendar(year, year)
    off = sorted(day for day in known.days_off if day.year == year)
    content = {"year": year, "source": "x", "days_off": [*map(str, off)], "make_up": [*map(str, known.make_up)]}
    schedule = checked(read("y.json", json.dumps(content).encode()))
    assert (schedule.days_off, set(schedule.make_up)) == (tuple(off), known.make_up)


@pytest.mark.parametrize(
    ("change", "line", "key"),
    [
        (("year = 2027", ""), 0, "year"),
        (("2027\n", '"次年"\n'), 1, "year"),
        (('"国办发明电〔2026〕9号"', '" "'), 2, "source"),
        (('"2027-06-09"', '"2027-06-31"'), 7, "days_off"),
        (('"2027-06-09"', '"2027-06-09", "6月9日"'), 7, "days_off"),
        (("2027-01-01..", "2026-12-31.."), 4, "days_off"),
        (('"2027-02-20"', '"2027-02-22"'), 9, "make_up"),
        (('"2027-02-20"', '"2027-02-06"'), 9, "make_up"),
        (('"2027-02-20"', '"2027-02-14"'), 9, "make_up"),
        (('"2027-02-20"', "true"), 9, "make_up"),
        (('"10月1日至7日"', '"10月1日至2日"'), 0, "days_off"),
        (('"10月1日至7日"', '"10月7日至1日"'), 7, "days_off"),
        (('make_up = ["2027-02-14"', 'made_up = ["2027-02-14"'), 9, ""),
        (("make_up = [", "make_up = [["), 10, ""),
        (("make_up", "days_off"), 9, ""),
    ],
)
def test_what_is_wrong_is_named_with_its_line(change: tuple[str, str], line: int, key: str) -> None:
    assert TOML.count(change[0]) >= 1
    with pytest.raises(WrongSchedule) as refused:
        checked(read("x.toml", TOML.replace(*change).encode()), "x.toml")
    assert (refused.value.faults[0].line, refused.value.faults[0].key) == (line, key)
    assert str(refused.value).startswith(f"x.toml 第 {line} 行：" if line else "x.toml: ")


def test_a_year_without_days_off_is_refused() -> None:
    with pytest.raises(WrongSchedule) as refused:
        checked(read("x.csv", "year,2027\nsource,某处\n".encode()), "x.csv")
    assert [fault.key for fault in refused.value.faults] == ["days_off"]


def test_everything_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    wrong = CSV.replace("2027-04-05", "2027-04-31").replace("上班,2027-02-20", "上班,2027-02-06")
    with pytest.raises(WrongSchedule) as refused:
        checked(read("x.csv", wrong.encode()), "x.csv")
    assert [fault.line for fault in refused.value.faults] == [14, 30, 0]


@pytest.mark.parametrize("name", ["x.toml", "x.json", "x.csv"])
@settings(max_examples=60, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode(errors="replace"))))
def test_odd_bytes_are_refused_never_kept(name: str, data: bytes) -> None:
    with pytest.raises(WrongSchedule):
        checked(read(name, data), name)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.toml", b"year = 0x" + b"f" * 50_000),
        ("x.json", b'{"year": ' + b"9" * 50_000 + b"}"),
        ("x.json", b"[" * 90_000),
        ("x.json", b'{"year": 2027, "year": 2027, "days_off": {"a": 1}}'),
        ("x.csv", b"year," + b"x" * 99_000),
        ("x.csv", b"x" * 100_001),
        ("x.xlsx", b"PK"),
        ("calendar", b"year = 2027"),
    ],
)
def test_hostile_files_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(WrongSchedule):
        checked(read(name, data), name)


def test_days_as_a_notice_writes_them() -> None:
    said = typed("1月1日（周五）至3日（周日）放假调休，共3天。\n2027-04-05、5月1日至5日；\n")
    assert [(one.text, one.line) for one in said] == [("1月1日至3日", 1), ("2027-04-05", 2), ("5月1日至5日", 2)]


def test_the_days_of_the_law() -> None:
    assert {date(2027, 2, 5), date(2027, 5, 2), date(2027, 10, 3)} <= statutory_days(2027)
    assert date(2027, 10, 4) not in statutory_days(2027)


def test_a_new_version_keeps_the_old(cast: Cast, now: datetime) -> None:
    assert 2027 not in calendar_years()
    first = load_year(SCHEDULE, by=cast.director, now=now)
    again = load_year(SCHEDULE, by=cast.director, now=now)
    moved = Schedule(2027, SCHEDULE.source, SCHEDULE.days_off, (date(2027, 2, 14), date(2027, 2, 20)))
    second = load_year(moved, by=cast.director, now=now)
    assert (str(first), again, str(second)) == ("2027 v1", None, "2027 v2")
    assert [row.version for row in versions_of(2027)] == [2, 1]
    assert CalendarYear.objects.get(year=2027, version=1).make_up == ["2027-02-14", "2027-02-20", "2027-10-10"]
    calendar = working_calendar()
    assert [calendar.is_working(date(2027, 10, 10)), calendar.is_provisional(date(2027, 1, 4))] == [False, False]


def test_the_same_days_from_the_notice_itself_are_a_version_with_its_source(cast: Cast, now: datetime) -> None:
    known = published_calendar(2026, 2026)
    schedule = Schedule(2026, "国办发明电〔2025〕7号", tuple(sorted(known.days_off)), tuple(sorted(known.make_up)))
    assert str(load_year(schedule, by=SYSTEM, now=now)) == "2026 v2"
    assert load_year(schedule, by=SYSTEM, now=now) is None


@pytest.mark.parametrize("username", ["chen", "zhou", "qian"])
def test_only_the_company_loads_a_year(username: str, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        load_year(SCHEDULE, by=cast.actor(username), now=now)
