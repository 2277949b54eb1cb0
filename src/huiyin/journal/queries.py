"""Reading the journal and checking its chain."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from huiyin.journal.models import Entry, Link
from huiyin.journal.rules import GENESIS, Act, Verdict, chained


def entries_about(reference: str) -> QuerySet[Entry]:
    return Entry.objects.filter(reference=reference).order_by("id")


def unlinked() -> QuerySet[Entry]:
    """Entries that no link holds yet; by absence, not by number, since commits arrive out of order."""
    return Entry.objects.filter(link__isnull=True).order_by("id")


def as_act(entry: Entry) -> Act:
    return Act(entry.pk, entry.at, entry.verb, entry.reference, entry.actor, entry.facts, entry.digests)


def _links() -> Iterator[Link]:
    return Link.objects.select_related("entry").order_by("seq").iterator(chunk_size=2000)


def verify() -> Verdict:
    """Walk the whole chain. Finds a changed entry, a changed link and a gap; states how many entries are not linked yet."""
    previous, seq = GENESIS, 0
    for link in _links():
        expected = chained(previous, seq + 1, as_act(link.entry))
        if link.seq != seq + 1 or link.previous != previous or link.hash != expected:
            return Verdict(seq, unlinked().count(), previous, link.seq, timezone.localdate(link.sealed_at).isoformat())
        previous, seq = link.hash, link.seq
    return Verdict(seq, unlinked().count(), previous)
