"""Tables of interactions: every contact in, every message out, receipts and repeated requests."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.customers.models import Customer
from huiyin.interactions.states import Channel, ContactKind, DeliveryState
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
        indexes: ClassVar = [models.Index(fields=["site", "-occurred_at"], name="interaction_by_time")]
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

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(state__in=["waiting", "claimed"]), name="delivery_due"),
            models.Index(fields=["to_user"], condition=Q(read_at__isnull=True), name="delivery_unread"),
        ]

    def __str__(self) -> str:
        return self.key


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
