"""Closed lists of the handbook language: what the words of a file may be. docs/handbooks.md explains them."""

from typing import Literal

SiteKind = Literal["residential", "single_owner", "student_housing", "engineering"]
CaseKind = Literal[
    "enquiry", "opinion", "complaint", "suggestion", "compliment", "assistance_request", "repair_request"
]
LimitName = Literal["record", "acknowledgement", "inform", "report_up", "acceptance", "solution", "refer", "follow_up"]
Counting = Literal["calendar", "working"]
Roll = Literal["following", "preceding", "none"]
Frequency = Literal["week", "month", "quarter", "half", "year"]
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
]
DutyStep = Literal["draft", "finance_section", "submit", "review", "ratify", "publish", "file", "hold", "close"]
EvidenceKind = Literal["archive", "case", "form", "minutes", "notice", "photo", "record", "report", "survey", "visit"]
# 拟定, 审阅 (reads, no veto), 审核 (may return), 审批 (decides), 批准 (final authority): never merged, in this order.
Act = Literal["draft", "read_review", "review", "approve", "ratify"]
Audience = Literal["site", "client", "quality_department", "staff"]
Place = Literal["site_page", "notice_board", "company_page", "meeting"]
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
