"""Past messages come in from spreadsheets: every row taken or named with its reason, at its own times, once."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from xlsxwriter import Workbook

from huiyin.cases.models import Case
from huiyin.customers.models import Customer
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery, Interaction
from huiyin.journal.models import Entry
from huiyin.references.queries import search

ZONE = ZoneInfo("Asia/Shanghai")
HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
AT_NIGHT, AT_EIGHT = (datetime.fromisoformat(text) for text in ("2022-07-01 23:59:30", "2022-07-02 08:00:00"))
# Made up, in the shape of an old system's export: numbers as floats, tabs and line breaks around the texts.
ROWS: tuple[tuple[Any, ...], ...] = (
    (
        1001.0,
        "U0012",
        "热水",
        "2021/3/5 8:12:40",
        "\n\t\t四栋没有热水，\n已经三天。\t\n",
        "\t已修复。\n",
        "2021/3/9 9:00:00",
    ),
    (
        1002.0,
        "U0013",
        "电梯",
        AT_NIGHT,
        "电梯晃动",
        "已检修",
        AT_EIGHT,
    ),
    (1003.0, "U0012", "门禁", date(2023, 2, 28), "门禁卡失灵", "", ""),
    (1004.0, "", "", "2024-02-29", "没有主题也没有名字", "收到", ""),
    (1005.0, "U0014", "空白", "2024/3/1 10:00", " \t\n\u200b", "已阅", "2024/3/2 10:00"),
    (1006.0, "U0014", "时间", "前天下午", "时间写错了", "", ""),
    (1007.0, "U0014", "倒序", "2024/3/5 10:00", "答复在前", "早就答了", "2024/3/4 10:00"),
    (1008.0, "U0014", "未来", "2099/1/1 10:00", "还没有发生", "", ""),
    (1009.0, "U0014", "太早", "1899/12/31", "电子表格的零日", "", ""),
    (1010.0, "U0014", "答复时间", "2024/3/5 10:00", "答复时间看不懂", "答了", "改天"),
    (1001.0, "U0012", "热水", "2021/3/5 8:12:40", "同一个编号又来一次", "", ""),
    (None, None, None, None, None, None, None),
    (1011.0, "U0015", "最后", "2024年5月6日 7:08", "最后一行", "好", "2024年5月7日"),
)
RESULT = {
    "rows": 12,
    "imported": 5,
    "already_there": 1,
    "rejected": [
        {"line": 6, "reason": "没有内容"},
        {"line": 7, "reason": "留言时间看不懂：前天下午"},
        {"line": 8, "reason": "答复时间早于留言时间。"},
        {"line": 9, "reason": "来访时间不能在将来。"},
        {"line": 10, "reason": "留言时间不在 2000 到 2100 年之间：1899/12/31"},
        {"line": 11, "reason": "答复时间看不懂：改天"},
    ],
}
AGAIN = RESULT | {"imported": 0, "already_there": 6}


def workbook(path: Path, rows: tuple[tuple[Any, ...], ...], headings: tuple[str, ...] = HEADINGS) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        instant, day = (book.add_format({"num_format": form}) for form in ("yyyy/m/d h:mm:ss", "yyyy/m/d"))
        sheet.write_row(0, 0, headings)
        for line, cells in enumerate(rows, start=1):
            for place, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value, instant if isinstance(value, datetime) else day)
                elif value is not None:
                    sheet.write(line, place, value)
    return path


def text_file(path: Path, rows: tuple[tuple[Any, ...], ...], encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        for row in rows:
            writer.writerow("" if cell is None else str(cell).replace("\u200b", "") for cell in row)
    return path


@pytest.fixture(params=["xlsx", "utf-8", "utf-8-sig", "gbk"])
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same rows in each form a person may have them in."""
    if request.param == "xlsx":
        return workbook(tmp_path / "留言.xlsx", ROWS)
    return text_file(tmp_path / "留言.csv", ROWS, request.param)


def bring(huiyin: Callable[..., Any], path: Path, *more: str) -> Any:
    return huiyin("import", "contacts", path, "--site", "xueyuan", "--json", *more)


