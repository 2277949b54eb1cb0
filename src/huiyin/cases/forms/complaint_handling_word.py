"""《顾客意见处理表》 as a Word document: the fields of complaint_handling_form.py in the places of its .typ template."""

from typing import Protocol

from docx.document import Document
from docx.table import Table, _Cell

from huiyin.cases.forms.complaint_handling_form import ComplaintHandlingForm
from huiyin.records import wordsetting as word

COLUMNS = (20, 32, 20, 48, 14, 36)


def in_word(form: ComplaintHandlingForm) -> bytes:
    """The .docx of the form (S4.F.1 to S4.F.3). An empty field is a place to write on; boxes grow with their words."""
    document = word.sheet("顾客意见处理表")
    heading(document, form, "顾 客 意 见 处 理 表")
    table = word.table(document, COLUMNS)
    line(table, ("顾客姓名", form.customer_name), ("住址", form.address), ("电话", form.phone))
    line(table, ("接待人", form.receptionist), ("来访时间", form.visited_at), ("地点", form.place))
    box(table, "情况说明", form.situation, 4)
    sign(box(table, "希望与建议", form.remedy_sought, 2), "记录人", form.recorder, form.recorded_on)
    sign(box(table, "解决方案", form.resolution_plan, 3), "处理人", form.handler, form.handled_on)
    sign(box(table, "结果跟踪", form.outcome_tracking, 2), "跟踪人", form.tracker, form.tracked_on)
    box(table, "备注", form.remark, 1)
    word.frame(document, later=f"顾客意见处理表（续）　编号：{form.form_number}　序号：{form.serial}", url=form.qr_url)
    return word.saved(document)


class Headed(Protocol):
    """What stands above the table of every controlled form."""

    @property
    def company(self) -> str: ...
    @property
    def form_number(self) -> str: ...
    @property
    def form_version(self) -> str: ...
    @property
    def form_effective_on(self) -> str: ...
    @property
    def serial(self) -> str: ...


def heading(document: Document, form: Headed, title: str) -> None:
    """The company, the title, and what document control wants to know."""
    word.centered(word.put(document.add_paragraph(), form.company or "　", size=12))
    word.centered(word.put(document.add_paragraph(), title, size=18))
    head = word.centered(document.add_paragraph())
    for label, value, width in (
        ("编号：", form.form_number, 20),
        ("　版本号：", form.form_version, 10),
        ("　表格生效期：", form.form_effective_on, 14),
    ):
        word.ruled(word.put(head, label), value, width)
    word.ruled(word.put(word.right(document.add_paragraph()), "序号："), form.serial, 14)


def line(table: Table, *pairs: tuple[str, str], columns: tuple[int, ...] = COLUMNS) -> None:
    """A row of labels, each with its value."""
    cells = word.row(table, columns, at_least=10)
    for place, (label, value) in enumerate(pairs):
        word.centered(word.put(cells[2 * place].paragraphs[0], label))
        word.filled(cells[2 * place + 1].paragraphs[0], value)


def box(table: Table, label: str, words: str, lines: int) -> _Cell:
    """A box over the whole width: what was written, or lines for a pen."""
    cell = word.across(table, COLUMNS, at_least=8 + lines * 9)
    word.put(word.below(cell.paragraphs[0], 3), f"{label}：")
    if words:
        word.filled(cell.add_paragraph(), words)
    else:
        word.pen_lines(cell, lines)
    return cell


def sign(cell: _Cell, label: str, name: str, signed_on: str) -> None:
    """Who signed, and when, at the right foot of the box."""
    place = word.right(word.below(cell.add_paragraph(), 9))
    word.ruled(word.put(place, f"{label}："), name, 18)
    word.day(word.put(place, "　"), signed_on)
