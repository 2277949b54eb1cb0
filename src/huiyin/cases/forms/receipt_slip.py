"""The receipt as a paper slip (A6) for whoever has no screen: what was taken, who answers for it, until when."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True)
class ReceiptLabels:
    """The slip's own words in one language; `language` is the code for line breaking."""

    language: str
    title: str
    number: str
    received: str
    understood: str
    accountable: str
    phone: str
    due: str
    objection: str
    routes: str
    tracking: str
    calling: str = ""  # beside the number on a sheet of several: what to read out on the telephone
    rest: str = ""  # after words that had no room


CHINESE = ReceiptLabels(
    language="zh",
    title="受理回执",
    number="编号",
    received="收到时间",
    understood="我们的理解",
    accountable="负责人",
    phone="电话",
    due="最迟给您方案",
    objection="不满意怎么办",
    routes="也可以向这些地方反映",
    tracking="扫码看进度，不用登录",
    calling="打电话报这个号",
    rest="……（全文扫码看）",
)
ENGLISH = ReceiptLabels(
    language="en",
    title="Receipt",
    number="Number",
    received="Received",
    understood="What we understood",
    accountable="Who is in charge",
    phone="Phone",
    due="You get a solution by",
    objection="If you are not satisfied",
    routes="You can also turn to",
    tracking="Scan to follow it, no account needed",
    calling="On the telephone say",
    rest="… (scan for all of it)",
)
LETTER = ReceiptLabels(
    language="zh",
    title="给您的信",
    number="编号",
    received="写信时间",
    understood="我们想对您说",
    accountable="写信人",
    phone="电话",
    due="",
    objection="怎样回话",
    routes="也可以向这些地方反映",
    tracking="扫码直接回话，不用登录",
)


SHEET = Path(__file__).with_name("receipt_sheet.typ")  # four slips on a sheet of A4


@dataclass(frozen=True)
class ReceiptSlip:
    """What the slip says. Times and days are texts in the reader's language; empty ones are left out."""

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    site: str
    number: str
    received: str
    understood: str
    accountable: str
    phone: str
    due: str  # until when a solution comes
    objection: str = ""  # how to object to us
    routes: str = ""  # external ways, one a line
    qr_url: str = ""  # the tracking link, also printed in letters
    company: str = ""
    labels: ReceiptLabels = CHINESE
