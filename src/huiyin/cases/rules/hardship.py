"""Why a hardship flag is refused."""

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal


class NothingFlagged(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件事项没有困难提示，或不由您看到。"))
