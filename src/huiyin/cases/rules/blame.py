"""Causes that stop at a person, and measures that stop at a talking-to: what of a text says nothing about the work. Pure.

A cause must not end with somebody's negligence or want of training: one looks for the gap in the system (8D, ISO 9001 10.2.1 b).
"""

import re
from collections.abc import Iterable

from huiyin.kit import chinese
from huiyin.kit.privacy import find_personal

LEAST = 6  # letters that must be left once blame is taken out, for the rest to say something of its own
BLAME = (
    "责任心不强",
    "责任心不够",
    "责任心差",
    "责任意识不强",
    "责任意识淡薄",
    "没有责任心",
    "缺乏责任心",
    "不负责任",
    "服务意识不强",
    "服务意识差",
    "服务意识淡薄",
    "安全意识不强",
    "安全意识淡薄",
    "态度不好",
    "态度恶劣",
    "态度不端正",
    "服务态度差",
    "工作疏忽",
    "疏忽大意",
    "个人疏忽",
    "疏忽",
    "粗心大意",
    "粗心",
    "马虎",
    "大意",
    "失职",
    "偷懒",
    "工作失误",
    "操作失误",
    "人为失误",
    "失误",
    "工作不到位",
    "工作不认真",
    "不认真",
    "不细心",
    "不用心",
    "重视不够",
    "不够重视",
    "思想不重视",
    "培训不到位",
    "教育不到位",
    "管理不到位",
    "监督不到位",
    "执行不到位",
    "培训不够",
    "能力不足",
    "经验不足",
)
TEACHING = (
    "批评教育",
    "加强教育",
    "进行教育",
    "加强培训",
    "进行培训",
    "组织培训",
    "加强学习",
    "组织学习",
    "加强管理",
    "加强监督",
    "加强责任心",
    "提高责任心",
    "增强责任心",
    "提高责任意识",
    "增强责任意识",
    "增强服务意识",
    "提高服务意识",
    "提高认识",
    "提高重视",
    "引以为戒",
    "举一反三",
    "严肃批评",
    "通报批评",
    "口头批评",
    "批评",
    "口头警告",
    "警告",
    "扣罚",
    "罚款",
    "扣款",
    "处罚",
    "教育",
    "培训",
    "谈话",
    "开会强调",
    "再三强调",
    "强调",
    "责成",
)
FILLING = (
    "工作人员",
    "当班人员",
    "值班人员",
    "相关人员",
    "责任人员",
    "责任人",
    "当事人",
    "员工",
    "人员",
    "职工",
    "保安员",
    "保安",
    "保洁员",
    "保洁",
    "维修工",
    "维修员",
    "电工",
    "门岗",
    "前台",
    "客服",
    "管理员",
    "师傅",
    "主要是",
    "主要",
    "由于",
    "因为",
    "原因",
    "所致",
    "导致",
    "造成",
    "引起",
    "对其",
    "今后",
    "以后",
    "进行",
    "加强",
    "工作",
    "服务",
    "个别",
    "当班",
    "值班",
    "问题",
    "相关",
    "有关",
    "责任",
    "严肃",
    "深刻",
    "立即",
    "已经",
    "予以",
    "给予",
    "全体",
    "部门",
    "团队",
)
_SIGNS = re.compile(r"[^\w]|[的了是和与及对把被并也都将已其该]")


def _rest(text: str, phrases: Iterable[str]) -> tuple[str, bool]:
    """What is left without these phrases, filling and punctuation; and whether one of the phrases stood there."""
    left = chinese.clean(text)
    found = False
    for phrase in sorted(phrases, key=len, reverse=True):
        found |= phrase in left
        left = left.replace(phrase, "|")
    for word in sorted(FILLING, key=len, reverse=True):
        left = left.replace(word, "|")
    return _SIGNS.sub("", left), found


def only_blames(cause: str) -> bool:
    """Whether a cause says that somebody failed and nothing about what in the work let it happen."""
    rest, found = _rest(cause, BLAME)
    return found and len(rest) < LEAST


def only_teaches(text: str) -> bool:
    """Whether a measure is a talking-to, a training or a fine and nothing else."""
    rest, found = _rest(text, TEACHING)
    return found and len(rest) < LEAST


def people_in(text: str, names: Iterable[str]) -> list[str]:
    """The people that a text names, in order and each once: by the names given, or as a surname with a title."""
    return list(dict.fromkeys(one.text for one in find_personal(text, names) if one.kind == "name"))
