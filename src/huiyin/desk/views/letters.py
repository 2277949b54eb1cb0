"""Letters: what came by mail and what became of it, and the mails of ours that did not arrive."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.access import clock, doors
from huiyin.cases import actions as cases
from huiyin.desk.forms import words
from huiyin.desk.frame import framed, page
from huiyin.desk.rows import MOST
from huiyin.interactions import letters as letterbox
from huiyin.interactions import queries
from huiyin.interactions.models import Delivery, Letter
from huiyin.interactions.states import NOTES, PROBLEMS, REASONS, ContactKind, LetterState
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

PAGE = 40
STATES: dict[str, tuple[str, ...]] = {
    "all": (),
    LetterState.QUARANTINED: (LetterState.RECEIVED, LetterState.QUARANTINED),
}
GLYPHS = {
    LetterState.RECEIVED: "running",
    LetterState.TAKEN: "kept",
    LetterState.QUARANTINED: "soon",
    LetterState.IGNORED: "none",
}


class TakeLetterForm(forms.Form):
    """Which site a letter is for, what it is, and the words that stand for it."""

    site = forms.ChoiceField(label=gettext_lazy("归哪个站点"))
    kind = forms.ChoiceField(label=gettext_lazy("什么事"), choices=ContactKind.choices, initial=ContactKind.OPINION)
    words = words(gettext_lazy("登记的原话"), rows=6)

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(one.code, one.name) for one in sites]  # type: ignore[attr-defined]


class SetAsideForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("为什么不登记"), max_length=200)


@page("GET")
def letters(request: HttpRequest) -> HttpResponse:
    """Letters in a state, newest first; or the mails of ours that did not arrive."""
    actor = doors.actor(request)
    actor.check("contacts.take")
    counts = queries.letter_counts(actor)
    shows = [
        (LetterState.QUARANTINED, _("等人看的"), counts["waiting"]),
        (LetterState.TAKEN, _("已登记的"), None),
        (LetterState.IGNORED, _("不登记的"), None),
        ("all", _("全部来信"), None),
        ("unsent", _("没寄出的"), counts["unsent"]),
        ("twice", _("可能发出两次的"), counts["twice"]),
    ]
    known = [code for code, _label, _count in shows]
    show = request.GET.get("show", "")
    show = show if show in known else LetterState.QUARANTINED
    options = [
        {"label": label, "url": f"?show={code}", "current": code == show, "count": count}
        for code, label, count in shows
    ]
    context = {"options": options, "shown": next(one["label"] for one in options if one["current"]), "counts": counts}
    number = request.GET.get("page", "1")
    number = number if number.isascii() else "1"
    if show == "unsent":
        mails = Paginator(queries.dead_letters(actor)[:MOST], PAGE).get_page(number)
        return framed(
            request, "desk/unsent.html", context | {"page": mails, "rows": [_unsent_row(one) for one in mails]}
        )
    if show == "twice":
        mails = Paginator(queries.maybe_twice_seen_by(actor)[:MOST], PAGE).get_page(number)
        return framed(
            request, "desk/twice.html", context | {"page": mails, "rows": [_unsent_row(one) for one in mails]}
        )
    found = queries.letters_listed(actor, STATES.get(show, (show,)))
    pages = Paginator(found[:MOST], PAGE).get_page(number)
    return framed(request, "desk/letters.html", context | {"page": pages, "rows": [_row(one) for one in pages]})


def _row(one: Letter) -> dict[str, Any]:
    became = one.interaction.subject if one.interaction and one.interaction.subject else None
    return {
        "letter": one,
        "url": reverse("letter", args=[one.pk]),
        "glyph": GLYPHS[LetterState(one.state)],
        "reason": one.words or REASONS.get(one.reason, one.reason),
        "became": became or (one.interaction.reference if one.interaction else None),
    }


def _unsent_row(one: Delivery) -> dict[str, Any]:
    subject, _body = queries.worded(one)
    return {
        "delivery": one,
        "subject": subject,
        "to": one.to_user.name if one.to_user else (one.to_customer.name if one.to_customer else "") or _("未留姓名"),
        "problem": PROBLEMS.get(one.problem, one.problem),
        "again": reverse("send_again", args=[one.pk]),
    }


@page("GET")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as plain text, with all that is known about it and the two ways on."""
    actor = doors.actor(request)
    return _letter_page(request, doors.letter(pk, actor), actor)


