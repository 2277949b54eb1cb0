"""What the living page shows: invented people, places and words at one fixed hour, no database."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=ZONE)
SCREENS = ("today", "cases", "case", "log", "digest", "matrix", "report", "receipt", "track")
STATES = ("kept", "running", "soon", "late", "missing", "none", "provisional")


class SampleForm(forms.Form):
    words = forms.CharField(
        label=_("发生了什么"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("一两句话就够，不用写得正式。")
    )
    place = forms.CharField(label=_("在哪里"), help_text=_("楼栋、房号，或公共地方。"))
    phone = forms.CharField(label=_("您的电话"), widget=forms.TextInput(attrs={"autocomplete": "tel"}))
    photo = forms.FileField(label=_("照片"), required=False, help_text=_("可以现场拍，位置信息会自动去掉。"))
    way = forms.ChoiceField(
        label=_("怎么回复您"), widget=forms.RadioSelect, choices=[("phone", _("打电话")), ("sms", _("发短信"))]
    )
    agreed = forms.BooleanField(label=_("可以匿名公布处理结果"), required=False)


def at(days: float = 0, hours: float = 0) -> datetime:
    return NOW + timedelta(days=days, hours=hours)


def cases() -> list[dict[str, Any]]:
    rows = [
        ("TS-2026-0417", "电梯夜里反复停在 3 层不开门", "3 号楼 2 单元", "late", "王建国", at(-1, -4.4), "late"),
        ("YJ-2026-1132", "希望北门晚上十点以后留一个行人口", "北门", "running", "李敏", at(0, 9.9), "soon"),
        ("TS-2026-0421", "楼上装修周末也开工，孩子没法写作业", "7 号楼 1102", "running", "李敏", at(2, 3.2), ""),
        ("BX-2026-2208", "地下车库 B2 层 117 号车位上方滴水", "B2-117", "running", "王建国", at(3, 9.9), ""),
        ("JY-2026-0090", "建议把快递柜移到避雨的地方", "南门", "running", "赵晓燕", at(6, 9.9), ""),
        ("TS-2026-0409", "垃圾清运车早上五点太吵", "1 号楼后院", "kept", "赵晓燕", at(-3), ""),
        ("ZX-2026-3077", "暖气什么时候开始试水", "全小区", "kept", "客服台", at(-4), ""),
    ]
    names = ("number", "title", "place", "state", "who", "due_at", "tone")
    return [dict(zip(names, row, strict=True)) for row in rows]


def task(title: str, note: str, who: str, due_at: datetime, step: Any) -> dict[str, Any]:
    why = "7 日内答复：11 月 15 日收到，11 月 22 日 24:00 止" if due_at < NOW else ""
    return {"title": title, "note": note, "who": who, "at": due_at, "step": step, "why": why}


def tasks() -> dict[str, list[dict[str, Any]]]:
    return {
        "late": [
            task(
                "电梯夜里反复停在 3 层不开门", "TS-2026-0417 · 3 号楼 2 单元 · 投诉", "王建国", at(-1, -4.4), _("答复")
            ),
        ],
        "today": [
            task("北门晚上留行人口", "YJ-2026-1132 · 意见", "李敏", at(0, 9.9), _("给方案")),
            task("回访：水管更换后是否还漏", "BX-2026-2190 · 5 号楼 603", "李敏", at(0, 4), _("回访")),
        ],
        "week": [
            task("楼上装修周末也开工", "TS-2026-0421 · 7 号楼 1102 · 投诉", "李敏", at(2, 3.2), _("答复")),
            task("11 月第 4 周投诉汇总", "周报 · 送品质管理部", "赵晓燕", at(4, 9.9), _("起草")),
            task("业主恳谈会纪要", "会议 · 待确认 2 处", "赵晓燕", at(5, 9.9), _("确认")),
        ],
    }


def nav(current: str) -> list[dict[str, Any]]:
    def entry(name: str, label: Any, icon: str, count: int = 0) -> dict[str, Any]:
        return {"label": label, "url": f"?sample={name}", "icon": icon, "current": name == current, "count": count}

    work = [
        entry("log", _("记录"), "pen-line"),
        entry("cases", _("事项"), "list", 14),
        entry("visits", _("回访走访"), "footprints", 3),
        entry("meetings", _("会议与活动"), "users"),
        entry("surveys", _("调查"), "list-checks"),
    ]
    public = [
        entry("notices", _("公告"), "megaphone"),
        entry("digest", _("报告"), "file-text", 1),
        entry("public", _("公示"), "stamp"),
    ]
    ground = [
        entry("matrix", _("制度与履行"), "grid-3x3", 2),
        entry("records", _("档案"), "archive"),
        entry("people", _("名录"), "book-user"),
    ]
    return [
        {"label": "", "entries": [entry("today", _("今日"), "sun", 6)]},
        {"label": _("办事"), "entries": work},
        {"label": _("公开"), "entries": public},
        {"label": _("底账"), "entries": ground},
    ]


def matrix() -> list[dict[str, Any]]:
    marks = {"k": "kept", "r": "running", "l": "late", "m": "missing", "-": "none", "p": "provisional"}
    rows = [
        ("S4.1.2 投诉 7 日内答复", "kkkkkkkklkrp"),
        ("S4.1.5 每周投诉汇总", "kkkkkmkkkkrp"),
        ("S4.2.1 半年恳谈会", "-----k-----p"),
        ("S4.3.2 年度满意度调查", "----------rp"[:12]),
        ("S4.4.1 意见簿每月回应", "kkkkkkkkkkrp"),
        ("S4.5.3 空巢老人走访", "kkkklkkkkkrp"),
    ]
    return [{"clause": clause, "cells": [marks[mark] for mark in line]} for clause, line in rows]


def frame(sample: str) -> dict[str, Any]:
    """What the desk's and the portal's frames ask of every view."""
    return {
        "now": NOW,
        "nav": nav(sample),
        "site": {"name": "云栖里小区", "phone": "021-5550-0100"},
        "sites": [
            {"name": "云栖里小区", "url": "?", "current": True},
            {"name": "松江大学生公寓", "url": "?", "current": False},
        ],
        "actor": {"name": "李敏", "post": "客服助理 · 云栖里小区"},
        "waiting": {"count": 4, "url": "?sample=today"},
        "home_url": "?sample=today",
        "search_url": "?",
        "log_url": "?sample=log",
        "log_out_url": "",
        "links": [
            {"label": _("报事"), "url": "?sample=report"},
            {"label": _("查进度"), "url": "?sample=track"},
        ],
    }


def context(sample: str = "") -> dict[str, Any]:
    """Everything the gallery and the sample screens show, shaped as the real faces give it."""
    counts = (31, 18, 26, 22, 35, 41, 52, 47, 30, 28, 24)
    return frame(sample) | {
        "states": STATES,
        "tones": ("act", "kept", "soon", "late"),
        "samples": SCREENS,
        "cases": cases(),
        "tasks": tasks(),
        "matrix": matrix(),
        "months": range(1, 13),
        "form": SampleForm(),
        "bound": SampleForm({"words": "", "place": "3 号楼 2 单元电梯", "phone": "138", "way": "phone"}),
        "page": Paginator(range(120), 25).page(2),
        "steps": [{"label": _("事项"), "url": "?sample=cases"}],
        "qr_text": "https://huiyin.example/t/8Kq2mW",
        "late_at": at(-1, -4.4),
        "soon_at": at(0, 9.9),
        "calm_at": at(2, 3.2),
        "received_at": at(-8, -4),
        "told_at": at(-6),
        "noted_at": at(-5, -2),
        "sent_at": at(-2),
        "points": [(str(month), count) for month, count in enumerate(counts, start=1)],
        "options": [
            {"label": _("逾期的"), "url": "?", "current": True, "count": 1},
            {"label": _("快到期的"), "url": "?", "current": False, "count": 1},
            {"label": _("全部未结"), "url": "?", "current": False, "count": 14},
        ],
    }
