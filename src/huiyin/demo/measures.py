"""What becomes of measures in the demo town: ordered, taken on, done, looked at by somebody else; some did not work."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.cases import actions as cases
from huiyin.cases.actions import Effect, Plan
from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.cases.queries import measure_by_id
from huiyin.organization.queries import actor_of, crew_of
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.organization.states import Role

CAUSES = (
    "检查表里没有这一项，坏了才有人知道。",
    "夜班交接没有写明谁来跟，第二天就断了。",
    "配件没有备用，坏了要等十天。",
    "外包合同没有写明多久来一次、来了查什么。",
)
RESULT = "已经照做，贴了新的检查表，试行一周没有漏项。"
WORKED = "看了现场和一个月的记录，没有再发生。"
FAILED = "这个月又来了一件同样的，检查表没有人签。"


def order(case: Case, text: str, by: Actor, dice: random.Random, now: datetime) -> CorrectiveMeasure:
    """Two in three against a cause; half of them by a colleague of the department."""
    cause = dice.choice(CAUSES) if dice.random() < 0.66 else ""
    others = [one for one in crew_of(case.site).holders(Role.DEPARTMENT_STAFF) if one.pk != by.user_id]
    owner = others[0] if others and dice.random() < 0.5 else case.accountable
    due_on = timezone.localdate(now) + timedelta(days=dice.randint(10, 21))
    return cases.take_measure(case, text=text, plan=Plan(owner, due_on, cause), by=by, now=now)


def take_on(measure: CorrectiveMeasure, now: datetime) -> None:
    one = measure_by_id(measure.pk, SYSTEM)
    if one is not None and one.offered_to is not None:
        cases.accept_measure(one, by=actor_of(one.offered_to), now=now)


def finish(measure: CorrectiveMeasure, now: datetime) -> None:
    one = measure_by_id(measure.pk, SYSTEM)
    if one is not None and one.state == "open":
        cases.finish_measure(one, result=RESULT, by=actor_of(one.owner), now=now)


def look(measure: CorrectiveMeasure, dice: random.Random, now: datetime) -> None:
    """The manager looks; one in six did not work and is done again."""
    one = measure_by_id(measure.pk, SYSTEM)
    crew = crew_of(measure.site)
    others = [who for who in crew.holders(Role.SITE_MANAGER, Role.DIRECTOR) if one and who.pk not in _doers(one)]
    if one is None or one.state != "done" or not others:
        return
    worked = dice.random() < 0.83
    again = None if worked else timezone.localdate(now) + timedelta(days=21)
    effect = Effect(worked, WORKED if worked else FAILED, again)
    cases.check_measure(one, effect=effect, by=actor_of(others[0]), now=now)


def _doers(one: CorrectiveMeasure) -> set[int | None]:
    return {one.owner_id, one.done_by_id}
