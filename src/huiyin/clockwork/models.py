"""Signs of life: the worker's heartbeat, the backups made, jumps of the clock, the certificate of our address."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker was last alive, one row a worker."""

    worker = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker} {self.at:%H:%M:%S}"


class Backup(models.Model):
    """A backup that was made and read back."""

    path = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.path


class Jump(models.Model):
    """The machine's clock went another way than time: set forward or back, or the machine slept."""

    at = models.DateTimeField(db_index=True, help_text="by the clock after the jump")
    seconds = models.FloatField(help_text="forward; back where negative")

    def __str__(self) -> str:
        return f"jump of {self.seconds:.0f} s"


class Certificate(models.Model):
    """The certificate at our own address as it was last seen. One row."""

    address = models.CharField(max_length=300, unique=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True, help_text="why a browser refuses it, or unreachable")
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
