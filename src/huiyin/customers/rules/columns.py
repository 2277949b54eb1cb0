"""Which column of a list holds what: known by its usual headings, in one row or two, with titles above."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from huiyin.customers.states import OccupancyRole
from huiyin.kit import chinese
from huiyin.kit.damage import as_text
from huiyin.kit.refusal import Refusal
from huiyin.kit.tables import Cell, Sheet

HEADINGS: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "building": "楼栋 栋 幢 楼号 楼栋号 栋号 幢号 楼幢 座 楼 楼座 楼宇 building",
        "unit": "单元 单元号 门洞 梯 unit entrance",
        "room": "房号 房间号 门牌 门牌号 室号 房间 户号 房屋 房产 房屋编号 住址 地址 房屋地址 室 寝室 寝室号 宿舍 宿舍号 room",
        "name": "姓名 名字 住户姓名 客户姓名 客户名称 顾客姓名 名称 联系人 name",
        "phone": "电话 手机 联系电话 手机号 手机号码 电话号码 联系方式 固话 固定电话 座机 备用电话 第二电话 其他电话 "
        "电话1 电话2 联系电话1 联系电话2 手机1 手机2 phone mobile",
        "role": "身份 类型 住户类型 客户类型 人员类型 与业主关系 与户主关系 关系 role",
        "from_on": "入住日期 入住时间 迁入日期 搬入日期 起租日期 交房日期 收房日期 from_on",
        "email": "邮箱 电子邮箱 电子邮件 email e-mail",
        "cluster": "组团 组团名称 片区 cluster",
    }.items()
}
# Columns that lists often have and the register does not keep: nobody is asked for what is not needed (PIPL art. 6).
_UNKEPT = (
    "面积 建筑面积 套内面积 备注 序号 编号 性别 年龄 民族 身份证 身份证号 证件号码 车位 车位号 车牌 车牌号 户型 楼层 层 "
    "学号 班级 专业 学院 物业费 微信 签名"
)
LEFT_OUT = frozenset(_UNKEPT.split())
ROLES: dict[str, tuple[str, ...]] = {
    role: tuple(words.split())
    for role, words in {
        OccupancyRole.OWNER.value: "业主 产权人 户主 房东 房主 共有人 本人",
        OccupancyRole.OCCUPANT.value: "住户 家属 家庭成员 同住人 配偶 妻子 丈夫 夫妻 子女 儿子 女儿 父母 父亲 母亲 父 母 妻 夫 "
        "子 女 使用人 亲属 老人 孩子",
        OccupancyRole.TENANT.value: "租户 租客 承租人 租赁 租住 商户 租户代表",
        OccupancyRole.STUDENT.value: "学生 住宿生 本科生 研究生 博士生 室长 舍长 寝室长",
    }.items()
}
HEAD_ROWS = 15
_ASIDE = re.compile(r"[\s*＊※:：()（）\[\]【】]|必填|选填")
_GROUPED = re.compile(r"(业主|产权人|户主|房东|租户|租客|承租人|住户|家属|家庭成员|学生)(.*)")


class WrongList(Refusal):
    """A file that is no list of rooms and people."""


@dataclass(frozen=True)
class Column:
    """What a column holds, and of whom: 租户电话 is the phone of the tenant."""

    name: str
    of: str = ""


@dataclass(frozen=True)
class Head:
    """Where the headings of a sheet stand and what the columns are."""

    first: int
    height: int
    columns: dict[int, Column]
    left_out: tuple[str, ...] = field(default=())

    def is_head(self, texts: Sequence[str], above: Sequence[str]) -> bool:
        """Whether a row below repeats the headings, as lists printed on several pages do."""
        return [text for text in texts if text] == [text for text in above if text]


def role_of(word: str) -> str | None:
    """业主, 家属, 租户, 学生 and what else people write for them; None for words nobody has told us."""
    plain = _ASIDE.sub("", chinese.folded(word))
    return next((role for role, words in ROLES.items() if plain in words or plain == role), None)


def column_called(heading: str, own: Mapping[str, str]) -> Column | None:
    """What a heading means; `own` maps our names to headings where a file uses others."""
    plain = _plain(heading)
    for name, said in own.items():
        if plain and plain == _plain(said):
            return Column(name)
    for name, words in HEADINGS.items():
        if plain in words:
            return Column(name)
    grouped = _GROUPED.fullmatch(plain)
    if grouped:
        rest = Column("name") if grouped[2] in {"", "信息"} else column_called(grouped[2], {})
        if rest and rest.name in {"name", "phone", "email", "from_on"} and not rest.of:
            return Column(rest.name, role_of(grouped[1]) or "")
    return None


def _plain(heading: str) -> str:
    return _ASIDE.sub("", chinese.folded(heading)).removesuffix("栏")


def head_of(sheet: Sheet, own: Mapping[str, str]) -> Head | None:
    """The headings of a sheet, looked for in its first rows; None where there are none."""
    best: Head | None = None
    for first in range(min(HEAD_ROWS, len(sheet.rows))):
        for height in (1, 2):
            head = _head_at(sheet, first, height, own)
            if head and (best is None or _rank(head) > _rank(best)):
                best = head
    return best


def _rank(head: Head) -> tuple[int, int, int, int]:
    """More columns, else more that differ, else fewer rows, else higher up."""
    return len(head.columns), len(set(head.columns.values())), -head.height, -head.first


def _head_at(sheet: Sheet, first: int, height: int, own: Mapping[str, str]) -> Head | None:
    rows = [[as_text(cell) for cell in row] for row in sheet.rows[first : first + height]]
    if len(rows) < height or (height == 2 and not _is_second_row(rows[1], own)):
        return None
    columns, left_out = {}, []
    for at in range(max(map(len, rows))):
        words = [text for row in reversed(rows) if at < len(row) and (text := row[at])]
        found = next((column for word in words if (column := column_called(word, own))), None)
        if found:
            columns[at] = _under(found, rows, at)
        elif words:
            left_out.append(words[0])
    names = {column.name for column in columns.values()}
    if "room" not in names or not names & {"building", "name", "phone"}:
        return None
    return Head(first, height, _joined(columns), tuple(left_out))


def _joined(columns: Mapping[int, Column]) -> dict[int, Column]:
    """A phone without a person's word belongs to the name on its left; where there is one name, all of them are its."""
    names = {at: column.of for at, column in columns.items() if column.name == "name"}
    joined = dict(columns)
    for at, column in columns.items():
        if column.name not in {"phone", "email", "from_on"} or not names or column.of in names.values():
            continue
        if len(names) == 1 or not column.of:
            left = [place for place in names if place < at]
            joined[at] = Column(column.name, names[max(left) if left else min(names)])
    return joined


