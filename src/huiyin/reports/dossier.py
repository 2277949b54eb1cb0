"""Everything kept about one person, for that person (PIPL art. 45): as data, and in the order somebody would read it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.rules import KEPT_YEARS
from huiyin.customers.models import Customer
from huiyin.customers.queries import clear_value
from huiyin.interactions.models import Delivery, Interaction, Letter, OwnLetter
from huiyin.journal.models import Entry
from huiyin.records.models import StoredFile

Rows = list[dict[str, Any]]


def everything_about(customer: Customer, *, now: datetime) -> dict[str, Any]:
    """The copy: who, and each table that names the person, by the name of the table. Times with their offset."""
    person = {
        "name": customer.name,
        "site": customer.site.name,
        "kind": customer.kind,
        "verified": customer.is_verified,
        "since": _at(customer.created_at),
    }
    return {
        "made_at": _at(now),
        "company": customer.site.company.name,
        "why": _("为履行物业服务合同和法定义务处理，不需要另行同意；办结的事项保存 %(years)s 年。")
        % {"years": KEPT_YEARS},
        "person": person,
        **{name: rows(customer) for name, rows in TABLES.items()},
    }


def _at(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def _ways(customer: Customer) -> Rows:
    return [{"kind": point.get_kind_display(), "value": clear_value(point)} for point in customer.contact_points.all()]


def _rooms(customer: Customer) -> Rows:
    rows = customer.occupancies.select_related("room__building").order_by("from_on")
    return [
        {
            "room": str(row.room),
            "as": row.get_role_display(),
            "from": str(row.from_on),
            "until": str(row.until_on or ""),
        }
        for row in rows
    ]


def _mandates(customer: Customer) -> Rows:
    return [
        {"as": row.get_role_display(), "from": str(row.from_on), "until": str(row.until_on or "")}
        for row in customer.mandates.order_by("from_on")
    ]


def _consents(customer: Customer) -> Rows:
    return [
        {
            "to": row.get_purpose_display(),
            "told": row.words,
            "how": row.get_way_display(),
            "given": _at(row.given_at),
            "withdrawn": _at(row.withdrawn_at),
        }
        for row in customer.consents.order_by("given_at")
    ]


def _contacts(customer: Customer) -> Rows:
    rows = Interaction.objects.filter(customer=customer).select_related("reference", "subject").order_by("occurred_at")
    return [
        {
            "number": row.reference.number,
            "matter": row.subject.number if row.subject else "",
            "at": _at(row.occurred_at),
            "by": row.get_channel_display(),
            "place": row.place,
            "words": row.situation,
            "wish": row.remedy_sought,
            "answer": row.answered_at_once,
        }
        for row in rows
    ]


def _letters(customer: Customer) -> Rows:
    rows = Letter.objects.filter(interaction__customer=customer).select_related("interaction__reference")
    return [
        {
            "number": row.interaction.reference.number,
            "at": _at(row.reached_at),
            "from": row.sender_name,
            "about": row.subject_line,
            "words": row.text,
        }
        for row in rows.order_by("reached_at")
        if row.interaction
    ]


def _cases(customer: Customer) -> Rows:
    rows = Case.objects.filter(customer=customer).select_related("reference").prefetch_related("events")
    return [
        {
            "number": row.reference.number,
            "kind": row.get_kind_display(),
            "state": row.get_state_display(),
            "received": _at(row.received_at),
            "closed": _at(row.closed_at),
            "told": [{"at": _at(event.at), "words": event.text} for event in row.events.all() if event.is_public],
        }
        for row in rows.order_by("received_at")
    ]


def _files(customer: Customer) -> Rows:
    about = Interaction.objects.filter(customer=customer)
    numbers = {*about.values_list("reference", flat=True), *about.values_list("subject", flat=True)} - {None}
    rows = StoredFile.objects.filter(reference__in=numbers).select_related("reference").order_by("added_at")
    return [
        {"number": row.reference.number, "name": row.label, "type": row.media_type, "added": _at(row.added_at)}
        for row in rows
    ]


def _messages(customer: Customer) -> Rows:
    rows = Delivery.objects.filter(to_customer=customer).order_by("created_at")
    return [{"at": _at(row.created_at), "by": row.gateway, "state": row.get_state_display()} for row in rows]


def _own_letters(customer: Customer) -> Rows:
    rows = OwnLetter.objects.filter(customer=customer).select_related("reference").order_by("written_at")
    return [{"number": row.reference.number, "at": _at(row.written_at), "words": row.words} for row in rows]


def _uses(customer: Customer) -> Rows:
    """Who looked at the numbers or changed something: the journal tells the act and the time, and the person by post only."""
    rows = Entry.objects.filter(facts__customer=customer.pk).order_by("id")
    return [{"at": _at(row.at), "act": row.verb} for row in rows]


# Every table that names a person; a test holds this against the models.
TABLES: dict[str, Callable[[Customer], Rows]] = {
    "ways_to_reach": _ways,
    "rooms": _rooms,
    "speaks_for": _mandates,
    "consents": _consents,
    "contacts": _contacts,
    "letters": _letters,
    "matters": _cases,
    "files": _files,
    "messages": _messages,
    "letters_to_you": _own_letters,
    "uses": _uses,
}
NAMED_IN = {
    "customers.ContactPoint": "ways_to_reach",
    "customers.Occupancy": "rooms",
    "customers.Mandate": "speaks_for",
    "customers.Consent": "consents",
    "interactions.Interaction": "contacts",
    "interactions.Delivery": "messages",
    "cases.Case": "matters",
    "interactions.OwnLetter": "letters_to_you",
}
