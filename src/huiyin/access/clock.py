"""The one place that reads the clock. Faces bring the time, the domain is told it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant, aware."""
    return timezone.now()
