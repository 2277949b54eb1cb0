"""What the holder of a receipt's link may see of a matter, in plain words. Nothing internal, nobody else's words."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases import queries as cases
from huiyin.cases.forms.receipt_slip import CHINESE, ENGLISH, ReceiptSlip
from huiyin.cases.rules import summary_of
from huiyin.cases.states import EventKind, State, Waiting
from huiyin.duties import queries as ledger
from huiyin.interactions import queries as interactions
from huiyin.interactions.states import ContactKind
from huiyin.organization.queries import crew_of
from huiyin.portal import ways
from huiyin.records import queries as records
from huiyin.references.states import Kind
from huiyin.ui.templatetags.ui import day, moment, short_day

if TYPE_CHECKING:
    from huiyin.cases.models import Case, Event
    from huiyin.interactions.models import Interaction, OwnLetter
    from huiyin.records.models import StoredFile
    from huiyin.references.models import Reference

# What is owed first: an answer where there is nothing to repair, a solution otherwise.
ONLY_ANSWERED = frozenset({ContactKind.ENQUIRY, ContactKind.SUGGESTION, ContactKind.COMPLIMENT})
SPOKEN = ways.SPOKEN | {
    EventKind.SOLVED,
    EventKind.ANSWERED,
    EventKind.FINISHED,
    EventKind.PRAISED,
    EventKind.CLOSED,
    EventKind.WRITTEN,
    EventKind.ACKNOWLEDGED,
    EventKind.ARRIVED,
    EventKind.PAUSED,
    EventKind.EXTENDED,
}
SENTENCE_END = re.compile(r"[。！？!?\n]")


@dataclass
class Step:
    """One line of the story: when, what happened, and what was said (`said` stands as it was written)."""

    at: datetime
    words: str
    said: str = ""
    is_mine: bool = False
    photos: "list[StoredFile]" = field(default_factory=list)


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
    own: "list[Interaction]"
    steps: list[Step]
    keeper: Keeper | None = None
    next_words: str = ""
    is_late: bool = False
    letter: "OwnLetter | None" = None  # where the conversation was begun by us

    @property
    def is_answered(self) -> bool:
        return self.case is not None and self.case.state in {State.ANSWERED, State.CLOSED}

    @property
    def words(self) -> str:
        """Their own words, as they wrote them."""
        return _words(self.own)

    @property
    def remedy_sought(self) -> str:
        return "\n\n".join(one.remedy_sought for one in self.own if one.remedy_sought)

    @property
    def title(self) -> str:
        """Their first sentence."""
        if self.letter is not None:
            return _("%(site)s给您的信") % {"site": self.letter.site.name}
        return summary_of(SENTENCE_END.split(self.words.strip())[0]) or self.reference.number

    @property
    def received_at(self) -> datetime:
        return _since(self.reference, self.own)

    @property
    def due_at(self) -> datetime | None:
        return self.case.solution_due_at if self.case else None

    def shows(self, file: "StoredFile") -> bool:
        return any(file in step.photos for step in self.steps)

    def has_just_said(self, words: str) -> bool:
        """Whether nothing was said since the link's holder wrote exactly this: the button was pressed twice."""
        spoken = [step for step in self.steps if step.said]
        return bool(spoken) and spoken[-1].is_mine and spoken[-1].said == words


def story_of(reference: "Reference", *, now: datetime) -> Story:
    """The story behind a receipt. Constant number of queries, however long it is."""
    letter = interactions.own_letter(reference) if reference.kind == Kind.CONTACT else None
    if letter is not None:
        return _of_letter(letter, now)
    case = cases.behind(reference)
    own = _own_contacts(reference, case)
    opening = Step(_since(reference, own), _("我们收到了您的话。"), _words(own), is_mine=True)
    if case is None:
        answers = [
            Step(one.recorded_at, _("当场答复了您。"), one.answered_at_once) for one in own if one.answered_at_once
        ]
        return Story(reference, None, own, _illustrated([opening, *answers], reference, None, own))
    joined = {one.reference.number: one for one in interactions.contacts_about(case.reference)}
    events = cases.story_events(case, reference)
    lines = [line for event in events if (line := _line(event, reference, joined)) is not None]
    added = [joined[number] for event in events if (number := _added(event, reference)) in joined]
    if case.reference_id != reference.pk and reference.kind == Kind.CONTACT:
        opening.words = _("我们收到了您的话。同样的事正在办，和它一起办。")
    steps = _illustrated([opening, *lines], reference, case, [*own, *added])
    is_late = _is_waiting(case) and case.solution_due_at is not None and case.solution_due_at < now
    coming = " ".join(filter(None, [_next(case, events, is_late), _next_word(case, is_late)]))
    return Story(reference, case, own, steps, _keeper(case), coming, is_late)


