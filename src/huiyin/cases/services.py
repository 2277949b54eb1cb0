"""《维修服务及回访记录表》: a job at a customer's home and its follow-up on paper (S3.2.2.b, S3.3.4). Set outside transactions."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.forms.service_follow_up_record import ServiceFollowUpRecord
from huiyin.cases.forms.service_follow_up_word import record_in_word
from huiyin.cases.models import Case, Event, FollowUp
from huiyin.cases.papers import head, minute, visit
from huiyin.cases.states import ASKED_BY, AT_HOME, EventKind, FollowUpResult
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.interactions.queries import contacts_about
from huiyin.organization.models import Site
from huiyin.records.typesetting import typeset

FORM = "service_follow_up_record"
DONE = (EventKind.FINISHED, EventKind.ANSWERED, EventKind.SOLVED)  # what tells best that a job is done comes first


def has_record(case: Case, rules: Rulebook | None = None) -> bool:
    """Whether a job has the form: done at home, at a site whose handbook asks for it. `rules`: of the day it came in."""
    if case.kind not in AT_HOME:
        return False
    rules = rules or rulebook(case.site, timezone.localdate(case.received_at))
    return rules.form(FORM) is not None


def asks_for_record(site: Site, on: date) -> bool:
    return rulebook(site, on).form(FORM) is not None


def service_sheet(case: Case, serial: int) -> bytes:
    """The form of a job as PDF, every field in its place."""
    return typeset(_record(case, serial))


def service_document(case: Case, serial: int) -> bytes:
    """The same form, with the same fields, as a Word document."""
    return record_in_word(_record(case, serial))


def blank_service_sheet(site: Site, *, on: date) -> bytes:
    """The same form with lines for a pen."""
    return typeset(ServiceFollowUpRecord(**head(site, rulebook(site, on), FORM)))


def blank_service_document(site: Site, *, on: date) -> bytes:
    """The blank form as a Word document."""
    return record_in_word(ServiceFollowUpRecord(**head(site, rulebook(site, on), FORM)))


def _record(case: Case, serial: int) -> ServiceFollowUpRecord:
    """What stands in the form. Everything comes from the job and its follow-ups; nothing is entered for the form."""
    contact = contacts_about(case.reference).order_by("occurred_at", "id").first()
    rules = rulebook(case.site, timezone.localdate(case.received_at))
    asked = visit(case, contact)
    wish = _("希望：%(words)s") % {"words": asked["remedy_sought"]} if asked["remedy_sought"] else ""
    return ServiceFollowUpRecord(
        **head(case.site, rules, FORM),
        **_job(case),
        **_follow_up(list(case.follow_ups.select_related("by").order_by("at", "id"))),
        serial=f"{serial:04d}",
        **{name: asked[name] for name in ("customer_name", "address", "phone", "receptionist")},
        service=rules.category_name(case.category) or str(case.get_kind_display()),
        asked_at=asked["visited_at"],
        asked="\n".join(part for part in (asked["situation"], wish) if part),
        qr_url=f"{settings.BASE_URL}/r/{case.reference.number}",
    )


def _job(case: Case) -> dict[str, str]:
    """Who came when, what was done, by whom, until when."""
    kinds = (EventKind.ARRIVED, *DONE)
    events = list(Event.objects.filter(case=case, kind__in=kinds).select_related("by").order_by("at", "id"))
    done = next((one for kind in DONE for one in reversed(events) if one.kind == kind), None)
    came = [_arrival(one) for one in events if one.kind == EventKind.ARRIVED]
    return {
        "arrivals": "\n".join(came),
        "done": done.text if done else "",
        "worker": done.by.name if done and done.by else "",
        "finished_on": timezone.localdate(done.at).isoformat() if done else "",
    }


def _arrival(event: Event) -> str:
    return "　".join(part for part in (minute(event.at), event.by.name if event.by else "", event.text) if part)


def _follow_up(calls: Sequence[FollowUp]) -> dict[str, str]:
    """The newest follow-up, and in the remark what came before it and why the worker himself asked."""
    if not calls:
        return {}
    newest, before = calls[-1], calls[:-1]
    earlier = [f"{minute(one.at)}　{ASKED_BY[one.channel]}　{FollowUpResult(one.result).label}" for one in before]
    return {
        "followed_up_at": minute(newest.at),
        "channel": str(ASKED_BY[newest.channel]),
        "result": _result(newest),
        "customer_words": newest.words,
        "follower": newest.by.name,
        "followed_up_on": timezone.localdate(newest.at).isoformat(),
        "remark": "\n".join([*earlier, newest.waiver] if newest.waiver else earlier),
    }


def _result(call: FollowUp) -> str:
    result = str(FollowUpResult(call.result).label)
    return result if call.score is None else _("%(result)s，%(score)s 分") % {"result": result, "score": call.score}
