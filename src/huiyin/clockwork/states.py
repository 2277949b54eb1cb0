"""What can be wrong with the running program, and how it is told."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

TROUBLES: "dict[str, StrPromise]" = {
    "worker": _("定时工作停了：没有催办，没有发信收信。看看 huiyin worker 还在不在。"),
    "outbox": _("有消息两分钟以上没能发出去：发信服务器连不上，或者密码不对。"),
    "mailbox": _("有收信邮箱两分钟以上没有回应。"),
    "disk": _("磁盘快满了。"),
    "backup": _("一天多没有做过备份。"),
}
