"""What may be done to a case, decided on values; and the refusals that say why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases.states import BY_NAME, OVERSEEN, TRANSITIONS, FollowUpResult, Outcome, State, Transition
from huiyin.interactions.states import ContactKind
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal

ATTEMPTS = 3  # documented calls after which an unreached customer no longer keeps a case open (S3.2.3.a)
SUMMARY_LENGTH = 60
LONGEST_WAIT = timedelta(days=3660)  # nobody is promised anything for later
GONE = N_("（已按本人要求删除）")  # in place of words; the same in every language, for it is kept, not set
KEPT_YEARS = 3  # after a matter is closed: as long as a claim may be brought (Civil Code §188)


@dataclass(frozen=True)
class Needed:
    """One reason why a person's data can not be deleted yet, in words for that person."""

    code: str
    words: str


class StillNeeded(Refusal):
    """Deletion on request is refused, with every reason (PIPL arts. 47, 50)."""

    def __init__(self, needed: Sequence[Needed]) -> None:
        reasons = " ".join(one.words for one in needed)
        super().__init__(_("现在还不能删除：%(reasons)s 已把这次申请和理由记录在案。") % {"reasons": reasons})


class IllegalMove(Refusal):
    def __init__(self, transition: Transition, state: str) -> None:
        label = State(state).label
        super().__init__(
            _("现在不能“%(act)s”：这件事项的状态是“%(state)s”。") % {"act": transition.label, "state": label}
        )


# What is done instead, with kinds that are not solved or answered like the others.
OWN_WAY = {
    ContactKind.SUGGESTION.value: _("先作可行性分析，再采纳、暂缓或不采纳。"),
    ContactKind.COMPLIMENT.value: _("表扬要转达并致谢。"),
}


class WrongKind(Refusal):
    def __init__(self, transition: Transition, kind: str) -> None:
        told = {"act": transition.label, "kind": ContactKind(kind).label}
        words = _("“%(act)s”不适用于这一类事项（%(kind)s）。") % told
        instead = OWN_WAY.get(kind, "") if kind in transition.not_for else ""
        super().__init__(f"{words}{instead}")


class NotNamed(Refusal):
    """A suggestion is answered by whom the manager named, where the handbook says so (S4.4.2.1.3.b)."""

    def __init__(self, named: str) -> None:
        if named:
            super().__init__(_("这条建议由经理指定的%(name)s答复，别人不能代为答复。") % {"name": named})
        else:
            super().__init__(_("按制度，建议要先由经理指定谁来答复。"))


class NotWeighed(Refusal):
    def __init__(self) -> None:
        super().__init__(_("先写可行性分析：要多少、好在哪、让不让做、谁来做。"))


class NoVerdict(Refusal):
    def __init__(self) -> None:
        super().__init__(_("建议要先有结论（采纳、暂缓或不采纳）才能办结。"), "outcome")


class OtherVerdict(Refusal):
    def __init__(self, outcome: str) -> None:
        super().__init__(
            _("这条建议的结果是“%(outcome)s”，请照这个办结。") % {"outcome": Outcome(outcome).label}, "outcome"
        )


class OnlyForSuggestions(Refusal):
    def __init__(self) -> None:
        super().__init__(_("“采纳”和“不采纳”只用于建议。"), "outcome")


class NotYetRealized(Refusal):
    def __init__(self) -> None:
        super().__init__(_("建议采纳了，还没有办到：办到以后先写结果。"), "outcome")


class WrongDay(Refusal):
    """A day that is past, or later than the rules allow."""

    def __init__(self, field: str, latest: date | None = None) -> None:
        if latest is None:
            super().__init__(_("请写今天以后的日子。"), field)
        else:
            super().__init__(_("请写今天以后、%(day)s 以前的日子。") % {"day": latest.isoformat()}, field)


class StillReferred(Refusal):
    def __init__(self, to: str) -> None:
        super().__init__(_("已报%(to)s，还没有回音：先记下回复，再办结。") % {"to": to}, "outcome")


