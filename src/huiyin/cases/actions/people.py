"""Deleting a person on their own request, with what the law lets us keep (PIPL art. 47)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.models import Case, CorrectiveMeasure, Event, FollowUp, Referral, Suggestion
from huiyin.cases.queries import contacts_past_keeping, keeps, kept_until
from huiyin.cases.rules import GONE, StillNeeded
from huiyin.customers import actions as customers
from huiyin.customers.models import Customer
from huiyin.interactions import actions as interactions
from huiyin.interactions import letters
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.organization.rules import Actor
from huiyin.records.actions import forget_pictures


def erase_person(customer: Customer, *, identity: str, by: Actor, now: datetime) -> date | None:
    """Delete somebody from the register, and their words once nothing obliges us to keep them.

    Refused, with every reason, while they live here, speak for others or a matter of theirs is open; the refusal goes on record.
    Words of matters closed within three years lie still until then: found by nobody who looks for the person. Returns that day.
    """
    by.check("customers.privacy", customer.site)
    if chinese.is_blank(identity):
        raise customers.NoReason(_("请写明怎样核对了是本人。"), "identity")
    facts = {"customer": customer.pk, "site": customer.site.code}
    needed = keeps(customer, on=timezone.localdate(now))
    if needed:
        journal.record("customers.erasure_refused", by=by, now=now, facts=facts | {"why": [one.code for one in needed]})
        raise StillNeeded(needed)
    with transaction.atomic():
        until = kept_until(customer)
        customers.forget(customer, now=now)
        interactions.forget_messages(customer)
        _forget_old_words(customer, now)
        today = timezone.localdate(now)
        rest = until if until and until > today else None
        journal.record("customers.erased", by=by, now=now, facts=facts | {"kept_until": str(rest) if rest else None})
    return rest


def erase_what_is_over(*, now: datetime) -> int:
    """Delete words of erased people whose keeping is over. Returns how many people had some."""
    erased = [one for one in Customer.objects.exclude(erased_at=None) if contacts_past_keeping(one, now=now).exists()]
    for customer in erased:
        with transaction.atomic():
            _forget_old_words(customer, now)
    return len(erased)


def _forget_old_words(customer: Customer, now: datetime) -> None:
    over = contacts_past_keeping(customer, now=now)
    cases = Case.objects.filter(customer=customer, reference__in=over.values("subject"))
    ids = list(cases.values_list("pk", flat=True))
    contacts = list(over)
    Event.objects.filter(case__in=ids).exclude(text="").update(text=GONE)
    for event in Event.objects.filter(case__in=ids, values__has_key="despite"):
        Event.objects.filter(pk=event.pk).update(values=event.values | {"despite": GONE})
    FollowUp.objects.filter(case__in=ids).update(words="", waiver="")
    Suggestion.objects.filter(case__in=ids).update(costs="", brings="", hurdles="", reason=GONE)
    Referral.objects.filter(case__in=ids).update(asked=GONE, answer="")
    _forget_measures(ids)
    cases.update(summary=GONE)
    letters.forget(contacts, said=GONE)
    forget_pictures({key for one in contacts for key in (one.reference_id, one.subject_id) if key})
    interactions.forget_words(contacts, said=GONE)


def _forget_measures(ids: list[int]) -> None:
    """Of a measure its owner, its days and how it went are kept; no word."""
    told = CorrectiveMeasure.objects.filter(case__in=ids)
    told.update(text=GONE, result="", verdict="")
    told.exclude(cause="").update(cause=GONE)
