"""A gateway for tests and trials: keeps what was sent in a list, and fails when told to."""

from dataclasses import dataclass, field

from huiyin.interactions.models import Delivery


@dataclass
class Memory:
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)


MEMORY = Memory()


def deliver(delivery: Delivery, subject: str, body: str) -> None:
    """Keep (key, subject, body); raise the next trouble first, if any is prepared."""
    if MEMORY.troubles:
        raise MEMORY.troubles.pop(0)
    MEMORY.sent.append((delivery.key, subject, body))
