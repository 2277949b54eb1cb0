"""Writes of interactions: receive, thread, send, deliver."""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from huiyin.customers.models import ContactPoint, Customer
from huiyin.customers.rules import Reached
from huiyin.interactions.gateways import AT_ONCE, GATEWAYS
from huiyin.interactions.gateways.failures import MaybeTaken, NeverArrives, OutOfReach, TryLater
from huiyin.interactions.models import Delivery, Doubt, Interaction, OwnLetter, Receipt, Repeat
from huiyin.interactions.queries import address_of, due_deliveries, is_one_too_many, letter_answered_by, worded
from huiyin.interactions.rules import LONGEST_TEXT, Contact, WrongContact, hash_of, token_of
from huiyin.interactions.states import Channel, DeliveryState
from huiyin.journal import actions as journal
from huiyin.kit.inserts import insert
from huiyin.organization.models import User
from huiyin.organization.rules import Actor
from huiyin.references import actions as references
from huiyin.references.actions import Wanted
from huiyin.references.models import Reference, SearchPart
from huiyin.references.states import Kind

log = logging.getLogger("huiyin.interactions")
LEASE = timedelta(minutes=2)
WAITS = (1, 5, 15, 60, 240)  # minutes between tries; after the last the message is a dead letter
PAUSE = timedelta(minutes=1)  # until a provider that could not be reached is tried again


def receive(
    contact: Contact,
    *,
    reference: Reference,
    subject: Reference | None,
    customer: Customer | None,
    by: Actor,
    now: datetime,
) -> Interaction:
    """Keep a checked contact word for word, claimed by `subject` where a matter takes it."""
    kept = Interaction(
        reference=reference,
        site=contact.site,
        subject=subject,
        channel=contact.channel,
        kind=contact.kind,
        customer=customer,
        building=contact.building or (contact.room.building if contact.room else None),
        room=contact.room,
        place=contact.place,
        situation=contact.situation,
        remedy_sought=contact.remedy_sought,
        answered_at_once=contact.answered_at_once,
        occurred_at=contact.occurred_at or now,
        recorded_at=now,
        recorded_by_id=by.user_id,
        source_number=contact.source_number,
        is_history=contact.is_history,
    )
    return insert(kept)[0]


def give_receipt(reference: Reference, *, now: datetime) -> str:
    """Make the unguessable link's token. Only its hash is kept."""
    token = token_of(reference.number, 1)
    insert(Receipt(reference=reference, token_hash=hash_of(token), created_at=now))
    return token


def revoke_receipt(receipt: Receipt) -> str:
    """Make the old link dead and return the new token."""
    generation = receipt.generation + 1
    token = token_of(receipt.reference.number, generation)
    Receipt.objects.filter(pk=receipt.pk).update(generation=generation, token_hash=hash_of(token))
    return token


def remember(scope: str, key: str, body_digest: str, reference: Reference, *, now: datetime) -> None:
    """Keep what a request made, so that repeating it answers the same. IntegrityError when another one was faster."""
    insert(Repeat(scope=scope, key=key, body_digest=body_digest, reference=reference.number, created_at=now))


@dataclass(frozen=True)
class Message:
    """A message, mostly about a reference. `key` names the event: the same event tells the same person once."""

    reference: Reference | None
    key: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    to_users: tuple[User, ...] = ()
    to_customer: Customer | None = None
    is_automatic: bool = False  # an answer that no person gave
    is_ours: bool = False  # begins a conversation: there is no question whose channel could be asked
    words: str = (
        ""  # what a person wrote; goes into the mail where the question came by mail, and is not kept here once sent
    )


def send(messages: Iterable[Message], *, now: datetime) -> None:
    """Put messages in the outbox, in the caller's transaction. Staff read them at the desk; customers on their page and by mail."""
    rows = [row for message in messages for row in _rows(message, now)]
    insert(*rows, skip_known=True)


