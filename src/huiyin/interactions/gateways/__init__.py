"""One file per channel out. A new channel is one file here and one line in GATEWAYS."""

from collections.abc import Callable

from huiyin.interactions.gateways import desk, mail, memory, page
from huiyin.interactions.models import Delivery

Deliver = Callable[[Delivery, str, str], None]

GATEWAYS: dict[str, Deliver] = {
    "desk": desk.deliver,
    "page": page.deliver,
    "mail": mail.deliver,
    "memory": memory.deliver,
}
AT_ONCE = frozenset({"desk", "page"})  # nothing leaves the house: such a message is delivered by being written
