"""Acts on a case that belong to the way of one kind, or to a stage that not every case has: form, call, and when they fit."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.functional import cached_property

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases.actions import Analysis, Ask, Plan
from huiyin.cases.models import Case, Referral, Suggestion
from huiyin.cases.queries import suggestion_of
from huiyin.cases.queries.marks import Marks
from huiyin.cases.states import State, Transition, Verdict
from huiyin.desk.forms import answers
from huiyin.desk.forms import ways as forms
from huiyin.desk.forms.measures import MeasureForm
from huiyin.handbook.queries import Rulebook, rulebooks
from huiyin.interactions.states import ContactKind
from huiyin.organization.models import User
from huiyin.organization.queries import Picture, picture_of
from huiyin.organization.rules import Actor

FORMS: dict[str, type[Form]] = {
    "name": forms.NameForm,
    "weigh": forms.WeighForm,
    "adopt": forms.AdoptForm,
    "defer": forms.DeferForm,
    "turn_down": forms.TurnDownForm,
    "realize": forms.RealizeForm,
    "refer": forms.ReferForm,
    "chase": forms.ChaseForm,
    "hear_back": forms.HearBackForm,
    "measure": MeasureForm,
    "answer": answers.AnswerForm,
    "finish": answers.FinishForm,
    "second_look": answers.SecondLookForm,
    "close": answers.CloseForm,
    "thank": answers.ThankForm,
    "scope": answers.ScopeForm,
    "countersign": answers.CountersignForm,
    "spare": answers.SpareForm,
    "agree_spare": answers.AgreeSpareForm,
    "flag": answers.FlagForm,
    "unflag": answers.UnflagForm,
}
# Where no act comes next by itself: answered, put off until its day, closed.
_RESTING = frozenset({State.CLOSED, State.ANSWERED, State.DEFERRED})


class Around:
    """What stands around a case and its forms offer, each asked once a page and only where it is needed."""

    def __init__(self, case: Case, picture: Picture) -> None:
        self.case, self.picture = case, picture

    @cached_property
    def rules_on(self) -> Callable[[date], Rulebook]:
        """The rules of its site for any day."""
        return rulebooks(self.case.site)

    @property
    def rules(self) -> Rulebook:
        """The rules of the day it came in."""
        return self.rules_on(timezone.localdate(self.case.received_at))

    @cached_property
    def suggestion(self) -> Suggestion | None:
        return suggestion_of(self.case)

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        return sorted({post.user_id: post.user.name for post in self.picture.crew.posts}.items())


def blank(name: str, around: Around, data: Any = None) -> Form:
    """The form of an act, empty or with what was sent."""
    form, found = FORMS[name], around.case
    if issubclass(form, forms.ColleagueForm):
        first = {form.who: found.accountable_id} if name == "measure" else {}
        return form(data, people=around.people, initial=first, auto_id=f"{name}_%s")
    if form is answers.CloseForm:
        return answers.CloseForm(data, kind=found.kind, auto_id="close_%s")
    if form is answers.ThankForm:
        return answers.ThankForm(data, whom=_whom(around), auto_id="thank_%s")
    initial: dict[str, Any] = {}
    if name == "weigh" and (known := around.suggestion) is not None:
        initial = {one: getattr(known, one) for one in form.base_fields}
    return form(data, initial=initial, auto_id=f"{name}_%s")


def _whom(around: Around) -> list[tuple[str, str]]:
    """Whom a compliment may praise: the departments, the one in charge first, then the people."""
    first = around.case.department_id
    units = sorted(around.picture.departments, key=lambda one: (one.pk != first, one.pk))
    return [*((f"d{one.pk}", one.name) for one in units), *((f"u{pk}", name) for pk, name in around.people)]


# Acts that fit by what stands on the timeline or in the ledger already.
MARKED: dict[str, Callable[[Marks], bool]] = {
    "finish": lambda marks: marks.finished is None,
    "second_look": lambda marks: "second_look" in marks.owed,
    "scope": lambda marks: marks.to_sign is None,
    "countersign": lambda marks: marks.to_sign is not None,
    "spare": lambda marks: marks.wants_measure and marks.to_spare is None,
    "agree_spare": lambda marks: marks.wants_measure and marks.to_spare is not None,
    "flag": lambda marks: marks.hardship is None,
    "unflag": lambda marks: marks.hardship is not None,
}


class Ways:
    """What of a case decides which of the acts fit."""

    def __init__(self, found: Case, suggestion: Suggestion | None, referrals: Sequence[Referral], marks: Marks) -> None:
        self.case, self.suggestion, self.marks = found, suggestion, marks
        self.waiting = next((one for one in referrals if one.answered_at is None), None)

    def fits(self, transition: Transition) -> bool:
        """Whether an act that the state allows makes sense for this case."""
        name, found = transition.name, self.suggestion
        if not transition.fits(self.case.kind):
            return False
        if name in MARKED:
            return MARKED[name](self.marks)
        if name in {"chase", "hear_back"}:
            return self.waiting is not None
        if name in {"adopt", "defer", "turn_down"}:
            return found is not None and found.weighed_at is not None
        if name == "realize":
            return found is not None and found.verdict == Verdict.ADOPTED and found.realized_at is None
        return not (name == "refer" and self.waiting)

    def usual(self, actor: Actor) -> str:
        """The act that comes next on the way of this case; empty where its state alone tells."""
        case, marks = self.case, self.marks
        if marks.owed.get("second_look") == actor.user_id:
            return "second_look"
        if marks.owed.get("countersign") == actor.user_id:
            return "countersign" if marks.to_sign is not None else "agree_spare"
        if self.waiting is not None and case.state == State.REFERRED:
            return "hear_back"
        if case.state == State.ANSWERED and marks.finish_on and not marks.finished:
            return "finish"
        if case.kind == ContactKind.COMPLIMENT:
            return "thank"
        return self._for_a_suggestion() if case.kind == ContactKind.SUGGESTION else ""

    def _for_a_suggestion(self) -> str:
        if self.case.state in _RESTING:
            return ""
        if self.suggestion is None or self.suggestion.weighed_at is None:
            return "weigh"
        return "realize" if self.suggestion.verdict == Verdict.ADOPTED else "adopt"


def _colleague(given: dict[str, Any], field: str, found: Case) -> User:
    return doors.colleague(given[field], found.site)


def _name(found: Case, given: dict[str, Any], actor: Actor) -> None:
    act_on.name(found, to=_colleague(given, "to", found), by=actor, now=clock.now())


def _adopt(found: Case, given: dict[str, Any], actor: Actor) -> None:
    owner = _colleague(given, "owner", found)
    act_on.adopt(found, owner=owner, due_on=given["due_on"], words=given["words"], by=actor, now=clock.now())


def _refer(found: Case, given: dict[str, Any], actor: Actor) -> None:
    ask = Ask(given["asked"], given["expected_on"])
    act_on.refer(found, to=given["to"], why=given["why"], ask=ask, by=actor, now=clock.now())


def _measure(found: Case, given: dict[str, Any], actor: Actor) -> None:
    owner = _colleague(given, "owner", found)
    plan = Plan(owner, given["due_on"], given["cause"], given.get("seen", False))
    act_on.take_measure(found, text=given["text"], plan=plan, by=actor, now=clock.now())


def _thank(found: Case, given: dict[str, Any], actor: Actor) -> None:
    kind, key = given["whom"][0], int(given["whom"][1:])
    units = {one.pk: one for one in picture_of(found.site).departments}
    whom = units[key] if kind == "d" else doors.colleague(key, found.site)
    act_on.thank(found, whom=whom, words=given["words"], by=actor, now=clock.now())


DO: dict[str, Callable[[Case, dict[str, Any], Actor], object]] = {
    "name": _name,
    "weigh": lambda found, given, actor: act_on.weigh(found, analysis=Analysis(**given), by=actor, now=clock.now()),
    "adopt": _adopt,
    "defer": lambda found, given, actor: act_on.defer(found, by=actor, now=clock.now(), **given),
    "turn_down": lambda found, given, actor: act_on.turn_down(found, by=actor, now=clock.now(), **given),
    "realize": lambda found, given, actor: act_on.realize(found, by=actor, now=clock.now(), **given),
    "refer": _refer,
    "chase": lambda found, given, actor: act_on.chase(found, by=actor, now=clock.now(), **given),
    "measure": _measure,
    "answer": lambda found, given, actor: act_on.answer_checked(found, by=actor, now=clock.now(), **given),
    "finish": lambda found, given, actor: act_on.finish(found, by=actor, now=clock.now(), **given),
    "close": lambda found, given, actor: act_on.close(found, by=actor, now=clock.now(), **given),
    "thank": _thank,
    "scope": lambda found, given, actor: act_on.scope(found, by=actor, now=clock.now(), **given),
    "countersign": lambda found, given, actor: act_on.countersign(found, by=actor, now=clock.now(), **given),
    "spare": lambda found, given, actor: act_on.spare(found, by=actor, now=clock.now(), **given),
    "agree_spare": lambda found, given, actor: act_on.agree_spare(found, by=actor, now=clock.now(), **given),
    "flag": lambda found, given, actor: act_on.flag(found, by=actor, now=clock.now(), **given),
    "unflag": lambda found, given, actor: act_on.unflag(found, by=actor, now=clock.now(), **given),
    "second_look": lambda found, given, actor: act_on.second_look(found, by=actor, now=clock.now(), **given),
    "hear_back": lambda found, given, actor: act_on.hear_back(found, by=actor, now=clock.now(), **given),
}
