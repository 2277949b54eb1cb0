"""The front door as JSON."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from dmr import Body, Headers

from huiyin.access import clock, doors
from huiyin.api.frame import WritingView
from huiyin.api.rows import opened
from huiyin.api.schema import NewContact, Person, Repeatable, TakenContact
from huiyin.cases import actions as cases
from huiyin.interactions.rules import Contact
from huiyin.organization.models import Site
from huiyin.organization.queries import room_called


class Contacts(WritingView):
    """Contacts from other systems."""

    def post(self, parsed_headers: Headers[Repeatable], parsed_body: Body[NewContact]) -> TakenContact:
        """Take a contact: it becomes a case with one accountable person and a date, or is kept as answered at once."""
        site = doors.site(parsed_body.site, self.actor)
        self.actor.check("contacts.take", site)
        taken = cases.take(contact_of(parsed_body, site), by=self.actor, now=clock.now(), key=parsed_headers.key)
        return TakenContact(
            reference=taken.contact.number,
            receipt_url=settings.BASE_URL + reverse("track", args=[taken.token]),
            case=opened(taken.case) if taken.case else None,
        )


def contact_of(said: NewContact, site: Site) -> Contact:
    """The contact as the domain takes it."""
    person = said.customer or Person()
    contact = Contact(
        site=site,
        channel=said.channel,
        kind=said.kind,
        situation=said.situation,
        remedy_sought=said.remedy_sought or "",
        category=said.category or "",
        place=said.place or "",
        name=person.name or "",
        phone=person.phone or "",
        email=person.email or "",
        occurred_at=_aware(said.occurred_at),
        answered_at_once=said.answered_at_once or "",
    )
    return _in_room(contact, person.room or "")


def _in_room(contact: Contact, text: str) -> Contact:
    """With the customer's room; what no room is called by stays in the place, word for word."""
    if not text.strip():
        return contact
    room = room_called(contact.site, text)
    if room is not None:
        return replace(contact, room=room, place=contact.place or text)
    return replace(contact, place=" ".join(part for part in (contact.place, text) if part))


def _aware(at: datetime | None) -> datetime | None:
    """A time without offset is meant as the site's own."""
    return at.replace(tzinfo=timezone.get_default_timezone()) if at is not None and at.tzinfo is None else at
