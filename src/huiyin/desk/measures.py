"""What may be done to a measure at the desk, and how it stands in a row: its form, its button, the one call it makes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from huiyin.access import clock
from huiyin.cases import actions as act_on
from huiyin.cases.actions import Effect
from huiyin.cases.models import CorrectiveMeasure
from huiyin.cases.rules.corrective import steps_for
from huiyin.cases.states import MEASURE_STEPS, MeasureState
from huiyin.desk.forms import measures as forms
from huiyin.organization.rules import Actor
from huiyin.records.actions import lay_down_photos
from huiyin.ui.templatetags.ui import short_day

FORMS: dict[str, type[Form]] = {
    "accept_measure": forms.AcceptMeasureForm,
    "decline_measure": forms.DeclineMeasureForm,
    "finish_measure": forms.FinishMeasureForm,
    "check_measure": forms.CheckMeasureForm,
    "withdraw_measure": forms.WithdrawMeasureForm,
}
USUAL = ("accept_measure", "finish_measure", "check_measure")


def _finish(one: CorrectiveMeasure, given: dict[str, Any], actor: Actor) -> None:
    photos = lay_down_photos([upload.read() for upload in given["photos"]])
    act_on.finish_measure(one, result=given["result"], photos=photos, by=actor, now=clock.now())


def _check(one: CorrectiveMeasure, given: dict[str, Any], actor: Actor) -> None:
    effect = Effect(given["worked"], given["words"], given["due_on"])
    act_on.check_measure(one, effect=effect, by=actor, now=clock.now())


DO: dict[str, Callable[[CorrectiveMeasure, dict[str, Any], Actor], object]] = {
    "accept_measure": lambda one, given, actor: act_on.accept_measure(one, by=actor, now=clock.now()),
    "decline_measure": lambda one, given, actor: act_on.decline_measure(one, by=actor, now=clock.now(), **given),
    "finish_measure": _finish,
    "check_measure": _check,
    "withdraw_measure": lambda one, given, actor: act_on.withdraw_measure(one, by=actor, now=clock.now(), **given),
}


def measure_row(one: CorrectiveMeasure, today: date) -> dict[str, Any]:
    """A measure as a row of a list or a block of a page."""
    state = str(MeasureState(one.state).label)
    late = one.state == MeasureState.OPEN and one.due_on < today
    if one.round > 1 and one.state == MeasureState.OPEN:
        state = _("没有效果，重新整改（第 %(n)s 次）") % {"n": one.round}
    waits = one.state == MeasureState.DONE and one.check_on is not None and one.check_on > today
    if waits:
        state = _("做完，%(day)s 起验证") % {"day": short_day(one.check_on)}
    return {
        "one": one,
        "title": Truncator(one.text).chars(60),
        "state": _("%(state)s，已逾期") % {"state": state} if late else state,
        "glyph": "late" if late else "running" if waits else _GLYPHS[MeasureState(one.state)],
    }


_GLYPHS = {
    MeasureState.OPEN: "running",
    MeasureState.DONE: "soon",
    MeasureState.EFFECTIVE: "kept",
    MeasureState.WITHDRAWN: "none",
}


def measure_block(
    one: CorrectiveMeasure, actor: Actor, today: date, *, tried: str = "", form: Form | None = None
) -> dict[str, Any]:
    """The same with exactly the steps that this person may take now, the usual one first."""
    steps = [
        {
            "name": step.name,
            "label": step.label,
            "form": form
            if step.name == tried and form is not None
            else FORMS[step.name](auto_id=f"{step.name}{one.pk}_%s"),
            "open": step.name == tried,
        }
        for step in steps_for(one, actor)
    ]
    if form is not None and all(step["name"] != tried for step in steps):  # somebody else was faster: the words stay
        steps.append({"name": tried, "label": MEASURE_STEPS[tried].label, "form": form, "open": True})
    usual = next((name for name in USUAL if any(step["name"] == name for step in steps)), "")
    steps.sort(key=lambda step: step["name"] != usual)
    return measure_row(one, today) | {"steps": steps, "usual": usual}
