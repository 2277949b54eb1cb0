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
    "clock": _(
        "机器的时钟不对：刚跳了一大步，或者和定时工作、数据库、邮件服务器的差了一分钟以上。期限和催办都靠它，请先对时。"
    ),
    "certificate": _("网址的 HTTPS 证书两周内到期，或者已经不被承认：顾客的浏览器会拦住不让打开。"),
    "backup": _("一天多没有做过备份。"),
}
