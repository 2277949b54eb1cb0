"""《维修服务及回访记录表》 (S3.2.2.b, S3.3.4): a job at a customer's home and the follow-up on it, on one controlled form, in Chinese."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True)
class ServiceFollowUpRecord:
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
    service: str = ""  # 服务类别
    asked_at: str = ""  # 报修时间
    receptionist: str = ""  # 接待人
    asked: str = ""  # 服务要求
    arrivals: str = ""  # 上门情况: when somebody came, and who
    done: str = ""  # 服务内容
    worker: str = ""  # 服务人员
    finished_on: str = ""
    channel: str = ""  # 回访方式
    followed_up_at: str = ""  # 回访时间
    result: str = ""  # 回访结果
    customer_words: str = ""  # 顾客意见
    follower: str = ""  # 回访人
    followed_up_on: str = ""
    remark: str = ""  # 备注
    qr_url: str = ""  # where the record can be found; empty on a blank form
