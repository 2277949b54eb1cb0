"""What could tell a reader of a public text whom it is about: personal data, days of single events, rare details, own words.

Looks for more than the gate of a digest: a few cases told in words give away more than a table of counts. Patterns, no guessing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from huiyin.kit.privacy import Finding, every_personal, same_length

LOUD = frozenset({"customer", "id_card"})  # named wherever they stand, inside whatever else
OWN_WORDS = 10  # signs in a row that stand in a customer's own words as well
_RARE = (
    "孕妇|孕期|怀孕|残疾|轮椅|盲人|聋哑|抑郁|精神病|癌|化疗|住院|传染病|艾滋|离异|离婚|丧偶|独居|去世|自杀|家暴|"
    "外籍|留学生|少数民族|宗教|低保|失业|唯一一户|唯一的|只有一户|这户|该户|该住户|该业主|该同学|当事人"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "day",
        re.compile(r"(?:\d{4}\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}\s?[日号]|(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"),
    ),
    ("day", re.compile(r"[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号]")),
    ("number", re.compile(r"(?<![\dA-Za-z])[A-Za-z]{0,4}\d{7,}(?![\dA-Za-z])")),
    ("number", re.compile(r"(?<![A-Za-z])(?:SX|JL)\d{2}-\d{4,8}(?!\d)")),
    ("rare", re.compile(r"(?<!\d)\d{1,3}\s?(?:岁|周岁|个月大)")),
    ("rare", re.compile(_RARE)),
)


@dataclass(frozen=True)
class About:
    """What is known of the people a text is about: names, rooms, and what they said themselves."""

    names: Sequence[str] = ()
    rooms: Sequence[str] = ()
    said: Sequence[str] = ()


def find_telling(text: str, about: About) -> list[Finding]:
    """Every place that could give somebody away, in order, none inside another but those that are LOUD.

    A name told to us is of the kind `customer`.
    """
    named = [
        replace(one, kind="customer") if one.kind == "name" and one.text in about.names else one
        for one in every_personal(text, about.names, about.rooms)
    ]
    plain = same_length(text)
    found = [
        Finding(hit.start(), hit.end(), kind, hit.group()) for kind, form in _PATTERNS for hit in form.finditer(plain)
    ]
    kept: list[Finding] = []
    end = 0
    for one in sorted(dict.fromkeys([*named, *found, *_own_words(text, about.said)]), key=_first_the_longest):
        if one.start >= end or one.kind in LOUD:
            kept.append(one)
            end = max(end, one.end)
    return kept


def _first_the_longest(one: Finding) -> tuple[int, int, bool]:
    return one.start, -one.end, one.kind not in LOUD


def _own_words(text: str, said: Iterable[str]) -> list[Finding]:
    """The runs of a text that stand in what a customer said: neighbors know how somebody speaks."""
    at, found = 0, []
    pieces = {one[start : start + OWN_WORDS] for one in said for start in range(len(one) - OWN_WORDS + 1)}
    while at + OWN_WORDS <= len(text):
        end = at
        while end + OWN_WORDS <= len(text) and text[end : end + OWN_WORDS] in pieces:
            end += 1
        if end == at:
            at += 1
            continue
        found.append(Finding(at, end + OWN_WORDS - 1, "own_words", text[at : end + OWN_WORDS - 1]))
        at = end + OWN_WORDS - 1
    return found