def _letter_page(
    request: HttpRequest, one: Letter, actor: Actor, *, take: forms.Form | None = None, aside: forms.Form | None = None
) -> HttpResponse:
    is_open = one.state in {LetterState.QUARANTINED, LetterState.IGNORED}
    sites = _sites(request, actor) if is_open else []
    site = one.about.site if one.about else one.site
    initial = {"site": site.code if site else "", "words": cases.situation_of(one) if is_open else ""}
    context = _row(one) | {
        "notes": [NOTES.get(code, code) for code in one.facts.get("notes", [])],
        "enclosed": one.facts.get("enclosed", []),
        "judged": one.facts.get("judged", ""),
        "quoted": one.text.strip() != one.said.strip(),
        "take": take or (TakeLetterForm(initial=initial, sites=sites) if sites else None),
        "aside": aside or (SetAsideForm() if one.state == LetterState.QUARANTINED else None),
        "open": bool((take and take.errors) or one.state == LetterState.QUARANTINED),
    }
    refused = (take and take.errors) or (aside and aside.errors)
    return framed(request, "desk/letter.html", context, status=422 if refused else 200)


def _sites(request: HttpRequest, actor: Actor) -> list[Site]:
    return [one for one in doors.sites(request) if actor.may("contacts.take", one)]


@page("POST")
def letter_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take a letter in as a contact, or say why it is not for us."""
    actor = doors.actor(request)
    one = doors.letter(pk, actor)
    if act == "take":
        return _take(request, one, actor)
    if act == "set_aside":
        return _set_aside(request, one, actor)
    raise Http404


def _take(request: HttpRequest, one: Letter, actor: Actor) -> HttpResponse:
    form = TakeLetterForm(request.POST, sites=_sites(request, actor))
    if form.is_valid():
        given = form.cleaned_data
        try:
            site = doors.site(given["site"], actor)
            case = cases.take_letter(
                one, site=site, kind=given["kind"], words=given["words"], by=actor, now=clock.now()
            )
        except Refusal as refusal:
            form.add_error("words" if refusal.field == "situation" else None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return redirect("case", case.reference.number) if case else redirect("letter", one.pk)
    return _letter_page(request, doors.letter(one.pk, actor), actor, take=form)


def _set_aside(request: HttpRequest, one: Letter, actor: Actor) -> HttpResponse:
    form = SetAsideForm(request.POST)
    if form.is_valid():
        try:
            letterbox.set_aside(one, why=form.cleaned_data["why"], by=actor, now=clock.now())
        except Refusal as refusal:
            form.add_error("why" if refusal.field == "why" else None, str(refusal))
        else:
            messages.success(request, _("已记下。"))
            return redirect("letters")
    return _letter_page(request, doors.letter(one.pk, actor), actor, aside=form)


@page("GET")
def letter_raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they came, as a download that nothing opens by itself. Goes on record: every address in it is in full."""
    actor = doors.actor(request)
    one = doors.letter(pk, actor)
    try:
        raw = letterbox.hand_out(one, by=actor, now=clock.now())
    except OSError:
        raise Http404 from None
    headers = {
        "Content-Disposition": f'attachment; filename="letter-{one.pk}.eml"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(raw, content_type="application/octet-stream", headers=headers)


@page("POST")
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a mail that did not arrive back in the outbox."""
    actor = doors.actor(request)
    letterbox.try_again(doors.dead_letter(pk, actor), by=actor, now=clock.now())
    messages.success(request, _("已放回待发，马上再试。"))
    return redirect(f"{reverse('letters')}?show=unsent")
