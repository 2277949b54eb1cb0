"""Finding what would give a person away in a text that is to be made public (PIPL art. 25). Patterns, no guessing."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("id_card", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)")),
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    (
        "plate",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·]?[A-Z0-9]{5,6}(?![A-Za-z0-9])"
        ),
    ),
    ("room", re.compile(r"(?<!\d)\d{1,3}(?:号楼|栋|幢|座|#)(?:\d{1,2}单元)?\d{3,4}(?!\d)(?:室|房|号)?")),
    ("room", re.compile(r"(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-])|(?<![\d-])\d{1,2}-\d{3,4}(?:室|房)")),
    ("room", re.compile(r"(?<!\d)\d{3,4}(?:室|房间?)(?!外)")),
    (
        "name",
        re.compile(
            r"[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马方任袁柳唐薛雷贺倪汤罗郝安常傅齐康伍余顾孟黄萧尹姚邵汪毛米戴宋庞纪舒屈项祝董梁杜阮季贾江郭梅林钟徐邱骆高夏蔡田胡凌万柯卢莫房丁邓郁洪崔龚程陆段侯龙叶白赖乔谭申廖曾易温史石熊欧涂](?:先生|女士|小姐|阿姨|叔叔|大爷|大妈|奶奶|爷爷|师傅|同学|老师|太太|总)"
        ),
    ),
)


@dataclass(frozen=True, order=True)
class Finding:
    """One place in a text: [start, end) and what stands there."""

    start: int
    end: int
    kind: str
    text: str


def find_personal(text: str, names: Iterable[str] = (), rooms: Iterable[str] = ()) -> list[Finding]:
    """Phones, identity cards, plates, mail addresses, rooms, titles with surnames, and the names and rooms given; in order."""
    return _without_overlaps(every_personal(text, names, rooms))


def every_personal(text: str, names: Iterable[str] = (), rooms: Iterable[str] = ()) -> list[Finding]:
    """As `find_personal`, with what stands inside something longer as well."""
    plain = same_length(text)
    found = [
        Finding(hit.start(), hit.end(), kind, hit.group()) for kind, form in _PATTERNS for hit in form.finditer(plain)
    ]
    for kind, words in (("name", names), ("room", rooms)):
        for word in words:
            if len(word) >= 2:
                found += [Finding(hit.start(), hit.end(), kind, word) for hit in re.finditer(re.escape(word), plain)]
    return sorted(found, key=lambda one: (one.start, -one.end))


def same_length(text: str) -> str:
    """Full-width digits and letters as half-width, sign by sign, so that places stay the same."""
    return "".join(wide if len(wide := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)


def _without_overlaps(found: list[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def redacted(text: str, findings: Iterable[Finding]) -> str:
    """The text with every finding blacked out."""
    for one in sorted(findings, reverse=True):
        text = text[: one.start] + "█" * min(one.end - one.start, 4) + text[one.end :]
    return text
