"""The clocks of a case in the ledger: opened with it, made shorter by a graver assessment."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as N_

from huiyin.cases.models import Case
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN
from huiyin.duties.rules import Asked
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.handbook.rules import Matter
from huiyin.kit.workdays import Calendar
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import Actor

CLOCKS = ("acknowledgement", "first_answer", "update", "solution")
REASSESSED = N_("重新评估后改按更短的时限")


def opening(matter: Matter, start: datetime, rules: Rulebook, calendar: Calendar) -> list[Asked]:
    """What a case owes from the first second, the solution's earliest date first; owed by nobody yet."""
    return rules.strands("solution", matter, start, calendar)


def owed(asked: Sequence[Asked], owner: int, period: str = "") -> list[Asked]:
    """The same, owed by somebody, in the round that `period` names."""
    return [replace(one, owner_id=owner, period=period) for one in asked]


def matter_of(case: Case) -> Matter:
    return Matter(case.kind, case.urgency)


def tighten(case: Case, *, by: Actor, now: datetime) -> None:
    """After a graver assessment open duties get the shorter dates, counted from now; what runs is never lengthened.

    What is owed by a clause stays beside the shorter date, which is ours; a longer date of ours gives way to it.
    """
    rules, calendar = rulebook(case.site, timezone.localdate(now)), working_calendar()
    opened = list(Duty.objects.filter(OPEN, reference=case.reference, kind__in=CLOCKS).order_by("id"))
    shorter: list[Asked] = []
    for name in CLOCKS:
        running = [duty for duty in opened if duty.kind == name]
        fresh = rules.strands(name, matter_of(case), now, calendar)[:1] if running else []
        shorter += [one for one in fresh if one.due_at < min(_runs_until(duty) for duty in running)]
    if not shorter:
        return
    kinds = {one.kind for one in shorter}
    given_way = [duty for duty in opened if duty.kind in kinds and not duty.clause and duty.due_at >= now]
    duties.lift_these(given_way, reason=REASSESSED, by=by, now=now)
    duties.open_duties(case.site, owed(shorter, case.accountable_id, f"{case.version}"), reference=case.reference)
    for one in shorter:
        if one.kind == "solution":
            _bring_forward(case, one.due_at)


def _runs_until(duty: Duty) -> datetime:
    return duty.moved_to or duty.due_at


def _bring_forward(case: Case, due_at: datetime) -> None:
    """The date on the case; in the first round the verdict's as well: a shorter date binds from when it was known."""
    changes = {"solution_due_at": due_at}
    if case.first_solved_at is None:
        changes["first_due_at"] = min(due_at, case.first_due_at or due_at)
    Case.objects.filter(pk=case.pk).update(**changes)
    for field, value in changes.items():
        setattr(case, field, value)
