"""What a contact must hold, how a receipt's token is made, and the refusals of both."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from huiyin.customers.models import Customer
from huiyin.customers.rules import Reached
from huiyin.interactions.states import Channel, ContactKind
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Building, Room, Site
from huiyin.settings import derived_key

LONGEST_TEXT = 10_000
LONGEST_LINE, LONGEST_NAME, LONGEST_CODE = 120, 80, 40
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
TOKEN_BYTES = 20  # 160 bits


class WrongContact(Refusal):
    """A contact that cannot be taken; names the field."""


class AnotherBody(Refusal):
    """The same idempotency key came with another body."""

    def __init__(self) -> None:
        super().__init__(_("同一个 Idempotency-Key 已用于另一份内容。"), "Idempotency-Key")


@dataclass(frozen=True)
class Contact:
    """One contact as a face hands it in. Texts are the customer's own words and are kept verbatim."""

    site: Site
    channel: str
    kind: str
    situation: str
    remedy_sought: str = ""
    category: str = ""
    place: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    building: Building | None = None
    room: Room | None = None
    customer: Customer | None = None
    occurred_at: datetime | None = None
    answered_at_once: str = ""
    source_number: str = ""
    is_history: bool = False
    ways: tuple[Reached, ...] = field(default=())

    def checked(self, *, now: datetime) -> "Contact":
        """The same contact with cleaned texts and normalized phone and mail, or a refusal that names the field."""
        if self.channel not in Channel.values:
            raise WrongContact(_("没有这种渠道。"), "channel")
        if self.kind not in ContactKind.values:
            raise WrongContact(_("没有这种类别。"), "kind")
        if chinese.is_blank(self.situation):
            raise WrongContact(_("请写下发生了什么。"), "situation")
        return replace(
            self,
            situation=_text(self.situation, "situation", LONGEST_TEXT),
            remedy_sought=_text(self.remedy_sought, "remedy_sought", LONGEST_TEXT),
            answered_at_once=_text(self.answered_at_once, "answered_at_once", LONGEST_TEXT),
            category=_text(self.category, "category", LONGEST_CODE),
            place=_text(self.place, "place", LONGEST_LINE),
            name=_text(self.name, "name", LONGEST_NAME),
            occurred_at=self._time(now),
            ways=self._ways(),
        )

    def _time(self, now: datetime) -> datetime:
        at = self.occurred_at or now
        if at > now + timedelta(minutes=1):
            raise WrongContact(_("来访时间不能在将来。"), "occurred_at")
        if at < EARLIEST:
            raise WrongContact(_("来访时间太早：请写 2000 年以后的时间。"), "occurred_at")
        return at

    def _ways(self) -> tuple[Reached, ...]:
        ways = []
        if self.phone.strip():
            ways.append(Reached.by_phone(self.phone))
        if self.email.strip():
            ways.append(self._mail(self.email.strip()))
        return tuple(ways)

    @staticmethod
    def _mail(text: str) -> Reached:
        try:
            validate_email(text)
        except ValidationError:
            raise WrongContact(_("邮箱地址看不明白。"), "email") from None
        return Reached.by_email(text)

    def digest(self) -> str:
        """Of everything that was said: two equal bodies have equal digests."""
        said = (self.situation, self.remedy_sought, self.category, self.place, self.name, self.phone, self.email)
        at = self.occurred_at.isoformat() if self.occurred_at else ""
        room = self.room.pk if self.room else 0
        parts = (self.site.pk, self.channel, self.kind, *said, at, self.answered_at_once, room)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _text(text: str, name: str, longest: int) -> str:
    if len(text) > longest:
        raise WrongContact(_("写得太长了：最多 %(longest)s 字。") % {"longest": longest}, name)
    return chinese.clean(text)


def token_of(reference: str, generation: int) -> str:
    """The only key to one's case: HMAC of the reference and its generation, 160 bits, in 32 letters and digits."""
    digest = hmac.new(derived_key("receipts"), f"{reference}:{generation}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ---- letters: what ties an answer to what we sent, and what keeps two machines from talking to each other

AUTOMATIC_AN_HOUR, AUTOMATIC_A_DAY = 1, 3  # automatic answers to one address
LETTERS_AN_HOUR = 30  # from one address; more of them wait for a person
_TOKEN = re.compile(r"(?:^|[<+])h(\d{1,18})-([a-z2-7]{16})@", re.IGNORECASE)


def thread_token(delivery_id: int) -> str:
    """What stands in the Message-ID and the reply address of a mail we send: bound to one message, hence one person and matter."""
    return f"h{delivery_id}-{_signed('threads', str(delivery_id))}"


def threads_in(texts: Iterable[str]) -> list[int]:
    """The messages of ours that Message-IDs and addresses name with our signature, in their order; guessed ones are none."""
    found = (match for text in texts for match in _TOKEN.finditer(text))
    signed = [
        int(match[1])
        for match in found
        if hmac.compare_digest(match[2].lower(), _signed("threads", str(int(match[1]))))
    ]
    return list(dict.fromkeys(signed))


def loop_mark() -> str:
    """Stands in every mail we send; a letter that carries it came from us."""
    return _signed("loop", "huiyin")


def _signed(purpose: str, text: str) -> str:
    digest = hmac.new(derived_key(purpose), text.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()
