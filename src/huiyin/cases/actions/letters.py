"""What a letter becomes: another voice of the matter it answers in, a matter of its own, or nothing, with the reason."""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.actions.intake import Taken, take
from huiyin.cases.actions.moves import tell
from huiyin.cases.models import Case
from huiyin.cases.queries import behind
from huiyin.cases.states import EventKind, State
from huiyin.customers.rules import decrypted
from huiyin.interactions import actions as interactions
from huiyin.interactions import letters
from huiyin.interactions.actions import Message
from huiyin.interactions.gateways import reader
from huiyin.interactions.models import Letter
from huiyin.interactions.queries import delivery_behind
from huiyin.interactions.rules import LONGEST_TEXT, Contact, loop_mark
from huiyin.interactions.states import Channel, LetterState
from huiyin.kit import chinese
from huiyin.kit.letters import Read, Unreadable
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor
from huiyin.records.actions import Laid, lay_down_photos
from huiyin.settings import Mailbox

LETTERBOX = Actor(kind="link", id="mail")  # a letter proves nothing: whoever it says it is from, it speaks as this


def sort(letter: Letter, *, boxes: Sequence[Mailbox], now: datetime) -> None:
    """Decide what a received letter is. Safe to repeat: whatever happens, it ends in one state, with a reason, and nobody is told twice."""
    try:
        said = letters.read(letter)
    except Unreadable as beyond:
        _quarantine(letter, str(beyond), now)
        return
    said.automatic = _automatic(said, boxes)
    photos = _photos(said)
    try:
        with transaction.atomic():
            letters.write_down(letter, said)
            _decide(letter, said, photos, boxes, now)
    except letters.DecidedMeanwhile:
        return
    except Refusal as refusal:
        letter.refresh_from_db()
        with transaction.atomic():
            letters.write_down(letter, said)
            _quarantine(letter, "refused", now, words=str(refusal))


def _decide(letter: Letter, said: Read, photos: Sequence[Laid], boxes: Sequence[Mailbox], now: datetime) -> None:
    sent = delivery_behind([*said.answers_to, *said.addressees])
    about = sent.reference if sent else None
    letter.about = about
    if said.automatic:
        if sent and said.automatic == "bounce":
            letters.note_bounce(sent)
        letters.put(letter, LetterState.IGNORED, reason=said.automatic, about=about, now=now)
        return
    site = about.site if about else letter.site
    trouble = _trouble(letter, said, photos, site)
    if trouble or site is None:
        _quarantine(letter, trouble or "no_site", now)
        return
    kind = next((box.kind for box in boxes if box.address == letter.mailbox), "opinion")
    _take(letter, _situation, site=site, kind=kind, photos=photos, by=LETTERBOX, now=now)


def _automatic(said: Read, boxes: Sequence[Mailbox]) -> str:
    if said.mark == loop_mark() or said.sender in {box.address for box in boxes}:
        return "loop"
    return said.automatic


def _trouble(letter: Letter, said: Read, photos: Sequence[Laid], site: Site | None) -> str:
    """Why a person has to look first; empty where nobody has to."""
    if not _is_address(said.sender):
        return "no_sender"
    if chinese.is_blank(letter.said) and chinese.is_blank(letter.subject_line) and not photos:
        return "says_nothing"
    if letters.is_flood(letter):
        return "flood"
    return "" if site else "no_site"


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isascii()


def _photos(said: Read) -> list[Laid]:
    """Pictures through the check of all uploads, laid down before the transaction. One that is no picture stays an enclosure."""
    laid: list[Laid] = []
    for one in said.enclosed:
        if one.data:
            try:
                laid += lay_down_photos([base64.b64decode(one.data)])
            except Refusal:
                said.notes.append("no_picture")
    return laid


def _take(
    letter: Letter,
    words: Callable[[Letter, bool], str],
    *,
    site: Site,
    kind: str,
    photos: Sequence[Laid],
    by: Actor,
    now: datetime,
) -> Case | None:
    """In the caller's transaction. Answers join the matter they answer in while it is open; else they are a new one."""
    before = behind(letter.about) if letter.about else None
    joins = before if before and before.state != State.CLOSED and before.site_id == site.pk else None
    address = decrypted(letter.sender) if letter.sender else ""
    contact = Contact(
        site,
        Channel.EMAIL,
        joins.kind if joins else kind,
        words(letter, joins is None),
        name=letter.sender_name,
        email=address if _is_address(address) else "",
        building=joins.building if joins else None,
        occurred_at=letter.reached_at,
    )
    taken = take(contact, by=by, now=now, joins=joins, photos=photos)
    _tie(letter, taken, before, by, now)
    return taken.case


def _tie(letter: Letter, taken: Taken, before: Case | None, by: Actor, now: datetime) -> None:
    became = taken.contact.interaction
    letters.put(letter, LetterState.TAKEN, about=before.reference if before else None, became=became, by=by, now=now)
    if before and taken.case and before.pk != taken.case.pk:
        text = str(_("来信答的是已经办结的 %(number)s。") % {"number": before.reference.number})
        tell(taken.case, EventKind.NOTED, by=by, now=now, text=text, is_public=False)


def _situation(letter: Letter, is_new: bool) -> str:
    """The sender's words, without what was quoted; a new matter begins with the subject line. The whole stays with the letter."""
    parts = [letter.subject_line if is_new or chinese.is_blank(letter.said) else "", letter.said]
    text = "\n\n".join(part for part in parts if not chinese.is_blank(part)) or str(_("（只有图片）"))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _quarantine(letter: Letter, reason: str, now: datetime, *, words: str = "") -> None:
    """Kept with its bytes until a person has looked; whoever answers for the site is told once."""
    with transaction.atomic():
        letters.put(letter, LetterState.QUARANTINED, reason=reason, words=words, about=letter.about, now=now)
        person = crew_of(letter.site).accountable() if letter.site else None
        people = (person,) if person else ()
        message = Message(None, f"letter{letter.pk}", "cases/messages/letter_waits", {}, to_users=people)
        interactions.send([message], now=now)


def take_letter(letter: Letter, *, site: Site, kind: str, words: str, by: Actor, now: datetime) -> Case | None:
    """A person looked and takes the letter in as a contact of a site, in the words that stand for it. Refuses one that is taken."""
    by.check("contacts.take", site)
    if letter.site_id is not None:
        by.check("contacts.take", letter.site)
    if letter.state not in {LetterState.QUARANTINED, LetterState.IGNORED}:
        raise letters.DecidedMeanwhile
    photos = _photos_again(letter)
    with transaction.atomic():
        return _take(letter, lambda _letter, _new: words, site=site, kind=kind, photos=photos, by=by, now=now)


def _photos_again(letter: Letter) -> list[Laid]:
    if not any(str(one.get("type", "")).startswith("image/") for one in letter.facts.get("enclosed", [])):
        return []
    try:
        return _photos(reader.read(letters.raw_of(letter)))
    except (Unreadable, OSError):
        return []


def situation_of(letter: Letter) -> str:
    """The words a letter would be taken in with, for the person who may correct them."""
    return _situation(letter, is_new=letter.about_id is None)