def _rows(message: Message, now: datetime) -> Iterable[Delivery]:
    for user in message.to_users:
        yield _row(message, "desk", f"u{user.pk}", now, to_user=user)
    if message.to_customer is not None:
        yield _row(message, "page", f"c{message.to_customer.pk}", now, to_customer=message.to_customer)
        if settings.MAIL_OUT and _has_mail(message.to_customer):
            gateway = "memory" if settings.MAIL_OUT.startswith("memory:") else "mail"
            mail = _row(message, gateway, f"c{message.to_customer.pk}", now, to_customer=message.to_customer)
            if message.words and (message.is_ours or _asked_by_mail(message)):
                mail.values |= {"words": message.words}
            yield mail


def _asked_by_mail(message: Message) -> bool:
    said = Interaction.objects.filter(subject=message.reference, customer=message.to_customer, channel=Channel.EMAIL)
    return message.reference is not None and said.exists()


def _has_mail(customer: Customer) -> bool:
    return ContactPoint.objects.filter(customer=customer, kind="email").exists()


def _row(message: Message, gateway: str, addressee: str, now: datetime, **to: Any) -> Delivery:
    at_once = gateway in AT_ONCE
    number = [message.reference.number] if message.reference else []
    return Delivery(
        key=".".join([*number, message.key, gateway, addressee]),
        reference=message.reference,
        gateway=gateway,
        template=message.template,
        values=dict(message.values),
        state=DeliveryState.SENT if at_once else DeliveryState.WAITING,
        sent_at=now if at_once else None,
        next_at=now,
        created_at=now,
        is_automatic=message.is_automatic and not at_once,
        **to,
    )


def deliver_due(*, now: datetime, at_most: int = 100, seconds: float = 20) -> int:
    """Try the messages that are due. Each is claimed by compare-and-set, so two workers never send one twice. Returns how many left.

    A mail server that lets us wait does so for some seconds only; other work comes in between.
    """
    ends = time.monotonic() + seconds
    return sum(_deliver(delivery, now) for delivery in due_deliveries(now)[:at_most] if time.monotonic() < ends)


def _deliver(delivery: Delivery, now: datetime) -> bool:
    if not _claim(delivery, now):
        return False
    mine = Delivery.objects.filter(pk=delivery.pk)
    if why := _held_back(delivery, now):
        mine.update(state=DeliveryState.NO_WAY, problem=why)
        return False
    try:
        with translation.override(delivery.to_user.language if delivery.to_user else settings.LANGUAGE_CODE):
            GATEWAYS[delivery.gateway](delivery, *worded(delivery))
    except Exception as trouble:
        # One message that breaks its gateway or template holds up no other, and ends where a person sees it.
        _note_failure(delivery, trouble, now)
        return False
    kept = {name: value for name, value in delivery.values.items() if name != "words"}
    mine.update(state=DeliveryState.SENT, sent_at=now, problem="", values=kept)
    return True


@transaction.atomic
def _claim(delivery: Delivery, now: datetime) -> bool:
    """Take a message to try it. Where another worker died holding it, that try stays on record as one in doubt."""
    seen = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, next_at=delivery.next_at)
    claimed = seen.update(state=DeliveryState.CLAIMED, next_at=now + LEASE, attempts=delivery.attempts + 1)
    if claimed and delivery.state == DeliveryState.CLAIMED:
        insert(Doubt(delivery=delivery, at=delivery.next_at - LEASE, worker_died=True))
    return bool(claimed)


@transaction.atomic
def _note_failure(delivery: Delivery, trouble: Exception, now: datetime) -> None:
    mine = Delivery.objects.filter(pk=delivery.pk)
    if isinstance(trouble, OutOfReach):
        _wait_for_provider(delivery, str(trouble)[:200], now)
    elif isinstance(trouble, NeverArrives):
        mine.update(state=DeliveryState.DEAD, problem=str(trouble)[:200])
    elif isinstance(trouble, TryLater):
        if isinstance(trouble, MaybeTaken):
            insert(Doubt(delivery=delivery, at=now, worker_died=False))
        mine.update(problem=str(trouble)[:200], **_next_try(delivery.attempts, now))
    else:
        log.error("delivery %s failed", delivery.key, exc_info=trouble)
        mine.update(problem=type(trouble).__name__, **_next_try(delivery.attempts, now))


