"""What the holder of a receipt's link may see of a matter, in plain words. Nothing internal, nobody else's words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from huiyin.cases import queries as cases
from huiyin.cases.rules import summary_of
from huiyin.cases.states import EventKind, State
from huiyin.interactions import queries as interactions
from huiyin.interactions.states import ContactKind
from huiyin.records import queries as records
from huiyin.organization.queries import crew_of
from huiyin.ui.templatetags.ui import short_day

if TYPE_CHECKING:
    from huiyin.cases.models import Case, Event
    from huiyin.interactions.models import Interaction
    from huiyin.records.models import StoredFile
    from huiyin.references.models import Reference

# What is owed first: an answer where there is nothing to repair, a solution otherwise.
ONLY_ANSWERED = frozenset({ContactKind.ENQUIRY, ContactKind.SUGGESTION, ContactKind.COMPLIMENT})


@dataclass(frozen=True)
class Step:
    """One line of the story: when, what we did, and what was said (`said` is kept as it was written)."""

    at: datetime
    words: str
    said: str = ""
    is_mine: bool = False


@dataclass(frozen=True)
class Keeper:
    """The person who answers for the matter."""

    name: str
    department: str
    phone: str


@dataclass(frozen=True)
class Story:
    """A matter as its customer sees it. `case` is None for what was answered at once."""

    reference: "Reference"
    case: "Case | None"
    words: str
    remedy_sought: str
    received_at: datetime
    keeper: Keeper | None
    due_at: datetime | None
    steps: list[Step]
    next_words: str = ""
    photos: "list[StoredFile]" = field(default_factory=list)

    @property
    def title(self) -> str:
        return summary_of(self.words) if self.words else self.reference.number

    @property
    def is_open(self) -> bool:
        return bool(self.case and self.case.state != State.CLOSED)


def story_of(reference: "Reference", *, now: datetime) -> Story:
    """The story behind a receipt. Constant number of queries, however long it is."""
    case = cases.behind(reference)
    own = _own_contacts(reference, case)
    if case is None:
        answers = [Step(one.recorded_at, _("当场答复了您。"), one.answered_at_once) for one in own if one.answered_at_once]
        return _told(reference, None, own, [Step(_since(reference, own), _("我们收到了您的话。"), _words(own)), *answers], now)
    events = cases.timeline(case, public_only=True)
    lines = [line for event in events if (line := _line(event, case, reference)) is not None]
    if case.reference_id == reference.pk:
        lines.insert(0, Step(case.received_at, _("我们收到了您的话。"), _words(own)))
    else:
        lines.append(Step(_since(reference, own), _("我们收到了您的话。同样的事正在办，和它一起办。"), _words(own)))
        lines.sort(key=lambda step: step.at)
    return _told(reference, case, own, lines, now)


def _words(own: "list[Interaction]") -> str:
    return "\n\n".join(one.situation for one in own)


def _since(reference: "Reference", own: "list[Interaction]") -> datetime:
    return own[0].occurred_at if own else reference.created_at


def photos_of(reference: "Reference", case: "Case | None", own: "list[Interaction]") -> "list[StoredFile]":
    """Photos the link's holder may see: their own and what the staff made public, not those of other contacts.

    Photos of a contact are attached in its own transaction, at the instant it was recorded.
    """
    photos = list(records.files_of(case.reference if case else reference).filter(is_public=True, media_type="image/webp"))
    if case is None or not photos:
        return photos
    mine = {one.recorded_at for one in own}
    foreign = {one.recorded_at for one in interactions.contacts_about(case.reference)} - mine
    return [photo for photo in photos if photo.added_at not in foreign]


def _own_contacts(reference: "Reference", case: "Case | None") -> "list[Interaction]":
    """The contact this receipt was given for. Who joined a case later holds a receipt of their own."""
    if case is not None and case.reference_id == reference.pk:
        return list(interactions.contacts_about(reference).filter(reference__receipt=None).order_by("occurred_at", "id"))
    own = getattr(reference, "interaction", None)
    return [own] if own is not None else []


def _told(
    reference: "Reference", case: "Case | None", own: "list[Interaction]", steps: list[Step], now: datetime
) -> Story:
    return Story(
        reference=reference,
        case=case,
        words=_words(own),
        remedy_sought="\n\n".join(one.remedy_sought for one in own if one.remedy_sought),
        received_at=_since(reference, own),
        keeper=_keeper(case) if case else None,
        due_at=case.solution_due_at if case else None,
        steps=steps,
        next_words=_next(case, now) if case else "",
        photos=photos_of(reference, case, own),
    )


def _keeper(case: "Case") -> Keeper:
    crew = crew_of(case.site).people_of(case.department) if case.department else []
    department = case.department.name if case.department and case.accountable in crew else ""
    return Keeper(case.accountable.name, department, case.accountable.phone or case.site.phone)


def _line(event: "Event", case: "Case", reference: "Reference") -> Step | None:
    """A public event in plain words; None for what is told otherwise or belongs to somebody else."""
    values = event.values
    if event.kind == EventKind.OBJECTED:
        is_mine = event.signature == f"link:{reference.number}"
        return Step(event.at, _("您写道："), event.text, is_mine=True) if is_mine else None
    words = {
        EventKind.INFORMED: _informed(values),
        EventKind.ACCEPTED: _("%(name)s接手办理。") % {"name": values.get("accountable", "")},
        EventKind.SOLVED: _("给您的解决方案："),
        EventKind.ANSWERED: _("给您的答复："),
        EventKind.REFERRED: _("超出了我们的权限，已报 %(addressee)s。原因：") % {"addressee": values.get("addressee", "")},
        EventKind.FOLLOWED_UP: _followed_up(values),
        EventKind.REOPENED: _("重新办理，经理已知道。"),
        EventKind.CLOSED: _("办完了。"),
    }.get(EventKind(event.kind))
    shows_text = event.kind in {EventKind.SOLVED, EventKind.ANSWERED, EventKind.REFERRED, EventKind.CLOSED}
    return Step(event.at, words, event.text if shows_text else "") if words else None


def _informed(values: dict[str, str]) -> str:
    told = {"department": values.get("department", ""), "name": values.get("to", "")}
    return (_("已派给%(department)s，%(name)s。") if told["name"] else _("已告诉%(department)s。")) % told


def _followed_up(values: dict[str, str]) -> str:
    said = {
        "satisfied": _("我们回访了，得到的回答是：满意。"),
        "dissatisfied": _("我们回访了，得到的回答是：不满意。"),
        "unreached": _("我们回访了，没有联系上。"),
    }
    return said.get(values.get("result", ""), _("我们回访了。"))


def _next(case: "Case", now: datetime) -> str:
    """What the customer may expect next, with its date where there is one."""
    if case.state in {State.RECEIVED, State.IN_PROGRESS} and case.solution_due_at:
        is_late = case.solution_due_at < now
        return _promise(case.kind, is_late) % {"day": short_day(case.solution_due_at)}
    waiting: dict[str, str] = {
        State.SOLVED: _("照这个方案去办，办好了给您答复。"),
        State.ANSWERED: _("过几天问您一声，是不是真的好了。"),
        State.REFERRED: _("有了回音马上告诉您。"),
    }
    return waiting.get(case.state, "")


def _promise(kind: str, is_late: bool) -> str:
    if kind in ONLY_ANSWERED:
        return _("本该在 %(day)s 前给您答复，我们迟了。请直接打下面的电话催我们。") if is_late else _("最迟 %(day)s 前给您答复。")
    return _("本该在 %(day)s 前给您方案，我们迟了。请直接打下面的电话催我们。") if is_late else _("最迟 %(day)s 前给您方案。")


def has_said(story: Story, words: str) -> bool:
    """Whether the link's holder has written exactly this before: the button was pressed twice."""
    return any(step.is_mine and step.said == words for step in story.steps)


def routes_of(text: str) -> list[str]:
    """One line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]

