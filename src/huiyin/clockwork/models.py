"""Signs of life: the worker's heartbeat and the backups made."""

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
