"""Channels, kinds and delivery states."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Channel(models.TextChoices):
    DESK = "desk", _("前台")
    PHONE = "phone", _("电话")
    DUTY_ROOM = "duty_room", _("值班室")
    COMMENT_BOOK = "comment_book", _("意见簿")
    EMAIL = "email", _("电子邮件")
    ONLINE_CHAT = "online_chat", _("在线交流")
    WECHAT_GROUP = "wechat_group", _("微信群")
    SURVEY = "survey", _("问卷")
    WEB = "web", _("网页")
    VISIT = "visit", _("走访")
    MEETING = "meeting", _("会议")
    INTERVIEW = "interview", _("随机访谈")
    HOTLINE_12345 = "hotline_12345", _("12345 热线")
    LETTER = "letter", _("来信")


class ContactKind(models.TextChoices):
    ENQUIRY = "enquiry", _("咨询")
    OPINION = "opinion", _("意见")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    COMPLIMENT = "compliment", _("表扬")
    ASSISTANCE_REQUEST = "assistance_request", _("求助")
    REPAIR_REQUEST = "repair_request", _("报修")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("待发")
    CLAIMED = "claimed", _("发送中")
    SENT = "sent", _("已送达")
    DEAD = "dead", _("未能送达")
    NO_WAY = "no_way", _("没有可用途径")


class LetterState(models.TextChoices):
    RECEIVED = "received", _("刚收到")
    TAKEN = "taken", _("已登记")
    QUARANTINED = "quarantined", _("等人看")
    IGNORED = "ignored", _("不登记")


# Why a letter waits or was set aside, and what its reader had to say about it; by code.
REASONS: "dict[str, StrPromise]" = {
    "empty": _("是空的"),
    "too_large": _("太大，读不了"),
    "left_on_server": _("太大，还在邮箱服务器上，这里只有信头"),
    "header_too_large": _("信头太大"),
    "too_many_parts": _("分段太多"),
    "too_deep": _("一层套一层，太深"),
    "too_slow": _("读了太久"),
    "MemoryError": _("要占太多内存"),
    "RecursionError": _("一层套一层，太深"),
    "broke_the_reader": _("读信的程序读不下去"),
    "bytes_missing": _("原始字节不见了"),
    "refused": _("登记时没有通过检查"),
    "no_sender": _("没有看得明白的发件地址"),
    "says_nothing": _("没有写什么"),
    "flood": _("这个地址一小时里来信太多"),
    "no_site": _("不知道归哪个站点"),
    "loop": _("是我们自己发出的信"),
    "auto_submitted": _("自动邮件"),
    "precedence": _("群发邮件"),
    "autoreply": _("自动回复"),
    "list": _("邮件列表"),
    "bounce": _("退信"),
    "robot": _("机器人地址发来的"),
    "subject": _("主题是自动回复或退信"),
    "set_aside": _("有人看过，不登记"),
}
NOTES: "dict[str, StrPromise]" = {
    "charset_unknown": _("用了不认识的字符集，可能有错字"),
    "charset_refused": _("用了不安全的字符集，没有按它读"),
    "charset_damaged": _("有些字节读不出来，用符号代替"),
    "malformed": _("格式有毛病，尽量读了"),
    "many_senders": _("写了几个发件人，只看第一个"),
    "text_cut": _("太长，后面的在原始邮件里"),
    "more_pictures": _("图片多于五张，其余在原始邮件里"),
    "no_picture": _("有的图片打不开，只在原始邮件里"),
}
PROBLEMS: "dict[str, StrPromise]" = {
    "no address": _("没有地址"),
    "bounced": _("被退回"),
    "SMTPRecipientsRefused": _("对方服务器不收这个地址"),
    "SMTPAuthenticationError": _("发信邮箱的用户名或密码不对"),
    "no encryption": _("发信服务器不能加密，密码没有发出去"),
    "TimeoutError": _("发信服务器没有回应"),
    "SMTPServerDisconnected": _("发信服务器断开了"),
    "ConnectionRefusedError": _("连不上发信服务器"),
}
