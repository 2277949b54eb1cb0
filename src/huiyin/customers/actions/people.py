"""Writes about the people served."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.customers.models import Consent, ContactPoint, Customer, Mandate, Occupancy
from huiyin.customers.queries import clear_value, known_by
from huiyin.customers.rules import TOLD, Reached, encrypted
from huiyin.customers.states import ConsentWay, CustomerRole, Purpose
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.inserts import insert
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Room, Site
from huiyin.organization.rules import Actor

FAR_AHEAD = timedelta(days=92)


class NoReason(Refusal):
    """A number is shown only for a reason, which goes on record."""


class WrongDay(Refusal):
    """Somebody moves out before they moved in, or later than is known today."""


class WrongMandate(Refusal):
    """A role that begins in the future, or ends before it began."""


def recognize(site: Site, *, name: str, ways: Sequence[Reached], by: Actor, now: datetime) -> Customer | None:
    """The customer who wrote: a known one by phone or mail, else a new unverified one; None where nothing was said.

    A claim on a form never changes what is known: name and rooms of a known customer stay.
    """
    known = known_by(site, *ways) if ways else None
    if known or not (name or ways):
        return known
    return enter(site, name=name, ways=ways, by=by, now=now, is_verified=False)


def enter(
    site: Site,
    *,
    name: str,
    by: Actor,
    now: datetime,
    ways: Sequence[Reached] = (),
    is_verified: bool = True,
    kind: str = "person",
) -> Customer:
    """Put a person or organization on the register of a site. Journal: digests only."""
    name = chinese.clean(name)[:80]
    pinyin, initials = chinese.spelled(name)
    customer = Customer(
        site=site,
        kind=kind,
        name=name,
        pinyin=pinyin[:200],
        initials=initials[:80],
        is_verified=is_verified,
        created_at=now,
    )
    insert(customer)
    _add_ways(customer, ways)
    if is_verified:
        journal.record(
            "customers.entered",
            by=by,
            now=now,
            facts={"customer": customer.pk, "site": site.code},
            fields={"name": name},
        )
    return customer


def _add_ways(customer: Customer, ways: Sequence[Reached]) -> None:
    points = [
        ContactPoint(
            customer=customer,
            site_id=customer.site_id,
            kind=way.kind,
            ciphertext=encrypted(way.value),
            blind_index=way.index,
            masked=way.masked,
            last_four=way.last_four,
        )
        for way in ways
    ]
    insert(*points)


def add_ways(customer: Customer, ways: Sequence[Reached], *, by: Actor, now: datetime) -> list[str]:
    """Add further numbers or addresses by which somebody is reached; those known already stay. Returns the kinds added."""
    known = set(customer.contact_points.values_list("blind_index", flat=True))
    fresh = [way for way in dict.fromkeys(ways) if way.index not in known]
    _add_ways(customer, fresh)
    if fresh:
        kinds = [way.kind for way in fresh]
        facts = {"customer": customer.pk, "site": customer.site.code, "added": kinds}
        journal.record("customers.reached_anew", by=by, now=now, facts=facts)
    return [way.kind for way in fresh]


def move_in(customer: Customer, room: Room, *, role: str, by: Actor, now: datetime, from_on: date) -> Occupancy:
    """Record who lives or works in a room. Repeating it changes nothing."""
    occupancy, made = Occupancy.objects.get_or_create(
        customer=customer, room=room, role=role, from_on=from_on, defaults={"site_id": customer.site_id}
    )
    if made:
        journal.record(
            "customers.moved_in", by=by, now=now, facts={"customer": customer.pk, "room": room.pk, "role": role}
        )
    return occupancy


@transaction.atomic
def move_out(home: Occupancy, *, on: date | None, by: Actor, now: datetime) -> None:
    """From a day on, today if none is told, somebody no longer lives in a room. Repeating it changes nothing."""
    by.check("customers.write", home.site)
    on = on or max(timezone.localdate(now), home.from_on)
    if on < home.from_on:
        raise WrongDay(_("搬离不能早于入住（%(day)s）。") % {"day": home.from_on}, "until_on")
    if on > timezone.localdate(now) + FAR_AHEAD:
        raise WrongDay(_("搬离最多提前三个月登记。"), "until_on")
    if Occupancy.objects.filter(pk=home.pk, until_on__isnull=True).update(until_on=on):
        facts = {"customer": home.customer_id, "room": home.room_id, "role": home.role, "until_on": str(on)}
        journal.record("customers.moved_out", by=by, now=now, facts=facts)


@transaction.atomic
def correct(customer: Customer, *, name: str, by: Actor, now: datetime, ways: Sequence[Reached] = ()) -> list[str]:
    """Put right what is written about somebody (PIPL art. 46). A new phone or mail takes the place of the old one of its kind.

    Returns what was changed; nothing where all of it stood so already.
    """
    by.check("customers.write", customer.site)
    name, changed = chinese.clean(name)[:80], []
    fields = {}
    if name and name != customer.name:
        fields = {"name": name, "name_before": customer.name}
        pinyin, initials = chinese.spelled(name)
        words = {"name": name, "pinyin": pinyin[:200], "initials": initials[:80]}
        Customer.objects.filter(pk=customer.pk).update(is_verified=True, **words)
        changed.append("name")
    for way in ways:
        if not customer.contact_points.filter(blind_index=way.index).exists():
            customer.contact_points.filter(kind=way.kind).delete()
            _add_ways(customer, [way])
            changed.append(way.kind)
    if changed:
        facts = {"customer": customer.pk, "site": customer.site.code, "changed": changed}
        journal.record("customers.corrected", by=by, now=now, facts=facts, fields=fields)
    customer.refresh_from_db()
    return changed


@transaction.atomic
def give_consent(customer: Customer, *, purpose: str, way: str, by: Actor, now: datetime) -> Consent:
    """Write down that a person agreed, with the words they were told. Repeating it changes nothing."""
    by.check("customers.write", customer.site)
    purpose, way = Purpose(purpose), ConsentWay(way)
    told = {"words": str(TOLD[purpose]), "way": way, "given_at": now}
    consent, made = Consent.objects.get_or_create(customer=customer, purpose=purpose, withdrawn_at=None, defaults=told)
    if made:
        facts = {"customer": customer.pk, "purpose": str(purpose), "way": str(way)}
        journal.record("customers.consent_given", by=by, now=now, facts=facts)
    return consent


@transaction.atomic
def withdraw_consent(customer: Customer, *, purpose: str, by: Actor, now: datetime) -> None:
    """From now on the person does not agree. What was done before stays lawful. Repeating it changes nothing."""
    by.check("customers.write", customer.site)
    purpose = Purpose(purpose)
    if Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).update(withdrawn_at=now):
        facts = {"customer": customer.pk, "purpose": str(purpose)}
        journal.record("customers.consent_withdrawn", by=by, now=now, facts=facts)


def note_copy(customer: Customer, *, identity: str, by: Actor, now: datetime) -> None:
    """Put on record that a person got a copy of what is kept about them, and how it was made sure that it is them (art. 45)."""
    by.check("customers.privacy", customer.site)
    identity = chinese.clean(identity)[:200]
    if chinese.is_blank(identity):
        raise NoReason(_("请写明怎样核对了是本人。"), "identity")
    facts = {"customer": customer.pk, "site": customer.site.code}
    journal.record("customers.copy_given", by=by, now=now, facts=facts, fields={"identity": identity})


def forget(customer: Customer, *, now: datetime) -> None:
    """Take name, numbers, rooms and roles of somebody out of the register, and their values out of the journal's details.

    Part of `cases.erase_person`, which asks whether the law lets it. The chain of the journal stays whole.
    """
    customer.contact_points.all().delete()
    customer.occupancies.all().delete()
    customer.mandates.all().delete()
    customer.consents.all().delete()
    blank = {"name": "", "pinyin": "", "initials": "", "is_verified": False}
    Customer.objects.filter(pk=customer.pk).update(erased_at=now, **blank)
    journal.forget_values(customer=customer.pk)
    customer.refresh_from_db()


@transaction.atomic
def give_mandate(customer: Customer, *, role: str, from_on: date, by: Actor, now: datetime) -> Mandate:
    """Write down that a customer speaks for others from a day on. One who does already goes on doing so."""
    by.check("customers.write", customer.site)
    role = CustomerRole(role)
    if from_on > timezone.localdate(now):
        raise WrongMandate(_("从哪天起不能是以后的日子。"), "from_on")
    Customer.objects.select_for_update().get(pk=customer.pk)
    held = Mandate.objects.filter(customer=customer, role=role, until_on__isnull=True).first()
    if held:
        return held
    mandate, made = Mandate.objects.get_or_create(
        customer=customer, role=role, from_on=from_on, defaults={"site_id": customer.site_id}
    )
    if not made:  # ended on a later day and taken up again: it never stopped
        Mandate.objects.filter(pk=mandate.pk).update(until_on=None)
    facts = {"customer": customer.pk, "role": str(role), "from_on": str(from_on)}
    journal.record("customers.mandate_given", by=by, now=now, facts=facts)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: Actor, now: datetime) -> None:
    """From today on the customer no longer speaks in this role. Repeating it changes nothing."""
    by.check("customers.write", mandate.site)
    today = max(timezone.localdate(now), mandate.from_on)
    if Mandate.objects.filter(pk=mandate.pk, until_on__isnull=True).update(until_on=today):
        facts = {"customer": mandate.customer_id, "role": mandate.role, "until_on": str(today)}
        journal.record("customers.mandate_ended", by=by, now=now, facts=facts)


@transaction.atomic
def reveal(point: ContactPoint, *, reason: str, by: Actor, now: datetime) -> str:
    """Show a phone number or address in full. The reason is asked for and goes on record (PIPL art. 51)."""
    by.check("customers.reveal", point.site)
    reason = chinese.clean(reason)
    if chinese.is_blank(reason):
        raise NoReason(_("请写明为什么要看完整号码。"), "reason")
    facts = {"customer": point.customer_id, "contact_point": point.pk, "site": point.site.code}
    journal.record("customers.revealed", by=by, now=now, facts=facts, fields={"reason": reason[:200]})
    return clear_value(point)
