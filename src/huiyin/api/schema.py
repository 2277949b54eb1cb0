"""What the API reads and writes, as msgspec structures. The description at /api/v1/openapi.json is made from these."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from huiyin.cases.states import State
from huiyin.duties.states import Standing
from huiyin.interactions.states import Channel, ContactKind

Code = Annotated[str, Meta(min_length=1, max_length=40)]
Text = Annotated[str, Meta(max_length=10_000)]
Line = Annotated[str, Meta(max_length=120)]
Cursor = Annotated[str, Meta(max_length=120)]

# Closed lists of requests, written out because they are the contract; a test compares them with the domain's.
ChannelCode = Literal[
    "desk",
    "phone",
    "duty_room",
    "comment_book",
    "email",
    "online_chat",
    "wechat_group",
    "web",
    "survey",
    "visit",
    "meeting",
    "interview",
    "hotline_12345",
    "letter",
]
KindCode = Literal[
    "enquiry", "opinion", "complaint", "suggestion", "compliment", "assistance_request", "repair_request"
]
StateCode = Literal["received", "in_progress", "solved", "answered", "referred", "waiting", "deferred", "closed"]
ResultCode = Literal["satisfied", "dissatisfied", "unreached"]

# The same lists in answers: described, not checked again.
ChannelShown = Annotated[str, Meta(extra_json_schema={"enum": list(Channel.values)})]
KindShown = Annotated[str, Meta(extra_json_schema={"enum": list(ContactKind.values)})]
StateShown = Annotated[str, Meta(extra_json_schema={"enum": list(State.values)})]
StatusShown = Annotated[str, Meta(extra_json_schema={"enum": list(Standing.values)})]


class FieldFault(Struct):
    """One thing to correct. `field` is its path in the request, such as `customer.phone`; empty for the whole."""

    field: str
    message: str


class Problem(Struct):
    """RFC 9457, with a list of fields."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldFault]


class Repeatable(Struct):
    """Header of every write. The same key and body answer the same; another body under it is a conflict."""

    key: Annotated[str, Meta(max_length=80, pattern=r"^[\x21-\x7e]*$")] = field(default="", name="Idempotency-Key")


class OneCase(Struct):
    reference: str


class Person(Struct):
    """Who spoke. Everything is optional; nothing is asked for twice."""

    name: Annotated[str, Meta(max_length=80)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None
    room: Annotated[str, Meta(max_length=40)] | None = None
    email: Annotated[str, Meta(max_length=120)] | None = None


class NewContact(Struct):
    """One contact with a customer, in their own words. `occurred_at` is when it reached us; the clock starts there."""

    site: Code
    channel: ChannelCode
    kind: KindCode
    situation: Text
    remedy_sought: Text | None = None
    category: Annotated[str, Meta(max_length=40)] | None = None
    place: Line | None = None
    occurred_at: datetime | None = None
    answered_at_once: Text | None = None
    customer: Person | None = None


class OpenedCase(Struct):
    reference: str
    state: StateShown
    solution_due: datetime | None
    accountable: str


class TakenContact(Struct):
    """`case` is null for what was answered at once."""

    reference: str
    receipt_url: str
    case: OpenedCase | None


class Solution(Struct):
    plan: Text


class Answer(Struct):
    """With `check` an answer that leaves out a numbered point of what was asked, a day or somebody to turn to is refused with
    all that is missing, unless `despite` says why it leaves all the same; both stay with it inside the house. `finish_on`:
    work is still to be done, until that day."""

    text: Text
    check: bool = False
    despite: Annotated[str, Meta(max_length=500)] | None = None
    finish_on: date | None = None


class FollowUp(Struct):
    """`waiver` says why the handler asks himself: otherwise somebody else has to. `score` is 1 to 5, where one was given."""

    result: ResultCode
    channel: ChannelCode
    score: Annotated[int, Meta(ge=1, le=5)] | None = None
    words: Text | None = None
    waiver: Annotated[str, Meta(max_length=200)] | None = None


class HandOff(Struct):
    """`to` is the user name of a colleague with a post at the site."""

    to: Annotated[str, Meta(max_length=150)]
    why: Text | None = None


class Because(Struct):
    why: Text


class Referral(Struct):
    """`why` is told to the customer; `asked` is what we want of them; `expected_on` until when (the handbook's day else)."""

    to: Line
    why: Text
    asked: Text | None = None
    expected_on: date | None = None


class Closing(Struct):
    outcome: Literal["accepted", "exhausted", "referred", "merged", "adopted", "declined", "passed_on"]
    words: Text | None = None
    category: Line | None = None


class CaseRow(Struct):
    """A case in a list."""

    reference: str
    kind: KindShown
    category: str
    state: StateShown
    title: str
    summary: str
    site: str
    place: str
    received_at: datetime
    solution_due: datetime | None
    accountable: str


class ContactRow(Struct):
    """One voice of a case. Numbers and addresses are masked."""

    reference: str
    channel: ChannelShown
    kind: KindShown
    situation: str
    remedy_sought: str
    place: str
    occurred_at: datetime
    name: str
    reached_by: list[str]


class EventRow(Struct):
    """One line of the timeline. Internal lines are shown to whoever may write them."""

    kind: str
    at: datetime
    text: str
    values: dict[str, Any]
    by: str
    public: bool


class DutyRow(Struct):
    """One dated obligation. `why` tells how its date was counted; `evidence` names what kept it."""

    handbook: str
    clause: str
    kind: str
    step: str
    period: str
    reference: str | None
    site: str
    opens: datetime
    due: datetime
    provisional: bool
    done: datetime | None
    status: StatusShown
    why: str
    owner: str
    evidence: list[str]


class CaseSheet(CaseRow, kw_only=True):
    """Everything about one case."""

    room: str
    department: str
    handler: str
    handed_to: str
    solved_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str
    referred_to: str
    contacts: list[ContactRow]
    timeline: list[EventRow]
    duties: list[DutyRow]


class Hit(Struct):
    """Something found. `state` is there for cases."""

    reference: str
    kind: Literal["case", "contact", "notice", "report"]
    title: str
    site: str
    created_at: datetime
    state: StateShown | None


class CasePage(Struct):
    items: list[CaseRow]
    next_cursor: str | None


class DutyPage(Struct):
    items: list[DutyRow]
    next_cursor: str | None


class HitPage(Struct):
    items: list[Hit]
    next_cursor: str | None


class CaseQuery(Struct):
    site: Code | None = None
    state: StateCode | None = None
    cursor: Cursor | None = None


class DutyQuery(Struct):
    """Days, both included; without them the current month."""

    site: Code
    first: date | None = msgspec.field(default=None, name="from")
    last: date | None = msgspec.field(default=None, name="to")
    cursor: Cursor | None = None


class SearchQuery(Struct):
    q: Annotated[str, Meta(max_length=200)]
    cursor: Cursor | None = None
