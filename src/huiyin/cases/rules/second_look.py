"""Why a second look is refused, or something is refused for want of it."""

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal


class NotLookedAt(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(_("顾客有异议，还没有复核：先由%(name)s复核，再办结。") % {"name": name}, "outcome")


class NothingToLookAt(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件事项没有在等复核。"))


class SameEyes(Refusal):
    def __init__(self) -> None:
        super().__init__(_("复核要由处理人和答复人以外的上级来做。"))
