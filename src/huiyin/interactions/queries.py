"""Reads of contacts, messages and receipts."""

from datetime import datetime

from django.db.models import QuerySet
from django.template.loader import render_to_string

from huiyin.customers.models import Customer
from huiyin.interactions.models import Delivery, Interaction, Receipt, Repeat
from huiyin.interactions.rules import AnotherBody, hash_of, token_of
from huiyin.interactions.states import DeliveryState
from huiyin.kit.prepared import counted
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight


def visible_to(actor: Actor) -> QuerySet[Interaction]:
    return Interaction.objects.filter(sight(actor, "reference__"))


def by_number(number: str, actor: Actor) -> Interaction | None:
    return visible_to(actor).filter(reference__number=number).select_related("reference", "subject").first()


def log_of(site: Site, actor: Actor) -> QuerySet[Interaction]:
    """《值班记录本》: the contacts of a site, newest first."""
    related = ("reference", "subject", "customer", "room__building", "recorded_by")
    return visible_to(actor).filter(site=site).select_related(*related).order_by("-occurred_at", "-id")


def contacts_about(reference: Reference) -> QuerySet[Interaction]:
    """What customers said about a matter, oldest first."""
    return Interaction.objects.filter(subject=reference).select_related(
        "reference", "customer", "room__building", "recorded_by"
    )


def last_contacts(customer: Customer, actor: Actor, *, count: int = 5) -> list[Interaction]:
    contacts = visible_to(actor).filter(customer=customer).select_related("reference", "subject")
    return list(contacts.order_by("-occurred_at")[:count])


def receipt_token(reference: Reference) -> str:
    """The token of a reference's receipt, made again from its generation; empty where there is none."""
    receipt = Receipt.objects.filter(reference=reference).first()
    return token_of(reference.number, receipt.generation) if receipt else ""


def reference_behind(token: str) -> Reference | None:
    """What a receipt's link opens; None for guessed, revoked and malformed tokens alike."""
    if len(token) > 80:
        return None
    receipt = Receipt.objects.select_related("reference__site").filter(token_hash=hash_of(token)).first()
    return receipt.reference if receipt else None


def repeated(scope: str, key: str, body_digest: str) -> str:
    """The reference this request made before, or "" when it is new. Another body under the same key is refused."""
    before = Repeat.objects.filter(scope=scope, key=key).first()
    if before is None:
        return ""
    if before.body_digest != body_digest:
        raise AnotherBody()
    return before.reference


def inbox(actor: Actor) -> QuerySet[Delivery]:
    """Unread messages of a person at the desk, newest first."""
    unread = Delivery.objects.filter(to_user=actor.user_id, read_at__isnull=True, gateway="desk")
    return unread.select_related("reference").order_by("-id")


@counted
def count_inbox(actor: Actor) -> QuerySet[Delivery]:
    """How many unread messages the person has at the desk. One query."""
    return inbox(actor).order_by()


def deliveries_about(reference: Reference) -> QuerySet[Delivery]:
    return Delivery.objects.filter(reference=reference).order_by("id")


def due_deliveries(now: datetime) -> QuerySet[Delivery]:
    """Messages to try now: waiting ones, and those whose worker died while holding them."""
    due = Delivery.objects.filter(state__in=[DeliveryState.WAITING, DeliveryState.CLAIMED], next_at__lte=now)
    return due.order_by("next_at", "id")


def outbox_counts() -> dict[str, int]:
    return {
        "waiting": Delivery.objects.filter(state__in=[DeliveryState.WAITING, DeliveryState.CLAIMED]).count(),
        "dead": Delivery.objects.filter(state=DeliveryState.DEAD).count(),
    }


def worded(delivery: Delivery) -> tuple[str, str]:
    """Subject and body in the active language, from the template of the room that sent it. Plain text."""
    text = render_to_string(f"{delivery.template}.txt", {**delivery.values, "reference": delivery.reference})
    subject, _newline, body = text.strip().partition("\n")
    return subject.strip(), body.strip()
