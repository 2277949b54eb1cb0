"""The audit pack: one ZIP whose bytes depend on the database alone. Reads only; the acts around it stand in actions."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from huiyin.journal.models import DailyRoot, Entry, Link
from huiyin.journal.rules import GENESIS
from huiyin.organization.models import CalendarYear
from huiyin.records.models import Seal
from huiyin.records.queries import bytes_of
from huiyin.references.queries import visible_to
from huiyin.reports.evidence import (
    LANGUAGES,
    Account,
    Chapter,
    Opinion,
    PackOrder,
    Row,
    both,
    evidence_json,
    midnight,
    plain,
    stamp,
)
from huiyin.reports.proof import DOCUMENTS, ENTRIES, FORMAT, LINKS, MANIFEST, ROOTS, manifest_bytes

# Acts of the audit itself: a pack ends before them, so that making a pack does not change the next one.
OWN_VERBS = ("reports.packed", "reports.drawn")
STYLE = Path(__file__).parent / "forms" / "audit_pack.css"
NEVER = (1980, 1, 1, 0, 0, 0)  # the first instant a ZIP can hold


@dataclass(frozen=True)
class Extent:
    """How far the journal of a pack reaches: links `first_seq` to `last_seq` of the year, and the instant it stands for."""

    first_seq: int
    last_seq: int
    as_of: datetime
    roots: tuple[DailyRoot, ...]
    previous_root: str

    @property
    def closed_to(self) -> str:
        return self.roots[-1].day.isoformat() if self.roots else ""


class Archive:
    """A ZIP that is written the same way each time, and remembers what it holds."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.files: list[dict[str, Any]] = []

    def add(self, name: str, data: bytes) -> None:
        self._write(name, data)
        self.files.append({"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})

    def add_json(self, name: str, value: Any) -> None:
        self.add(name, json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n")

    def add_pages(self, name: str, template: str, context: dict[str, Any]) -> None:
        """The page in both languages: name.html and name.en.html."""
        depth = name.count("/")
        for short, language in LANGUAGES.items():
            path = f"{name}.html" if short == "zh" else f"{name}.{short}.html"
            other = f"{name}.en.html" if short == "zh" else f"{name}.html"
            frame = {"root": "../" * depth, "language": language, "short": short, "other": other.rsplit("/", 1)[-1]}
            frame["tail"] = ".html" if short == "zh" else f".{short}.html"
            with translation.override(language):
                self.add(path, render_to_string(template, frame | context).encode())

    def close(self, body: dict[str, Any]) -> str:
        """Add the list of sums and the manifest. Returns the manifest's own hash."""
        self.add("SHA256SUMS", "".join(f"{one['sha256']}  {one['path']}\n" for one in self.files).encode())
        data = manifest_bytes(body | {"files": self.files})
        self._write(MANIFEST, data)
        self._zip.close()
        return str(json.loads(data)["sha256"])

    def _write(self, name: str, data: bytes) -> None:
        info = zipfile.ZipInfo(name, NEVER)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = 3, 0o100644 << 16
        self._zip.writestr(info, data)


def extent_of(order: PackOrder) -> Extent:
    """How far the sealed journal reaches for this pack: a function of the database alone."""
    first, end = order.window
    newest = Link.objects.exclude(entry__verb__in=OWN_VERBS).order_by("-seq").first()
    closed = DailyRoot.objects.order_by("-day").first()
    cut = max(newest.seq if newest else 0, closed.last_seq if closed else 0)
    links = Link.objects.filter(sealed_at__gte=first, sealed_at__lt=end, seq__lte=cut).order_by("seq")
    lowest, highest = links.first(), links.last()
    roots = tuple(DailyRoot.objects.filter(day__year=order.year).order_by("day"))
    before = DailyRoot.objects.filter(day__year__lt=order.year).order_by("-day").first()
    instants = [newest.sealed_at] if newest else [first]
    instants += [midnight(closed.day + timedelta(days=1))] if closed else []
    begin = roots[0].first_seq if roots else lowest.seq if lowest else cut + 1
    return Extent(
        begin,
        highest.seq if highest else begin - 1,
        max(instants),
        roots,
        before.root if before else GENESIS,
    )


def write(order: PackOrder, stream: IO[bytes]) -> str:
    """Write the pack. Returns its number: the manifest's own SHA-256."""
    extent = extent_of(order)
    account = Account(order, extent.as_of)
    archive = Archive(stream)
    archive.add("pack.css", STYLE.read_bytes())
    lost = _documents(archive, account)
    entries = _journal(archive, order, extent, account)
    for kept in account.editions:
        archive.add(f"editions/{kept.handbook}-{kept.digest[:12]}.toml", kept.text.encode())
    archive.add_json("calendar.json", _calendar(order.year))
    for chapter in account.chapters:
        archive.add_json(f"{chapter.path}.json", _chapter_json(chapter, account))
        archive.add_pages(chapter.path, "reports/pack/clause.html", {"chapter": chapter, "people": account.people})
    archive.add_json("deviations.json", [_row_json(row, account) for row in account.deviations])
    archive.add_pages("deviations", "reports/pack/deviations.html", {"rows": account.deviations})
    context = {"account": account, "extent": extent, "entries": entries, "lost": lost, "site": order.site}
    archive.add_pages("index", "reports/pack/index.html", context | {"year": order.year})
    return archive.close(_body(order, extent, entries))


def _body(order: PackOrder, extent: Extent, entries: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "company": order.site.company.name,
        "site": order.site.code,
        "site_name": order.site.name,
        "year": order.year,
        "as_of": stamp(extent.as_of),
        "sight": "whole" if order.actor.may("cases.read_restricted", order.site) else "without_restricted",
        "journal": {
            "first_seq": extent.first_seq,
            "last_seq": extent.last_seq,
            "entries": entries,
            "closed_to": extent.closed_to,
            "previous_root": extent.roots[0].previous_root if extent.roots else extent.previous_root,
        },
    }


def _documents(archive: Archive, account: Account) -> list[str]:
    """The sealed papers as they are. Returns the filing numbers of those that are gone from the store."""
    lost = []
    for seal in sorted({seal.pk: seal for seals in account.seals.values() for seal in seals}.values(), key=_number):
        try:
            archive.add(f"{DOCUMENTS}{seal.filing_number}.pdf", bytes_of(seal.file))
        except OSError:
            lost.append(seal.filing_number)
    return lost


def _number(seal: Seal) -> str:
    return seal.filing_number


def _entries(order: PackOrder, extent: Extent) -> QuerySet[Entry]:
    """What was done to the site's references, and to the site itself, within the extent."""
    ours = visible_to(order.actor).filter(site=order.site).values("number")
    about = Q(reference__in=ours) | Q(reference="", facts__site=order.site.code)
    within = Entry.objects.filter(about, link__seq__gte=extent.first_seq, link__seq__lte=extent.last_seq)
    return within.select_related("link").order_by("link__seq")


def _journal(archive: Archive, order: PackOrder, extent: Extent, account: Account) -> int:
    """The site's entries with their links, the hashes of all links, the roots of the days. Returns how many entries."""
    days = {root.day: root for root in extent.roots}
    rows = [_entry_json(entry) for entry in _entries(order, extent).iterator(chunk_size=2000)]
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for row in rows)
    archive.add(ENTRIES, "".join(lines).encode())
    archive.add(LINKS, "".join(f"{seq} {digest}\n" for seq, digest in _hashes(extent)).encode())
    archive.add_json(
        ROOTS,
        [
            {
                "day": day.isoformat(),
                "first_seq": root.first_seq,
                "last_seq": root.last_seq,
                "count": root.count,
                "previous_root": root.previous_root,
                "root": root.root,
            }
            for day, root in days.items()
        ],
    )
    told = [
        row | {"name": account.people.get(row["actor"], ""), "at": row["at"][:16].replace("T", " ")} for row in rows
    ]
    archive.add_pages("journal/journal", "reports/pack/journal.html", {"rows": told, "roots": extent.roots})
    return len(rows)


def _hashes(extent: Extent) -> Iterator[tuple[int, str]]:
    """Every link of the extent and the one before it: the acts of other sites are present as their hash alone."""
    if extent.first_seq == 1:
        yield 0, GENESIS
    within = Link.objects.filter(seq__gte=extent.first_seq - 1, seq__lte=extent.last_seq).order_by("seq")
    yield from within.values_list("seq", "hash").iterator(chunk_size=5000)


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.link.seq,
        "hash": entry.link.hash,
        "day": timezone.localdate(entry.link.sealed_at).isoformat(),
        "entry": entry.pk,
        "at": timezone.localtime(entry.at).isoformat(timespec="microseconds"),
        "verb": entry.verb,
        "reference": entry.reference,
        "actor": entry.actor,
        "facts": entry.facts,
        "digests": entry.digests,
    }


def _calendar(year: int) -> list[dict[str, Any]]:
    """The days off and make-up days that dates were counted by: every version of the year and its neighbors."""
    rows = CalendarYear.objects.filter(year__gte=year - 1, year__lte=year + 1).order_by("year", "version")
    return [
        {"year": row.year, "version": row.version, "source": row.source, "loaded_at": stamp(row.loaded_at)} | row.days()
        for row in rows
    ]


def _chapter_json(chapter: Chapter, account: Account) -> dict[str, Any]:
    clause = chapter.clause
    return {
        "handbook": chapter.handbook,
        "clause": clause.id if clause else "",
        "words": {"zh": clause.zh, "en": clause.en} if clause else None,
        "ours": {"zh": clause.ours.zh, "en": clause.ours.en} if clause and clause.ours else None,
        "role": clause.role if clause else "",
        "answered_by": list(clause.by) if clause else [],
        "text": clause.text if clause else "",
        "reading": clause.reading if clause else "",
        "counts": chapter.counts,
        "duties": [_row_json(row, account) for row in chapter.rows],
        "decisions": [
            {
                "code": one.code,
                "way": one.way,
                "reason": plain(one.reason),
                "by": one.decided_by.name if one.decided_by else one.signature,
                "at": stamp(one.decided_at),
            }
            for one in chapter.decisions
        ],
        "approvals": [_step_json(one) for one in chapter.opinions],
    }


def _row_json(row: Row, account: Account) -> dict[str, Any]:
    duty = row.duty
    return {
        "duty": duty.pk,
        "handbook": duty.handbook,
        "clause": duty.clause,
        "kind": duty.kind,
        "step": duty.step,
        "period": duty.period,
        "scope": duty.scope,
        "edition": duty.edition,
        "title": both(lambda: row.title),
        "about": duty.reference.number if duty.reference else None,
        "opens": stamp(duty.opens_at),
        "due": stamp(duty.due_at),
        "moved_to": stamp(duty.moved_to),
        "provisional": duty.provisional,
        "why": both(lambda: row.why),
        "owner": duty.owner.name if duty.owner else "",
        "owner_role": duty.owner_role,
        "needed": duty.needed,
        "papers_wanted": duty.papers,
        "done": stamp(duty.done_at),
        "standing": row.standing.value,
        "days_late": row.days_late,
        "not_applicable": row.reason,
        "grade": row.grade.value if row.grade else None,
        "evidence": [evidence_json(one, account.people) for one in row.evidence],
        "documents": [
            {"path": f"{DOCUMENTS}{seal.filing_number}.pdf", "sha256": seal.digest, "filing_number": seal.filing_number}
            for seal in row.documents
        ],
        "papers_not_included": [
            {"media_type": file.media_type, "size": file.size, "sha256": file.digest} for file in row.papers
        ],
    }


def _step_json(one: Opinion) -> dict[str, Any]:
    step = one.step
    return {
        "reference": step.reference.number,
        "version": step.version,
        "order": step.order,
        "act": step.act,
        "role": step.role,
        "verdict": step.verdict,
        "by": step.by.name if step.by else "",
        "at": stamp(step.at),
        "asked_at": stamp(step.asked_at),
        "comment": one.words,
    }
