"""What may be done to a case at the desk: its form, its button, the one call it makes."""

from collections.abc import Callable, Collection
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases import queries
from huiyin.cases.models import Case
from huiyin.cases.rules import NotTogether, buttons
from huiyin.cases.rules.triage import Triage
from huiyin.cases.states import BY_NAME, OVERSEEN, OVERSIGHT
from huiyin.desk import forms, ways
from huiyin.desk.forms.clocks import (
    AcknowledgeForm,
    ArriveForm,
    AskExtensionForm,
    DecideExtensionForm,
    PauseForm,
    TriageForm,
    UpdateForm,
)
from huiyin.desk.forms.fields import Insisting
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor

LABELS = BY_NAME | OVERSEEN
SIGNATURES = frozenset({"countersign", "agree_spare"})  # before anything else, by whoever owes them


def add_refusal(form: Form, refusal: Refusal) -> None:
    """Put a refusal beside the field it names, or above the form."""
    if isinstance(form, Insisting) and isinstance(refusal, form.over):
        form.refuse(refusal)
        return
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


ACTS: dict[str, type[Form]] = {
    "accept": forms.FreeForm,
    "decline": forms.DeclineForm,
    "hand_off": forms.HandOffForm,
    "solve": forms.SolveForm,
    "follow_up": forms.FollowUpForm,
    "reopen": forms.ReopenForm,
    "note": forms.NoteForm,
    "write": forms.WriteForm,
    "categorize": forms.CategoryForm,
    "merge": forms.MergeForm,
    "separate": forms.SeparateForm,
    "triage": TriageForm,
    "acknowledge": AcknowledgeForm,
    "update": UpdateForm,
    "arrive": ArriveForm,
    "pause": PauseForm,
    "resume": forms.FreeForm,
    "ask_extension": AskExtensionForm,
    "decide_extension": DecideExtensionForm,
    "comment": forms.CommentForm,
    "send_back": forms.SendBackForm,
    "take_over": forms.TakeOverForm,
    **ways.FORMS,
}


def next_acts(
    around: ways.Around, actor: Actor, tried: str, form: Form | None, *, own: ways.Ways, waits: Collection[str]
) -> list[dict[str, Any]]:
    """Exactly the legal next acts the person may do, the usual one first, each with its form. `waits`: what is still owed."""
    found = around.case
    offered = found.handed_to_id == actor.user_id
    usual = {
        "received": "accept",
        "in_progress": "solve",
        "solved": "answer",
        "referred": "answer",
        "waiting": "resume",
    }.get(found.state, "")
    if found.state == "answered":
        usual = "close" if own.marks.is_satisfied else "follow_up"
    of_its_way = own.usual(actor)
    usual = usual if usual == "accept" and of_its_way not in SIGNATURES else of_its_way or usual
    acts = []
    for transition in buttons(found.state):
        name = transition.name
        hidden = (name == "decline" and not offered) or (
            name == "accept" and found.accountable_id == actor.user_id and found.handler_id
        )
        hidden = hidden or (name == "countersign" and own.marks.is_proposed_by(actor.user_id))
        hidden = hidden or (name == "agree_spare" and own.marks.is_spared_by(actor.user_id))
        hidden = hidden or not _makes_sense(name, found, waits)
        hidden = hidden or name == "group" or (name == "separate" and found.parent_id is None)
        if hidden or not own.fits(transition) or not actor.may(transition.right, found.site):
            continue
        shown = form if name == tried and form is not None else blank(name, around)
        acts.append(
            {"name": name, "label": transition.label, "form": shown, "usual": name == usual, "open": name == tried}
        )
    if (found.state != "closed" or own.marks.wants_measure) and actor.may("cases.solve", found.site):
        shown = form if tried == "measure" and form is not None else blank("measure", around)
        acts.append({"name": "measure", "label": _("整改"), "form": shown, "usual": False, "open": tried == "measure"})
    acts += _of_oversight(around, actor, tried, form)
    if form is not None and all(one["name"] != tried for one in acts):  # somebody else was faster: the words stay
        label = LABELS[tried].label if tried in LABELS else _("整改")
        acts.append({"name": tried, "label": label, "form": form, "usual": False, "open": True})
    return sorted(acts, key=lambda one: not one["usual"])


