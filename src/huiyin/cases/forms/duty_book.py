"""《值班记录本》／《工作信息记录本》 as pages (S3.2.1.b, S4.4.2.1.1.a): filled from the log, or with lines for a pen. In Chinese."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

TITLE = "值班记录本"  # where no handbook names a form for it
HEADS = ("序号", "时间", "来访人、电话、地点", "渠道", "说了什么", "怎么办了", "记录人", "签字")
BLANK_HEADS = ("行", "月日、时分", "姓名、电话、房号", "渠道", "说了什么", "怎么答复／交给谁", "记录人", "补录编号")
WIDTHS = (13, 19, 30, 14, 49, 30, 15, 15)  # millimeters
BLANK_WIDTHS = (8, 21, 32, 14, 50, 29, 15, 16)
ROWS = 20  # on a page for a pen
LATE = "▲ 迟记"
WRITTEN = "{at} 记下"
ANSWERED = "当场答复：{words}"
OPENED = "{number}\n{state}"
APART = "由专人办理，另行保存"
NOTHING = "还没有着落"
HOPES = "希望：{words}"
NOBODY = "网上自报"
ANONYMOUS = "未留姓名"
COUNTED = "本段 {total} 条，其中 {in_time} 条按时记下（{limit}），{late} 条迟记。"
IN_HOURS = "{:g} 小时内"
IN_DAYS = "{days} 天内"
OF_KINDS = "{kinds} {limit}"  # where kinds have limits of their own
OTHERS = "其他 {limit}"
SINCE = "{day} 起 {limit}"  # where the handbook changed meanwhile
UNSEEN = "另有 {n} 条不在打印人的查看范围内，序号空着。"
CUT = "这里只印了前 {n} 条，其余请分段另印。"
DAYS = "{first} 至 {last}"
EMPTY = "这段时间没有记录。"
NUMBERED = "序号按写下的先后，一年一编，不重不漏；排列按事情发生的先后。"


@dataclass(frozen=True)
class BookRow:
    """One line, as it is printed. Phone numbers are masked."""

    number: str
    at: str
    who: str
    channel: str
    words: str
    became: str
    taken_by: str


@dataclass(frozen=True)
class DutyBook:
    """The page's fields in the order of print. With `blank_rows` it is a page for a pen, known by its `sheet`."""

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    title: str = TITLE
    company: str = ""
    site: str = ""
    form_number: str = ""
    form_version: str = ""
    form_effective_on: str = ""
    days: str = ""  # the stretch of time, in words
    printed: str = ""  # when
    rows: tuple[BookRow, ...] = ()
    notes: tuple[str, ...] = ()  # below the last line
    blank_rows: int = 0
    sheets: tuple[str, ...] = ()  # the page's own number, one a blank page
    heads: tuple[str, ...] = HEADS
    widths: tuple[int, ...] = WIDTHS
    qr_url: str = ""
