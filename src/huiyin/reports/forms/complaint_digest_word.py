"""The month's complaint digest as a Word document: title, blocks, signatures, as complaint_digest.typ sets them."""

from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document

from huiyin.records import wordsetting as word

WIDTH = 170  # millimeters between the margins


def in_word(values: Mapping[str, Any]) -> bytes:
    """The .docx of a digest; `values` are those of the printed form with its blocks."""
    document = word.sheet(values["title"])
    word.centered(word.put(document.add_paragraph(), values["company"], size=12))
    word.centered(word.put(document.add_paragraph(), values["title"], size=18))
    word.filled(word.put(word.right(document.add_paragraph()), "编号："), values["number"])
    for block in values["blocks"]:
        _block(document, block)
    _signed(document, "编写人：", values["author"], "")
    receipt = values.get("signed") == "received"
    _signed(document, "签收人：" if receipt else "审批人：", values["approver"], values["approved_on"])
    word.frame(document, later=f"{values['title']}（续）　{values['number']}", url=values["qr_url"])
    return word.saved(document)


def _block(document: Document, block: Mapping[str, Any]) -> None:
    if block["kind"] == "table":
        _table(document, block["rows"])
    elif block["kind"] == "heading":
        word.put(word.below(document.add_paragraph(), 12), block["text"], size=12)
    else:
        word.filled(document.add_paragraph(), block["text"])


def _table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    columns = (WIDTH / len(rows[0]),) * len(rows[0])
    table = word.table(document, columns)
    for place, cells in enumerate(rows):
        for cell, words in zip(word.row(table, columns, is_head=place == 0), cells, strict=True):
            (word.put if place == 0 else word.filled)(cell.paragraphs[0], words, size=9.5)


def _signed(document: Document, label: str, name: str, signed_on: str) -> None:
    place = word.below(word.right(document.add_paragraph()), 12)
    word.ruled(word.put(place, label), name, 18)
    word.day(word.put(place, "　"), signed_on)
