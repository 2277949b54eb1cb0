"""The pages of the duty log as a Word document: the fields of duty_book.py in the places of its .typ template."""

from docx.table import _Cell

from huiyin.cases.forms.duty_book import DutyBook
from huiyin.records import wordsetting as word

COLUMNS = (20, 24, 44, 18, 74, 42, 20, 18)  # millimeters, on a sheet laid across


def in_word(form: DutyBook) -> bytes:
    """The .docx of the filled pages. The last column is left for a signature."""
    document = word.sheet(form.title, landscape=True)
    word.heading(document, form, form.title)
    word.filled(document.add_paragraph(), f"{form.site}　{form.days}", size=9)
    table = word.table(document, COLUMNS)
    _line(word.row(table, COLUMNS, is_head=True), form.heads, is_head=True)
    for one in form.rows:
        cells = (one.number, one.at, one.who, one.channel, one.words, one.became, one.taken_by, "")
        _line(word.row(table, COLUMNS), cells)
    for note in form.notes:
        word.put(word.below(document.add_paragraph(), 4), note, size=8)
    word.frame(document, later=f"{form.title}（续）　{form.site}　{form.days}", url=form.qr_url)
    return word.saved(document)


def _line(cells: tuple[_Cell, ...], texts: tuple[str, ...], *, is_head: bool = False) -> None:
    for cell, words in zip(cells, texts, strict=True):
        place = cell.paragraphs[0]
        if is_head:
            word.centered(word.put(place, words, size=9))
        else:
            word.filled(place, words, size=9)
