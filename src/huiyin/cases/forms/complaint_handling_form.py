"""《顾客意见处理表》 (S4.F.1 to S4.F.3): the controlled form of a complaint, in Chinese as all controlled forms."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True)
class ComplaintHandlingForm:
    """The form's fields in the order of print. An empty field prints as a place to write on; days are 2026-11-23."""

    TEMPLATE: ClassVar[Path] = Path(__file__).with_suffix(".typ")

    company: str = ""  # the company's name above the title
    form_number: str = ""  # 编号
    form_version: str = ""  # 版本号
    form_effective_on: str = ""  # 表格生效期
    serial: str = ""  # 序号
    customer_name: str = ""  # 顾客姓名
    address: str = ""  # 住址
    phone: str = ""  # 电话
    receptionist: str = ""  # 接待人
    visited_at: str = ""  # 来访时间
    place: str = ""  # 地点
    situation: str = ""  # 情况说明
    remedy_sought: str = ""  # 希望与建议
    recorder: str = ""  # 记录人
    recorded_on: str = ""
    resolution_plan: str = ""  # 解决方案
    handler: str = ""  # 处理人
    handled_on: str = ""
    outcome_tracking: str = ""  # 结果跟踪
    tracker: str = ""  # 跟踪人
    tracked_on: str = ""
    remark: str = ""  # 备注
    qr_url: str = ""  # where the record can be found; empty on a blank form