def _makes_sense(name: str, found: Case, waits: Collection[str]) -> bool:
    """Whether an act that is legal is of any use now."""
    return {
        "acknowledge": "acknowledgement" in waits,
        "ask_extension": "extension" not in waits and "solution" in waits,
        "decide_extension": "extension" in waits,
    }.get(name, True)


def _of_oversight(around: ways.Around, actor: Actor, tried: str, form: Form | None) -> list[dict[str, Any]]:
    """What the quality department may do to any case (S4.3.a)."""
    found = around.case
    if not actor.may_everywhere("cases.oversee"):
        return []
    acts = []
    for one in OVERSIGHT:
        mine = one.name == "take_over" and found.accountable_id == actor.user_id
        if found.state in one.sources and not mine:
            shown = form if one.name == tried and form is not None else blank(one.name, around)
            acts.append(
                {"name": one.name, "label": one.label, "form": shown, "usual": False, "open": one.name == tried}
            )
    return acts


def blank(name: str, around: ways.Around, data: Any = None) -> Form:
    if name in ways.FORMS:
        return ways.blank(name, around, data)
    if name == "hand_off":
        others = [one for one in around.people if one[0] != around.case.accountable_id]
        return forms.HandOffForm(data, people=others, auto_id="hand_off_%s")
    if name == "categorize":
        initial, categories = {"category": around.case.category}, around.rules.categories()
        return forms.CategoryForm(data, categories=categories, initial=initial, auto_id="categorize_%s")
    return ACTS[name](data, auto_id=f"{name}_%s")


def _hand_off(found: Case, given: dict[str, Any], actor: Actor) -> None:
    act_on.hand_off(found, to=doors.colleague(given["to"], found.site), why=given["why"], by=actor, now=clock.now())


def _triage(found: Case, given: dict[str, Any], actor: Actor) -> None:
    words, answers = given.pop("words"), Triage(**given)
    act_on.triage(found, found=answers, words=words, by=actor, now=clock.now())


def _merge(found: Case, given: dict[str, Any], actor: Actor) -> None:
    into = queries.by_number(given["into"].strip().upper(), actor)
    if into is None:
        raise NotTogether(_("没有找到。编号可能有误，或不在您的范围内。"), "into")
    act_on.merge(found, into=into, by=actor, now=clock.now())


DO: dict[str, Callable[[Case, dict[str, Any], Actor], object]] = {
    "accept": lambda found, given, actor: act_on.accept(found, by=actor, now=clock.now()),
    "decline": lambda found, given, actor: act_on.decline(found, by=actor, now=clock.now(), **given),
    "hand_off": _hand_off,
    "solve": lambda found, given, actor: act_on.solve(found, by=actor, now=clock.now(), **given),
    "follow_up": lambda found, given, actor: act_on.follow_up(found, by=actor, now=clock.now(), **given),
    "reopen": lambda found, given, actor: act_on.reopen(found, by=actor, now=clock.now(), **given),
    "categorize": lambda found, given, actor: act_on.categorize(found, by=actor, now=clock.now(), **given),
    "merge": _merge,
    "separate": lambda found, given, actor: act_on.separate(found, by=actor, now=clock.now(), **given),
    "note": lambda found, given, actor: act_on.note(found, by=actor, now=clock.now(), **given),
    "write": lambda found, given, actor: act_on.write(found, by=actor, now=clock.now(), **given),
    "triage": _triage,
    "acknowledge": lambda found, given, actor: act_on.acknowledge(found, by=actor, now=clock.now(), **given),
    "update": lambda found, given, actor: act_on.update(found, by=actor, now=clock.now(), **given),
    "arrive": lambda found, given, actor: act_on.arrive(found, by=actor, now=clock.now(), **given),
    "pause": lambda found, given, actor: act_on.pause(found, by=actor, now=clock.now(), **given),
    "resume": lambda found, given, actor: act_on.resume(found, by=actor, now=clock.now()),
    "ask_extension": lambda found, given, actor: act_on.ask_extension(found, by=actor, now=clock.now(), **given),
    "decide_extension": lambda found, given, actor: act_on.decide_extension(found, by=actor, now=clock.now(), **given),
    "comment": lambda found, given, actor: act_on.comment(found, by=actor, now=clock.now(), **given),
    "send_back": lambda found, given, actor: act_on.send_back(found, by=actor, now=clock.now(), **given),
    "take_over": lambda found, given, actor: act_on.take_over(found, by=actor, now=clock.now(), **given),
    **ways.DO,
}
