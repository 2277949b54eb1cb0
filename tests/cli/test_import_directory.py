"""The directory comes in from spreadsheets as people keep them: whole rows or a reason, once, however often and wherever it stopped."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook

from huiyin.customers.models import ContactPoint, Customer, Occupancy
from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.organization.models import Building, Room

HEAD = ("楼栋", "单元", "房号", "姓名", "电话", "身份")


@pytest.fixture(autouse=True)
def _stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.cli.directory.close_old_connections", lambda: None)


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def bring(huiyin: Callable[..., Any], path: Path, *more: str) -> Any:
    said = huiyin("import", "directory", path, "--site", "hengtai", "--json", *more)
    assert said.code == 0, said.err
    return said.json


def lives(name: str) -> list[tuple[str, str, date]]:
    homes = Occupancy.objects.filter(customer__name=name).order_by("pk")
    return [(str(home.room), home.role, home.from_on) for home in homes]


def test_a_list_with_merged_cells_two_rows_of_headings_and_totals(
    cast: Cast, huiyin: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "名单.xlsx"
    with Workbook(path) as book:
        page, plain = book.add_worksheet("名单"), book.add_format()
        page.merge_range("A1:G1", "恒泰中心租户一览表", plain)
        page.merge_range("A2:C2", "房屋信息", plain)
        page.merge_range("D2:E2", "业主信息", plain)
        page.merge_range("F2:G2", "租户信息", plain)
        page.write_row("A3", ("楼栋", "单元", "房号", "姓名", "手机", "姓名", "手机"))
        page.merge_range("A4:A6", "C座", plain)
        page.write_row("C4", (1201.0, "王　五", 13800000001.0, "恒泰贸易有限公司", "021-5550 1234"))
        page.merge_range("C5:C6", "1202", plain)
        page.write_row("D5", ("赵六", "13800000002"))
        page.write_row("D6", ("钱七", "13800000002/13800000003"))
        page.write_row("A7", ("小计", "", 3))
        page.write_row("A8", ("D座", "", "0101", "空置"))
    told = bring(huiyin, path)
    assert [told[name] for name in ("rows", "imported", "already_there", "rejected")] == [4, 4, 0, []]
    assert told["skipped"] == [{"line": 7, "sheet": "", "what": "小计 3"}]
    today = lives("王五")[0][2]
    assert [lives(name) for name in ("王五", "恒泰贸易有限公司", "赵六", "钱七")] == [
        [("C-1201", "owner", today)],
        [("C-1201", "tenant", today)],
        [("C-1202", "owner", today)],
        [("C-1202", "owner", today)],
    ]
    assert Customer.objects.get(name="恒泰贸易有限公司").kind == "organization"
    assert Building.objects.get(site__code="hengtai", code="C").name == "C座"
    assert Room.objects.get(building__code="D").number == "0101"
    assert ContactPoint.objects.filter(customer__name="钱七").count() == 2


def test_a_dry_run_tells_what_the_run_does_and_writes_nothing(
    cast: Cast, huiyin: Callable[..., Any], tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.csv", HEAD, ("C", "", "101", "王五", "13800000001", ""), ("C", "", "", "无房", "", ""))
    before = [model.objects.count() for model in (Customer, Room, Building, Occupancy, Entry)]
    dry = bring(huiyin, path, "--dry-run")
    assert [model.objects.count() for model in (Customer, Room, Building, Occupancy, Entry)] == before
    real, again = bring(huiyin, path), bring(huiyin, path)
    names = ("rows", "imported", "already_there", "rejected")
    refused = [{"line": 3, "reason": "没有房号", "field": "room"}]
    assert [[told[name] for name in names] for told in (dry, real, again)] == [
        [2, 1, 0, refused],
        [2, 1, 0, refused],
        [2, 0, 1, refused],
    ]


def test_the_report_names_line_and_column_masks_numbers_and_runs_nothing(
    cast: Cast, huiyin: Callable[..., Any], tmp_path: Path
) -> None:
    path = sheet(
        tmp_path / "a.csv",
        HEAD,
        ("C", "", "101", "=cmd|' /C calc'!A1", "13800000001（妻）", ""),
        ("C", "", "102", "王五", "138000000012", ""),
    )
    bring(huiyin, path, "--report", str(tmp_path / "report.csv"))
    rows = list(csv.reader((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()))
    assert rows == [
        ["line", "field", "reason", "sheet"],
        ["2", "phone", "电话看不懂：138****01(妻)", ""],
        ["3", "phone", "电话看不懂：138****12", ""],
    ]


def test_killed_in_the_middle_leaves_whole_rows_and_a_second_run_completes(
    cast: Cast, huiyin: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine dies at the seventieth person: the batch it was at leaves nothing, the one before stays whole."""
    from huiyin.customers.actions import directory

    rows = [("C", "", f"{n}01", f"住户{n:03d}", f"138000{n:05d}", "租户") for n in range(100, 220)]
    path, enter, turns = sheet(tmp_path / "a.csv", HEAD, *rows), directory.enter, iter(range(1000))

    def dies(*given: Any, **named: Any) -> Customer:
        if next(turns) == 70:
            raise SystemExit(137)
        return enter(*given, **named)

    monkeypatch.setattr(directory, "enter", dies)
    assert huiyin("import", "directory", path, "--site", "hengtai").code == 137
    mine = Customer.objects.filter(name__startswith="住户")
    homes = Occupancy.objects.filter(customer__in=mine).count()
    assert [mine.count(), homes, ContactPoint.objects.filter(customer__in=mine).count()] == [50, 50, 50]
    monkeypatch.setattr(directory, "enter", enter)
    told = bring(huiyin, path)
    assert [told["imported"], told["already_there"], mine.count()] == [70, 50, 120]