def _under(found: Column, rows: Sequence[Sequence[str]], at: int) -> Column:
    """A column under 租户信息 is the tenant's; the word stands at the first of the columns it spans."""
    if len(rows) == 1 or found.of or found.name not in {"name", "phone", "email", "from_on"}:
        return found
    above = next((text for text in reversed(rows[0][: at + 1]) if text), "")
    grouped = _GROUPED.fullmatch(_plain(above))
    spans = grouped is not None and grouped[2] in {"", "信息", "资料", "情况"}
    return Column(found.name, role_of(grouped[1]) or "") if grouped and spans else found


def _is_second_row(texts: Sequence[str], own: Mapping[str, str]) -> bool:
    """Whether a row holds nothing but headings."""
    said = [text for text in texts if text]
    return len(said) > 1 and all(column_called(text, own) or _plain(text) in LEFT_OUT for text in said)


def filled(sheet: Sheet) -> Iterator[list[Cell]]:
    """The rows with the value of a merged cell in each cell it covers, where the file tells which were merged."""
    rows = [list(row) for row in sheet.rows]
    for (top, left), (bottom, right) in sheet.merged or ():
        if top >= len(rows) or left >= len(rows[top]) or right - left > 30:
            continue
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * (min(right + 1, len(row)) - left)
    return iter(rows)
