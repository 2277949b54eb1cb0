"""《顾客意见处理表》 as a Word document: the same fields, every one in its place, and what was typed stays text."""

import dataclasses
import io
import re
import zipfile
from datetime import datetime

import docx
import pytest

from huiyin.cases.forms.complaint_handling_form import ComplaintHandlingForm
from huiyin.cases.forms.complaint_handling_word import in_word
from huiyin.cases.papers import blank_document, blank_sheet, handling_document, handling_sheet
from huiyin.demo.cast import Cast
from huiyin.records.wordsetting import printable
from tests.acts import close, fresh, take
from tests.cases.test_case_forms import BOXES, FILLED, LABELS
from tests.records.printed import in_order, text_of

HOSTILE = (
    '{{ 7 * 7 }} {% include "x" %} <w:br/> & ]]> \x07\x0b\ufffe{DDEAUTO c:\\\\cmd} = 题 HYPERLINK "http://x" 𠮷龘\u200d'
)


def said(document: bytes) -> str:
    """All words in reading order without white space, head first."""
    found = docx.Document(io.BytesIO(document))
    body = [node.text or "" for node in found.element.body.iter() if node.tag.endswith("}t")]
    return re.sub(r"\s", "", "".join(body))


def parts(document: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(document)) as pack:
        return {name: pack.read(name).decode() for name in pack.namelist() if name.endswith((".xml", ".rels"))}


@pytest.mark.clause("S4.F.1", "S4.F.2", "S4.F.3")
def test_every_field_stands_behind_its_label_in_the_order_of_the_form() -> None:
    order = [FILLED.company, *(label.replace(" ", "") for label in LABELS)]
    text = said(in_word(FILLED))
    assert in_order(text, *order) == []
    values = [value for name, value in dataclasses.asdict(FILLED).items() if not name.endswith(("_on", "_url"))]
    assert in_order(text, *values) == []
    assert text.count("2026年11月") == 3


@pytest.mark.clause("S4.F.1")
def test_the_blank_form_has_every_label_and_three_places_for_a_date() -> None:
    text = said(in_word(ComplaintHandlingForm()))
    assert in_order(text, *LABELS) == []
    assert text.count("年月日") == 3


def test_what_customers_write_is_neither_template_nor_field_nor_markup() -> None:
    form = dataclasses.replace(FILLED, **dict.fromkeys((*BOXES, "customer_name", "place", "address"), HOSTILE))
    document = in_word(form)
    kept = re.sub(r"\s", "", printable(HOSTILE))
    assert said(document).count(kept) == 8
    told = parts(document)
    assert {words.strip() for xml in told.values() for words in re.findall(r"<w:instrText>([^<]*)<", xml)} == {
        "PAGE", "NUMPAGES",
    }  # fmt: skip
    assert [name for name, xml in told.items() if 'TargetMode="External"' in xml] == []


def test_signs_that_xml_forbids_go_and_rare_characters_stay() -> None:
    assert printable("一\x00\x07二\ud800\ufffe三\r\n四𠮷😀\t") == "一二三\n四𠮷😀\t"


def test_long_words_are_kept_whole_and_boxes_may_grow() -> None:
    long = "楼上一直漏水，" * 900 + "a" * 3000
    document = in_word(dataclasses.replace(FILLED, situation=long))
    assert long in said(document)
    assert re.findall(r'w:hRule="exact"|<w:cantSplit', parts(document)["word/document.xml"]) == []


def test_the_same_form_gives_the_same_bytes() -> None:
    assert in_word(FILLED) == in_word(FILLED)


@pytest.mark.clause("S4.F.1")
def test_word_and_print_say_the_same(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    on_paper, in_file = text_of(handling_sheet(fresh(case), 7)), said(handling_document(fresh(case), 7))
    for words in (
        "0007",
        "张三丰",
        "三号楼电梯又坏了，老人上不去楼。",
        "更换门机控制板。",
        "满意",
        "已修好，恢复运行。",
    ):
        assert (words in on_paper, words in in_file) == (True, True), words
    assert "13800001111" not in in_file
    on = now.date()
    assert ("编号" in text_of(blank_sheet(cast.site, on=on)), "编号" in said(blank_document(cast.site, on=on))) == (
        True,
        True,
    )
