"""Search tokens are complete; names read right; nothing invisible passes for text."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.kit.chinese import clean, folded, index_text, initials, is_blank, pinyin, query_phrases

SENTENCE = "三号楼的电梯(elevator B2)昨晚又坏了，5号楼漏水维修一直没人来"
SIGNS = st.sampled_from(list("电梯漏水维修楼5号AbZ ，。-(）１２"))


def found(document: str, query: str) -> bool:
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE words USING fts5(tokens)")
    table.execute("INSERT INTO words VALUES (?)", [index_text(document)])
    phrases = query_phrases(query)
    hits = [
        table.execute("SELECT count(*) FROM words WHERE words MATCH ?", [as_fts5(phrase)]).fetchone()[0]
        for phrase in phrases
    ]
    table.close()
    return bool(phrases) and all(hits)


def as_fts5(phrase: str) -> str:
    return f'"{phrase.removesuffix("*")}" *' if phrase.endswith("*") else f'"{phrase}"'


def test_every_two_chinese_characters_are_found() -> None:
    pairs = [SENTENCE[at : at + 2] for at in range(len(SENTENCE) - 1)]
    chinese = [pair for pair in pairs if all("一" <= sign <= "鿿" for sign in pair)]
    assert [pair for pair in chinese if not found(SENTENCE, pair)] == []


@pytest.mark.parametrize(
    "query", ["elevator", "ELEV", "b2", "5号楼", "漏水维修", "电梯 漏水", "楼", "Ｂ２", "昨晚又坏了"]
)
def test_words_of_all_kinds_are_found(query: str) -> None:
    assert found(SENTENCE, query)


@pytest.mark.parametrize("query", ["停车", "梯电", "levator", "电梯 停车", "6号楼", "", "，。"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert not found(SENTENCE, query)


@settings(max_examples=150)
@given(st.text(SIGNS, min_size=2, max_size=30), st.data())
def test_any_run_of_chinese_inside_a_text_is_found(text: str, data: st.DataObject) -> None:
    runs = [
        run for run in "".join(sign if "一" <= sign <= "鿿" else " " for sign in folded(text)).split() if len(run) > 1
    ]
    if runs:
        run = data.draw(st.sampled_from(runs))
        start = data.draw(st.integers(0, len(run) - 2))
        assert found(text, run[start : start + data.draw(st.integers(2, len(run) - start))])


@pytest.mark.parametrize(
    ("name", "whole", "first"),
    [("曾小明", "zengxiaoming", "zxm"), ("单国强", "shanguoqiang", "sgq"), ("Anna", "anna", "a")],
)
def test_names_as_pinyin(name: str, whole: str, first: str) -> None:
    assert (pinyin(name), initials(name)) == (whole, first)


@pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u200d", "\u3164", "\u2800 \u3000", "\ufeff"])
def test_what_only_looks_empty_is_empty(text: str) -> None:
    assert is_blank(text)


def test_cleaning_keeps_words_and_lines() -> None:
    assert clean(" 电\u200b梯\r\n坏\x00了 \ue863") == "电梯\n坏了 \u4dae"
    assert clean("e\u0301") == "é"
