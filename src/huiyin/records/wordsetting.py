"""Setting forms as Word documents (.docx), built piece by piece: what somebody typed is text in a run, never a field or a template."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any, Protocol

import docx
import segno
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

SERIF, SANS = "SimSun", "Microsoft YaHei"  # a form's own words, and what was filled in, as on the printed forms
_MADE = (2000, 1, 1, 0, 0, 0)  # the same form gives the same bytes
_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text without signs that XML forbids; line ends as one sign. Everything else stays, rare characters too."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def sheet(title: str, *, landscape: bool = False) -> Document:
    """An empty A4 document in the form's face, with the printed forms' margins."""
    document = docx.Document()
    part: Section = document.sections[0]
    long, short = Mm(297), Mm(210)
    part.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    part.page_width, part.page_height = (long, short) if landscape else (short, long)
    part.left_margin = part.right_margin = Mm(20)
    part.top_margin, part.bottom_margin = Mm(18), Mm(22)
    part.header_distance = part.footer_distance = Mm(8)
    usual = document.styles["Normal"]
    usual.font.size = Pt(10.5)
    _face(usual.element.get_or_add_rPr(), SERIF)
    usual.paragraph_format.space_after = usual.paragraph_format.space_before = Pt(0)
    usual.paragraph_format.line_spacing = 1.35
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.created = document.core_properties.modified = datetime(*_MADE[:6])  # noqa: DTZ001
    return document


def put(place: Paragraph, words: str, *, size: float = 10.5, face: str = SERIF, is_bold: bool = False) -> Paragraph:
    """Add words to a paragraph; line ends inside them stay line ends."""
    run = place.add_run(printable(words))
    run.font.size, run.bold = Pt(size), is_bold
    _face(run._r.get_or_add_rPr(), face)
    return place


def filled(place: Paragraph, words: str, *, size: float = 10.5) -> Paragraph:
    """What was filled in, in the face for it."""
    return put(place, words, size=size, face=SANS)


def ruled(place: Paragraph, words: str, width: int, *, size: float = 10.5) -> Paragraph:
    """A place to write on: what was filled in, underlined, or a line `width` half-width signs long."""
    run = filled(place, words or "\u00a0" * width, size=size).runs[-1]
    run.underline = True
    return place


def day(place: Paragraph, iso: str) -> Paragraph:
    """年 月 日 with the figures of 2026-11-23 between them, or gaps for a pen."""
    figures = iso.split("-") if iso.count("-") == 2 else ["", "", ""]
    for figure, unit, gap in zip(figures, "年月日", (8, 6, 6), strict=True):
        filled(place, figure.lstrip("0") or "\u00a0" * gap)
        put(place, unit)
    return place


def below(place: Paragraph, points: float) -> Paragraph:
    """The paragraph with so much room above it."""
    place.paragraph_format.space_before = Pt(points)
    return place


def right(place: Paragraph) -> Paragraph:
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return place


def centered(place: Paragraph) -> Paragraph:
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return place


def table(document: Document, columns: tuple[float, ...]) -> Table:
    """A table of fixed columns (millimeters) with half-point rules, without rows."""
    made: Table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, columns, strict=True):
        column.width = Mm(width)
    return made


def row(made: Table, columns: tuple[float, ...], *, at_least: float = 0, is_head: bool = False) -> tuple[_Cell, ...]:
    """A new row, at least so many millimeters high; a head comes again on every sheet."""
    new: Any = made.add_row()  # type: ignore[no-untyped-call]
    properties = new._tr.get_or_add_trPr()
    if at_least:
        new.height = Mm(at_least)
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, width in zip(new.cells, columns, strict=True):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return tuple(new.cells)


def across(made: Table, columns: tuple[float, ...], *, at_least: float) -> _Cell:
    """A new row of one cell over all columns."""
    cells = row(made, columns, at_least=at_least)
    whole: _Cell = cells[0].merge(cells[-1])
    whole.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    return whole


def pen_lines(cell: _Cell, count: int) -> None:
    """Lines for a pen."""
    for _line in range(count):
        place = cell.add_paragraph()
        borders = OxmlElement("w:pBdr")
        for side in ("bottom", "between"):
            borders.append(_element(f"w:{side}", val="single", sz="4", space="1", color="969696"))
        place._p.get_or_add_pPr().append(borders)
        place.paragraph_format.line_spacing = Pt(24)


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


def heading(document: Document, form: Headed, title: str, *, serial: str | None = None) -> None:
    """The company, the title, and what document control wants to know; the serial where sheets of the form have one."""
    centered(put(document.add_paragraph(), form.company or "　", size=12))
    centered(put(document.add_paragraph(), title, size=18))
    head = centered(document.add_paragraph())
    for label, value, width in (
        ("编号：", form.form_number, 20),
        ("　版本号：", form.form_version, 10),
        ("　表格生效期：", form.form_effective_on, 14),
    ):
        ruled(put(head, label), value, width)
    if serial is not None:
        ruled(put(right(document.add_paragraph()), "序号："), serial, 14)


def line(made: Table, columns: tuple[float, ...], *pairs: tuple[str, str]) -> None:
    """A row of labels, each with its value."""
    cells = row(made, columns, at_least=10)
    for place, (label, value) in enumerate(pairs):
        centered(put(cells[2 * place].paragraphs[0], label))
        filled(cells[2 * place + 1].paragraphs[0], value)


def box(made: Table, columns: tuple[float, ...], label: str, words: str, lines: int) -> _Cell:
    """A box over the whole width: what was written, or lines for a pen."""
    cell = across(made, columns, at_least=8 + lines * 9)
    put(below(cell.paragraphs[0], 3), f"{label}：")
    if words:
        filled(cell.add_paragraph(), words)
    else:
        pen_lines(cell, lines)
    return cell


def sign(cell: _Cell, label: str, name: str, signed_on: str) -> None:
    """Who signed, and when, at the right foot of the box."""
    place = right(below(cell.add_paragraph(), 9))
    ruled(put(place, f"{label}："), name, 18)
    day(put(place, "　"), signed_on)


def frame(document: Document, *, later: str = "", url: str = "") -> None:
    """What stands around every sheet: `later` on top of all but the first; at the foot page x of y, and the record's QR code."""
    part = document.sections[0]
    part.different_first_page_header_footer = True
    put(part.header.paragraphs[0], later, size=9)
    for foot in (part.first_page_footer, part.footer):
        _foot(foot.paragraphs[0], url)


