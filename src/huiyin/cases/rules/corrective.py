"""What may be done to a measure, by whom, in which words; and the refusals that say why not."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from huiyin.cases.rules import LONGEST_WAIT, NotOffered
from huiyin.cases.rules.blame import only_blames, only_teaches, people_in
from huiyin.cases.states import MEASURE_STEPS, MeasureState, MeasureStep
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor, Place


class WrongStep(Refusal):
    def __init__(self, step: MeasureStep, state: str) -> None:
        told = {"act": step.label, "state": MeasureState(state).label}
        super().__init__(_("现在不能“%(act)s”：这项整改是“%(state)s”。") % told)


class NotYourMeasure(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这项整改由别人负责；负责的人或管理处经理可以登记做完。"))


class OwnWork(Refusal):
    """S2.2.3.b, X32: whether it worked is said by somebody else."""

    def __init__(self) -> None:
        super().__init__(_("效果要由另一个人来验证：不能是负责整改的人，也不能是登记做完的人。"))


class TooEarly(Refusal):
    def __init__(self, day: date) -> None:
        super().__init__(
            _("要到 %(day)s 才看得出有没有效果；现在已经看出没有效果的，可以先记“没有效果”。")
            % {"day": day.isoformat()},
            "worked",
        )


class DueAlready(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请写今天或以后的日子，最晚十年。"), "due_on")


class MayNotSee(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这件事项限经办与主管看：请选看得到它的同事。"), "owner")


class BlamesOnly(Refusal):
    """Refused until something about the work is added (domain 3.3)."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "原因只写到人为止。请再写一句：制度、流程、设备或安排上，是什么让它能够发生，为什么没有早点发现。您写的还在。"
            ),
            "cause",
        )


class Hint(Refusal):
    """The words may stay as they are, once whoever wrote them has seen this."""


class NamesSomebody(Hint):
    def __init__(self, people: Collection[str], field: str) -> None:
        told = {"names": "、".join(people)}
        super().__init__(
            _("这里写到了人：%(names)s。请写岗位和事情，不写人；确实要这样写，就勾上“看过提示，就这样写”再提交一次。")
            % told,
            field,
        )


class OnlyTeaches(Hint):
    def __init__(self) -> None:
        super().__init__(
            _(
                "只是教育、批评或培训，换一个人还会再发生。请写在流程、标准或设备上改什么；确实只做这个，就勾上“看过提示，就这样写”再提交一次。"
            ),
            "text",
        )


class Measured(Protocol):
    """A measure, as far as rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def site(self) -> Place: ...
    @property
    def owner_id(self) -> int: ...
    @property
    def offered_to_id(self) -> int | None: ...
    @property
    def ordered_by_id(self) -> int | None: ...
    @property
    def done_by_id(self) -> int | None: ...


def check_words(text: str, cause: str, names: Collection[str], *, seen: bool) -> None:
    """A cause that stops at a person is refused; names, and a measure that only teaches, pass once the hint was seen."""
    if cause and only_blames(cause):
        raise BlamesOnly
    if seen:
        return
    for field, words in (("cause", cause), ("text", text)):
        people = people_in(words, names)
        if people:
            raise NamesSomebody(people, field)
    if only_teaches(text):
        raise OnlyTeaches


def check_due(day: date, today: date) -> date:
    """A correction may be due today."""
    if not today <= day <= today + LONGEST_WAIT:
        raise DueAlready
    return day


def check_step(name: str, one: Measured, by: Actor) -> None:
    """Refuses a step that the measure's state does not allow, or that is not this person's."""
    step = MEASURE_STEPS[name]
    if one.state not in step.sources:
        raise WrongStep(step, one.state)
    me = by.user_id
    if name in {"accept_measure", "decline_measure"} and (me is None or me != one.offered_to_id):
        raise NotOffered
    if name == "finish_measure" and not (_does(one, me) or by.may("cases.take_over", one.site)):
        raise NotYourMeasure
    if name == "check_measure" and (me is None or me in {one.owner_id, one.done_by_id}):
        raise OwnWork
    if name in {"check_measure", "withdraw_measure"} and (me is None or me != one.ordered_by_id):
        by.check("cases.verify", one.site)


def _does(one: Measured, me: int | None) -> bool:
    return me is not None and me in {one.owner_id, one.offered_to_id}


def steps_for(one: Measured, by: Actor) -> list[MeasureStep]:
    """What this person may do to a measure as it stands, in the order of the table."""
    return [step for step in MEASURE_STEPS.values() if _is_theirs(step, one, by)]


def _is_theirs(step: MeasureStep, one: Measured, by: Actor) -> bool:
    try:
        check_step(step.name, one, by)
    except Refusal:
        return False
    return True
