"""Closed lists of the handbook language: what the words of a file may be. docs/handbooks.md explains them."""

from typing import Literal, get_args

SiteKind = Literal["residential", "single_owner", "student_housing", "engineering"]
CaseKind = Literal[
    "enquiry", "opinion", "complaint", "suggestion", "compliment", "assistance_request", "repair_request"
]
LimitName = Literal[
    "record",
    "acknowledgement",
    "inform",
    "report_up",
    "acceptance",
    "first_answer",
    "update",
    "solution",
    "refer",
    "follow_up",
    "chase",
    "suggestion_review",
    "effect_window",
    "effectiveness_check",
    "second_look",
    "case_feedback",
    "countersign",
    "measure_wanted",
]
# What the first assessment of a case comes to, gravest first; not assessed counts as normal.
Urgency = Literal["danger", "urgent", "serious", "normal"]
Counting = Literal["calendar", "working"]
Roll = Literal["following", "preceding", "none"]
Frequency = Literal["week", "month", "quarter", "half", "semester", "year", "occasion"]
# What one duty is owed for: the whole site, each cluster of it, each part under warranty.
Per = Literal["site", "cluster", "warranty_part"]
# Facts of a site that a duty may hang on; where one does not hold, the duty is not applicable.
Need = Literal["owners_committee"]
# Customers whom a procedure gives a part: they act through a personal link, not a log-in.
CustomerRole = Literal["committee_chair", "client", "supervising_engineer", "student_representative"]
Phase = Literal["bidding", "construction", "completion", "warranty"]
# What sets off the steps of a duty that comes with an occasion.
Occasion = Literal[
    "committee_meeting", "event", "forum", "inspection", "service", "suggestion_deferred", "survey", "tender", "visit"
]
OCCASIONS: frozenset[str] = frozenset(get_args(Occasion))
QuotaName = Literal[
    "follow_up_sample",
    "focus_customers",
    "mid_year_sample",
    "mid_year_returns",
    "year_end_returns",
    "proactive_contacts",
]
# What a quota is a share of. services = completed in-home services of the month; issued = forms handed out.
QuotaBase = Literal["services", "customers", "sample", "issued", "contacts"]
DutyKind = Literal[
    "complaint_digest",
    "follow_up_sample",
    "service_report",
    "client_brief",
    "committee_talk",
    "consultation_meeting",
    "forum",
    "event",
    "event_plan",
    "survey",
    "mid_year_survey",
    "year_end_survey",
    "annual_survey",
    "quarterly_satisfaction",
    "comment_book_digest",
    "visit_round",
    "warranty_visit",
    "committee_minutes",
    "contact_sheet",
    "corrective_action",
    "case_feedback",
    "bulletin",
    "notice",
    "service_catalog",
    "service_follow_up",
    "suggestion_answer",
    "suggestion_review",
    "tender_review",
    "visit_finding",
]
DutyStep = Literal["draft", "finance_section", "submit", "review", "ratify", "publish", "file", "hold", "close"]
EvidenceKind = Literal["archive", "case", "form", "minutes", "notice", "photo", "record", "report", "survey", "visit"]
# 拟定, 审阅 (reads, no veto), 审核 (may return), 审批 (decides), 批准 (final authority): never merged, in this order.
Act = Literal["draft", "read_review", "review", "approve", "ratify"]
Audience = Literal["site", "owners", "affected", "client", "quality_department", "staff", "customer"]
Place = Literal["site_page", "notice_board", "company_page", "meeting", "customer"]
Channel = Literal[
    "desk",
    "phone",
    "duty_room",
    "comment_book",
    "email",
    "online_chat",
    "wechat_group",
    "survey",
    "web",
    "visit",
    "meeting",
    "interview",
    "hotline_12345",
    "letter",
]
RetainedFrom = Literal["made", "closed", "expired"]

# What the product answers a clause with. READY says which of them exist today: the rest is shown as not yet supported.
Means = Literal[
    "approvals",
    "archive",
    "case_form",
    "cases",
    "chat",
    "contact_sheet",
    "corrective_actions",
    "directory",
    "duties",
    "duty_log",
    "engineering",
    "event_records",
    "figures",
    "follow_up",
    "forms_register",
    "gatherings",
    "mail",
    "matrix",
    "messages",
    "notices",
    "portal",
    "publication",
    "referral",
    "remits",
    "reports",
    "requirements",
    "search",
    "service_catalog",
    "service_record",
    "service_reports",
    "services",
    "suggestions",
    "surveys",
    "visits",
]
READY: frozenset[str] = frozenset(
    {
        "approvals",
        "archive",
        "case_form",
        "cases",
        "corrective_actions",
        "directory",
        "duties",
        "duty_log",
        "figures",
        "follow_up",
        "forms_register",
        "matrix",
        "messages",
        "portal",
        "publication",
        "referral",
        "remits",
        "reports",
        "search",
        "service_catalog",
        "service_record",
        "suggestions",
    }
)
