"""Rows of lists: what a template needs of a duty, a case or a hit, and nothing more."""

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
from huiyin.cases.queries import Line
from huiyin.cases.states import OPEN_STATES, State
from huiyin.duties.models import Duty
from huiyin.duties.rules import standing
from huiyin.duties.states import Standing
from huiyin.interactions.states import ContactKind
from huiyin.kit.counting import Reason, explain
from huiyin.kit.periods import Period
from huiyin.references.models import Reference
from huiyin.references.states import Kind

MOST = 1000  # rows one may leaf through; who looks for an older one narrows the list or searches
# What a kind of duty is called, and what the button on its row says.
DUTY_WORDS = {
    "solution": (N_("给出解决方案"), N_("给方案")),
    "acceptance": (N_("接办"), N_("接办")),
    "follow_up": (N_("回访"), N_("回访")),
    "complaint_digest": (N_("投诉汇总"), N_("打开汇总")),
}
STEP_WORDS = {
    "draft": N_("起草"),
    "submit": N_("提交"),
    "approve": N_("批准"),
    "publish": N_("公布"),
    "file": N_("归档备案"),
}
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


def duty_row(duty: Duty, now: datetime) -> dict[str, Any]:
    """A duty as a row: what, about what, how it stands, why then, and where the work is done."""
    name, act = DUTY_WORDS.get(duty.kind, (duty.kind, N_("打开")))
    words = [_(name), _(STEP_WORDS[duty.step]) if duty.step in STEP_WORDS else "", _period(duty)]
    stands = standing(duty.due_at, duty.done_at, now, not_applicable=bool(duty.not_applicable))
    return {
        "duty": duty,
        "title": " · ".join(word for word in words if word),
        "note": duty.reference.title if duty.reference else "",
        "number": duty.reference.number if duty.reference else "",
        "url": _url(duty),
        "act": _(act),
        "standing": stands,
        "glyph": GLYPHS[stands],
        "why": explain(Reason.from_json(reason) for reason in duty.why),
        "who": duty.owner.name if duty.owner else "",
    }


def _period(duty: Duty) -> str:
    return Period.parse(duty.period).label() if duty.kind == "complaint_digest" else ""


def _url(duty: Duty) -> str:
    if duty.reference is not None:
        return reverse("permanent", args=[duty.reference.number])
    return f"{reverse('digests')}?period={duty.period}"


def case_row(case: Case) -> dict[str, Any]:
    """A case as a row of a list."""
    about = {"case": case, "number": case.reference.number, "place": case.building.name if case.building else ""}
    return about | _progress(case)


def line_row(line: Line) -> dict[str, Any]:
    """A line of the long list, ready to be set: the template looks up nothing behind it."""
    about: dict[str, Any] = {
        "number": line.number,
        "url": _case_url(line.number),
        "summary": line.summary,
        "place": line.building or "",
    }
    about |= {"kind": str(ContactKind(line.kind).label), "who": line.accountable, "received_at": line.received_at}
    return about | _progress(line)


def _progress(case: Case | Line) -> dict[str, Any]:
    is_open = case.state in OPEN_STATES
    waits = is_open and case.solved_at is None and not case.is_history
    late = bool(case.first_solved_at and case.first_due_at and case.first_solved_at > case.first_due_at)
    state = str(State(case.state).label)
    return {
        "state": _("%(state)s，方案迟了") % {"state": state} if late else state,
        "glyph": "late" if late else ("running" if is_open else "kept"),
        "due_at": case.solution_due_at if waits else None,
    }


@lru_cache(maxsize=4096)
def _case_url(number: str) -> str:
    return reverse("case", args=[number])


def hit_row(reference: Reference) -> dict[str, Any]:
    return {
        "id": reference.pk,
        "number": reference.number,
        "kind": Kind(reference.kind).label,
        "title": reference.title,
        "site": reference.site.name,
        "at": reference.created_at,
    }