def test_every_row_is_taken_or_named_and_a_second_run_adds_nothing(
    sheet: Path, cast: Cast, huiyin: Callable[..., Any]
) -> None:
    first, second = bring(huiyin, sheet), bring(huiyin, sheet)
    assert [first.code, first.json, second.code, second.json] == [0, RESULT, 0, AGAIN]
    assert [Case.objects.count(), Interaction.objects.count()] == [5, 5]


def test_the_same_table_saved_as_text_adds_nothing(cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]) -> None:
    first = bring(huiyin, workbook(tmp_path / "a.xlsx", ROWS))
    again = bring(huiyin, text_file(tmp_path / "a.csv", ROWS, "gbk"))
    assert [first.json, again.json] == [RESULT, AGAIN]


def test_times_texts_and_numbers_are_as_they_were(sheet: Path, cast: Cast, huiyin: Callable[..., Any]) -> None:
    bring(huiyin, sheet)
    kept = Interaction.objects.order_by("source_number").select_related("customer")
    assert [(one.source_number, one.situation, one.occurred_at.astimezone(ZONE).isoformat()) for one in kept] == [
        ("1001", "热水\n\n四栋没有热水，\n已经三天。", "2021-03-05T08:12:40+08:00"),
        ("1002", "电梯\n\n电梯晃动", "2022-07-01T23:59:30+08:00"),
        ("1003", "门禁\n\n门禁卡失灵", "2023-02-28T00:00:00+08:00"),
        ("1004", "没有主题也没有名字", "2024-02-29T00:00:00+08:00"),
        ("1011", "最后\n\n最后一行", "2024-05-06T07:08:00+08:00"),
    ]
    answered = [
        (case.state, case.answered_at and case.answered_at.astimezone(ZONE).isoformat(), case.outcome)
        for case in Case.objects.order_by("received_at")
    ]
    assert answered == [
        ("closed", "2021-03-09T09:00:00+08:00", "imported"),
        ("closed", "2022-07-02T08:00:00+08:00", "imported"),
        ("received", None, ""),
        ("closed", "2024-02-29T00:00:00+08:00", "imported"),
        ("closed", "2024-05-07T00:00:00+08:00", "imported"),
    ]
    assert [str(found) for found in search("没有热水", cast.director)] == [
        Case.objects.earliest("received_at").reference.number
    ]


def test_one_user_is_one_customer_and_claims_nothing(sheet: Path, cast: Cast, huiyin: Callable[..., Any]) -> None:
    bring(huiyin, sheet)
    people = Customer.objects.filter(site=cast.sites["xueyuan"], is_verified=False).order_by("name")
    assert [(one.name, one.interactions.count()) for one in people] == [("U0012", 2), ("U0013", 1), ("U0015", 1)]


def test_it_moves_no_ledger_and_sends_nothing(sheet: Path, cast: Cast, huiyin: Callable[..., Any]) -> None:
    bring(huiyin, sheet)
    assert [Duty.objects.count(), Delivery.objects.count()] == [0, 0]
    assert {entry.actor for entry in Entry.objects.filter(verb="cases.imported")} == {"system"}


def test_without_json_it_says_it_in_words(sheet: Path, cast: Cast, huiyin: Callable[..., Any]) -> None:
    said = huiyin("import", "contacts", sheet, "--site", "xueyuan")
    assert said.out.splitlines()[:2] == ["共 12 行：新增 5，已有 1，未收 6", "第 6 行：没有内容"]


def test_the_rejected_rows_are_written_to_a_report(
    sheet: Path, cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    report = tmp_path / "未收.csv"
    bring(huiyin, sheet, "--report", str(report))
    with report.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["line", "reason"],
            *([str(row["line"]), row["reason"]] for row in RESULT["rejected"]),  # type: ignore[attr-defined]
        ]


def test_more_rows_than_a_batch_come_in_whole(cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]) -> None:
    rows = tuple((float(n), "U1", "", "2024/1/1", f"第{n}条", "", "") for n in range(1, 121))
    assert bring(huiyin, workbook(tmp_path / "many.xlsx", rows)).json == {
        "rows": 120,
        "imported": 120,
        "already_there": 0,
        "rejected": [],
    }


