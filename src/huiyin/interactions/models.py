"""Tables of interactions: every contact in, every message out, receipts and repeated requests."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.customers.models import Customer
from huiyin.interactions.states import Channel, ContactKind, DeliveryState, LetterState
from huiyin.organization.models import Building, Room, Site, User
from huiyin.references.models import Reference


class Interaction(models.Model):
    """One contact with a customer, in their own words, never changed. `subject` is what it was claimed by (a case)."""

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="interaction")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="interactions", db_index=False)
    subject = models.ForeignKey(Reference, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    kind = models.CharField(max_length=20, choices=ContactKind.choices)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions")
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions")
    place = models.CharField(max_length=120, blank=True, help_text="as the person said it")
    situation = models.TextField(help_text="情况说明, verbatim")
    remedy_sought = models.TextField(blank=True, help_text="希望与建议, verbatim")
    answered_at_once = models.TextField(blank=True, help_text="what was answered on the spot; then no case is opened")
    occurred_at = models.DateTimeField(help_text="when it reached us")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source_number = models.CharField(
        max_length=64, blank=True, help_text="number in the system it was imported from, else a digest"
    )
    is_history = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "-occurred_at"], name="interaction_by_time"),
            # The numbers of the duty log are counted in it.
            models.Index(
                fields=["site", "recorded_at", "id"], condition=Q(is_history=False), name="interaction_in_book"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="interaction_channel_known"),
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="interaction_kind_known"),
            models.UniqueConstraint(
                fields=["site", "source_number"], condition=~Q(source_number=""), name="interaction_source_once"
            ),
        ]

    def __str__(self) -> str:
        return f"interaction {self.reference_id}"


class Receipt(models.Model):
    """The unguessable link to one case. Only the token's hash and generation are kept; raising the generation revokes it."""

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="receipt")
    generation = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt {self.reference_id}"


class OwnLetter(models.Model):
    """去信: words of ours that begin a conversation. It has a number and a link; a case begins when it is answered."""

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="own_letter")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="own_letters")
    words = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_by = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the matter that the answer opened",
    )

    def __str__(self) -> str:
        return f"own letter {self.reference_id}"


class Delivery(models.Model):
    """One message to one addressee by one gateway: a row of the outbox. `key` makes the same message leave once."""

    key = models.CharField(max_length=120, unique=True)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    gateway = models.CharField(max_length=16)
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    to_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    template = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    is_automatic = models.BooleanField(
        default=False, help_text="an answer no person gave: at most so many an hour and a day"
    )
    went_to = models.CharField(max_length=64, blank=True, help_text="blind index of the address it was sent to")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(state__in=["waiting", "claimed"]), name="delivery_due"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="delivery_dead"),
            models.Index(
                fields=["went_to", "sent_at"],
                condition=Q(is_automatic=True) & ~Q(went_to=""),
                name="delivery_automatic",
            ),
            models.Index(fields=["to_user"], condition=Q(read_at__isnull=True), name="delivery_unread"),
        ]

    def __str__(self) -> str:
        return self.key


class Doubt(models.Model):
    """A try of which nobody knows whether the server took the message: no answer was heard, or the worker died at it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="doubts")
    at = models.DateTimeField()
    worker_died = models.BooleanField()

    def __str__(self) -> str:
        return f"doubt {self.delivery_id} {self.at:%H:%M:%S}"


class Letter(models.Model):
    """A letter that came by mail. Its bytes are kept as they came, outside the web root, before the server hears of it."""

    mailbox = models.CharField(max_length=254, help_text="the address it was fetched from")
    identity = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of Message-ID and body: fetched twice, kept once"
    )
    key = models.CharField(max_length=64, unique=True, help_text="random; the name of the bytes on disk")
    size = models.PositiveIntegerField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reached_at = models.DateTimeField(help_text="when our mail server had it")
    fetched_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True, help_text="why it waits or was set aside, as a code")
    words = models.CharField(max_length=200, blank=True, help_text="why, in a person's words")
    message_id = models.CharField(max_length=250, blank=True)
    sender = models.TextField(blank=True, help_text="address, as ciphertext")
    sender_index = models.CharField(max_length=64, blank=True)
    sender_masked = models.CharField(max_length=40, blank=True)
    sender_name = models.CharField(max_length=80, blank=True, help_text="as the letter claims")
    subject_line = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True, help_text="whole, with what was quoted")
    said = models.TextField(blank=True, help_text="without what was quoted")
    facts = models.JSONField(default=dict, help_text="enclosures, notes of the reader, verdicts of the mail server")
    about = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the thread it answers in",
    )
    interaction = models.OneToOneField(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="letter", help_text="what it became"
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "-id"], name="letter_by_site"),
            models.Index(fields=["id"], condition=Q(state="received"), name="letter_to_read"),
            models.Index(fields=["site", "-id"], condition=Q(state="quarantined"), name="letter_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_known"),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(interaction__isnull=False), name="letter_taken_became_a_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class Fetched(models.Model):
    """How far a mailbox was fetched: letters up to `last_uid` are kept here. One row a folder of a mailbox."""

    mailbox = models.CharField(max_length=254)
    folder = models.CharField(max_length=120)
    validity = models.CharField(
        max_length=20, blank=True, help_text="the server's UIDVALIDITY; another one means counting anew"
    )
    last_uid = models.BigIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="when the mailbox last answered")
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mailbox", "folder"], name="fetched_once")]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.folder}"


class Repeat(models.Model):
    """A request that may be repeated safely: the same key and body answer the same, another body is refused."""

    scope = models.CharField(max_length=60, help_text="the actor's signature, or the site's form")
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    reference = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="repeat_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