def _held_back(delivery: Delivery, now: datetime) -> str:
    """Why an automatic answer does not leave: it would answer a machine, or its address had its share. Empty where it may.

    Asked after claiming, so that of two at once none slips by.
    """
    if not delivery.is_automatic:
        return ""
    letter, address = letter_answered_by(delivery), address_of(delivery)
    index = Reached.by_email(address).index if address else ""
    Delivery.objects.filter(pk=delivery.pk).update(went_to=index)
    if letter is not None and letter.facts.get("automatic"):
        return "to_a_machine"
    return "one_too_many" if index and is_one_too_many(delivery, index, now) else ""


def _wait_for_provider(delivery: Delivery, problem: str, now: datetime) -> None:
    """Nothing of this gateway can leave now: all of it waits a little, with every try it had.

    However long a provider is dead, no message dies of it, and a minute after its return the first ones leave.
    """
    waits = {"state": DeliveryState.WAITING, "next_at": now + PAUSE, "problem": problem}
    Delivery.objects.filter(pk=delivery.pk).update(attempts=delivery.attempts, **waits)
    due_deliveries(now).filter(gateway=delivery.gateway, state=DeliveryState.WAITING).update(**waits)


def _next_try(attempts: int, now: datetime) -> dict[str, Any]:
    if attempts >= len(WAITS):
        return {"state": DeliveryState.DEAD}
    return {"state": DeliveryState.WAITING, "next_at": now + timedelta(minutes=WAITS[attempts])}


def write_to(customer: Customer, *, words: str, template: str, by: Actor, now: datetime) -> OwnLetter:
    """Begin a conversation: kept, numbered, with a link to answer by; by mail where there is an address, else on paper.

    `template` words the message that goes out. In one transaction.
    """
    if by.user_id is None:
        raise WrongContact(_("去信要由一位员工来写。"), "words")
    if len(words) > LONGEST_TEXT:
        raise WrongContact(_("写得太长了：最多 %(longest)s 字。") % {"longest": LONGEST_TEXT}, "words")
    with transaction.atomic():
        with translation.override(settings.LANGUAGE_CODE):  # a title is kept, whoever writes: in the first language
            title = str(_("去信"))
        reference = references.issue(customer.site, Wanted(Kind.CONTACT, title), now=now)[0]
        letter = OwnLetter.objects.create(
            reference=reference,
            site=customer.site,
            customer=customer,
            words=words,
            written_at=now,
            written_by_id=by.user_id,
        )
        give_receipt(reference, now=now)
        references.index(reference, "letter", words)
        send([Message(reference, "begun", template, {}, to_customer=customer, words=words, is_ours=True)], now=now)
        journal.record("letters.written", by=by, now=now, reference=reference.number, facts={}, fields={"words": words})
    return letter


def note_answer(letter: OwnLetter, matter: Reference) -> None:
    """Remember which matter the answer to a letter of ours opened."""
    OwnLetter.objects.filter(pk=letter.pk).update(answered_by=matter)
    letter.answered_by = matter


def forget_messages(customer: Customer) -> None:
    """Empty what was sent to somebody, and stop what was not sent yet."""
    mine = Delivery.objects.filter(to_customer=customer)
    mine.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DEAD, problem="erased")
    mine.update(values={})
    OwnLetter.objects.filter(customer=customer).update(words="")
    SearchPart.objects.filter(reference__own_letter__customer=customer).delete()


def forget_words(contacts: Iterable[Interaction], *, said: str) -> None:
    """Put `said` in place of what was said in these contacts, and take their words out of the search."""
    keys = {contact.pk: contact.reference_id for contact in contacts}
    subjects = Interaction.objects.filter(pk__in=keys).exclude(subject=None).values_list("subject", flat=True)
    SearchPart.objects.filter(reference__in=[*keys.values(), *subjects]).delete()
    blank = {"remedy_sought": "", "answered_at_once": "", "place": ""}
    Interaction.objects.filter(pk__in=keys).update(situation=said, **blank)


def read_all(actor: Actor, *, about: Reference | None = None, now: datetime) -> None:
    """Mark messages of the person as read: those about one reference, or all."""
    unread = Delivery.objects.filter(to_user=actor.user_id, read_at__isnull=True)
    (unread.filter(reference=about) if about else unread).update(read_at=now)
