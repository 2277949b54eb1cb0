"""Channels, kinds and delivery states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