def _foot(place: Paragraph, url: str) -> None:
    put(place, "第 ", size=8)
    _counted(place, "PAGE")
    put(place, " 页　共 ", size=8)
    _counted(place, "NUMPAGES")
    put(place, " 页", size=8)
    if url:
        put(place, "　　扫码查看电子记录 ", size=8)
        place.add_run().add_picture(io.BytesIO(_picture(url)), width=Mm(14))
    centered(place)


def saved(document: Document) -> bytes:
    """The bytes of the document, the same for the same contents."""
    raw, ready = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(ready, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _MADE), source.read(name), zipfile.ZIP_DEFLATED)
    return ready.getvalue()


def _face(properties: Any, face: str) -> None:
    """Latin and Chinese signs in one face; quotation marks count as Chinese."""
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    fonts.set(qn("w:hint"), "eastAsia")


def _counted(place: Paragraph, what: str) -> None:
    """A number that the reader's program counts: the only fields of a document, and ours."""
    run = put(place, "", size=8).runs[-1]
    for kind in ("begin", "", "separate", "end"):
        run._r.append(_element("w:fldChar", fldCharType=kind) if kind else _said("w:instrText", f" {what} "))
        if kind == "separate":
            run._r.append(_said("w:t", "1"))


def _said(name: str, words: str) -> Any:
    made = OxmlElement(name)
    made.text = words
    return made


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _picture(url: str) -> bytes:
    """A QR code as PNG."""
    stream = io.BytesIO()
    segno.make(url, error="m").save(stream, kind="png", scale=6, border=1)
    return stream.getvalue()
