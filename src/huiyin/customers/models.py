"""Tables of the people served. Numbers and addresses are ciphertext; they are found by a blind index."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huiyin.customers.states import (
    ConsentWay,
    ContactPointKind,
    CustomerKind,
    CustomerRole,
    OccupancyRole,
    Purpose,
)
from huiyin.organization.models import Room, Site


class Customer(models.Model):
    """A person or organization served at one site. Pinyin and initials make the name easy to find from a keyboard."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="customers")
    kind = models.CharField(max_length=12, choices=CustomerKind.choices, default=CustomerKind.PERSON)
    name = models.CharField(max_length=80, blank=True)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=80, blank=True)
    is_verified = models.BooleanField(default=False, help_text="entered by staff or import, not only claimed on a form")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(
        null=True, blank=True, help_text="deleted on request: found nowhere; what the law lets us keep lies still"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "name"], name="customer_by_name"),
            models.Index(fields=["site", "initials"], name="customer_by_initials"),
        ]

    def __str__(self) -> str:
        return f"customer {self.pk}"


class Occupancy(models.Model):
    """Who lives or works in which room, in which role, from when until when (half-open)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="occupancies")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="occupancies")
    role = models.CharField(max_length=12, choices=OccupancyRole.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "room", "role", "from_on"], name="occupancy_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.role} {self.room_id}"


class Mandate(models.Model):
    """身份: a customer speaks for others at a site, from when until when (half-open): the committee, the client, the builder."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="mandates")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=24, choices=CustomerRole.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "role"], name="mandate_by_role")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "role", "from_on"], name="mandate_once"),
            models.UniqueConstraint(
                fields=["customer", "role"], condition=Q(until_on__isnull=True), name="mandate_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="mandate_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.role}"


class ContactPoint(models.Model):
    """A phone number or e-mail address: ciphertext, blind index (HMAC, per installation) and the last four signs."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contact_points")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=ContactPointKind.choices)
    ciphertext = models.TextField()
    blind_index = models.CharField(max_length=64)
    masked = models.CharField(max_length=40, help_text="what may be shown without a reason: 138****0000")
    last_four = models.CharField(max_length=4, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "blind_index"], name="contact_point_by_blind"),
            models.Index(fields=["site", "last_four"], name="contact_point_by_tail"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "blind_index"], name="contact_point_once")]

    def __str__(self) -> str:
        return self.masked


class Consent(models.Model):
    """同意: what a person agreed to, in which words, how and when; withdrawn as easily (PIPL arts. 14, 15)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    words = models.TextField(help_text="what the person was told, as it was told")
    way = models.CharField(max_length=8, choices=ConsentWay.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["customer", "given_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose}"