def test_people_with_one_name_or_one_phone_stay_two(cast: Cast, huiyin: Callable[..., Any], tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.csv",
        HEAD,
        ("C", "", "101", "王伟", "13800000001", ""),
        ("C", "", "102", "王伟", "13800000002", ""),  # another of the name
        ("C", "", "102", "李娜", "13800000002", ""),  # who shares the telephone
        ("C", "", "103", "王 伟", "13800000001", "业主"),  # the first has a second flat
        ("C", "", "101", "王伟", "", ""),  # the first again, without a number
        ("C", "", "101", "王伟", "13900000009", ""),  # a namesake in one room: somebody has to look
    )
    told = bring(huiyin, path)
    assert [told["imported"], told["already_there"]] == [4, 1]
    assert told["rejected"] == [
        {"line": 7, "reason": "这间房已有同名的人，登记的号码不同：请核对后手工改", "field": "phone"}
    ]
    flats = [sorted(str(home.room) for home in one.occupancies.all()) for one in Customer.objects.filter(name="王伟")]
    assert sorted(flats) == [["C-101", "C-103"], ["C-102"]]


def test_who_is_no_longer_in_the_file_is_told_and_stays(cast: Cast, huiyin: Callable[..., Any], tmp_path: Path) -> None:
    bring(huiyin, sheet(tmp_path / "a.csv", HEAD, ("C", "", "101", "王五", "", ""), ("C", "", "102", "赵六", "", "")))
    told = bring(huiyin, sheet(tmp_path / "b.csv", HEAD, ("C", "", "101", "王五", "", "")))
    gone = Customer.objects.get(name="赵六")
    since = gone.occupancies.get().from_on.isoformat()
    assert told["not_in_file"] == [{"customer": gone.pk, "room": "C-102", "since": since}]
    assert gone.occupancies.get().until_on is None


def test_columns_that_are_not_kept_are_named_and_a_heading_may_be_told(
    cast: Cast, huiyin: Callable[..., Any], tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.csv", ("楼", "户室", "租住人", "身份证号"), ("C", "305", "王五", "11010119900101123X"))
    assert huiyin("import", "directory", path, "--site", "hengtai").code == 1
    told = bring(huiyin, path, "--map", "room=户室", "--map", "name=租住人")
    assert [told["imported"], told["columns_left_out"]] == [1, ["身份证号"]]
    assert [lives("王五")[0][0], Entry.objects.filter(facts__icontains="11010119").count()] == ["C-305", 0]


@pytest.mark.parametrize("words", [["--map", "rooms=户室"], ["--map", "room"], ["--nonsense"]])
def test_wrong_usage_is_2(words: list[str], cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]) -> None:
    assert huiyin("import", "directory", sheet(tmp_path / "a.csv", HEAD), "--site", "hengtai", *words).code == 2


def bomb(path: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 500_000_000)
    return path


def far_corners(path: Path) -> Path:
    with Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write("A1", 1)
        page.write("XFD1048576", 1)
    return path


def wide(path: Path) -> Path:
    path.write_text(",".join(["x"] * 2_000_000))
    return path


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "bomb.xlsx": bomb,
    "corners.xlsx": far_corners,
    "wide.csv": wide,
    "text.xlsx": lambda path: (path.write_text("姓名"), path)[1],
    "nul.csv": lambda path: (path.write_bytes(b"\0\1\2"), path)[1],
    "empty.csv": lambda path: (path.write_text(""), path)[1],
    "no_headings.csv": lambda path: sheet(path, ("a", "b"), ("1", "2")),
    "only_headings.csv": lambda path: sheet(path, HEAD),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_list_is_refused_with_a_reason(
    name: str, cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    said = huiyin("import", "directory", BAD_FILES[name](tmp_path / name), "--site", "hengtai")
    assert [said.code, said.out, "Traceback" in said.err, bool(said.err.strip())] == [1, "", False, True]


def test_days_and_serials_of_moving_in(cast: Cast, huiyin: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        page.write_row("A1", ("房号", "姓名", "入住日期"))
        page.write_row("A2", ("C-101", "王五", "2021年3月5日"))
        page.write_row("A3", ("C-102", "赵六", 44260))
        page.write_row("A4", ("C-103", "钱七"))
        page.write_datetime("C4", date(2021, 3, 5), day)
    assert bring(huiyin, path)["imported"] == 3
    assert [lives(name)[0][2] for name in ("王五", "赵六", "钱七")] == [date(2021, 3, 5)] * 3
