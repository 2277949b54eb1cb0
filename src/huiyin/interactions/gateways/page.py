"""The tracking page: what is written for the customer shows there at once."""

from huiyin.interactions.models import Delivery


def deliver(delivery: Delivery, subject: str, body: str) -> None:
    """Nothing to do."""
