"""Reading the journal and checking its chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from huiyin.journal.models import DailyRoot, Entry, Link
from huiyin.journal.rules import Act, Day, Sealed, Verdict, chained, walked

NEAR = 5000  # a commit that comes so many numbers late is only found at midnight
_LINK = ("seq", "previous", "hash", "sealed_at")
_ACT = ("entry__id", "entry__at", "entry__verb", "entry__reference", "entry__actor", "entry__facts", "entry__digests")


def entries_about(reference: str) -> QuerySet[Entry]:
    return Entry.objects.filter(reference=reference).order_by("id")


def unlinked() -> QuerySet[Entry]:
    """Entries that no link holds yet; by absence, not by number, since commits arrive out of order."""
    return Entry.objects.filter(link__isnull=True).order_by("id")


def unlinked_nearby() -> QuerySet[Entry]:
    """The same among the newest numbers alone: asked every second, whatever the length of the journal."""
    newest = Link.objects.aggregate(newest=Max("entry"))["newest"] or 0
    return unlinked().filter(id__gt=newest - NEAR)


def as_act(entry: Entry) -> Act:
    return Act(entry.pk, entry.at, entry.verb, entry.reference, entry.actor, entry.facts, entry.digests)


def as_day(kept: DailyRoot) -> Day:
    return Day(kept.day, kept.first_seq, kept.last_seq, kept.previous_root, kept.root)


def sealed(links: QuerySet[Link]) -> Iterator[Sealed]:
    """Links with their entries, in their order, read in small portions."""
    rows = links.order_by("seq").values_list(*_LINK, *_ACT).iterator(chunk_size=2000)
    for seq, previous, digest, at, *act in rows:
        yield Sealed(seq, previous, digest, Act(*act), timezone.localdate(at))


def verify(printed: Mapping[date, str] | None = None) -> Verdict:
    """Walk the whole chain beside the daily roots, and beside roots read from paper (`printed`).

    Finds a changed entry or link, a gap, a cut tail and a changed root, each with its day; states how many entries are
    not linked yet.
    """
    days = [as_day(kept) for kept in DailyRoot.objects.order_by("day")]
    return replace(walked(sealed(Link.objects.all()), days, printed=printed), unlinked=unlinked().count())


def daily_roots() -> QuerySet[DailyRoot]:
    """The closed days, newest first."""
    return DailyRoot.objects.order_by("-day")


def daily_root(day: date) -> DailyRoot | None:
    return DailyRoot.objects.filter(day=day).first()


@dataclass(frozen=True)
class Line:
    """One entry of a trail: its link, the day it was sealed, and whether the hash is that of the entry as it stands."""

    entry: Entry
    seq: int | None
    hash: str
    on: date | None
    is_sound: bool


@dataclass(frozen=True)
class Trail:
    """Everything the journal holds about one reference."""

    lines: tuple[Line, ...]

    @property
    def is_sound(self) -> bool:
        return all(line.is_sound for line in self.lines)

    @property
    def waiting(self) -> int:
        """Entries that no link holds yet."""
        return sum(line.seq is None for line in self.lines)


def trails(references: list[str]) -> dict[str, Trail]:
    """The entries of these references, each checked against its own link. One query."""
    found = Entry.objects.filter(reference__in=references).select_related("link").order_by("id")
    lines: dict[str, list[Line]] = {reference: [] for reference in references}
    for entry in found:
        lines[entry.reference].append(_line(entry))
    return {reference: Trail(tuple(of)) for reference, of in lines.items()}


def _line(entry: Entry) -> Line:
    link: Link | None = getattr(entry, "link", None)
    if link is None:
        return Line(entry, None, "", None, True)
    sound = link.hash == chained(link.previous, link.seq, as_act(entry))
    return Line(entry, link.seq, link.hash, timezone.localdate(link.sealed_at), sound)


def with_verb(verb: str, **facts: Any) -> QuerySet[Entry]:
    """Entries of one kind of act, newest first, whose facts hold these values."""
    return Entry.objects.filter(verb=verb, **{f"facts__{name}": value for name, value in facts.items()}).order_by("-id")
