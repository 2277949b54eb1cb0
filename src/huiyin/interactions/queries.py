"""Reads of contacts, messages and receipts."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet
from django.template.loader import render_to_string

from huiyin.customers.models import Customer
from huiyin.customers.queries import clear_value
from huiyin.customers.rules import decrypted
from huiyin.interactions.models import Delivery, Doubt, Fetched, Interaction, Letter, OwnLetter, Receipt, Repeat
from huiyin.interactions.rules import (
    AUTOMATIC_A_DAY,
    AUTOMATIC_AN_HOUR,
    AnotherBody,
    hash_of,
    threads_in,
    token_of,
)
from huiyin.interactions.states import Channel, DeliveryState, LetterState
from huiyin.kit.prepared import Statement, counted
from huiyin.organization.models import Room, Site
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.queries import sight


def visible_to(actor: Actor) -> QuerySet[Interaction]:
    return Interaction.objects.filter(sight(actor, "reference__"))


def by_number(number: str, actor: Actor) -> Interaction | None:
    return visible_to(actor).filter(reference__number=number).select_related("reference", "subject").first()


def unclaimed(site: Site, actor: Actor) -> QuerySet[Interaction]:
    """Contacts that were neither answered at once nor claimed by any matter, oldest first; history left out."""
    left = visible_to(actor).filter(site=site, subject=None, answered_at_once="", is_history=False)
    return left.select_related("reference", "customer").order_by("occurred_at", "id")


def contacts_about(*references: Reference) -> QuerySet[Interaction]:
    """What customers said about a matter, oldest first."""
    found = Interaction.objects.filter(subject__in=references).order_by("occurred_at", "id")
    return found.select_related("reference", "customer", "room__building", "recorded_by")


# In plain SQL and with the condition of its index in so many words: SQLite would read every contact of the site instead.
_FROM_SOURCE = """
    SELECT 1 FROM interactions_interaction WHERE site_id = %s AND source_number = %s AND NOT (source_number = '') LIMIT 1
"""


def was_imported(site: Site, source_number: str) -> bool:
    """Whether the contact of that number in another system is here already. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FROM_SOURCE, [site.pk, source_number])
        return cursor.fetchone() is not None


def line_on_page(sheet: str, row: int) -> str:
    """The source number of a contact that was written on a row of a paper page."""
    return f"{sheet}/{row}"


def lines_of_page(site: Site, sheet: str, rows: int, actor: Actor) -> dict[int, Interaction]:
    """What was entered of the rows of a paper page, as far as the actor may see it. One query."""
    wanted = {line_on_page(sheet, row): row for row in range(1, rows + 1)}
    found = visible_to(actor).filter(site=site, source_number__in=list(wanted))
    numbered = found.exclude(source_number="")  # the condition of the index, for SQLite as in _FROM_SOURCE
    return {wanted[one.source_number]: one for one in numbered.select_related("reference", "subject")}


def last_contacts(customer: Customer, actor: Actor, *, count: int = 5) -> list[Interaction]:
    contacts = visible_to(actor).filter(customer=customer).select_related("reference", "subject")
    return list(contacts.order_by("-occurred_at")[:count])


def letters_to(customer: Customer, actor: Actor) -> list[OwnLetter]:
    """What we wrote to somebody of our own accord, newest first."""
    mine = OwnLetter.objects.filter(sight(actor, "reference__"), customer=customer)
    return list(mine.select_related("reference", "written_by", "answered_by").order_by("-id")[:30])


def own_letter(reference: Reference) -> OwnLetter | None:
    """The letter of ours that has this number."""
    found = OwnLetter.objects.filter(reference=reference)
    return found.select_related("reference", "site__company", "customer", "written_by", "answered_by").first()


def contacts_of_household(room: Room, living: Iterable[int], actor: Actor) -> QuerySet[Interaction]:
    """What was said from a room, and by whoever lives there where no room was named."""
    theirs = Q(room=room) | Q(room__isnull=True, customer__in=list(living))
    return visible_to(actor).filter(theirs)


def receipt_token(reference: Reference) -> str:
    """The token of a reference's receipt, made again from its generation; empty where there is none."""
    receipt = Receipt.objects.filter(reference=reference).first()
    return token_of(reference.number, receipt.generation) if receipt else ""


def receipt_token_of_page(reference: Reference) -> str:
    """The same of a reference that was loaded with its receipt. No query."""
    receipt: Receipt | None = getattr(reference, "receipt", None)
    return token_of(reference.number, receipt.generation) if receipt else ""


def receipt_tokens(references: Sequence[Reference]) -> dict[int, str]:
    """The tokens of several receipts by their references. One query."""
    numbers = {one.pk: one.number for one in references}
    receipts = Receipt.objects.filter(reference__in=list(numbers))
    return {one.reference_id: token_of(numbers[one.reference_id], one.generation) for one in receipts}


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


