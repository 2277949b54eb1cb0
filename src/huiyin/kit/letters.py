"""Reading one letter as it came over the wire: hostile until read. Pure; run as a program it reads one in a process with limits."""

import base64
import binascii
import json
import re
import sys
from dataclasses import asdict, dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Any

from huiyin.kit.charsets import text_of
from huiyin.kit.quotes import said
from huiyin.kit.webtext import words_of

MOST_BYTES = 25 * 1024 * 1024
MOST_HEADER = 256 * 1024
MOST_PARTS, MOST_DEPTH = 200, 12
MOST_TEXT = 200_000
MOST_PICTURES, LARGEST_PICTURE, SMALLEST_PICTURE = 5, 12 * 1024 * 1024, 1024
MEMORY, SECONDS = 256 * 1024 * 1024, 10

_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ANGLED = re.compile(r"<\s*([^<>\s@]{1,64}@[^<>\s@]{1,190})\s*>")
_BARE = re.compile(r"[^\s<>\"',;:()\[\]@]{1,64}@[^\s<>\"',;:()\[\]@]{1,190}")
_ID = re.compile(r"<[^<>\s]{1,240}>")
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:自动回复|自動回覆|自动答复|退信|系统退信|auto(?:matic)?[ -]?(?:reply|response|answer)|autoreply|out of office|delivery status"
    r"|undeliver(?:ed|able)|returned mail|mail delivery)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|.*-bounces)(?:\+.*)?@", re.IGNORECASE
)


class Unreadable(Exception):  # noqa: N818
    """A letter beyond the limits; its one argument says which."""


@dataclass
class Enclosed:
    """What hangs on a letter. `data` (base64) only for pictures that may become photos."""

    name: str
    media_type: str
    size: int
    data: str = ""


