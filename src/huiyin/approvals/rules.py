"""Refusals of a review."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal


@dataclass(frozen=True)
class Asked:
    """One step of a chain as the handbook states it."""

    act: str
    role: str


class NotYourStep(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这一步不由您的岗位审批。"))


class NothingToDecide(Refusal):
    def __init__(self) -> None:
        super().__init__(_("没有待批的步骤：可能已经有人批过了。"))


class NoReasonGiven(Refusal):
    def __init__(self) -> None:
        super().__init__(_("退回请写明原因，起草人才知道改什么。"), "comment")


class OwnWork(Refusal):
    def __init__(self) -> None:
        super().__init__(_("自己提交的不能自己批准。"))


class NobodyElse(Refusal):
    def __init__(self) -> None:
        super().__init__(_("现在除了起草人自己，没有别人能批：请先任命经理或主任，再提交。"))