def test_a_title_above_and_other_headings_are_understood(
    cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    path = tmp_path / "titled.csv"
    path.write_text("2024 年来信汇总,,\n,,\n反映内容,受理时间,怎么办的\n路灯不亮,2024.1.2,换了灯泡\n", encoding="utf-8")
    said = bring(huiyin, path, "--map", "answer=怎么办的", "--kind", "complaint")
    assert said.json["imported"] == 1
    case = Case.objects.get()
    assert [case.kind, case.state, case.events.get(kind="answered").text] == ["complaint", "closed", "换了灯泡"]


def test_without_numbers_the_rows_themselves_are_compared(
    cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("内容,时间\n路灯不亮,2024-1-2\n路灯不亮,2024-1-3\n路灯不亮,2024-1-2\n", encoding="utf-8")
    assert [bring(huiyin, path).json["imported"], bring(huiyin, path).json["imported"]] == [2, 0]


def test_what_follows_the_text_is_no_formula_and_no_markup(
    cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('内容,时间\n"=1+1",2024-1-2\n"<script>x</script>",2024-1-3\n', encoding="utf-8")
    bring(huiyin, path)
    assert list(Interaction.objects.order_by("id").values_list("situation", flat=True)) == [
        "=1+1",
        "<script>x</script>",
    ]


def wrong_files(folder: Path) -> dict[str, Path]:
    """Every kind of file somebody might mistake for a table of messages."""
    contents = {
        "binary.xlsx": bytes(range(256)) * 20,
        "binary.csv": b"\x00\x01\xff\xfe" * 50,
        "empty.xlsx": b"",
        "empty.csv": b"",
        "zip.xlsx": b"PK\x03\x04" + b"\0" * 40,
        "words.csv": "没有 表头 的 一封信\n".encode(),
        "heads.csv": ",".join(HEADINGS).encode(),
        "utf16.csv": "内容,时间\n路灯,2024-1-1\n".encode("utf-16"),
        "picture.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    (folder / "folder.csv").mkdir()
    return {name: folder / name for name in (*contents, "missing.xlsx", "folder.csv")} | {
        "no heads.xlsx": workbook(folder / "no heads.xlsx", ROWS, ("甲", "乙", "丙", "丁", "戊", "己", "庚"))
    }


@pytest.mark.parametrize(
    "name",
    [
        "binary.xlsx",
        "binary.csv",
        "empty.xlsx",
        "empty.csv",
        "zip.xlsx",
        "words.csv",
        "heads.csv",
        "utf16.csv",
        "picture.png",
        "missing.xlsx",
        "folder.csv",
        "no heads.xlsx",
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    name: str, cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    said = bring(huiyin, wrong_files(tmp_path)[name])
    assert [said.code, said.out, len(said.err.strip().splitlines()), "Traceback" in said.err] == [1, "", 1, False]
    assert any("一" <= sign <= "鿿" for sign in said.err)
    assert Case.objects.count() == 0


def test_an_unknown_site_is_refused_and_the_known_ones_are_said(
    cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]
) -> None:
    said = huiyin("import", "contacts", workbook(tmp_path / "a.xlsx", ROWS), "--site", "nowhere", "--json")
    assert [said.code, said.err.strip()] == [1, "没有站点 nowhere；有：binjiang、hengtai、xueyuan、yulan"]


@pytest.mark.parametrize("words", [["--kind", "rant"], ["--nonsense"]])
def test_wrong_usage_is_2(words: list[str], cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]) -> None:
    assert huiyin("import", "contacts", workbook(tmp_path / "a.xlsx", ROWS), "--site", "yulan", *words).code == 2


def test_an_unknown_channel_is_refused_before_any_row(cast: Cast, tmp_path: Path, huiyin: Callable[..., Any]) -> None:
    said = bring(huiyin, workbook(tmp_path / "a.xlsx", ROWS), "--channel", "pigeon")
    assert [said.code, Case.objects.count()] == [2, 0]
