"""The duty log as a book: numbers without gaps, late entries marked, what became of each, pages and blank pages."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions as cases
from huiyin.cases.log_book import blank_pages, book_document, book_sheet, name_of
from huiyin.cases.papers import blank_sheet, slips
from huiyin.cases.queries import Book, Leaf, book, taken_between, unseen
from huiyin.demo.cast import Cast
from huiyin.handbook.actions import adopt_text
from huiyin.handbook.rules import shipped_text
from huiyin.interactions.models import Interaction
from huiyin.interactions.queries import receipt_token
from huiyin.organization.rules import SYSTEM, Actor
from tests.acts import contact, take
from tests.records.printed import in_order, pages_of, text_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def leaf(now: datetime) -> Leaf:
    return Leaf(now - 400 * DAY, now + DAY, at_most=100, newest_first=False)


def read(cast: Cast, now: datetime, by: Actor | None = None) -> Book:
    return book(cast.site, by or cast.manager, leaf(now), now=now)


def printed(cast: Cast, found: Book, now: datetime) -> list[list[str]]:
    """The lines as they stand on paper, cell by cell."""
    data = book_document(cast.site, found, leaf=leaf(now), unseen=0, now=now)
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(data)).tables[0].rows[1:]]


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_numbered_as_written_down_and_listed_as_it_happened(cast: Cast, now: datetime) -> None:
    take(cast, now, words="甲", by=cast.clerk)
    take(cast, now + HOUR, words="乙", by=cast.clerk, occurred_at=now - 2 * HOUR)
    take(cast, now, words="别处", site=cast.sites["hengtai"])
    take(cast, now + 2 * HOUR, words="丙", by=cast.clerk)
    lines = read(cast, now).lines
    assert [(line.label, line.contact.situation) for line in lines] == [
        ("2026-0002", "乙"),
        ("2026-0001", "甲"),
        ("2026-0003", "丙"),
    ]


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_numbers_begin_anew_with_the_year_in_which_it_was_written_down(cast: Cast, now: datetime) -> None:
    for at, words in ((now - 330 * DAY, "甲"), (now - 10 * DAY, "乙"), (now - 9 * DAY, "丙")):
        take(cast, at, words=words, by=cast.clerk)
    later = now.replace(year=2027, month=1, day=1, hour=0, minute=30)
    take(cast, later, words="丁", by=cast.clerk, occurred_at=later - HOUR)
    found = book(cast.site, cast.manager, Leaf(now - 400 * DAY, later + DAY, newest_first=False), now=later)
    assert [line.label for line in found.lines] == ["2025-0001", "2026-0001", "2026-0002", "2027-0001"]


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_what_was_written_down_after_the_limit_of_the_handbook_is_late(cast: Cast, now: datetime) -> None:
    for late in (timedelta(), 24 * HOUR, 24 * HOUR + timedelta(seconds=1), 3 * DAY):
        take(cast, now, by=cast.clerk, occurred_at=now - late)
    found = read(cast, now)
    assert [line.is_late for line in found.lines] == [True, True, False, False]
    assert (found.total, found.late) == (4, 2)


def own_rules(
    cast: Cast, now: datetime, on: date, limits: str, *, title: str = "工作信息记录本", number: str = "7.2.3-G01-F1"
) -> None:
    """From a day on the site follows an edition of its own, with these lines in its limit for writing down."""
    text = shipped_text("property-company").replace('"2026-11"', f'"own-{on}"').replace("工作信息记录本", title)
    text = text.replace('number = "7.2.3-G01-F1"', f'number = "{number}"', 1)  # the log's stands first
    before, shipped, after = text.partition('[[limits]]\nname = "record"\nhours = 24\n')
    assert shipped
    adopt_text(
        before + '[[limits]]\nname = "record"\n' + limits + after, site=cast.site, by=SYSTEM, now=now, effective_on=on
    )


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_each_line_is_judged_by_the_handbook_of_its_own_day(cast: Cast, now: datetime) -> None:
    own_rules(cast, now, now.date() - 5 * DAY, "hours = 4\n", title="新的记录本")
    for days in (10, 6, 5, 1):
        take(cast, now - days * DAY, by=cast.clerk, occurred_at=now - days * DAY - 5 * HOUR)
    found = read(cast, now)
    assert [line.is_late for line in found.lines] == [False, False, True, True]
    assert (found.total, found.late) == (4, 2)
    text = text_of(book_sheet(cast.site, found, leaf=leaf(now), unseen=0, now=now))
    assert "本段4条，其中2条按时记下（24小时内；2026-11-18起4小时内），2条迟记。" in text
    before = replace(leaf(now), end=now.replace(hour=0) - 6 * DAY)
    found = book(cast.site, cast.manager, before, now=now)
    assert [(line.is_late) for line in found.lines] == [False]
    assert [name_of(one.rules) for one in (found, read(cast, now))] == ["工作信息记录本", "新的记录本"]


def test_the_page_says_which_kind_has_a_shorter_limit(cast: Cast, now: datetime) -> None:
    own_rules(cast, now, (now - 100 * DAY).date(), 'kinds = ["complaint"]\nhours = 4\n')
    for kind in ("complaint", "enquiry"):
        take(cast, now, kind, by=cast.clerk, occurred_at=now - 5 * HOUR)
    days = replace(leaf(now), first=now - 30 * DAY)
    found = book(cast.site, cast.manager, days, now=now)
    assert [(line.contact.kind, line.is_late) for line in found.lines] == [("complaint", True), ("enquiry", False)]
    text = text_of(book_sheet(cast.site, found, leaf=days, unseen=0, now=now))
    assert "本段2条，其中1条按时记下（投诉4小时内，其他24小时内），1条迟记。" in text


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a")
def test_what_became_of_each(cast: Cast, now: datetime) -> None:
    case = take(cast, now, by=cast.clerk)
    cases.take(contact(cast, words="我也是"), by=cast.clerk, now=now + HOUR, joins=case)
    asked = contact(cast, "enquiry", "物业费怎么交", answered_at_once="可以按季度交。")
    cases.take(asked, by=cast.clerk, now=now + 2 * HOUR)
    lost = take(cast, now + 3 * HOUR, words="没人接")
    Interaction.objects.filter(subject=lost.reference).update(subject=None)
    lines = read(cast, now).lines
    assert [line.case and line.case.pk for line in lines] == [case.pk, case.pk, None, None]
    became = [cells[5] for cells in printed(cast, read(cast, now), now)]
    opened = f"{case.reference.number}\n已受理"
    assert became == [opened, opened, "当场答复：可以按季度交。", "还没有着落"]


def test_the_same_numbers_for_everybody_and_nobody_sees_more_than_may(cast: Cast, now: datetime) -> None:
    take(cast, now, kind="assistance_request", words="独居老人求助", by=cast.clerk)
    take(cast, now + HOUR, words="灯坏了", by=cast.clerk)
    seen = [[line.label for line in read(cast, now, by).lines] for by in (cast.manager, cast.colleague, cast.stranger)]
    assert seen == [["2026-0001", "2026-0002"], ["2026-0002"], []]
    left = unseen(cast.site, cast.colleague, leaf(now))
    text = text_of(book_sheet(cast.site, read(cast, now, cast.colleague), leaf=leaf(now), unseen=left, now=now))
    assert (left, "独居老人" in text, "另有1条不在打印人的查看范围内" in text) == (1, False, True)


def test_a_case_that_the_reader_may_not_see_is_not_told(cast: Cast, now: datetime) -> None:
    case = take(cast, now, by=cast.clerk)
    type(case.reference).objects.filter(pk=case.reference_id).update(sensitivity=2)
    line = read(cast, now, cast.colleague).lines[0]
    assert (line.case, line.is_kept_apart) == (None, True)
    text = text_of(book_sheet(cast.site, read(cast, now, cast.colleague), leaf=leaf(now), unseen=0, now=now))
    assert (case.reference.number in text, "由专人办理" in text) == (False, True)


def test_imported_history_is_not_in_the_book(cast: Cast, now: datetime) -> None:
    take(cast, now, by=cast.clerk)
    Interaction.objects.update(is_history=True)
    take(cast, now, words="新的", by=cast.clerk)
    assert [(line.label, line.contact.situation) for line in read(cast, now).lines] == [("2026-0001", "新的")]


@pytest.mark.parametrize("rows", [1, 3])
def test_three_questions_for_any_number_of_lines(rows: int, cast: Cast, now: datetime) -> None:
    for _one in range(rows):
        take(cast, now, by=cast.clerk)
    by = cast.manager
    with CaptureQueriesContext(connection) as asked:
        found = read(cast, now, by)
    assert (len(found.lines), len(asked)) == (rows, 3)


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a", "S4.5.1")
def test_the_printed_page_holds_every_line_under_the_forms_number(cast: Cast, now: datetime) -> None:
    take(cast, now, by=cast.clerk, occurred_at=now - 2 * DAY, remedy_sought="请快一点")
    paper = book_sheet(cast.site, read(cast, now), leaf=leaf(now), unseen=0, now=now)
    text = text_of(paper)
    head = ("和润物业服务有限公司", "工作信息记录本", "编号：7.2.3-G01-F1", "序号", "时间", "来访人", "签字")
    assert in_order(text, *head) == []
    shown = ("2026-11-21", "张三丰", "138****1111", "三号楼电梯又坏了，老人上不去楼。", "希望：请快一点", "陈")
    assert [part for part in (*shown, "▲迟记", "11-2310:00记下") if part not in text] == []
    assert ("13800001111" in text, pages_of(paper)) == (False, 1)
    assert "本段1条，其中0条按时记下（24小时内），1条迟记。" in text


def test_a_log_whose_form_has_no_number_yet_says_so_as_other_forms_do(cast: Cast, now: datetime) -> None:
    own_rules(cast, now, now.date() - DAY, "hours = 24\n", number="")
    for paper in (blank_pages(cast.site, count=1, now=now), blank_sheet(cast.site, on=now.date())):
        assert "编号：待编" in text_of(paper)


def test_a_hundred_lines_go_on_to_further_pages_with_their_head(cast: Cast, now: datetime) -> None:
    take(cast, now, words="很长的话。" * 60, by=cast.clerk)
    one = read(cast, now).lines[0]
    found = read(cast, now)
    paper = book_sheet(cast.site, replace(found, lines=[one] * 40, total=1500), leaf=leaf(now), unseen=0, now=now)
    text = text_of(paper)
    assert pages_of(paper) > 2
    assert text.count("说了什么") == pages_of(paper)
    assert (text.count("很长的话。"), "这里只印了前40条" in text) == (40 * 60, True)


def test_typed_markup_is_printed_as_typed(cast: Cast, now: datetime) -> None:
    typed = '#read("/etc/passwd") ] [ *粗* $x$ = 题 {{ x }}'
    take(cast, now, words=typed, by=cast.clerk)
    text = text_of(book_sheet(cast.site, read(cast, now), leaf=leaf(now), unseen=0, now=now))
    assert [part for part in ("#read", '("/etc/', "$x$", "{{x}}", "*粗*") if part not in text] == []


def test_the_word_document_says_the_same(cast: Cast, now: datetime) -> None:
    case = take(cast, now, words="{{ settings.SECRET_KEY }} 电梯", by=cast.clerk)
    data = book_document(cast.site, read(cast, now), leaf=leaf(now), unseen=2, now=now)
    document = docx.Document(io.BytesIO(data))
    head, line = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    assert (len(head), line[0], line[4], line[7]) == (8, "2026-\n0001", "{{ settings.SECRET_KEY }} 电梯", "")
    assert (case.reference.number in line[5], "另有 2 条" in document.paragraphs[-1].text) == (True, True)


@pytest.mark.clause("S3.2.1.b", "S4.4.2.1.1.a", "S4.5.1")
def test_a_blank_page_has_twenty_rows_and_a_number_of_its_own(cast: Cast, now: datetime) -> None:
    paper = blank_pages(cast.site, count=3, now=now)
    text = text_of(paper)
    assert pages_of(paper) == 3
    assert re.findall(r"页号：(261123-100000-\d\d)", text) == [f"261123-100000-0{n}" for n in (1, 2, 3)]
    assert in_order(text, "工作信息记录本", "值班处所", "班次", "值班人", "姓名、电话、房号", "20", "第1页共3页") == []


@pytest.mark.clause("S5.1")
def test_receipts_come_four_to_a_sheet_each_with_its_own_link_and_number(cast: Cast, now: datetime) -> None:
    made = [take(cast, now + n * HOUR, words=f"第{n}件。" + "很长。" * (400 if n == 2 else 1)) for n in range(5)]
    found = list(taken_between(cast.site, cast.manager, now - DAY, now + DAY))
    assert [one.pk for one in found] == [one.pk for one in made]
    with CaptureQueriesContext(connection) as asked:
        paper = slips(found)
    text = text_of(paper)
    assert (pages_of(paper), len(asked)) == (2, 2)
    numbers = [one.reference.number for one in made]
    assert [number for number in numbers if text.count(number) != 2] == []  # in its place, and to be read out
    assert [n for n in range(5) if f"第{n}件。" not in text] == []
    assert text.count("……（全文扫码看）") == 1
    assert {len(receipt_token(one.reference)) for one in made} == {32}


def test_history_and_what_may_not_be_seen_has_no_receipt_to_print(cast: Cast, now: datetime) -> None:
    take(cast, now, kind="assistance_request", by=cast.clerk)
    shown = [len(taken_between(cast.site, by, now - DAY, now + DAY)) for by in (cast.manager, cast.stranger)]
    assert shown == [1, 0]
