"""What the people of the demo town do by their handbooks in a year: most of it in time, some late, a little never."""

import io
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from django.utils import timezone
from PIL import Image, ImageDraw

from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.queries import open_now
from huiyin.duties.rules import Done
from huiyin.engineering.queries import duty_facts
from huiyin.handbook.actions import follow_on, settle
from huiyin.handbook.states import OCCASIONS
from huiyin.organization.models import Site
from huiyin.organization.queries import Crew, actor_of, crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.records.actions import Laid, lay_down
from huiyin.reports.rules import is_digest

SOON = timedelta(days=9)
# What is written about each kind of act, and what came of it.
TOLD = {
    "complaint_digest": ("本周投诉汇总已交", "按类别列出数量、处理进度和未结原因。"),
    "follow_up_sample": ("本月上门服务抽样回访", "抽取一成，电话回访，两户提出改进意见。"),
    "service_report": ("管理服务报告", "收支、投诉、活动和下季度安排都写到了。"),
    "client_brief": ("上月工作简报", "已送委托方，当面说明电梯大修进度。"),
    "committee_talk": ("与业委会主任面谈", "谈了停车位分配和外墙维修的难处。"),
    "consultation_meeting": ("顾客恳谈会", "到会三十余人，收集意见十二条，逐条有人接办。"),
    "committee_minutes": ("业委会会议纪要", "会议议题、到会人数和决议。"),
    "forum": ("学生座谈会", "各楼代表到会，意见集中在热水时间和自习室。"),
    "event": ("社区文化活动", "参加的人比去年多，下次早一点贴通知。"),
    "event_plan": ("全年活动计划", "四次活动，时间和公司计划对齐。"),
    "survey": ("学期问卷", "问卷已收回并汇总，结果在座谈会上说明。"),
    "mid_year_survey": ("年中抽样调查", "按楼抽取，重点顾客优先，回收过半。"),
    "year_end_survey": ("年底全面调查", "全部住户，回收四成。"),
    "annual_survey": ("年度满意度调查", "集团统一问卷，结果已汇总。"),
    "quarterly_satisfaction": ("季度顾客满意调查", "建设方和监理各一份，整改两项。"),
    "comment_book_digest": ("意见簿和访谈汇总", "逐条登记，已转责任人。"),
    "visit_round": ("全年走访", "每户至少一次，三户长期不在家另约。"),
    "warranty_visit": ("保修期质量回访", "逐项看过，屋面一处渗水已报修。"),
}


def by_the_book(site: Site, dice: random.Random, now: datetime) -> None:
    """One working day: the ledger is brought up to it, and what is due soon gets done by whoever owes it."""
    settle(site, duty_facts(site, timezone.localdate(now)), now=now)
    crew = crew_of(site)
    for duty in list(_due(site, dice, now)):
        fresh = Duty.objects.select_related("site", "reference").get(pk=duty.pk)
        if fresh.done_at is None:
            _do(fresh, _doer(fresh, crew), dice, now)


def _due(site: Site, dice: random.Random, now: datetime) -> Iterator[Duty]:
    """What people get round to: nearly all that falls due in the coming days, a third of what was forgotten."""
    for duty in open_now(now=now).filter(site=site).exclude(handbook="").order_by("due_at", "id"):
        about_an_act = duty.reference is None or duty.reference.kind == "DJ"
        if not about_an_act or is_digest(duty.kind, duty.period) or duty.due_at > now + SOON:
            continue
        if dice.random() < (0.93 if duty.due_at >= now else 0.3):
            yield duty


def _doer(duty: Duty, crew: Crew) -> Actor:
    return actor_of(next(iter(crew.holders(duty.owner_role, Role.SITE_MANAGER, Role.DIRECTOR))))


def _do(duty: Duty, by: Actor, dice: random.Random, now: datetime) -> None:
    what, note = TOLD.get(duty.kind, ("办理登记", ""))
    papers = [_paper(timezone.localdate(now))] if dice.random() < 0.85 else []
    kinds = ("annual_survey", "year_end_survey") if duty.kind == "annual_survey" else (duty.kind,)
    about = "" if duty.opens_at <= now <= duty.due_at else duty.period
    done = Done(
        kinds,
        now,
        duty.step,
        about,
        what=what,
        note=note,
        scope=duty.scope,
        papers=tuple(duty.papers if papers else ()),
    )
    reference = duties.attest(duty, done, papers, by=by, now=now)
    if duty.step == "hold" and duty.kind in OCCASIONS and duty.reference_id is None:
        day = timezone.localdate(now)
        follow_on(reference, duty.kind, day=day, facts=duty_facts(duty.site, day))


def _paper(on: date) -> Laid:
    """A made-up scan of a paper."""
    return lay_down(_scan(on.toordinal() % 5), "image/webp")


@cache
def _scan(shade: int) -> bytes:
    """A sheet with ruled lines, as a phone would take it."""
    sheet = Image.new("RGB", (420, 594), (250 - shade, 248 - shade, 240 - shade))
    pen = ImageDraw.Draw(sheet)
    for row in range(70, 560, 26):
        pen.line((36, row, 384 - (row * 7) % 120, row), fill=(120, 120, 128), width=2)
    stream = io.BytesIO()
    sheet.save(stream, "WEBP")
    return stream.getvalue()
