"""Tables of the journal. Triggers of the database refuse UPDATE and DELETE on entries, links and daily roots."""

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


class DailyRoot(models.Model):
    """日封: the root of one day's links, printed for the notice board. Days follow one another without gaps."""

    day = models.DateField(primary_key=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField(help_text="one before first_seq on a day without entries")
    previous_root = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} {self.root[:12]}"

    @property
    def count(self) -> int:
        """How many entries were sealed on that day."""
        return self.last_seq - self.first_seq + 1

    @property
    def grouped(self) -> str:
        """The root in groups of eight, for eyes that compare paper and screen."""
        return " ".join(self.root[place : place + 8] for place in range(0, 64, 8))
