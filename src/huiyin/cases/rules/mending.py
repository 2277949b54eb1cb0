"""Why a decision on whether a justified complaint needs a measure is refused (S3.2.3.b)."""

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal


class NoMeasureWanted(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件没有在等整改：不是属实的投诉，或者已经定了。"))


class AlreadySpared(Refusal):
    def __init__(self) -> None:
        super().__init__(_("已经有人写了不需整改，正等复签。"))


class NothingSpared(Refusal):
    def __init__(self) -> None:
        super().__init__(_("没有人写过不需整改，不用复签。"))
