"""The two-way conversation (S5.1): the customer writes back by the link, we write about a matter or begin one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.cases.actions.intake import Taken, take
from huiyin.cases.actions.moves import move, tell
from huiyin.cases.models import Case, Event
from huiyin.cases.queries import behind
from huiyin.cases.rules import required
from huiyin.cases.states import EventKind
from huiyin.customers.models import Customer
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.interactions.models import OwnLetter
from huiyin.interactions.rules import Contact
from huiyin.interactions.states import Channel, ContactKind
from huiyin.organization.rules import Actor
from huiyin.records.actions import Laid


def say_more(
    case: Case, *, words: str, customer: Customer | None, by: Actor, now: datetime, photos: Sequence[Laid] = ()
) -> Taken:
    """The holder of the case's link says something more: a contact of its own, kept word for word, told to the accountable person.

    Nothing is reopened by it, also where the case is closed: whoever objects says so.
    """
    contact = Contact(case.site, Channel.WEB, case.kind, words, customer=customer, building=case.building)
    return take(contact, by=by, now=now, joins=case, photos=photos)


@transaction.atomic
def write(case: Case, *, text: str, by: Actor, now: datetime) -> Event:
    """Write to the customer about their matter, at any time: on their page, and by mail where there is an address."""
    text = required(text, "text")
    move(case, "write", by=by)
    event = tell(case, EventKind.WRITTEN, by=by, now=now, text=text)
    if case.customer is not None and not case.is_history:
        key = f"written.{case.version}"
        message = Message(case.reference, key, "cases/messages/written", {}, to_customer=case.customer, words=text)
        interactions.send([message], now=now)
    return event


def write_to(customer: Customer, *, words: str, by: Actor, now: datetime) -> OwnLetter:
    """Begin a conversation about a new matter. It is a letter with a number and a link; a case begins when it is answered."""
    by.check("customers.write", customer.site)
    return interactions.write_to(
        customer, words=required(words, "words"), template="cases/messages/begun", by=by, now=now
    )


def answer_letter(letter: OwnLetter, *, words: str, now: datetime, photos: Sequence[Laid] = ()) -> Taken:
    """The customer answers a letter of ours by its link: the first answer opens a matter, later ones join it."""
    by = Actor(kind="link", id=letter.reference.number)
    before = behind(letter.answered_by) if letter.answered_by else None
    if before is not None:
        return say_more(
            before,
            words=words,
            customer=letter.customer,
            by=Actor(kind="link", id=before.reference.number),
            now=now,
            photos=photos,
        )
    contact = Contact(letter.site, Channel.WEB, ContactKind.OPINION, words, customer=letter.customer)
    with transaction.atomic():
        taken = take(contact, by=by, now=now, photos=photos)
        if taken.case is not None:
            interactions.note_answer(letter, taken.case.reference)
            tell(
                taken.case,
                EventKind.NOTED,
                by=by,
                now=now,
                text=f"{letter.reference.number}：{letter.words}",
                is_public=False,
            )
        return taken