@dataclass
class Read:
    """What a letter says, every text cleaned of nothing but its wrapping."""

    message_id: str = ""
    answers_to: list[str] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    written_at: str = ""
    text: str = ""
    said: str = ""
    automatic: str = ""
    mark: str = ""
    judged: str = ""
    enclosed: list[Enclosed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(raw: bytes) -> Read:
    """What a letter says. Unreadable beyond the limits; whatever else is wrong with it ends in `notes`."""
    _measure(raw)
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
    except RecursionError:
        raise Unreadable("too_deep") from None
    notes: set[str] = set()
    letter = Read()
    _read_headers(message, letter, notes)
    plain: list[str] = []
    _Walk(letter, plain, notes).into(message, 0)
    letter.text = "\n\n".join(part for part in plain if part.strip()).replace("\x00", "")
    if len(letter.text) > MOST_TEXT:
        letter.text = letter.text[:MOST_TEXT]
        notes.add("text_cut")
    letter.said = said(letter.text)
    letter.automatic = automatic_sign(message, letter)
    if message.defects:
        notes.add("malformed")
    letter.notes = sorted(notes)
    return letter


def _measure(raw: bytes) -> None:
    if not raw.strip():
        raise Unreadable("empty")
    if len(raw) > MOST_BYTES:
        raise Unreadable("too_large")
    ends = [end for end in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if end >= 0]
    if min(ends, default=len(raw)) > MOST_HEADER:
        raise Unreadable("header_too_large")


def headers(message: Message, name: str) -> list[bytes]:
    """The raw bytes of every header of a name. compat32 would hand out objects that raise when they are read."""
    return [
        str(value).encode("utf-8", "surrogateescape")[:65536]
        for key, value in message.raw_items()
        if key.lower() == name
    ]


def _text(message: Message, name: str) -> str:
    return next(iter(headers(message, name)), b"").decode("latin-1")


def _read_headers(message: Message, letter: Read, notes: set[str]) -> None:
    senders = headers(message, "from")
    if len(senders) > 1:
        notes.add("many_senders")
    raw_from = next(iter(senders), b"")
    letter.sender, letter.sender_name = _sender(raw_from, notes)
    letter.subject = words(next(iter(headers(message, "subject")), b""), notes)[:300]
    letter.message_id = next(iter(_ID.findall(_text(message, "message-id"))), "")[:250]
    answers = [one for name in ("in-reply-to", "references") for one in _ID.findall(_text(message, name))]
    letter.answers_to = list(dict.fromkeys(answers))[-40:]
    to = " ".join(
        raw.decode("latin-1")
        for name in ("delivered-to", "x-original-to", "to", "cc")
        for raw in headers(message, name)[:4]
    )
    letter.addressees = list(dict.fromkeys(one.lower() for one in _BARE.findall(to[:20_000])))[:50]
    letter.written_at = _written_at(_text(message, "date"))
    letter.mark = _text(message, "x-huiyin-loop").strip()[:80]
    letter.judged = " ".join(_text(message, "authentication-results").split())[:300]


def _written_at(text: str) -> str:
    try:
        at = parsedate_to_datetime(text)
        return at.isoformat() if at.tzinfo and 2000 <= at.year <= 2100 else ""
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return ""


def _sender(raw: bytes, notes: set[str]) -> tuple[str, str]:
    """Address and name. The address is found before anything is decoded, so that a name can not smuggle one in."""
    plain = raw.decode("latin-1")
    angled = _ANGLED.findall(plain)
    address = angled[-1] if angled else next(iter(_BARE.findall(plain)), "")
    before = raw[: plain.rfind("<")] if angled else b""
    return address.lower(), " ".join(words(before, notes).replace('"', " ").split())[:80]


def words(raw: bytes, notes: set[str]) -> str:
    """A header's words: RFC 2047, also broken in the usual ways, and bytes that nobody encoded."""
    raw = re.sub(rb"\r?\n[ \t]*", b" ", raw)
    pieces: list[tuple[str, bytes]] = []  # (charset or "" for unencoded, bytes)
    end = 0
    for match in _WORD.finditer(raw):
        between = raw[end : match.start()]
        if between.strip() or (between and not (pieces and pieces[-1][0])):
            pieces.append(("", between))
        label = match[1].split(b"*")[0].decode("latin-1").lower()
        data = _unwrapped(match[2].lower(), match[3], notes)
        if pieces and pieces[-1][0] == label:  # a program may cut in the middle of a character
            pieces[-1] = (label, pieces[-1][1] + data)
        else:
            pieces.append((label, data))
        end = match.end()
    pieces.append(("", raw[end:]))
    return " ".join("".join(text_of(data, label, notes) for label, data in pieces).split())


def _unwrapped(way: bytes, data: bytes, notes: set[str]) -> bytes:
    if way == b"q":
        return binascii.a2b_qp(data, header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        notes.add("malformed")
        return base64.b64decode(data[: len(data) - len(data) % 4])


@dataclass
class _Walk:
    """One way through the parts of a letter."""

    letter: Read
    plain: list[str]
    notes: set[str]
    parts: int = 0

    def into(self, part: Message, depth: int) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise Unreadable("too_many_parts")
        if depth > MOST_DEPTH:
            raise Unreadable("too_deep")
        kind = part.get_content_type()
        children = part.get_payload() if part.is_multipart() else None
        if kind.startswith("multipart/") and isinstance(children, list):
            self._children(kind, children, depth)
        elif kind in {"text/plain", "text/html"} and not self._is_attached(part):
            self.plain.append(self._words(part, kind))
        else:
            self._enclose(part, kind)

    def _children(self, kind: str, children: list[Any], depth: int) -> None:
        if kind != "multipart/alternative":
            for child in children:
                self.into(child, depth + 1)
            return
        before = len(self.plain)
        ways: list[list[str]] = []
        for child in children:
            self.into(child, depth + 1)
            ways.append(self.plain[before:])
            del self.plain[before:]
        self.plain += next((way for way in ways if any(text.strip() for text in way)), [])

    @staticmethod
    def _is_attached(part: Message) -> bool:
        text = str(part.get("content-disposition", ""))
        return text.strip().lower().startswith("attachment")

    def _data(self, part: Message) -> bytes:
        try:
            data = part.get_payload(decode=True)
        except (ValueError, binascii.Error, LookupError, AssertionError):
            self.notes.add("malformed")
            return b""
        return data if isinstance(data, bytes) else b""

    def _words(self, part: Message, kind: str) -> str:
        try:
            label = str(part.get_content_charset("") or "")
        except (ValueError, LookupError, UnicodeError):
            label = "unknown"
        text = text_of(self._data(part), label, self.notes)[: 4 * MOST_TEXT].replace("\r\n", "\n")
        return words_of(text) if kind == "text/html" else text

    def _enclose(self, part: Message, kind: str) -> None:
        data = b"" if part.is_multipart() else self._data(part)
        kept = Enclosed(self._name(part), kind[:80], len(data))
        is_picture = kind.startswith("image/") and kind != "image/svg+xml"
        if is_picture and SMALLEST_PICTURE <= len(data) <= LARGEST_PICTURE:
            if sum(1 for one in self.letter.enclosed if one.data) < MOST_PICTURES:
                kept.data = base64.b64encode(data).decode()
            else:
                self.notes.add("more_pictures")
        self.letter.enclosed.append(kept)

    def _name(self, part: Message) -> str:
        try:
            name = part.get_filename("") or ""
        except Exception:  # the library raises whatever it meets in broken parameters
            name = ""
            self.notes.add("malformed")
        decoded = words(name.encode("utf-8", "surrogateescape"), self.notes)
        return re.sub(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069]", "", decoded.replace("\\", "/").rsplit("/", 1)[-1])[:120]


_AUTOREPLY = frozenset(
    {"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress", "x-auto-reply", "x-loop"}
)


def automatic_sign(message: Message, letter: Read) -> str:
    """By which sign a letter is automatic; empty for one that a person wrote."""
    names = {key.lower() for key, _value in message.raw_items()}
    precedence = _text(message, "precedence").strip().lower()
    is_bounce = "return-path" in names and _text(message, "return-path").strip() in {"<>", ""}
    signs = (
        ("bounce", is_bounce or message.get_content_type() == "multipart/report"),
        ("auto_submitted", _text(message, "auto-submitted").strip().lower() not in {"", "no"}),
        ("precedence", precedence in {"bulk", "junk", "list", "auto_reply", "auto-reply"}),
        ("autoreply", bool(names & _AUTOREPLY)),
        ("list", any(name.startswith("list-") for name in names) or "mailing-list" in names),
        ("robot", bool(_ROBOTS.match(letter.sender))),
        ("subject", bool(_AUTOMATIC_SUBJECT.match(letter.subject))),
    )
    return next((name for name, is_so in signs if is_so), "")


def main() -> int:
    """One letter from standard input, what it says as JSON on standard output; under limits of memory and time."""
    import resource  # noqa: PLC0415 - not there on every system, and needed in the child alone

    for which, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(which, (most, most))
    try:
        answer = asdict(read(sys.stdin.buffer.read(MOST_BYTES + 1)))
    except Unreadable as beyond:
        answer = {"unreadable": str(beyond)}
    except (MemoryError, RecursionError) as beyond:
        answer = {"unreadable": type(beyond).__name__}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