def _of_letter(letter: "OwnLetter", now: datetime) -> Story:
    """The story of a letter of ours: what we wrote, and, once it was answered, the matter that came of it."""
    wrote = Step(letter.written_at, _("我们写给您："), letter.words)
    keeper = Keeper(letter.written_by.name, "", letter.written_by.phone or letter.site.phone)
    if letter.answered_by is None:
        return Story(letter.reference, None, [], [wrote], keeper, letter=letter)
    rest = story_of(letter.answered_by, now=now)
    return Story(
        letter.reference, rest.case, rest.own, [wrote, *rest.steps], rest.keeper, rest.next_words, rest.is_late, letter
    )


def _words(own: "list[Interaction]") -> str:
    return "\n\n".join(one.situation for one in own)


def _since(reference: "Reference", own: "list[Interaction]") -> datetime:
    return own[0].occurred_at if own else reference.created_at


def _own_contacts(reference: "Reference", case: "Case | None") -> "list[Interaction]":
    """The contact this receipt was given for. Who joined a case later holds a receipt of their own."""
    if case is not None and reference.kind == Kind.CASE:
        unclaimed = interactions.contacts_about(reference).filter(reference__receipt=None)
        return list(unclaimed.order_by("occurred_at", "id"))
    own = getattr(reference, "interaction", None)
    return [own] if own is not None else []


def _illustrated(
    steps: list[Step], reference: "Reference", case: "Case | None", own: "list[Interaction]"
) -> list[Step]:
    """The steps in order of time, with the photos the link's holder may see: their own, and the staff's public ones.

    Photos of a contact are attached in its own transaction, at the instant it was recorded: that tells those of others.
    """
    opening = steps[0]
    steps.sort(key=lambda step: step.at)
    shown = {reference.pk: reference, **({case.reference_id: case.reference} if case else {})}
    photos = records.files_of(*shown.values()).filter(is_public=True, media_type="image/webp")
    mine = {one.recorded_at for one in own}
    first = {one.recorded_at for one in own[:1]}
    foreign = {one.recorded_at for one in interactions.contacts_about(case.reference)} - mine if case else set()
    for photo in photos:
        if photo.added_at not in foreign:
            before = [step for step in steps if step.at <= photo.added_at]
            (opening if photo.added_at in first or not before else before[-1]).photos.append(photo)
    return steps


def _keeper(case: "Case") -> Keeper:
    crew = crew_of(case.site).people_of(case.department) if case.department else []
    department = case.department.name if case.department and case.accountable in crew else ""
    return Keeper(case.accountable.name, department, case.accountable.phone or case.site.phone)


def _added(event: "Event", reference: "Reference") -> str:
    """The number of the contact that the link's holder added to the matter; empty for other events and other people."""
    is_mine = event.kind == EventKind.JOINED and event.signature == f"link:{reference.number}"
    return str(event.values.get("contact", "")) if is_mine else ""


def _line(event: "Event", reference: "Reference", joined: "dict[str, Interaction]") -> Step | None:
    """A public event in plain words; None for what is told otherwise or belongs to somebody else."""
    values = event.values
    if event.kind == EventKind.JOINED:
        added = joined.get(_added(event, reference))
        return Step(event.at, _("您又写来："), added.situation, is_mine=True) if added else None
    if event.kind == EventKind.OBJECTED:
        is_mine = event.signature == f"link:{reference.number}"
        return Step(event.at, _("您又写来："), event.text, is_mine=True) if is_mine else None
    words = {
        EventKind.INFORMED: _informed(values),
        EventKind.ACCEPTED: _("%(name)s接手办理。") % {"name": values.get("accountable", "")},
        EventKind.SOLVED: _("给您的方案："),
        EventKind.WRITTEN: _("我们写给您："),
        EventKind.ANSWERED: ways.answered(values),
        EventKind.FINISHED: _("完工了："),
        EventKind.PRAISED: _("您的表扬已经转达给%(to)s和上级：") % {"to": values.get("to", "")},
        EventKind.FOLLOWED_UP: _followed_up(values),
        EventKind.REOPENED: _("重新办理，经理已经知道。"),
        EventKind.CLOSED: _("办完了。"),
        EventKind.ACKNOWLEDGED: _("我们回应了您。"),
        EventKind.UPDATED: _("告诉您进展："),
        EventKind.ARRIVED: _("我们的人到了现场。"),
        EventKind.PAUSED: _paused(values),
        EventKind.RESUMED: _("不用再等，接着办了。"),
        EventKind.EXTENDED: _("日期改到 %(day)s：") % {"day": _day_of(values)},
        EventKind.GROUPED: _("别的住户也反映了这件事，放在一起办：方案和答复会告诉每一户。"),
        EventKind.SEPARATED: _("以后单独为您办这一件。"),
        EventKind.MERGED: _("和先前反映的同一件事并成一件办，进展都在这里。"),
    }.get(EventKind(event.kind)) or ways.words(event)
    return Step(event.at, words, event.text if event.kind in SPOKEN else "") if words else None


