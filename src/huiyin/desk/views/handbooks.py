"""Handbooks: which a site follows, what each clause asks for and is answered by; adopting, changing and comparing."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.access import clock, doors
from huiyin.desk.forms import AdoptForm, WayOutForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.templatetags.desk import role_word
from huiyin.duties.words import duty_words, kind_words
from huiyin.engineering.queries import duty_facts
from huiyin.handbook import actions
from huiyin.handbook.linter import Chosen, Finding
from huiyin.handbook.queries import (
    adopted_by,
    edition,
    findings_for,
    findings_with,
    preview,
    shipped,
    shipped_ids,
    undecided_with,
)
from huiyin.handbook.rules import Altered, HandbookRefused, Moved, Planned, load, shipped_text
from huiyin.handbook.schema import Clause, Handbook
from huiyin.handbook.states import READY
from huiyin.kit.counting import explain
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site

# What answers a clause, in words, and the page where that is; no page where it has none of its own or is still to come.
MEANS: dict[str, tuple[str, str]] = {
    "approvals": (N_("审批"), "inbox"),
    "archive": (N_("归档"), "digests"),
    "case_form": (N_("顾客意见处理表"), "blank_form"),
    "cases": (N_("事项"), "cases"),
    "chat": (N_("在线交流"), ""),
    "contact_sheet": (N_("联系方式公示"), ""),
    "corrective_actions": (N_("纠正措施"), ""),
    "directory": (N_("名录"), "directory"),
    "duties": (N_("履行台账"), "duties"),
    "duty_log": (N_("值班记录"), "duty_book"),
    "engineering": (N_("工程项目"), ""),
    "event_records": (N_("活动记录表"), ""),
    "figures": (N_("数字"), "figures"),
    "follow_up": (N_("回访"), "cases"),
    "forms_register": (N_("表格清单"), "handbooks"),
    "gatherings": (N_("会议与活动"), ""),
    "mail": (N_("电子邮件"), ""),
    "matrix": (N_("履行矩阵"), "matrix"),
    "messages": (N_("消息"), "inbox"),
    "notices": (N_("通告与通知"), ""),
    "portal": (N_("公开页面"), "front_page"),
    "publication": (N_("公布"), "digests"),
    "referral": (N_("上报"), "cases"),
    "remits": (N_("分工范围"), ""),
    "reports": (N_("投诉汇总"), "digests"),
    "requirements": (N_("要求登记与投标评审"), ""),
    "search": (N_("查找"), "search"),
    "service_catalog": (N_("服务目录"), "catalog"),
    "service_record": (N_("维修服务及回访记录表"), "handbooks"),
    "service_reports": (N_("服务报告与简报"), ""),
    "services": (N_("上门服务与抽样回访"), ""),
    "suggestions": (N_("建议的可行性"), ""),
    "surveys": (N_("问卷调查"), ""),
    "visits": (N_("走访"), ""),
}
YEAR = timedelta(days=365)
# Forms that can be printed blank for a pen: as PDF, and for Word.
BLANKS = {
    "complaint_handling_form": ("blank_form", "blank_form_word"),
    "service_follow_up_record": ("blank_service_form", "blank_service_form_word"),
}


@page("GET")
def handbooks(request: HttpRequest) -> HttpResponse:
    """What the site in view follows, what it could follow, and the controlled forms of what it follows."""
    actor, today = doors.actor(request), timezone.localdate(clock.now())
    actor.check("duties.read")
    site = site_of(request, actor)
    followed = adopted_by(site, today)
    books = [edition(one.edition.digest) for one in followed]
    rows = [{"adoption": one, "book": book} for one, book in zip(followed, books, strict=True)]
    names = {one.edition.handbook for one in followed}
    others = [shipped(name) for name in shipped_ids() if name not in names and site.kind in shipped(name).site_kinds]
    forms = [(form, book, BLANKS.get(form.code)) for book in books for form in book.forms]
    context = {"rows": rows, "others": others, "forms": forms, "may_adopt": actor.may("handbook.adopt", site)}
    return framed(request, "desk/handbooks.html", context | {"may_check": actor.may("handbook.adopt")})


@page("GET")
def handbook(request: HttpRequest, name: str) -> HttpResponse:
    """One handbook, clause by clause: who acts, what is due next and why then, what answers it, what is ours."""
    actor, today = doors.actor(request), timezone.localdate(clock.now())
    actor.check("duties.read")
    site = site_of(request, actor)
    book, adoption = doors.handbook(name, site, today)
    coming = preview(site, book, duty_facts(site, today), first=today, last=today + YEAR).rows
    rows = [clause_row(one, book, site, coming) for one in book.clauses]
    context = {
        "book": book,
        "adoption": adoption,
        "rows": rows,
        "counts": {
            one: sum(row["answered"] == one for row in rows) for one in ("full", "partly", "not_yet", "not_here")
        },
        "total": len(rows),
        "coming": len(coming),
        "may_adopt": actor.may("handbook.adopt", site),
    }
    return framed(request, "desk/handbook.html", context)


def clause_row(clause: Clause, book: Handbook, site: Site, coming: list[Planned]) -> dict[str, Any]:
    """A clause as a row: its words, its next date with the reason, its time limits, and what answers it."""
    dates = [row for row in coming if row.clause == clause.id]
    role = next((role for role in book.roles if role.id == clause.role), None)
    return {
        "clause": clause,
        "role": role,
        "next": dates[0] if dates else None,
        "why": explain(dates[0].why) if dates else "",
        "what": duty_words(dates[0].kind, dates[0].step, dates[0].period) if dates else "",
        "times": len(dates),
        "limits": list(_limits(clause, book)),
        "means": [{"word": _(MEANS[one][0]), "page": MEANS[one][1], "ready": one in READY} for one in clause.by],
        "answered": answered(clause, site),
    }


def answered(clause: Clause, site: Site) -> str:
    """Whether tools answer a clause in full, partly or not yet, or it is not for this kind of site."""
    if clause.site_kinds and site.kind not in clause.site_kinds:
        return "not_here"
    ready = [one in READY for one in clause.by]
    return "full" if all(ready) else "partly" if any(ready) else "not_yet"


def _limits(clause: Clause, book: Handbook) -> list[str]:
    """The time limits and shares that a clause states, in words."""
    found = []
    for limit in book.limits:
        if limit.clause == clause.id and limit.hours is not None:
            found.append(_("%(n)s 小时内") % {"n": limit.hours})
        elif limit.clause == clause.id and limit.minutes is not None:
            found.append(_("%(n)s 分钟内") % {"n": limit.minutes})
        elif limit.clause == clause.id:
            words = _("%(n)s 个工作日内") if limit.counting == "working" else _("%(n)s 天内")
            found.append(_("当天") if not limit.days else words % {"n": limit.days})
    found += [f"{quota.share} %" for quota in book.quotas if quota.clause == clause.id]
    return list(dict.fromkeys(found))


@page("GET")
def handbook_text(request: HttpRequest, name: str) -> HttpResponse:
    """The file of a handbook with numbered lines; `?download=1` gives the file itself."""
    actor, today = doors.actor(request), timezone.localdate(clock.now())
    actor.check("duties.read")
    site = site_of(request, actor)
    book, adoption = doors.handbook(name, site, today)
    text = adoption.edition.text if adoption else shipped_text(name)
    if request.GET.get("download"):
        headers = {"Content-Disposition": f'attachment; filename="{name}.toml"'}
        return HttpResponse(text, content_type="application/toml; charset=utf-8", headers=headers)
    return framed(request, "desk/handbook_text.html", {"book": book, "lines": text.splitlines()})


@page("GET", "POST")
def adopt_handbook(request: HttpRequest, name: str) -> HttpResponse:
    """Take a handbook as it is or with changes: first see what it brings and changes, then let it hold from a day on."""
    actor, now = doors.actor(request), clock.now()
    today = timezone.localdate(now)
    site = site_of(request, actor)
    actor.check("handbook.adopt", site)
    _book, adoption = doors.handbook(name, site, today)
    start = {"text": adoption.edition.text if adoption else shipped_text(name), "effective_on": _first_of_next(today)}
    form = AdoptForm(request.POST or None, request.FILES or None, initial=start, today=today)
    seen, stuck = None, []
    if request.method == "POST" and form.is_valid():
        text, first = form.cleaned_data["text"], form.cleaned_data["effective_on"]
        whom = None if form.cleaned_data["scope"] == "company" else site
        form.data = request.POST.dict() | {"text": text}  # what stood in a chosen file stands in the text from now on
        try:
            seen = _shown(text, site, first)
            actions.check_edition(text, seen["book"])
            stuck = _stuck(request, undecided_with(whom, seen["book"], text, first))
            if "adopt" in request.POST and all(asked.is_valid() for _finding, asked in stuck):
                chosen = [Chosen(finding.key, **asked.cleaned_data) for finding, asked in stuck]
                actions.adopt_text(text, site=whom, by=actor, now=now, effective_on=first, chosen=chosen)
                messages.success(request, _("已记下：%(day)s 起执行。") % {"day": first.isoformat()})
                return redirect("handbooks")
        except HandbookRefused as refusal:
            form.add_error("text", _quoted(refusal, text))
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "text", str(refusal))
    context = {"name": name, "form": form, "seen": seen, "stuck": stuck, "adoption": adoption}
    wrong = form.errors or any(asked.errors for _finding, asked in stuck)
    return framed(request, "desk/adopt_handbook.html", context, status=422 if wrong else 200)


def _quoted(refusal: HandbookRefused, text: str) -> str:
    """What is wrong, with the line itself: a text field has no line numbers."""
    line = text.split("\n")[refusal.line - 1 :][:1]
    values = {"line": refusal.line, "reason": refusal.reason, "text": "".join(line).strip()[:100]}
    return _("第 %(line)s 行“%(text)s”：%(reason)s") % values


def _stuck(request: HttpRequest, found: list[Finding]) -> list[tuple[Finding, WayOutForm]]:
    """What nobody can keep as written, each with its question; what was typed so far stays in it."""
    asked = []
    for finding in found:
        prefix = f"f-{finding.key[:12]}"
        typed = {name: request.POST.get(f"{prefix}-{name}", "") for name in ("way", "reason")}
        data = request.POST if "adopt" in request.POST else None
        form = WayOutForm(
            data, prefix=prefix, initial=typed, ways=finding.ways_out, use_required_attribute=False
        )  # looking first needs no answer
        asked.append((finding, form))
    return asked


def _first_of_next(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _shown(text: str, site: Site, first: date) -> dict[str, Any]:
    """What following a text from a day on would bring in its first twelve months, and what it changes."""
    found = preview(site, load(text, "handbook.toml"), duty_facts(site, first), first=first, last=first + YEAR)
    known = {one.key for one in findings_for(site, first)}
    return {
        "book": found.book,
        "before": found.before,
        "fresh": [one for one in findings_with(site, found.book, text, first) if one.key not in known],
        "months": _by_month(found.rows),
        "total": len(found.rows),
        "moved": [
            {"words": duty_words(one.either.kind, one.either.step, one.either.period), "one": one} | _handed(one)
            for one in found.moved
        ],
        "altered": [_told(one) for one in found.altered],
    }


def _handed(one: Moved) -> dict[str, str]:
    """Who owed a duty and who will, where that changes."""
    if not one.before or not one.after or one.before.owner == one.after.owner:
        return {}
    return {"owed": role_word(one.before.owner), "owes": role_word(one.after.owner)}


def _by_month(rows: list[Planned]) -> list[tuple[date, list[dict[str, Any]]]]:
    months: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        told = {"row": row, "words": duty_words(row.kind, row.step, row.period), "why": explain(row.why)}
        months.setdefault(row.due.replace(day=1), []).append(told)
    return list(months.items())


TABLE_WORDS = {
    "clauses": N_("条款"),
    "roles": N_("角色"),
    "limits": N_("时限"),
    "quotas": N_("数量"),
    "channels": N_("渠道"),
    "chains": N_("审批链"),
    "publications": N_("公布"),
    "forms": N_("表格"),
    "categories": N_("类别"),
    "rungs": N_("提醒"),
    "retention": N_("保存年限"),
}


def _told(one: Altered) -> dict[str, Any]:
    sign = N_("新增") if one.before is None else N_("删去") if one.after is None else N_("改动")
    fields = [] if one.before is None or one.after is None else one.fields
    name = kind_words(one.name)
    return {"table": _(TABLE_WORDS[one.table]), "name": name, "sign": _(sign), "fields": fields}
