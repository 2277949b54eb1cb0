"""The desk's inbox: a message is delivered by being a row."""

from huiyin.interactions.models import Delivery


def deliver(delivery: Delivery, subject: str, body: str) -> None:
    """Nothing to do."""
