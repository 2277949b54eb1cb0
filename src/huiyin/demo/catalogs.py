"""What the demo town's sites offer: a clerk writes the catalog, the manager approves it."""

from datetime import datetime

from django.utils import timezone

from huiyin.approvals.states import Verdict
from huiyin.demo.cast import Cast
from huiyin.notices.actions import decide_catalog, draft_catalog, submit_catalog
from huiyin.organization.models import Site
from huiyin.organization.queries import actor_of, crew_of
from huiyin.organization.states import Role

# name, what it holds, hours, price, who
OFFERED = (
    (
        "水电维修",
        "水龙头、开关、插座、灯具的检查和更换，公共管线的抢修。",
        "每天 8:00 到 20:00，抢修全天",
        "检查免费，材料按公示价",
        "工程维修岗",
    ),
    ("家政保洁", "入户保洁、擦窗、抽油烟机清洗。", "周一到周六 8:30 到 17:30", "每小时 50 元", "保洁岗"),
    ("管道疏通", "厨房、卫生间的下水疏通。", "每天 8:00 到 20:00", "每次 80 元", "工程维修岗"),
    ("代收快递", "代收和保管包裹，三天内取。", "每天 9:00 到 21:00", "免费", "前台"),
    ("门禁卡和停车登记", "办卡、补卡、车位登记和变更。", "工作日 9:00 到 17:30", "首张卡免费，补卡每张 20 元", "前台"),
    ("投诉和建议", "受理意见、投诉和建议，给编号，有人负责到底。", "全天", "免费", "客户服务岗"),
)
HOW = "打电话、到前台，或者在网页上报事。"


def offer(cast: Cast, now: datetime) -> None:
    """One approved version for every site that has somebody to write it and somebody else to approve it."""
    for site in cast.sites.values():
        _offer(site, now)


def _offer(site: Site, now: datetime) -> None:
    crew = crew_of(site)
    writers, managers = crew.holders(Role.SERVICE_ASSISTANT, Role.PROJECT_PLANNER), crew.holders(Role.SITE_MANAGER)
    if not writers or not managers:
        return
    names = ("name", "holds", "hours", "price", "who")
    services = [dict(zip(names, one, strict=True)) | {"phone": site.phone, "how": HOW} for one in OFFERED]
    draft = draft_catalog(site, services, on=timezone.localdate(now), by=actor_of(writers[0]), now=now)
    submitted = submit_catalog(draft, by=actor_of(writers[0]), now=now)
    decide_catalog(submitted, Verdict.AGREED, by=actor_of(managers[0]), now=now)
