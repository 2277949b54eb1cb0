"""A case on paper: the handling form filled or blank, and the receipt. Set outside transactions."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.cases.forms.complaint_handling_form import ComplaintHandlingForm
from huiyin.cases.forms.complaint_handling_word import in_word
from huiyin.cases.forms.receipt_slip import CHINESE, ENGLISH, LETTER, SHEET, ReceiptSlip
from huiyin.cases.models import Case, Event, FollowUp
from huiyin.cases.queries import measures_about
from huiyin.cases.states import EventKind, FollowUpResult, MeasureState
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.handbook.schema import Form
from huiyin.interactions.models import Interaction, OwnLetter
from huiyin.interactions.queries import contacts_about, receipt_token, receipt_tokens
from huiyin.organization.models import Site
from huiyin.records.typesetting import qr_rows, render, typeset

FORM = "complaint_handling_form"


def handling_sheet(case: Case, serial: int) -> bytes:
    """《顾客意见处理表》 of a case as PDF, every field in its place (S4.F.1 to S4.F.3)."""
    return typeset(_handling_form(case, serial))


def handling_document(case: Case, serial: int) -> bytes:
    """The same form, with the same fields, as a Word document."""
    return in_word(_handling_form(case, serial))


def _handling_form(case: Case, serial: int) -> ComplaintHandlingForm:
    """What stands in the form. Phone numbers stay masked."""
    contact = contacts_about(case.reference).order_by("occurred_at", "id").first()
    events = Event.objects.filter(case=case).select_related("by")
    solved = events.filter(kind=EventKind.SOLVED).order_by("-at", "-id").first()
    answered = events.filter(kind=EventKind.ANSWERED).order_by("-at", "-id").first()
    tracked = FollowUp.objects.filter(case=case).select_related("by").order_by("-at", "-id").first()
    plan = solved or answered
    rules = rulebook(case.site, timezone.localdate(case.received_at))
    values = head(case.site, rules, FORM) | visit(case, contact)
    return ComplaintHandlingForm(
        **values,
        serial=f"{serial:04d}",
        resolution_plan=plan.text if plan else "",
        handler=plan.by.name if plan and plan.by else "",
        handled_on=_day(plan.at) if plan else "",
        outcome_tracking=_tracking(tracked),
        tracker=tracked.by.name if tracked else "",
        tracked_on=_day(tracked.at) if tracked else "",
        remark="\n".join(_remarks(case, answered if solved else None)),
        qr_url=f"{settings.BASE_URL}/r/{case.reference.number}",
    )


def _remarks(case: Case, answered: Event | None) -> Iterator[str]:
    """The answer where a solution came before it, and each measure with owner, day and how far it is."""
    if answered:
        yield _("答复：%(text)s") % {"text": answered.text}
    for one in measures_about(case):
        if one.state != MeasureState.WITHDRAWN:
            told = {"text": one.text, "owner": one.owner.name, "due": one.due_on.isoformat()}
            words = _("整改：%(text)s（%(owner)s，%(due)s 前）") % told
            yield words if one.state == MeasureState.OPEN else f"{words} {one.get_state_display()}"


def blank_sheet(site: Site, *, on: date) -> bytes:
    """The same form with lines for a pen."""
    return typeset(ComplaintHandlingForm(**head(site, rulebook(site, on), FORM)))


def blank_document(site: Site, *, on: date) -> bytes:
    """The blank form as a Word document."""
    return in_word(ComplaintHandlingForm(**head(site, rulebook(site, on), FORM)))


def form_of(rules: Rulebook, *codes: str) -> Form | None:
    """The controlled form that the adopted handbooks give under the first of these codes they know."""
    return next((form for form, _handbook in filter(None, map(rules.form, codes))), None)


def head(site: Site, rules: Rulebook, *codes: str) -> dict[str, Any]:
    """Number, version and effective day come from document control, that is from the adopted handbook."""
    form, head = form_of(rules, *codes), {"company": site.company.name}
    if form is None:
        return head
    return head | {
        "form_number": form.number or _("待编"),
        "form_version": form.version,
        "form_effective_on": str(form.effective_on or ""),
    }


def visit(case: Case, contact: Interaction | None) -> dict[str, str]:
    """Who came with what, and who wrote it down."""
    points = list(case.customer.contact_points.all()) if case.customer else []
    recorder = contact.recorded_by.name if contact and contact.recorded_by else case.first_contact_owner.name
    return {
        "customer_name": case.customer.name if case.customer else "",
        "address": " ".join(str(part) for part in (case.building, case.room) if part),
        "phone": next((point.masked for point in points if point.kind == "phone"), ""),
        "receptionist": recorder,
        "visited_at": minute(case.received_at),
        "place": (contact.place or contact.get_channel_display()) if contact else "",
        "situation": contact.situation if contact else case.summary,
        "remedy_sought": contact.remedy_sought if contact else "",
        "recorder": recorder,
        "recorded_on": _day(contact.recorded_at if contact else case.received_at),
    }


def _tracking(tracked: FollowUp | None) -> str:
    if tracked is None:
        return ""
    return "　".join(part for part in (str(FollowUpResult(tracked.result).label), tracked.words) if part)


def minute(at: datetime) -> str:
    """An instant as papers write it: 2026-11-23 10:00."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()


def slip(case: Case) -> bytes:
    """The receipt on paper, with the code that leads to the tracking page."""
    contact = contacts_about(case.reference).order_by("occurred_at", "id").first()
    return typeset(_receipt(case, contact.situation if contact else "", receipt_token(case.reference)))


def slips(cases: Sequence[Case]) -> bytes:
    """The receipts of several cases, four to a sheet of A4, to be cut. Two queries; words that do not fit end in ……."""
    references = [case.reference for case in cases]
    said = {one.subject_id: one.situation for one in contacts_about(*references).order_by("-occurred_at", "-id")}
    tokens = receipt_tokens(references)
    made = [_receipt(case, said.get(case.reference_id, ""), tokens.get(case.reference_id, "")) for case in cases]
    return render(SHEET, {"slips": [{**asdict(one), "qr": qr_rows(one.qr_url)} for one in made]})


def _receipt(case: Case, said: str, token: str) -> ReceiptSlip:
    return ReceiptSlip(
        site=case.site.name,
        number=case.reference.number,
        received=minute(case.received_at),
        understood=said or case.summary,
        accountable=case.accountable.name,
        phone=case.accountable.phone or case.site.phone,
        due=_day(case.solution_due_at) if case.solution_due_at else "",
        objection=_("请打电话给负责人或管理处经理；也可以扫码，在进度页直接写下来。没有手机的，打电话报编号也能查。"),
        routes="\n".join(line for line in case.site.external_routes.splitlines() if line.strip()),
        company=case.site.company.name,
        labels=ENGLISH if (get_language() or "").startswith("en") else CHINESE,
        qr_url=settings.BASE_URL + reverse("track", args=[token]) if token else "",
    )


def letter_slip(letter: OwnLetter) -> bytes:
    """A letter of ours on paper, for whoever has neither mail nor page."""
    site = letter.site
    return typeset(
        ReceiptSlip(
            site=site.name,
            number=letter.reference.number,
            received=minute(letter.written_at),
            understood=letter.words,
            accountable=letter.written_by.name,
            phone=letter.written_by.phone or site.phone,
            due="",
            objection=_("请扫码直接写；也可以打电话，报上面的编号。"),
            company=site.company.name,
            labels=LETTER,
            qr_url=settings.BASE_URL + reverse("track", args=[receipt_token(letter.reference)]),
        )
    )
