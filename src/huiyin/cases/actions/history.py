"""Bringing in the past: messages of another system with their answers, at their own times. Nothing is sent, nothing reminds."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huiyin.cases.actions.intake import take
from huiyin.cases.models import Case, Event
from huiyin.cases.states import EventKind, Outcome, State
from huiyin.customers.models import Customer
from huiyin.interactions.queries import was_imported
from huiyin.interactions.rules import Contact, WrongContact
from huiyin.kit import chinese
from huiyin.kit.inserts import insert
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references import actions as references


@dataclass(frozen=True)
class Past:
    """One message of the past. `number` is its number in the system it comes from; `answered_at` needs an `answer`."""

    kind: str
    words: str
    written_at: datetime
    subject: str = ""
    number: str = ""
    name: str = ""
    answer: str = ""
    answered_at: datetime | None = None

    @property
    def identity(self) -> str:
        """Site and source number, else a digest of the row: a second import finds it again."""
        if self.number:
            return self.number[:64]
        parts = (self.words, self.written_at.isoformat(), self.subject, self.name)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def bring_in(
    past: Past, *, site: Site, channel: str, customer: Customer | None, by: Actor, now: datetime
) -> Case | None:
    """Make an interaction, a case and its answer, in the caller's transaction. None when it is there already.

    Refuses an answer that is older than its question. Its clocks are for statistics alone.
    """
    by.check("contacts.import", site)
    if was_imported(site, past.identity):
        return None
    if past.answered_at and past.answered_at < past.written_at:
        raise WrongContact(_("答复时间早于留言时间。"), "answered_at")
    contact = Contact(
        site,
        channel,
        past.kind,
        "\n\n".join(part for part in (past.subject, past.words) if part),
        customer=customer,
        occurred_at=past.written_at,
        source_number=past.identity,
        is_history=True,
    )
    case = take(contact, by=by, now=now).case
    if case is not None and not chinese.is_blank(past.answer):
        _answer(case, past, by)
    return case


def _answer(case: Case, past: Past, by: Actor) -> None:
    at = past.answered_at or past.written_at
    text = chinese.clean(past.answer)
    insert(Event(case=case, kind=EventKind.ANSWERED, at=at, signature=by.signature, text=text, is_public=True))
    Case.objects.filter(pk=case.pk).update(
        state=State.CLOSED,
        outcome=Outcome.IMPORTED,
        first_solved_at=at,
        solved_at=at,
        answered_at=at,
        closed_at=at,
        version=case.version + 1,
    )
    references.index(case.reference, "answer", text)
