"""The duty log on paper: its pages of a stretch of days, as PDF or Word, and pages for a pen. Set outside transactions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.cases.forms import duty_book as said
from huiyin.cases.forms.duty_book import BookRow, DutyBook
from huiyin.cases.forms.duty_book_word import in_word
from huiyin.cases.papers import form_of, head, minute
from huiyin.cases.queries import Book, BookLine, Leaf
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.handbook.rules import Limit
from huiyin.handbook.schema import in_language
from huiyin.interactions.states import ContactKind
from huiyin.organization.models import Site
from huiyin.records.typesetting import typeset

FORMS = ("work_log", "duty_log")  # X22: one log, under the name the handbook gives it; the company's procedure first
MOST = 1000  # lines of one paper


def name_of(rules: Rulebook) -> str:
    """What the log is called here, in the active language."""
    form = form_of(rules, *FORMS)
    return in_language(form.title, form.en) if form else _("值班记录本")


def book_sheet(site: Site, book: Book, *, leaf: Leaf, unseen: int, now: datetime) -> bytes:
    """The pages as PDF, oldest first. `unseen` lines of the stretch are not the reader's to see."""
    return typeset(_filled(site, book, leaf, unseen, now))


def book_document(site: Site, book: Book, *, leaf: Leaf, unseen: int, now: datetime) -> bytes:
    """The same pages as a Word document."""
    return in_word(_filled(site, book, leaf, unseen, now))


def blank_pages(site: Site, *, count: int, now: datetime) -> bytes:
    """Pages for a pen, twenty rows each, for when the power is out; each has a number of its own."""
    stamp = f"{timezone.localtime(now):%y%m%d-%H%M%S}"
    blank = _head(site, rulebook(site, timezone.localdate(now)))
    return typeset(
        replace(
            blank,
            blank_rows=said.ROWS,
            sheets=tuple(f"{stamp}-{n:02d}" for n in range(1, count + 1)),
            heads=said.BLANK_HEADS,
            widths=said.BLANK_WIDTHS,
            qr_url=f"{settings.BASE_URL}{reverse('enter_page')}?site={site.code}"
            + (f"&sheet={stamp}-01" if count == 1 else ""),
        )
    )


def _filled(site: Site, book: Book, leaf: Leaf, unseen: int, now: datetime) -> DutyBook:
    first, last = timezone.localdate(leaf.first), timezone.localdate(leaf.end) - timedelta(days=1)
    with translation.override(settings.LANGUAGE_CODE):  # a controlled form is Chinese, whoever prints it
        rows, notes = tuple(_row(line) for line in book.lines), _notes(book, unseen)
    return replace(
        _head(site, book.rules),
        days=f"{first}" if first == last else said.DAYS.format(first=first, last=last),
        printed=minute(now),
        rows=rows,
        notes=notes,
        qr_url=f"{settings.BASE_URL}{reverse('duty_book')}?site={site.code}&from={first}&to={last}",
    )


def _head(site: Site, rules: Rulebook) -> DutyBook:
    """What stands above the lines; the title too comes from the adopted handbook."""
    form = form_of(rules, *FORMS)
    with translation.override(settings.LANGUAGE_CODE):
        return DutyBook(site=site.name, title=form.title if form else said.TITLE, **head(site, rules, *FORMS))


def _row(line: BookLine) -> BookRow:
    contact = line.contact
    at = minute(contact.occurred_at).replace(" ", "\n")
    if line.is_late:
        written = said.WRITTEN.format(at=f"{timezone.localtime(contact.recorded_at):%m-%d %H:%M}")
        at = f"{at}\n{said.LATE}\n{written}"
    name = contact.customer.name if contact.customer else ""
    place = str(contact.room or contact.building or contact.place or "")
    hopes = said.HOPES.format(words=contact.remedy_sought) if contact.remedy_sought else ""
    return BookRow(
        number=line.label.replace("-", "-\n"),
        at=at,
        who="\n".join(part for part in (name or said.ANONYMOUS, line.phone, place) if part),
        channel=contact.get_channel_display(),
        words="\n".join(part for part in (contact.situation, hopes) if part),
        became=_became(line),
        taken_by=contact.recorded_by.name if contact.recorded_by else said.NOBODY,
    )


def _became(line: BookLine) -> str:
    """What came of it: a case and how it stands, an answer at once, or nothing yet."""
    contact = line.contact
    if line.is_kept_apart:
        return said.APART
    if line.case is not None and contact.subject is not None:
        return said.OPENED.format(number=contact.subject.number, state=line.case.get_state_display())
    return said.ANSWERED.format(words=contact.answered_at_once) if contact.answered_at_once else said.NOTHING


def _notes(book: Book, unseen: int) -> tuple[str, ...]:
    if not book.total:
        return (said.EMPTY, *((said.UNSEEN.format(n=unseen),) if unseen else ()))
    late = book.late if book.late is not None else sum(line.is_late for line in book.lines)
    first, *later = book.kept
    changed = (said.SINCE.format(day=timezone.localdate(one.first), limit=_allowed(one.limits)) for one in later)
    allowed = "；".join([_allowed(first.limits), *changed])
    notes = [said.COUNTED.format(total=book.total, in_time=book.total - late, late=late, limit=allowed), said.NUMBERED]
    if unseen:
        notes.append(said.UNSEEN.format(n=unseen))
    if book.total > len(book.lines):
        notes.append(said.CUT.format(n=len(book.lines)))
    return tuple(notes)


def _allowed(limits: Mapping[str, Limit]) -> str:
    """What is allowed, in words; where kinds differ those of the shorter limits by name, all others together."""
    kinds: dict[str, list[str]] = {}
    for kind, limit in sorted(limits.items(), key=lambda pair: pair[1].allowance):
        words = (
            said.IN_DAYS.format(days=limit.days) if limit.days is not None else said.IN_HOURS.format(limit.allowance)
        )
        kinds.setdefault(words, []).append(str(ContactKind(kind).label))
    *named, last = kinds.items()
    parts = [said.OF_KINDS.format(kinds="、".join(labels), limit=words) for words, labels in named]
    return "，".join([*parts, said.OTHERS.format(limit=last[0]) if parts else last[0]])