def of_oversight(actor: Actor) -> QuerySet[Delivery]:
    """What the quality department told a person and the person has not read yet, newest first."""
    told = [f"cases/messages/{event}" for event in ("commented", "sent_back", "taken_over")]
    return inbox(actor).filter(template__in=told)


@counted
def count_inbox(actor: Actor) -> QuerySet[Delivery]:
    """How many unread messages the person has at the desk. One query."""
    return inbox(actor).order_by()


# In plain SQL, for it is asked with the counts of the frame.
_UNREAD = "SELECT count(*) FROM interactions_delivery WHERE to_user_id = %s AND read_at IS NULL AND reference_id = %s"


def unread_about(actor: Actor, about: Reference) -> Statement:
    """How many messages about something the person has not read, to be asked with other counts."""
    return _UNREAD, (actor.user_id, about.pk)


def deliveries_about(reference: Reference) -> QuerySet[Delivery]:
    return Delivery.objects.filter(reference=reference).order_by("id")


def due_deliveries(now: datetime) -> QuerySet[Delivery]:
    """Messages to try now: waiting ones, and those whose worker died while holding them."""
    due = Delivery.objects.filter(state__in=[DeliveryState.WAITING, DeliveryState.CLAIMED], next_at__lte=now)
    return due.order_by("next_at", "id")


def is_one_too_many(delivery: Delivery, went_to: str, now: datetime) -> bool:
    """Whether another automatic answer to this address would be more than we allow an hour or a day."""
    others = Delivery.objects.filter(is_automatic=True, went_to=went_to).exclude(pk=delivery.pk)
    flying = others.filter(state=DeliveryState.CLAIMED).count()
    times = others.filter(state=DeliveryState.SENT, sent_at__gt=now - timedelta(days=1)).values_list(
        "sent_at", flat=True
    )
    recent = sum(1 for at in times if at and at > now - timedelta(hours=1))
    return recent + flying >= AUTOMATIC_AN_HOUR or len(times) + flying >= AUTOMATIC_A_DAY


def address_of(delivery: Delivery) -> str:
    """Where a mail goes: the address the question came from, else the customer's first; a colleague's own."""
    if delivery.to_user is not None:
        return delivery.to_user.email
    letter = letter_answered_by(delivery)
    if letter is not None:
        return decrypted(letter.sender)
    points = delivery.to_customer.contact_points.filter(kind="email").order_by("id") if delivery.to_customer else []
    return next((clear_value(point) for point in points), "")


def letter_answered_by(delivery: Delivery) -> Letter | None:
    """The newest letter of the addressee about the matter a message is about."""
    if delivery.to_customer_id is None or delivery.reference_id is None:
        return None
    about = Q(interaction__subject=delivery.reference_id) | Q(interaction__reference=delivery.reference_id)
    return Letter.objects.filter(about, interaction__customer=delivery.to_customer_id).order_by("-id").first()


def delivery_behind(texts: Iterable[str]) -> Delivery | None:
    """The message of ours that a letter answers, by signed Message-ID or address; never by its subject."""
    sent = Delivery.objects.filter(pk__in=threads_in(texts)[:20], gateway__in=("mail", "memory"))
    return sent.select_related("reference__site").order_by("-id").first()


def letters_visible_to(actor: Actor) -> QuerySet[Letter]:
    """Letters of the sites where the actor takes contacts in, those of no site for the company's people alone.

    What became a matter that the actor may not see is not seen as a letter either.
    """
    scopes = [scope for scope in actor.scopes if "contacts.take" in scope.rights and scope.cluster is None]
    sites = [scope.site for scope in scopes]
    where = Q() if None in sites else Q(site__in=sites)
    seen = Q(interaction__isnull=True) | sight(actor, "interaction__reference__")
    about = Q(about__isnull=True) | sight(actor, "about__")
    return Letter.objects.filter(where, seen, about)


def with_letters(contacts: QuerySet[Interaction], actor: Actor) -> list[Interaction]:
    """Contacts, oldest first; `letter_id` on those that came as a letter the actor may open."""
    rows = list(contacts.order_by("occurred_at", "id"))
    mailed = [one.pk for one in rows if one.channel == Channel.EMAIL]
    letters = (
        dict(letters_visible_to(actor).filter(interaction__in=mailed).values_list("interaction", "pk"))
        if mailed
        else {}
    )
    for one in rows:
        one.letter_id = letters.get(one.pk)  # type: ignore[attr-defined]
    return rows


def letters_listed(actor: Actor, states: Sequence[str] = ()) -> QuerySet[Letter]:
    """Letters for a list, newest first; every row whole in one query."""
    letters = letters_visible_to(actor).select_related("site", "interaction__reference", "interaction__subject")
    letters = letters.defer("text", "said")
    return (letters.filter(state__in=states) if states else letters).order_by("-id")


