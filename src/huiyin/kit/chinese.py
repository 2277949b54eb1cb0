"""Chinese text: cleaned on the way in, folded and cut into pairs for the search, read as pinyin."""

import os
import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal

_KEPT = {"\n", "\t"}
_BLANKS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}  # look empty, count as letters
_JOINERS = {"\u180e", "\u200c", "\u200d"}  # part of the spelling between letters of Mongolian and Arabic
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PRIVATE = str.maketrans({"\ue863": "\u4dae"})
# Runs that are cut into pairs: Chinese, kana, hangul; everything else alphanumeric stays a whole word.
_RUNS = re.compile(
    r"[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯\U00020000-\U0003ffff]+|[^\W_㐀-䶿一-鿿豈-﫿぀-ヿ가-힯\U00020000-\U0003ffff]+"
)
_CUT = re.compile(r"[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯\U00020000-\U0003ffff]")
_SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "查": "zha",
    "仇": "qiu",
    "朴": "piao",
    "盖": "ge",
    "区": "ou",
    "尉迟": "yu chi",
    "任": "ren",
    "翟": "zhai",
    "缪": "miao",
    "覃": "qin",
    "乐": "yue",
    "员": "yun",
    "逄": "pang",
}


class BrokenText(Refusal):
    def __init__(self) -> None:
        super().__init__(_("文字里有无法保存的符号，请重新输入。"))


def clean(text: str) -> str:
    """As it will be kept: NFC, line breaks unified, control and zero-width signs gone, ends stripped."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_PRIVATE)
    if text.replace("\n", "").isprintable():
        return text.strip()
    return "".join(
        sign
        for at, sign in enumerate(text)
        if sign in _KEPT
        or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"}
        or (sign in _JOINERS and _joins(text[at - 1 : at]) and _joins(text[at + 1 : at + 2]))
    ).strip()


def _joins(sign: str) -> bool:
    """Whether a letter is of a script whose words hold joiners: Mongolian, Arabic (Uyghur, Kazakh)."""
    return "\u1800" <= sign <= "\u18af" or "\u0620" <= sign <= "\u06ff"


def is_blank(text: str) -> bool:
    """Whether nothing can be seen: spaces of all kinds, invisible letters."""
    return not any(not sign.isspace() and sign not in _BLANKS for sign in clean(text))


def half_width(text: str) -> str:
    """Cleaned, with full-width letters, digits and spaces as half-width; everything else as it was written."""
    return clean(text).translate(_HALF)


def folded(text: str) -> str:
    """For comparing: full-width as half-width, upper as lower case."""
    return unicodedata.normalize("NFKC", clean(text)).casefold()


def _tokens(text: str) -> list[tuple[str, bool]]:
    """(token, ends a run of one character or is the run's tail)."""
    found: list[tuple[str, bool]] = []
    for run in _RUNS.findall(folded(text)):
        if not _CUT.match(run):
            found.append((run, False))
            continue
        found += [(run[at : at + 2], False) for at in range(len(run) - 1)]
        found.append((run[-1], True))
    return found


def index_text(text: str) -> str:
    """Space-separated search tokens: every pair of neighboring characters and the run's last one; words and digits whole.

    漏水维修 becomes 漏水 水维 维修 修, so that a phrase of pairs finds any two characters inside a sentence.
    """
    return " ".join(token for token, _tail in _tokens(text))


def query_phrases(query: str) -> list[str]:
    """The phrases that must all be found. A single character and the beginning of a word are prefixes, marked by `*`."""
    phrases = []
    for run in _RUNS.findall(folded(query)[:200]):
        if not _CUT.match(run) or len(run) == 1:
            phrases.append(run + "*")
        else:
            phrases.append(" ".join(run[at : at + 2] for at in range(len(run) - 1)))
    return list(dict.fromkeys(phrases))[:8]


def _syllables(name: str) -> list[str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 13 MiB, only where a name is entered

    text = folded(name)
    for surname, reading in _SURNAMES.items():
        if text.startswith(surname):
            return [*reading.split(), *lazy_pinyin(text[len(surname) :])]
    return lazy_pinyin(text)


def pinyin(name: str) -> str:
    """曾小明 -> zengxiaoming."""
    return "".join(_syllables(name)).replace(" ", "")


def initials(name: str) -> str:
    """曾小明 -> zxm."""
    return "".join(syllable[:1] for syllable in _syllables(name)).replace(" ", "")


MOST_READINGS = 6


def readings(name: str) -> list[list[str]]:
    """The name as syllables in each way it may be read, the usual one first: 单明 is shan ming and dan ming. At most six."""
    first = _syllables(name)
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see above

    found = [first]
    each = pinyin(folded(name), style=Style.NORMAL, heteronym=True)
    if len(each) == len(first):
        for at, sounds in enumerate(each):
            found += [[*first[:at], sound, *first[at + 1 :]] for sound in sounds if sound != first[at]]
    return found[:MOST_READINGS]


def spelled(name: str) -> tuple[str, str]:
    """All readings of a name as pinyin and as initials, separated by spaces: ("shanming danming", "sm dm")."""
    told = [[part.replace(" ", "") for part in one] for one in readings(name)] if name else []
    whole = dict.fromkeys("".join(one) for one in told)
    short = dict.fromkeys("".join(part[:1] for part in one) for one in told)
    return " ".join(whole), " ".join(short)
