"""公开反馈: closed cases that nobody can be answered, and what everybody is told about closed cases (S1.4.3.a)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.access import clock, doors
from huiyin.approvals.queries import steps_of
from huiyin.desk.acts import add_refusal
from huiyin.desk.forms.papers import caught_up
from huiyin.desk.forms.public_answers import PublicAnswerForm, PublishForm, TakeBackForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import ROWS, Leaves, case_row, duty_row
from huiyin.desk.views.papers import as_pdf
from huiyin.interactions.actions import read_all
from huiyin.kit.refusal import Refusal
from huiyin.kit.seen import expect
from huiyin.organization.rules import Actor
from huiyin.records.typesetting import typeset
from huiyin.reports import public_answers as answers
from huiyin.reports.models import PublicAnswer
from huiyin.reports.rules import answer_acts
from huiyin.reports.states import AnswerState

MOST = 200  # cases that wait for an answer, shown at once
FORMS: dict[str, type[Form]] = {
    "write": PublicAnswerForm,
    "submit": PublicAnswerForm,
    "publish": PublishForm,
    "send_back": PublishForm,
    "withdraw": TakeBackForm,
}
GLYPHS = {
    AnswerState.DRAFT: "running",
    AnswerState.SUBMITTED: "soon",
    AnswerState.RETURNED: "late",
    AnswerState.PUBLISHED: "kept",
    AnswerState.WITHDRAWN: "none",
}
# What each finding of the check is, for people.
FOUND = {
    "customer": N_("当事人姓名"),
    "id_card": N_("证件号"),
    "name": N_("称呼"),
    "phone": N_("电话"),
    "email": N_("邮箱"),
    "plate": N_("车牌"),
    "room": N_("房号"),
    "day": N_("单独一天的日期"),
    "number": N_("编号、学号"),
    "rare": N_("少见的细节"),
    "own_words": N_("照抄的原话"),
}


@page("GET")
def public_answers(request: HttpRequest) -> HttpResponse:
    """Cases that wait for a public answer, and every public answer of the site, the newest first."""
    actor, now = doors.actor(request), clock.now()
    actor.check("reports.read")
    site = site_of(request, actor)
    owed = [
        duty_row(duty, now) | {"case": duty.reference.case, "number": duty.reference.number}
        for duty in answers.unanswered(site, actor)[:MOST]
        if duty.reference
    ]
    kept = answers.visible_to(actor).filter(site=site).order_by("-prepared_at", "-id")
    pages = Leaves(kept, ROWS).get_page(request.GET.get("page", "1")[:6])
    rows = [{"answer": one, "glyph": GLYPHS[AnswerState(one.state)]} for one in pages]
    context = {"owed": owed, "page": pages, "rows": rows, "may_prepare": actor.may("reports.draft", site)}
    return framed(request, "desk/public_answers.html", context)


@page("GET", "POST")
def prepare_answer(request: HttpRequest) -> HttpResponse:
    """The chosen closed cases, and the words about them for everybody."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("reports.draft", site)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = doors.cases_of(asked.getlist("of"), site, actor)
    form = PublicAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: text for name, text in form.cleaned_data.items() if name != "seen"}
        try:
            answer = answers.prepare(site, chosen, **given, by=actor, now=clock.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已存下。看过检查结果，再提交审批。"))
            return redirect("public_answer", answer.reference.number)
    context = {"form": form, "cases": [case_row(case) for case in chosen]}
    return framed(request, "desk/prepare_answer.html", context, status=422 if request.method == "POST" else 200)


@page("GET")
def public_answer(request: HttpRequest, number: str) -> HttpResponse:
    """One public answer: its words, what the check finds, whom it answers, the next act."""
    actor = doors.actor(request)
    answer = doors.public_answer(number, actor)
    read_all(actor, about=answer.reference, now=clock.now())
    return _page(request, answer, actor)


def _page(
    request: HttpRequest,
    answer: PublicAnswer,
    actor: Actor,
    *,
    tried: str = "",
    form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    words = {"title": answer.title, "raised": answer.raised, "done": answer.done, "seen": answer.words_seen}
    shown = {
        "write": PublicAnswerForm(initial=words),
        "publish": PublishForm(initial=words),
        "withdraw": TakeBackForm(),
    }
    if form is not None:
        shown[{"submit": "write", "send_back": "publish"}.get(tried, tried)] = form
    acts, by_self = answer_acts(answer.state, actor, answer.site), answer.prepared_by_id == actor.user_id
    # Once it is out there is nothing to be changed any more: what stood in it and why is kept with the review.
    checking = answer.state in {AnswerState.DRAFT, AnswerState.RETURNED, AnswerState.SUBMITTED}
    found = answers.findings_of(answer) if checking else []
    seen = doors.cases_of(list(answer.cases.values_list("reference__number", flat=True)), answer.site, actor)
    context = {
        "answer": answer,
        "glyph": GLYPHS[AnswerState(answer.state)],
        "forms": shown,
        # What was typed stays on the page, even if somebody else was faster and it is of no use any more.
        "writing": "submit" in acts or tried in {"write", "submit"},
        "deciding": ("publish" in acts and not by_self) or tried in {"publish", "send_back"},
        "own_work": "publish" in acts and by_self,
        "withdrawing": "withdraw" in acts or tried == "withdraw",
        "theirs": caught_up(form, answer.words_seen),
        "checking": checking,
        "found": [{"word": _(FOUND.get(one.kind, one.kind)), "text": one.text} for one in found],
        "blocks": answers.blocks_of(answer),
        "steps": list(steps_of(answer.reference)),
        "cases": [case_row(case) for case in seen],
        "open": tried == "withdraw",
    }
    return framed(request, "desk/public_answer.html", context, status=status)


@page("POST")
def public_answer_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Keep, submit, publish, send back or withdraw."""
    actor = doors.actor(request)
    answer = doors.public_answer(number, actor)
    if act not in FORMS:
        raise Http404
    form = FORMS[act](request.POST)
    if form.is_valid():
        try:
            expect(answer, form.cleaned_data.pop("seen", ""))
            _do(act, answer, form.cleaned_data, actor)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已公布。") if act == "publish" else _("已记下。"))
            return redirect("public_answer", number)
    return _page(request, doors.public_answer(number, actor), actor, tried=act, form=form, status=422)


def _do(act: str, answer: PublicAnswer, given: dict[str, Any], actor: Actor) -> None:
    now = clock.now()
    if act == "write":
        answers.reword(answer, **given, by=actor, now=now)
    elif act == "submit":
        answers.submit(answer, by=actor, now=now, words=given)
    elif act == "publish":
        answers.publish(answer, by=actor, now=now, despite=given["despite"])
    elif act == "send_back":
        answers.send_back(answer, comment=given["comment"], by=actor, now=now)
    else:
        answers.withdraw(answer, why=given["why"], by=actor, now=now)


@page("GET")
def public_answer_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet for the notice board, once it is public."""
    answer = doors.public_answer(number, doors.actor(request))
    if answer.state != AnswerState.PUBLISHED or answer.notice is None:
        raise Http404
    address = settings.BASE_URL + reverse("notice", args=[answer.site.code, answer.notice.reference.number])
    return as_pdf(typeset(answers.board_sheet(answer, answer.notice, address)), f"{number}.pdf")
