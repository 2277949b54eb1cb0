"""Rows of lists: what a template needs of a duty, a case or a hit, and nothing more."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases.models import Case
from huiyin.cases.queries import Line, measure_text
from huiyin.cases.rules.clocks import CLOCKS, Clock
from huiyin.cases.states import OPEN_STATES, State
from huiyin.duties.models import Duty
from huiyin.duties.queries import Told, standing_of
from huiyin.duties.rules import Tally, standing
from huiyin.duties.states import Standing
from huiyin.duties.words import duty_words, kind_words
from huiyin.engineering.queries import part_name
from huiyin.interactions.states import ContactKind
from huiyin.kit.counting import Reason, explain
from huiyin.organization.queries import cluster_name
from huiyin.references.models import Reference
from huiyin.references.states import Kind
from huiyin.reports.rules import is_digest, is_weekly

ROWS = 25  # on a page of a list
MOST = 1000  # rows one may leaf through; who looks for an older one narrows the list or searches
# What the button on the row of a duty says where it is not simply 办理.
DO = N_("办理")
ACT_WORDS = {
    "solution": N_("给方案"),
    "acceptance": N_("接办"),
    "follow_up": N_("回访"),
    "rectification": N_("登记做完"),
    "effectiveness_check": N_("验证效果"),
    "completion": N_("记完工"),
    "second_look": N_("复核"),
    "countersign": N_("复签"),
    "measure_wanted": N_("定整改"),
    "case_feedback": N_("写公开反馈"),
    "complaint_digest": N_("打开汇总"),
    "acknowledgement": N_("回应"),
    "first_answer": N_("答复"),
    "reply": N_("回复"),
    "update": N_("告知进展"),
    "look_again": N_("去看"),
    "extension": N_("去决定"),
}
MEASURE = "measure"  # scope of duties about one measure of a case
GLYPHS = {
    Standing.KEPT: "kept",
    Standing.RUNNING: "running",
    Standing.DUE_SOON: "soon",
    Standing.LATE: "late",
    Standing.MISSING: "missing",
    Standing.NOT_APPLICABLE: "none",
}


class Leaves(Paginator):  # type: ignore[type-arg]
    """The first MOST rows of a query set in pages, counted no further: a list of a million opens like one of a thousand."""

    @cached_property
    def _counted(self) -> int:
        return int(cast(QuerySet[Model], self.object_list)[: MOST + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def total(self) -> str:
        """How many there are, for people: 87, 1,000, or 1,000+ where it is more."""
        return f"{self.count:,}" + ("+" if self._counted > MOST else "")


def standing_words() -> dict[str, str]:
    """How duties stand, in the active language; asked for once where many are put in words."""
    return {one.value: str(one.label) for one in Standing}


def tally_words(tally: Tally, called: dict[str, str]) -> str:
    """已履行 2，迟办 1."""
    counts = [f"{word} {n}" for one, word in called.items() if (n := getattr(tally, one))]
    return _("，").join(counts) if len(counts) > 1 else "".join(counts)


def duty_row(duty: Duty, now: datetime) -> dict[str, Any]:
    """A duty as a row: what, about what, how it stands, why then, and where the work is done."""
    stands = standing_of(duty, now)
    return {
        "duty": duty,
        "title": _title(duty),
        "note": duty.reference.title if duty.reference else "",
        "number": duty.reference.number if duty.reference else "",
        "url": _url(duty),
        "page": _address("duty", duty.pk),
        "act": _(ACT_WORDS.get(duty.kind, DO)),
        "standing": stands,
        "glyph": GLYPHS[stands],
        "word": str(stands.label),
        "at": duty.runs_until,
        "why": explain(Reason.from_json(reason) for reason in duty.why),
        "who": duty.owner.name if duty.owner else "",
    }


def _title(duty: Duty) -> str:
    """What is owed; taking over a measure is told from taking over its matter."""
    words = duty_words(duty.kind, duty.step, duty.period)
    is_measure = duty.kind == "acceptance" and duty.scope.startswith(f"{MEASURE}:")
    return _("整改 · %(what)s") % {"what": words} if is_measure else words


def clock_rows(found: list[Clock], owed: Sequence[tuple[Duty, list[Told]]], now: datetime) -> list[dict[str, Any]]:
    """The clocks of a case and what else is owed about it: of each what runs, else how it ended; with the rungs used."""
    shown = [_clock_row(name, [one for one in found if one.name == name], owed, now) for name in CLOCKS]
    others = [
        duty_row(duty, now) | {"clause": duty.clause, "rungs": given} for duty, given in owed if duty.kind not in CLOCKS
    ]
    return [row for row in shown if row] + others


def _clock_row(
    name: str, of_name: list[Clock], owed: Sequence[tuple[Duty, list[Told]]], now: datetime
) -> dict[str, Any]:
    """The earliest of a name that runs; else the last that was met."""
    running = sorted((one for one in of_name if one.is_open), key=lambda one: one.runs_until)
    met = [one for one in of_name if one.met_at]
    if not running and not met:
        return {}
    one = running[0] if running else met[-1]
    over, rests = one.is_over(now), one.rests_since is not None
    stands = Standing.RUNNING if rests else standing(one.due_at, one.met_at, now, moved_to=one.moved_to)
    word = _("暂停中") if rests else str(stands.label)
    if one.met_at and stands == Standing.LATE and not over:
        word = _("迟于原定日期，延期后按时")
    rungs = [one for duty, given in owed if duty.kind == name for one in given]
    about = {"title": kind_words(name), "glyph": GLYPHS[stands], "word": word, "at": one.runs_until, "rungs": rungs}
    why = explain(one.why) if one.why else ""
    return about | {"why": why, "clause": one.clause, "runs": one.is_open and not rests}


def is_registered(duty: Duty) -> bool:
    """Whether a duty is kept by registering the act, having no tool of its own yet."""
    if duty.reference is not None:
        return duty.reference.kind == Kind.ACT
    return not is_digest(duty.kind, duty.period)


def scope_words(duty: Duty) -> str:
    """What of the site a duty is owed for, in words: a cluster's or a part's name; empty = all of it."""
    what, _sign, key = duty.scope.partition(":")
    if what == "cluster":
        return cluster_name(duty.site_id, key) or key
    if what == MEASURE:
        return measure_text(key)[:40]
    if what == "part" and key.isdigit():
        return part_name(int(key)) or key
    return key


def _url(duty: Duty) -> str:
    """Where the work is done."""
    if is_registered(duty):
        return _address("duty", duty.pk)
    what, _sign, key = duty.scope.partition(":")
    if what == MEASURE:
        return _address("measure", key)
    if duty.step == "review" and duty.reference is None and is_weekly(duty.period):
        return _address("analysis", duty.period)
    if duty.reference is not None:
        return _address("permanent", duty.reference.number)
    return f"{reverse('digests')}?period={duty.period}"


def case_row(case: Case) -> dict[str, Any]:
    """A case as a row of a list."""
    about = {"case": case, "number": case.reference.number, "place": case.building.name if case.building else ""}
    return about | _progress(case)


def line_row(line: Line) -> dict[str, Any]:
    """A line of the long list, ready to be set: the template looks up nothing behind it."""
    about: dict[str, Any] = {
        "number": line.number,
        "url": _address("case", line.number),
        "summary": line.summary,
        "place": line.building or "",
    }
    about |= {"kind": str(ContactKind(line.kind).label), "who": line.accountable, "received_at": line.received_at}
    return about | _progress(line)


def _progress(case: Case | Line) -> dict[str, Any]:
    is_open = case.state in OPEN_STATES
    waits = is_open and case.solved_at is None and not case.is_history and case.state != State.WAITING
    late = bool(case.first_solved_at and case.first_due_at and case.first_solved_at > case.first_due_at)
    state = str(State(case.state).label)
    return {
        "state": _("%(state)s，方案迟了") % {"state": state} if late else state,
        "glyph": "late" if late else ("running" if is_open else "kept"),
        "due_at": case.solution_due_at if waits else None,
    }


@lru_cache(maxsize=4096)
def _address(name: str, key: str | int) -> str:
    """Where a thing has its page: lists ask for the same ones again and again."""
    return reverse(name, args=[key])


def hit_row(reference: Reference) -> dict[str, Any]:
    return {
        "id": reference.pk,
        "number": reference.number,
        "kind": Kind(reference.kind).label,
        "title": reference.title,
        "site": reference.site.name,
        "at": reference.created_at,
    }
