"""Letters that come in: fetched, kept before the server hears of it, read under limits, set aside where nobody can read them."""

import hashlib
import logging
import re
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huiyin.customers.rules import Reached, encrypted
from huiyin.interactions.gateways import imap, reader
from huiyin.interactions.gateways.failures import TryLater
from huiyin.interactions.gateways.imap import Opened, Raw
from huiyin.interactions.models import Delivery, Fetched, Interaction, Letter
from huiyin.interactions.rules import LETTERS_AN_HOUR
from huiyin.interactions.states import DeliveryState, LetterState
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.letters import Read, Unreadable
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.records.actions import destroy, lay_down
from huiyin.records.queries import kept_bytes
from huiyin.references.models import Reference
from huiyin.settings import Mailbox

log = logging.getLogger("huiyin.interactions")
TRIES = 3
LONGEST_ROUND = 20  # seconds; the rest comes with the next round, other work in between
_SAME = re.compile(rb"(?im)^(?:message-id|from|date|subject)[ \t]*:[^\n]*")
_MESSAGE_ID = re.compile(rb"(?im)^message-id[ \t]*:\s*(<[^>\s]+>)")


class DecidedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这封来信已经有人处理了。"))


class NoReason(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请写明为什么不登记。"), "why")


def identity_of(raw: bytes) -> str:
    """SHA-256 of Message-ID and body: the same letter by another way is the same, another body under its number is not."""
    head, _gap, body = (raw.replace(b"\r\n", b"\n")).partition(b"\n\n")
    number = _MESSAGE_ID.search(head[:300_000])
    same = number[1] if number else b"\n".join(sorted(line.strip() for line in _SAME.findall(head[:300_000])))
    return hashlib.sha256(b"\x00".join((same, body.rstrip())) if same else raw).hexdigest()


def fetch(mailbox: Mailbox, *, now: datetime) -> int:
    """Keep what is new in a mailbox and only then mark it seen. Returns how many were new; TryLater when it cannot be reached.

    Safe to be killed anywhere: what was kept is known by its identity, what was not is asked for again.
    """
    state = Fetched.objects.get_or_create(mailbox=mailbox.address, folder=mailbox.folder)[0]
    mine = Fetched.objects.filter(pk=state.pk)
    mine.update(tried_at=now)
    site = Site.objects.filter(code=mailbox.site).first()
    try:
        with imap.opened(mailbox) as folder:
            kept = _fetch_new(folder, state, mailbox, site, now)
    except TryLater as trouble:
        mine.update(problem=str(trouble)[:200])
        raise
    mine.update(fetched_at=now, problem="" if site or not mailbox.site else "unknown_site")
    return kept


def _fetch_new(folder: Opened, state: Fetched, mailbox: Mailbox, site: Site | None, now: datetime) -> int:
    """Letter by letter. One that cannot be kept is left on the server and asked for again; the next ones come all the same."""
    is_first, highest = state.validity != folder.validity, folder.highest()
    last, new, is_unbroken, ends = 0 if is_first else state.last_uid, 0, True, time.monotonic() + LONGEST_ROUND
    for uid in folder.uids(after=last, is_first=is_first):
        if time.monotonic() > ends:
            is_unbroken = False
            break
        try:
            raw = folder.letter(uid)
            new += bool(raw and keep(raw, mailbox=mailbox, site=site, now=now))
        except (TryLater, OSError):
            log.exception("letter %s of %s could not be kept", uid, mailbox.folder)
            is_unbroken = False
            continue
        if is_unbroken and not is_first:
            Fetched.objects.filter(pk=state.pk).update(last_uid=uid)
        folder.mark_seen(uid)
    if is_first and is_unbroken:
        Fetched.objects.filter(pk=state.pk).update(validity=folder.validity, last_uid=highest)
    return new


def keep(raw: Raw, *, mailbox: Mailbox, site: Site | None, now: datetime) -> Letter | None:
    """Lay the bytes down and write the row, committed when this returns. None for a letter that is here already."""
    identity = identity_of(raw.data)
    if Letter.objects.filter(identity=identity).exists():
        return None
    laid = lay_down(raw.data, "message/rfc822")
    reached = raw.reached_at if raw.reached_at and now - timedelta(days=60) < raw.reached_at <= now else now
    letter = Letter(
        mailbox=mailbox.address,
        identity=identity,
        key=laid.key,
        size=laid.size,
        site=site,
        reached_at=reached,
        fetched_at=now,
        state=LetterState.RECEIVED if raw.is_whole else LetterState.QUARANTINED,
        reason="" if raw.is_whole else "left_on_server",
    )
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:  # another worker was faster
        return None
    return letter


def raw_of(letter: Letter) -> bytes:
    return kept_bytes(letter.key)


def read(letter: Letter) -> Read:
    """What a letter says, read in a process with limits. Unreadable, also for one that ended the reader three times."""
    if letter.attempts >= TRIES:
        raise Unreadable("broke_the_reader")
    Letter.objects.filter(pk=letter.pk).update(attempts=letter.attempts + 1)
    try:
        raw = raw_of(letter)
    except OSError:
        raise Unreadable("bytes_missing") from None
    return reader.read(raw)


def write_down(letter: Letter, said: Read) -> None:
    """Keep what was read on the letter's row, in the caller's transaction."""
    letter.message_id = said.message_id
    if said.sender:
        way = Reached.by_email(said.sender)
        letter.sender, letter.sender_index, letter.sender_masked = encrypted(way.value), way.index, way.masked
    letter.sender_name = chinese.clean(said.sender_name)[:80]
    letter.subject_line = " ".join(chinese.clean(said.subject).split())[:300]
    letter.text, letter.said = chinese.clean(said.text), chinese.clean(said.said)
    enclosed = [{"name": one.name, "type": one.media_type, "size": one.size} for one in said.enclosed]
    letter.facts = {
        "enclosed": enclosed,
        "notes": said.notes,
        "judged": said.judged,
        "written_at": said.written_at,
        "automatic": said.automatic,
    }
    letter.save(
        update_fields=[
            "message_id",
            "sender",
            "sender_index",
            "sender_masked",
            "sender_name",
            "subject_line",
            "text",
            "said",
            "facts",
        ]
    )


def is_flood(letter: Letter) -> bool:
    """Whether an address writes more in an hour than a person does."""
    since = letter.fetched_at - timedelta(hours=1)
    taken = Letter.objects.filter(sender_index=letter.sender_index, fetched_at__gte=since, state=LetterState.TAKEN)
    return bool(letter.sender_index) and taken.count() >= LETTERS_AN_HOUR


def put(
    letter: Letter,
    state: LetterState,
    *,
    reason: str = "",
    words: str = "",
    about: Reference | None = None,
    became: Interaction | None = None,
    by: Actor | None = None,
    now: datetime,
) -> None:
    """Bring a letter into a state by compare-and-set; refuses when it left the one it was loaded in."""
    changed = Letter.objects.filter(pk=letter.pk, state=letter.state).update(
        state=state,
        reason=reason[:40],
        words=words[:200],
        about=about or letter.about,
        interaction=became,
        site=became.site if became else letter.site,
        decided_by_id=by.user_id if by else None,
        decided_at=now,
    )
    if not changed:
        raise DecidedMeanwhile
    letter.refresh_from_db()


@transaction.atomic
def set_aside(letter: Letter, *, why: str, by: Actor, now: datetime) -> None:
    """Not for us, says a person, and why. The letter and its bytes stay."""
    by.check("contacts.take", letter.site)
    if letter.state not in {LetterState.QUARANTINED, LetterState.IGNORED}:
        raise DecidedMeanwhile
    why = chinese.clean(why)[:200]
    if chinese.is_blank(why):
        raise NoReason
    put(letter, LetterState.IGNORED, reason="set_aside", words=why, by=by, now=now)
    journal.record("letters.set_aside", by=by, now=now, facts={"letter": letter.pk}, fields={"why": why})


def note_bounce(delivery: Delivery) -> None:
    """A mail of ours came back: it stands among the dead letters, where a person sees it."""
    sent = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENT)
    sent.update(state=DeliveryState.DEAD, problem="bounced")