def letter_by_id(pk: int, actor: Actor) -> Letter | None:
    related = ("site", "interaction__reference", "interaction__subject", "interaction__customer", "about", "decided_by")
    return letters_visible_to(actor).select_related(*related).filter(pk=pk).first()


def letters_to_read() -> QuerySet[Letter]:
    return Letter.objects.filter(state=LetterState.RECEIVED).select_related("site").order_by("attempts", "id")


def dead_letters(actor: Actor) -> QuerySet[Delivery]:
    """Messages that never left, about what the actor may see."""
    dead = Delivery.objects.filter(state=DeliveryState.DEAD)
    seen = dead.filter(_told_of(actor)).select_related("reference", "to_customer", "to_user")
    return seen.prefetch_related(_tries()).order_by("-id")


def _tries() -> "Prefetch[str]":
    """The tries in doubt of each message, in their order."""
    return Prefetch("doubts", Doubt.objects.order_by("at", "id"))


def _told_of(actor: Actor) -> Q:
    """Messages about what the actor may see, those about nothing for the company's people alone."""
    about = sight(actor, "reference__") & Q(reference__isnull=False)
    return about | Q(reference__isnull=True) if actor.may_everywhere("contacts.take") else about


def maybe_twice(messages: QuerySet[Delivery] | None = None) -> QuerySet[Delivery]:
    """Messages that the addressee may have twice: sent after a try in doubt, or with two such tries."""
    tried = (Delivery.objects.all() if messages is None else messages).filter(pk__in=Doubt.objects.values("delivery"))
    counted = tried.annotate(doubtful=Count("doubts"))
    return counted.filter(Q(state=DeliveryState.SENT) | Q(doubtful__gte=2))


def maybe_twice_seen_by(actor: Actor) -> QuerySet[Delivery]:
    """Messages for a list, newest first, that may have come twice; with the tries in doubt."""
    found = maybe_twice(Delivery.objects.filter(_told_of(actor)))
    return found.select_related("reference", "to_customer", "to_user").prefetch_related(_tries()).order_by("-id")


def maybe_twice_about(reference: Reference) -> list[Delivery]:
    """Messages about one matter that may have come twice. No query where nothing leaves the house."""
    if not settings.MAIL_OUT:
        return []
    found = maybe_twice(Delivery.objects.filter(reference=reference)).select_related("reference")
    return list(found.prefetch_related(_tries()).order_by("id"))


def dead_letter(pk: int, actor: Actor) -> Delivery | None:
    return dead_letters(actor).filter(pk=pk).first()


def letter_counts(actor: Actor) -> dict[str, int]:
    """How many letters the actor may see wait for a person, how many mails did not arrive, and may have twice. Three queries."""
    waiting = letters_visible_to(actor).filter(state__in=[LetterState.RECEIVED, LetterState.QUARANTINED])
    twice = maybe_twice(Delivery.objects.filter(_told_of(actor))).count()
    return {"waiting": waiting.count(), "unsent": dead_letters(actor).count(), "twice": twice}


def mail_counts(now: datetime) -> dict[str, object]:
    """How the mailboxes stand: letters that wait, and how long ago each was last reached."""
    letters = Letter.objects.filter(state__in=[LetterState.RECEIVED, LetterState.QUARANTINED])
    boxes = {one.mailbox: one for one in Fetched.objects.all()}
    kept = [boxes.get(box.address) for box in settings.MAIL_IN]
    ages = [None if one is None or one.fetched_at is None else (now - one.fetched_at).total_seconds() for one in kept]
    return {
        "received": letters.filter(state=LetterState.RECEIVED).count(),
        "quarantined": letters.filter(state=LetterState.QUARANTINED).count(),
        "mailboxes": [
            {"last_reached": None if age is None else round(age, 1), "problem": one.problem if one else ""}
            for age, one in zip(ages, kept, strict=True)
        ],
    }


def is_outbox_stuck(now: datetime, *, seconds: int) -> bool:
    """Whether a message waits so long for its first try, or for a provider that can be reached at all."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, attempts=0)
    return waiting.filter(created_at__lt=now - timedelta(seconds=seconds)).exists()


def is_post_ahead(now: datetime, *, by: timedelta) -> bool:
    """Whether the newest letter of the last hour reached the mail server later than we fetched it: then our clock is behind."""
    recent = Letter.objects.filter(fetched_at__gt=now - timedelta(hours=1)).order_by("-id").first()
    return recent is not None and recent.reached_at - recent.fetched_at > by


def is_mailbox_silent(now: datetime, *, seconds: int) -> bool:
    """Whether one of our mailboxes was asked and has not answered for so long."""
    boxes = Fetched.objects.filter(mailbox__in=[box.address for box in settings.MAIL_IN]).exclude(tried_at=None)
    return any(box.fetched_at is None or (now - box.fetched_at).total_seconds() >= seconds for box in boxes)


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
