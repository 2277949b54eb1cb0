"""Tables of the journal. Triggers of the database refuse UPDATE and DELETE on entries and links."""

from django.db import models


class Entry(models.Model):
    """One act: who did what to which reference, when. Holds no personal value, only salted digests of them."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    reference = models.CharField(max_length=40, blank=True, db_index=True)
    actor = models.CharField(max_length=60, help_text="kind:id, such as staff:12, link:…, service:3, system")
    facts = models.JSONField(default=dict, help_text="values that name no person")
    digests = models.JSONField(default=dict, help_text="field name -> salted SHA-256 of its new value")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb} {self.reference}"


class Detail(models.Model):
    """The values behind an entry's digests with their salt: may be deleted without breaking the chain (PIPL art. 47)."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="detail")
    salt = models.CharField(max_length=32)
    values = models.JSONField()

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"


class Link(models.Model):
    """One link of the hash chain. `seq` has no gaps; each entry is linked once."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
