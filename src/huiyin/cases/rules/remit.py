"""Why a finding on the remit is refused."""

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal


class NothingToSign(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件事项没有在等复签。"))


class SameSignature(Refusal):
    def __init__(self) -> None:
        super().__init__(_("要由提出的人以外的一位来复签。"))


class AlreadyProposed(Refusal):
    def __init__(self) -> None:
        super().__init__(_("已经有人认定为职责范围以外，正等复签。"))