@transaction.atomic
def try_again(delivery: Delivery, *, by: Actor, now: datetime) -> None:
    """Put a dead letter back in the outbox with all its tries."""
    by.check("contacts.take", delivery.reference.site if delivery.reference else None)
    dead = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.DEAD)
    if dead.update(state=DeliveryState.WAITING, attempts=0, next_at=now, problem=""):
        number = delivery.reference.number if delivery.reference else ""
        journal.record("messages.tried_again", by=by, now=now, reference=number, facts={"message": delivery.pk})


def forget(contacts: Iterable[Interaction], *, said: str) -> None:
    """Put `said` in place of the letters that became these contacts: who wrote, what, and the bytes."""
    mine = Letter.objects.filter(interaction__in=[contact.pk for contact in contacts])
    destroy(list(mine.values_list("key", flat=True)))
    blank = dict.fromkeys(("sender", "sender_index", "sender_masked", "sender_name", "subject_line", "message_id"), "")
    mine.update(text=said, said=said, facts={}, **blank)


@transaction.atomic
def hand_out(letter: Letter, *, by: Actor, now: datetime) -> bytes:
    """The bytes as they came, with every address in full: goes on record."""
    by.check("contacts.take", letter.site)
    journal.record("letters.handed_out", by=by, now=now, facts={"letter": letter.pk})
    return raw_of(letter)
