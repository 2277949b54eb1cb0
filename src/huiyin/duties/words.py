"""What the kinds and steps of duties are called, wherever one is shown or told of."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.kit.periods import Period

KIND_WORDS = {
    "solution": N_("给出解决方案"),
    "acknowledgement": N_("首次回应"),
    "first_answer": N_("首次实质答复"),
    "reply": N_("回复来信"),
    "update": N_("告知进展"),
    "look_again": N_("再看一眼在等的事"),
    "extension": N_("决定延期"),
    "acceptance": N_("接办"),
    "follow_up": N_("回访"),
    "complaint_digest": N_("投诉汇总"),
    "follow_up_sample": N_("服务回访抽样"),
    "service_report": N_("管理服务报告"),
    "client_brief": N_("物业管理工作简报"),
    "committee_talk": N_("与业委会主任沟通"),
    "committee_minutes": N_("业委会会议纪要"),
    "consultation_meeting": N_("顾客恳谈会"),
    "forum": N_("座谈会"),
    "event": N_("社区文化活动"),
    "event_plan": N_("年度活动计划"),
    "survey": N_("问卷调查"),
    "mid_year_survey": N_("年中抽样调查"),
    "year_end_survey": N_("年底全面调查"),
    "annual_survey": N_("年度满意度调查"),
    "quarterly_satisfaction": N_("季度满意调查"),
    "comment_book_digest": N_("意见簿与访谈汇总"),
    "visit_round": N_("走访"),
    "visit_finding": N_("走访所得问题"),
    "warranty_visit": N_("保修期质量回访"),
    "corrective_action": N_("纠正措施"),
    "rectification": N_("整改"),
    "effectiveness_check": N_("整改效果验证"),
    "service_catalog": N_("服务目录"),
    "service_follow_up": N_("上门服务回访"),
    "completion": N_("完工"),
    "second_look": N_("复核"),
    "countersign": N_("复签"),
    "measure_wanted": N_("定整改"),
    "case_feedback": N_("反馈处理结果"),
    "chase": N_("催问上级回复"),
    "suggestion": N_("办到采纳的建议"),
    "suggestion_answer": N_("答复建议"),
    "suggestion_review": N_("暂缓建议复查"),
    "tender_review": N_("投标文件评审"),
}
# What sets off duties of its own as it happens.
OCCASION_WORDS = {
    "committee_meeting": N_("业主委员会会议"),
    "event": N_("社区文化活动"),
    "forum": N_("座谈会"),
    "inspection": N_("检查发现的问题"),
    "service": N_("上门服务"),
    "suggestion_deferred": N_("暂缓的建议"),
    "survey": N_("问卷调查"),
    "tender": N_("投标"),
    "visit": N_("走访"),
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


def kind_words(kind: str) -> str:
    """管理服务报告; the code of a kind that has no name."""
    return _(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def occasion_words(occasion: str) -> str:
    return _(OCCASION_WORDS[occasion])


def duty_words(kind: str, step: str, period: str) -> str:
    """管理服务报告 · 提交 · 2026年第3季度; the rounds of one case (1, 2 …) need no words."""
    told = Period.parse(period).label() if len(period) >= len("2026") else ""
    return " · ".join(filter(None, [kind_words(kind), _(STEP_WORDS[step]) if step in STEP_WORDS else "", told]))
