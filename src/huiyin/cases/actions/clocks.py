"""The clocks of a case in the ledger. They follow the log: `tell` calls `follow` for every event, as rules.clocks works them out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_noop as N_

from huiyin.cases.models import Case
from huiyin.cases.rules.clocks import (
    CLOCKS,
    Happened,
    end_of,
    ended,
    extended,
    is_heard,
    is_solution,
    is_sooner,
    pushed,
    rested,
    whole_days,
)
from huiyin.cases.states import SUBSTANCE, EventKind, State
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN, RUNS_UNTIL, kinds_open, open_about
from huiyin.duties.rules import Asked, Done
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.handbook.rules import Matter
from huiyin.organization.queries import working_calendar
from huiyin.organization.rules import Actor

REASSESSED = N_("重新评估后改按更短的时限")
OVER = N_("事项已经办结")
OVERTAKEN = N_("已经有了结果")
MOVING = frozenset({EventKind.PAUSED, EventKind.RESUMED, EventKind.EXTENDED})
QUIET = frozenset({State.ANSWERED, State.CLOSED})  # nobody waits for the next word


def owed(asked: Sequence[Asked], owner: int, period: str = "") -> list[Asked]:
    """The same, owed by somebody, in the round that `period` names."""
    return [replace(one, owner_id=owner, period=period) for one in asked]


def matter_of(case: Case) -> Matter:
    return Matter(case.kind, case.urgency)


def follow(case: Case, happened: Happened, *, by: Actor, now: datetime) -> None:
    """Bring the ledger up to what just happened to a case. Imported history has no clocks."""
    if case.is_history:
        return
    if names := ended(happened):
        found = list(Duty.objects.filter(OPEN, reference=case.reference, kind__in=names))
        duties.lift_these(found, reason=OVER, by=by, now=now)
    waiting = kinds_open(case.reference)
    if is_heard(happened):
        waiting = _heard(case, happened.kind, waiting, by, now)
    if is_heard(happened) or happened.kind == EventKind.REOPENED:
        _ask_for_word(case, waiting, now)
    for one in (case, *case.merged.select_related("reference")) if happened.kind in MOVING else ():
        _moved(one, happened, by, now)
    if is_solution(happened) or ended(happened):
        overtaken = [kind for kind in ("look_again", "extension") if kind in waiting]
        duties.lift(case.reference, overtaken, reason=OVERTAKEN, by=by, now=now)


def _heard(case: Case, kind: str, waiting: frozenset[str], by: Actor, now: datetime) -> frozenset[str]:
    """A person spoke to the customer: what waited for a word is kept. The kinds that still wait."""
    kinds = ("acknowledgement", "reply", "update", *(("first_answer",) if kind in SUBSTANCE else ()))
    if waiting.isdisjoint(kinds):
        return waiting
    met = duties.discharge(case.site, Done(kinds, now), reference=case.reference, by=by, now=now, only_about=True)
    return waiting - {duty.kind for duty in met}


def _ask_for_word(case: Case, waiting: frozenset[str], now: datetime) -> None:
    """The next word is owed in its time, where somebody waits for one and none is owed already."""
    if case.state in QUIET or "update" in waiting:
        return
    asked = _rules(case, now).strands("update", matter_of(case), timezone.localtime(now), working_calendar())
    duties.open_duties(case.site, owed(asked, case.accountable_id, f"{case.version}"), reference=case.reference)


def ask_for_reply(case: Case, channel: str, at: datetime) -> None:
    """Somebody wrote again by a way that promises an answer: it is owed, unless one is owed already (S1.2.c)."""
    promised = _rules(case, at).promised(channel, timezone.localtime(at), working_calendar())
    if promised and not open_about(case.reference, "reply").exists():
        asked = owed(promised, case.accountable_id, f"{case.version}")
        duties.open_duties(case.site, asked, reference=case.reference)


def _rules(case: Case, at: datetime) -> Rulebook:
    return rulebook(case.site, timezone.localdate(at))


def tighten(case: Case, *, by: Actor, now: datetime) -> None:
    """After a graver assessment open duties get the shorter dates, counted from now; what runs is never lengthened.

    What is owed by a clause stays beside the shorter date, which is ours; a longer date of ours gives way to it.
    """
    rules, calendar = _rules(case, now), working_calendar()
    opened = list(Duty.objects.filter(OPEN, reference=case.reference, kind__in=CLOCKS).order_by("id"))
    shorter: list[Asked] = []
    for name in CLOCKS:
        running = [duty.runs_until for duty in opened if duty.kind == name]
        fresh = rules.hastened(name, matter_of(case), timezone.localtime(now), calendar)
        shorter += [fresh] if fresh and is_sooner(fresh, running, is_quiet=case.state in QUIET) else []
    kinds = {one.kind for one in shorter}
    given_way = [duty for duty in opened if duty.kind in kinds and not duty.clause and duty.due_at >= now]
    duties.lift_these(given_way, reason=REASSESSED, by=by, now=now)
    duties.open_duties(case.site, owed(shorter, case.accountable_id, f"{case.version}"), reference=case.reference)
    for one in shorter:
        if one.kind == "solution":
            _bring_forward(case, one.due_at)


def _bring_forward(case: Case, due_at: datetime) -> None:
    """The date on the case; in the first round the verdict's as well: a shorter date binds from when it was known."""
    changes = {"solution_due_at": due_at}
    if case.first_solved_at is None:
        changes |= {"first_due_at": min(due_at, case.first_due_at or due_at)}
    _change(case, changes)


def _change(case: Case, changes: dict[str, datetime]) -> None:
    Case.objects.filter(pk=case.pk).update(**changes)
    for field, value in changes.items():
        setattr(case, field, value)


# ---- pause and extension: only the solution's date, and only forward. Decision 10 says how the ledger shows it.


def _moved(case: Case, happened: Happened, by: Actor, now: datetime) -> None:
    """What stops or moves the date of a case does so for the duplicates that went into it."""
    if happened.kind == EventKind.PAUSED:
        duties.stand_still(case.reference, "solution", now=now)
    elif happened.kind == EventKind.RESUMED:
        _wake(case, by, now)
    else:
        _extend(case, date.fromisoformat(str(happened.values["until"])), by, now)


def _wake(case: Case, by: Actor, now: datetime) -> None:
    """The solution's time runs on, by as many whole days later as it stood still."""
    calendar, local = working_calendar(), timezone.localtime(now)
    for duty in open_about(case.reference, "solution").filter(rests_since__isnull=False).select_related("reference"):
        days = whole_days(timezone.localtime(duty.rests_since), local)
        until = pushed(timezone.localtime(duty.runs_until), days, calendar)
        duties.move(duty, until, rested(days, until) if days else None, by=by, now=now)
    _follow_date(case)


def _extend(case: Case, until: date, by: Actor, now: datetime) -> None:
    """An extension that was agreed: the last second of that day, where that is later."""
    for duty in open_about(case.reference, "solution").select_related("reference"):
        last = end_of(until, timezone.localtime(duty.due_at))
        if last > duty.runs_until:
            duties.move(duty, last, extended(last), by=by, now=now)
    _follow_date(case)


def _follow_date(case: Case) -> None:
    """The case shows the earliest date that runs."""
    found = open_about(case.reference, "solution").aggregate(until=Min(RUNS_UNTIL))["until"]
    if found is not None and found != case.solution_due_at:
        _change(case, {"solution_due_at": found})
