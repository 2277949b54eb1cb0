"""What an answer must touch: the numbered points of what was asked, a day, and somebody to turn to. Pure; no table behind it."""

import re

from huiyin.kit.guessing import pairs

_DIGITS = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARK = re.compile(
    r"(?<![\d.:：/-])(?P<n>\d{1,2})\s*(?:[、）)]|[.．](?!\d))"
    r"|[（(](?P<p>\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    rf"|(?P<c>[{_CIRCLED}])"
    r"|(?<![\u4e00-\u9fff])(?P<h>[一二三四五六七八九十]{1,3})(?:、|[.．])"
    r"|第(?P<o>[一二三四五六七八九十]{1,3})(?:[，、,：:]|点|条|是)"
)
_DAY = re.compile(
    r"\d{1,4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}|\d{1,2}\s*月\s*(?:\d{1,2}|[上中下]旬|底|初|[一二三四五六七八九十]+)"
    r"|\d{1,2}\s*[日号](?![楼栋线门库])|(?:周|星期|礼拜)[一二三四五六日天末]|[今明后]天|[今明]日|今晚|当天|昨天|昨日|前天"
    r"|(?:本|这|下|上)(?:个)?(?:周|星期|月|季度)|月底|年底|年内|年前"
    r"|[\d一二两三四五六七八九十半]+\s*个?(?:工作日|小时|天|日|周|星期|月)(?:内|之内|以内|后|之后|以后|左右)"
)
_PHONE = re.compile(
    r"(?<!\d)(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{4}[\s-]?\d{3,4}|\d{4}[\s-]\d{4}|\d{7,8})(?!\d)"
)
_TITLED = re.compile(
    r"[\u4e00-\u9fff](?:师傅|工程师|经理|主任|主管|管家|老师|队长|班长|科长|先生|女士|小姐)"
    r"|[王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武莫孔向汤]工(?![作地单会人期资程具])"
)
# Pairs of signs that say nothing about what a point is about.
_EMPTY = frozenset(
    {
        "希望",
        "请你",
        "请您",
        "你们",
        "我们",
        "什么",
        "为什",
        "没有",
        "不能",
        "可以",
        "小区",
        "物业",
        "问题",
        "一下",
        "已经",
        "这个",
        "那个",
        "怎么",
        "时候",
        "尽快",
        "是不",
        "不是",
        "能不",
        "还有",
        "就是",
        "谢谢",
        "您好",
    }
)


def numbered(text: str) -> list[str]:
    """The numbered points of a text in order: 1. 2., 一、二、, ①②, （1）（2）, 第一，第二，. Empty with fewer than two.

    Only numbers that go on by one from one count: a time, a price or a house number makes no point.
    """
    starts: list[tuple[int, int]] = []
    for found in _MARK.finditer(text):
        if _value(found) == len(starts) + 1:
            starts.append(found.span())
    if len(starts) < 2:
        return []
    ends = [start for start, _end in starts[1:]] + [len(text)]
    return [text[start[1] : end].strip(" \n\t，。；;,") for start, end in zip(starts, ends, strict=True)]


def _value(found: "re.Match[str]") -> int:
    text = next(group for group in found.groups() if group)
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    if text.isdecimal():
        return int(text)
    tens, sign, ones = text.rpartition("十")
    if not sign:
        return _DIGITS.find(text)
    return (_DIGITS.find(tens) if tens else 1) * 10 + (_DIGITS.find(ones) if ones else 0)


def missed(asked: str, answer: str) -> list[int]:
    """Which numbered points of what was asked the answer leaves out, from 1.

    A point counts as touched when the answer has a point of the same number, or shares a telling pair of signs or a
    word with it. Figures tell nothing: a year stands in every second answer.
    """
    points, answered = numbered(asked), len(numbered(answer))
    said = _pairs(answer)
    return [place for place, point in enumerate(points, 1) if place > answered and not _pairs(point) & said]


def _pairs(text: str) -> set[str]:
    return set(pairs(text)) - _EMPTY


def names_day(text: str) -> bool:
    """Whether a day or a span is named: 11月30日, 周五, 明天, 三天内."""
    return _DAY.search(text) is not None


def names_person(text: str, names: tuple[str, ...] = ()) -> bool:
    """Whether there is somebody to turn to: one of `names`, 王工, 李师傅, or a telephone number."""
    return bool(_PHONE.search(text) or _TITLED.search(text)) or any(name and name in text for name in names)
