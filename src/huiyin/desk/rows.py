"""Rows of lists: what a template needs of a duty, a case or a hit, and nothing more."""

from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases.models import Case
from huiyin.cases.queries import Line
from huiyin.cases.states import OPEN_STATES, State
from huiyin.duties.models import Duty
from huiyin.duties.rules import standing
from huiyin.duties.states import Standing
from huiyin.engineering.queries import part_name
from huiyin.interactions.states import ContactKind
from huiyin.kit.counting import Reason, explain
from huiyin.kit.periods import Period
from huiyin.organization.queries import cluster_name
from huiyin.references.models import Reference
from huiyin.references.states import Kind

MOST = 1000  # rows one may leaf through; who looks for an older one narrows the list or searches
# What a kind of duty is called, and what the button on its row says.
DUTY_WORDS = {
    "solution": (N_("给出解决方案"), N_("给方案")),
    "acceptance": (N_("接办"), N_("接办")),
    "follow_up": (N_("回访"), N_("回访")),
    "complaint_digest": (N_("投诉汇总"), N_("打开汇总")),
    "follow_up_sample": (N_("服务回访抽样"), N_("办理")),
    "service_report": (N_("管理服务报告"), N_("办理")),
    "client_brief": (N_("物业管理工作简报"), N_("办理")),
    "committee_talk": (N_("与业委会主任沟通"), N_("办理")),
    "committee_minutes": (N_("业委会会议纪要"), N_("办理")),
    "consultation_meeting": (N_("顾客恳谈会"), N_("办理")),
    "forum": (N_("座谈会"), N_("办理")),
    "event": (N_("社区文化活动"), N_("办理")),
    "event_plan": (N_("年度活动计划"), N_("办理")),
    "survey": (N_("问卷调查"), N_("办理")),
    "mid_year_survey": (N_("年中抽样调查"), N_("办理")),
    "year_end_survey": (N_("年底全面调查"), N_("办理")),
    "annual_survey": (N_("年度满意度调查"), N_("办理")),
    "quarterly_satisfaction": (N_("季度满意调查"), N_("办理")),
    "comment_book_digest": (N_("意见簿与访谈汇总"), N_("办理")),
    "visit_round": (N_("走访"), N_("办理")),
    "visit_finding": (N_("走访所得问题"), N_("办理")),
    "warranty_visit": (N_("保修期质量回访"), N_("办理")),
    "corrective_action": (N_("纠正措施"), N_("办理")),
    "service_follow_up": (N_("上门服务回访"), N_("办理")),
    "suggestion_review": (N_("暂缓建议复查"), N_("办理")),
    "tender_review": (N_("投标文件评审"), N_("办理")),
}
STEP_WORDS = {
    "draft": N_("起草"),
    "finance_section": N_("财务部分"),
    "submit": N_("提交"),
    "review": N_("审核"),
    "approve": N_("审批"),
    "ratify": N_("批准"),
    "publish": N_("公布"),
    "file": N_("归档备案"),
    "hold": N_("举行"),
    "close": N_("完成"),
}
GLYPHS = {
    Standing.KEPT: "kept",
    Standing.RUNNING: "running",
    Standing.DUE_SOON: "soon",
    Standing.LATE: "late",
    Standing.MISSING: "missing",
    Standing.NOT_APPLICABLE: "none",
}


class Leaves(Paginator):  # type: ignore[type-arg]
    """The first MOST rows of a query set in pages, counted no further: a list of a million opens like one of a thousand."""

    @cached_property
    def _counted(self) -> int:
        return int(cast(QuerySet[Model], self.object_list)[: MOST + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def total(self) -> str:
        """How many there are, for people: 87, 1,000, or 1,000+ where it is more."""
        return f"{self.count:,}" + ("+" if self._counted > MOST else "")


def duty_words(kind: str, step: str, period: str) -> str:
    """管理服务报告 · 提交 · 2026年第3季度."""
    name, _act = DUTY_WORDS.get(kind, (kind, ""))
    words = [_(name), _(STEP_WORDS[step]) if step in STEP_WORDS else "", _period(period)]
    return " · ".join(word for word in words if word)


def duty_row(duty: Duty, now: datetime) -> dict[str, Any]:
    """A duty as a row: what, about what, how it stands, why then, and where the work is done."""
    _name, act = DUTY_WORDS.get(duty.kind, (duty.kind, N_("打开")))
    stands = standing(duty.due_at, duty.done_at, now, not_applicable=bool(duty.not_applicable))
    return {
        "duty": duty,
        "title": duty_words(duty.kind, duty.step, duty.period),
        "note": duty.reference.title if duty.reference else "",
        "number": duty.reference.number if duty.reference else "",
        "url": _url(duty),
        "page": reverse("duty", args=[duty.pk]),
        "act": _(act),
        "standing": stands,
        "glyph": GLYPHS[stands],
        "why": explain(Reason.from_json(reason) for reason in duty.why),
        "who": duty.owner.name if duty.owner else "",
    }


def _period(name: str) -> str:
    """A period in words; the rounds of one case (1, 2 …) need none."""
    return Period.parse(name).label() if len(name) >= len("2026") else ""


def is_registered(duty: Duty) -> bool:
    """Whether a duty is kept by registering the act, having no tool of its own yet."""
    if duty.reference is not None:
        return duty.reference.kind == Kind.ACT
    return not (duty.kind == "complaint_digest" and Period.parse(duty.period).kind == "month")


def scope_words(duty: Duty) -> str:
    """What of the site a duty is owed for, in words: a cluster's or a part's name; empty = all of it."""
    what, _sign, key = duty.scope.partition(":")
    if what == "cluster":
        return cluster_name(duty.site_id, key) or key
    if what == "part" and key.isdigit():
        return part_name(int(key)) or key
    return key


def _url(duty: Duty) -> str:
    """Where the work is done."""
    if is_registered(duty):
        return reverse("duty", args=[duty.pk])
    if duty.reference is not None:
        return reverse("permanent", args=[duty.reference.number])
    return f"{reverse('digests')}?period={duty.period}"


def case_row(case: Case) -> dict[str, Any]:
    """A case as a row of a list."""
    about = {"case": case, "number": case.reference.number, "place": case.building.name if case.building else ""}
    return about | _progress(case)


def line_row(line: Line) -> dict[str, Any]:
    """A line of the long list, ready to be set: the template looks up nothing behind it."""
    about: dict[str, Any] = {
        "number": line.number,
        "url": _case_url(line.number),
        "summary": line.summary,
        "place": line.building or "",
    }
    about |= {"kind": str(ContactKind(line.kind).label), "who": line.accountable, "received_at": line.received_at}
    return about | _progress(line)


def _progress(case: Case | Line) -> dict[str, Any]:
    is_open = case.state in OPEN_STATES
    waits = is_open and case.solved_at is None and not case.is_history
    late = bool(case.first_solved_at and case.first_due_at and case.first_solved_at > case.first_due_at)
    state = str(State(case.state).label)
    return {
        "state": _("%(state)s，方案迟了") % {"state": state} if late else state,
        "glyph": "late" if late else ("running" if is_open else "kept"),
        "due_at": case.solution_due_at if waits else None,
    }


@lru_cache(maxsize=4096)
def _case_url(number: str) -> str:
    return reverse("case", args=[number])


def hit_row(reference: Reference) -> dict[str, Any]:
    return {
        "id": reference.pk,
        "number": reference.number,
        "kind": Kind(reference.kind).label,
        "title": reference.title,
        "site": reference.site.name,
        "at": reference.created_at,
    }