def _informed(values: dict[str, str]) -> str:
    told = {"department": values.get("department", ""), "name": values.get("to", "")}
    return (_("已派给%(department)s，%(name)s。") if told["name"] else _("已告诉%(department)s。")) % told


WAITED_FOR = {
    Waiting.CUSTOMER: N_("先等您的回音"),
    Waiting.THIRD_PARTY: N_("在等外面的单位"),
    Waiting.OWNERS_DECISION: N_("在等业主们决定"),
    Waiting.PARTS: N_("在等配件"),
    Waiting.WEATHER: N_("在等天气"),
}


def _waited_for(values: dict[str, str]) -> str:
    code = values.get("reason", "")
    return _(WAITED_FOR[Waiting(code)]) if code in Waiting.values else ""


def _day_of(values: dict[str, str]) -> str:
    return short_day(date.fromisoformat(values["until"])) if values.get("until") else ""


def _paused(values: dict[str, str]) -> str:
    return _("%(reason)s，%(day)s 再看：") % {"reason": _waited_for(values), "day": _day_of(values)}


def _followed_up(values: dict[str, str]) -> str:
    said = {
        "satisfied": _("我们回访过了，回答是：满意。"),
        "dissatisfied": _("我们回访过了，回答是：不满意。"),
        "unreached": _("我们打电话回访，没有联系上。"),
    }
    return said.get(values.get("result", ""), "")


def _is_waiting(case: "Case") -> bool:
    return case.state in {State.RECEIVED, State.IN_PROGRESS}


def _next(case: "Case", events: "list[Event]", is_late: bool) -> str:
    """What the customer may expect next, with its date where there is one."""
    if _is_waiting(case) and case.solution_due_at:
        return _promise(case.kind, is_late) % {"day": short_day(case.solution_due_at)}
    if case.state == State.WAITING:
        values: dict[str, str] = next((one.values for one in reversed(events) if one.kind == EventKind.PAUSED), {})
        return _("%(reason)s，最迟 %(day)s 再看一次。") % {"reason": _waited_for(values), "day": _day_of(values)}
    if expected := ways.expected(case):
        return expected
    waiting: dict[str, str] = {
        State.SOLVED: _("我们照这个方案去办，办好了给您答复。"),
        State.ANSWERED: _("过几天我们再问您一声，是不是真的好了。"),
        State.REFERRED: _("有了回音，马上告诉您。"),
    }
    return waiting.get(case.state, "")


def _next_word(case: "Case", is_late: bool) -> str:
    """By when we say how it stands, at the latest. One query."""
    due_at = None if is_late else ledger.next_due(case.reference, "update")
    if due_at is None:
        return ""
    at = timezone.localtime(due_at)
    ends_with_day = at.time() >= time(23, 59, 59)
    return _("最晚 %(day)s 告诉您进展。") % {"day": short_day(at) if ends_with_day else moment(at)}


def _promise(kind: str, is_late: bool) -> str:
    if kind in ONLY_ANSWERED:
        late = _("本该在 %(day)s 前给您答复，我们迟了，对不起。您可以直接打电话给负责的同事。")
        return late if is_late else _("最迟 %(day)s 前给您答复。")
    late = _("本该在 %(day)s 前给您方案，我们迟了，对不起。您可以直接打电话给负责的同事。")
    return late if is_late else _("最迟 %(day)s 前给您方案。")


def routes_of(text: str) -> list[str]:
    """One line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def slip_of(story: Story, *, address: str) -> ReceiptSlip:
    """The receipt as it is printed, in the reader's language."""
    site = story.reference.site
    return ReceiptSlip(
        company=site.company.name,
        site=site.name,
        number=story.reference.number,
        received=moment(story.received_at),
        understood=story.words,
        accountable=story.keeper.name if story.keeper else "",
        phone=story.keeper.phone if story.keeper else site.phone,
        due=day(story.due_at),
        objection=_("打开这张回执的链接，直接写下来，我们重新办理。") if story.case else "",
        routes="\n".join(routes_of(site.external_routes)),
        qr_url=address,
        labels=ENGLISH if (get_language() or "").startswith("en") else CHINESE,
    )