class NothingReferred(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件事项没有在等上级的回复。"))


class AlreadyReferred(Refusal):
    def __init__(self, to: str) -> None:
        super().__init__(_("已经报给%(to)s，还在等回复：可以催问，或记下回复以后再报别处。") % {"to": to}, "to")


class ChangedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(_("您打开之后，别人已经改动了这件事项。您写的内容还在，请看过新的进展再提交。"))


class NothingWritten(Refusal):
    def __init__(self, field: str) -> None:
        super().__init__(_("这一栏不能空着。"), field)


class SameHands(Refusal):
    def __init__(self) -> None:
        super().__init__(_("回访要由处理人以外的人来做；人手不够时，请写明原因。"), "waiver")


class NobodyCalled(Refusal):
    def __init__(self) -> None:
        super().__init__(_("回访要由一位员工来做。"))


class ScoreSaysOtherwise(Refusal):
    def __init__(self) -> None:
        super().__init__(_("打分和结果对不上：满意是 3 到 5 分，不满意是 1 到 3 分，没联系上不打分。"), "score")


class NotFollowedUp(Refusal):
    def __init__(self) -> None:
        super().__init__(_("办结前要先回访：顾客满意，或三次都没有联系上。"), "outcome")


class StillDissatisfied(Refusal):
    def __init__(self) -> None:
        super().__init__(_("顾客不满意，不能办结：请重新处理，或由上级再看一遍。"), "outcome")


class NotOffered(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件事项没有转交给您。"))


class NobodyThere(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这个站点还没有人负责，暂时不能受理。请直接打值班电话。"))


class NotToJoin(Refusal):
    def __init__(self) -> None:
        super().__init__(_("那件事项已经办结或属于别的站点，请另记一件。"), "joins")


class WrongAddressee(Refusal):
    def __init__(self, field: str = "to") -> None:
        super().__init__(_("请选本站点在岗的同事。"), field)


class Numbered(Protocol):
    """A reference, as far as rules look at it."""

    @property
    def number(self) -> str: ...
    @property
    def sensitivity(self) -> int: ...


class Alike(Protocol):
    """A case, as far as merging and grouping look at it."""

    @property
    def pk(self) -> int: ...
    @property
    def site_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def reference(self) -> Numbered: ...


class NotTogether(Refusal):
    """These cases can not be merged or grouped; says why."""


class MergedElsewhere(Refusal):
    def __init__(self) -> None:
        super().__init__(_("要并入另一件，请用“并入他项”，写明并到哪一件。"), "outcome")


class NotAllAnswered(Refusal):
    def __init__(self, count: int) -> None:
        super().__init__(_("群诉里还有 %(n)s 户没有答复：先答复，或把它们移出去单独办。") % {"n": count}, "outcome")


class UnknownCategory(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请从制度列出的事由里选一类。"), "category")


class NotCategorized(Refusal):
    def __init__(self) -> None:
        super().__init__(_("办结前要先归类：制度规定每一件都要有事由。"), "category")


class NothingChosen(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请至少选两件。"), "lead")


def check_mergeable(case: "Alike", into: "Alike") -> None:
    """A duplicate goes into an open case of the same site, as widely seen, and a complaint into a complaint alone."""
    if case.pk == into.pk:
        raise NotTogether(_("一件事项不能并入自己。"), "into")
    if into.site_id != case.site_id or into.state == State.CLOSED:
        raise NotTogether(_("要并入的那件已经办结或属于别的站点。"), "into")
    if case.parent_id is not None:
        raise NotTogether(_("这件在群诉里，先移出群诉再并。"), "into")
    if case.kind == ContactKind.COMPLAINT != into.kind:
        raise NotTogether(_("投诉只能并入投诉：否则这一件就不回访、不进汇总了。"), "into")
    _check_as_widely_seen(case, into, "into")


def check_groupable(lead: "Alike", case: "Alike") -> None:
    """A case joins the group of a lead of the same site, as widely seen; neither stands in another group."""
    if case.pk == lead.pk or lead.parent_id is not None:
        raise NotTogether(_("牵头的那件不能同时在别的群诉里。"), "lead")
    if lead.site_id != case.site_id:
        raise NotTogether(_("群诉里的事项要属于同一个站点。"), "lead")
    if case.parent_id is not None:
        raise NotTogether(_("%(number)s 已经在一件群诉里了。") % {"number": case.reference.number}, "lead")
    _check_as_widely_seen(lead, case, "lead")


def _check_as_widely_seen(one: "Alike", other: "Alike", field: str) -> None:
    if one.reference.sensitivity != other.reference.sensitivity:
        raise NotTogether(_("一件只有少数人能看，另一件人人能看：不能放在一起办。"), field)


def legal(name: str, state: str) -> Transition:
    """The transition of that name from that state, or a refusal."""
    transition = BY_NAME.get(name) or OVERSEEN[name]
    if state not in transition.sources:
        raise IllegalMove(transition, state)
    return transition


def buttons(state: str) -> list[Transition]:
    """The acts that are legal from a state, in the order of the table."""
    return [transition for transition in TRANSITIONS if state in transition.sources]


def required(text: str, field: str) -> str:
    """The cleaned text; refuses nothing, blanks and invisible signs."""
    cleaned = chinese.clean(text)
    if chinese.is_blank(cleaned):
        raise NothingWritten(field)
    return cleaned


def coming(day: date, today: date, field: str, *, latest: date | None = None) -> date:
    """The day, if it lies after today, at most LONGEST_WAIT ahead and not after `latest`. Refused otherwise."""
    if not today < day <= min(latest or date.max, today + LONGEST_WAIT):
        raise WrongDay(field, latest)
    return day


def summary_of(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= SUMMARY_LENGTH else first[: SUMMARY_LENGTH - 1] + "…"


SCORES = {
    FollowUpResult.SATISFIED: range(3, 6),
    FollowUpResult.DISSATISFIED: range(1, 4),
    FollowUpResult.UNREACHED: range(0),
}


def check_score(result: str, score: int | None) -> None:
    """A score of 1 to 5 may be missing; it never says the opposite of the result, and 3 (neither) fits both."""
    if score is not None and score not in SCORES[FollowUpResult(result)]:
        raise ScoreSaysOtherwise


def check_closable(results: Iterable[str], *, needs_follow_up: bool, overruled: bool) -> None:
    """A case that needs a follow-up closes when its newest one was satisfied, or after three calls that reached nobody.

    `overruled`: a second-line look decided that nothing more can be done (outcome `exhausted`).
    """
    heard = list(results)
    newest = heard[-1] if heard else ""
    if newest == FollowUpResult.DISSATISFIED and not overruled:
        raise StillDissatisfied
    if not needs_follow_up or newest == FollowUpResult.SATISFIED or overruled:
        return
    if heard[-ATTEMPTS:].count(FollowUpResult.UNREACHED) < ATTEMPTS:
        raise NotFollowedUp
