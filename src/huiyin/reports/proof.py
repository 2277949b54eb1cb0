"""Checking an audit pack: bytes, chain and daily roots. Needs neither a database nor the program that made the pack."""

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from huiyin.journal.rules import Act, chained, rooted
from huiyin.kit.refusal import Refusal

FORMAT = "huiyin-audit-pack/1"
MANIFEST, ENTRIES, LINKS, ROOTS = "manifest.json", "journal/entries.jsonl", "journal/links.txt", "journal/roots.json"
DOCUMENTS = "documents/"
WRONG_SHAPE = (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError)
MOST_FILES = 50_000
LARGEST_FILE = 512 * 1024 * 1024
LARGEST_PACK = 2 * 1024 * 1024 * 1024
STEEPEST = 500  # times smaller: text of ours packs ten to thirty times


class NotAPack(Refusal):
    """The file is no pack, or one that would be dangerous to open. `code` says which: see `REASONS` of the command line."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: `kind` of fault, the file, the record in it (journal number, day) where one is meant."""

    kind: str
    file: str
    record: str = ""
    day: str = ""


@dataclass
class Checked:
    """What a check of a pack found. `number` is the manifest's own hash: the pack's name for those who note it down."""

    number: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    files: int = 0
    entries: int = 0
    days: int = 0
    loose: int = 0  # links behind the last closed day, which no root holds yet
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.findings

    def note(self, kind: str, file: str, record: object = "", day: str = "") -> None:
        self.findings.append(Finding(kind, file, str(record), day))


def canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def manifest_bytes(body: Mapping[str, Any]) -> bytes:
    """The manifest as it stands in the pack: the body and the SHA-256 of its canonical form."""
    whole = {"body": body, "sha256": hashlib.sha256(canonical(body)).hexdigest()}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def check(path: Path, printed: Mapping[date, str] | None = None) -> Checked:
    """Check a pack, also against roots read from paper. Refuses (`NotAPack`) what is no pack or unsafe to open."""
    try:
        with zipfile.ZipFile(path) as opened:
            members = _members(opened)
            return _checked(opened, members, printed or {})
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, OSError, ValueError) as wrong:
        if isinstance(wrong, FileNotFoundError | IsADirectoryError | PermissionError):
            raise
        raise NotAPack("no_zip") from wrong


def _members(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by name, once nothing about them is dangerous."""
    members: dict[str, zipfile.ZipInfo] = {}
    listed = opened.infolist()
    if len(listed) > MOST_FILES or sum(one.file_size for one in listed) > LARGEST_PACK:
        raise NotAPack("bomb")
    for one in listed:
        parts = one.filename.split("/")
        odd = "\\" in one.filename or ":" in one.filename or one.filename.startswith("/") or "\0" in one.orig_filename
        if odd or ".." in parts or "" in parts[:-1] or "." in parts:
            raise NotAPack("path", one.filename)
        if stat.S_ISLNK(one.external_attr >> 16) or one.flag_bits & 0x1:
            raise NotAPack("odd", one.filename)
        if one.file_size > LARGEST_FILE or one.file_size > max(one.compress_size, 1) * STEEPEST + 65_536:
            raise NotAPack("bomb", one.filename)
        if one.filename in members:
            raise NotAPack("twice", one.filename)
        if not one.is_dir():
            members[one.filename] = one
    return members


def _read(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a file, never more than it says it has; None where they are damaged."""
    try:
        with opened.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError, OSError, zlib.error):
        return None
    return data if len(data) == member.file_size else None


def _checked(opened: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], printed: Mapping[date, str]) -> Checked:
    checked = Checked()
    stated = _manifest(opened, members, checked)
    if stated is None:
        return checked
    kept, digests = {}, {}
    for name, size, digest in stated.files:
        member = members.get(name)
        data = _read(opened, member) if member else None
        checked.files += member is not None
        digests[name] = hashlib.sha256(data or b"").hexdigest()
        if member is None:
            checked.note("missing", name)
        elif data is None or len(data) != size or digests[name] != digest:
            checked.note("changed", name)
        if data is not None and name.startswith("journal/"):
            kept[name] = data
    for name in sorted(members.keys() - digests.keys() - {MANIFEST}):
        checked.note("extra", name)
    _Chain(stated, kept, checked).walk(printed, digests)
    return checked


@dataclass(frozen=True)
class _Stated:
    """What the manifest says of the files and of the journal."""

    files: tuple[tuple[str, int, str], ...]
    first_seq: int
    last_seq: int
    previous_root: str
    entries: int
    closed_to: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "_Stated":
        """Raises one of WRONG_SHAPE for a body that is none."""
        journal = body["journal"]
        return cls(
            files=tuple((str(one["path"]), int(one["size"]), str(one["sha256"])) for one in body["files"]),
            first_seq=int(journal["first_seq"]),
            last_seq=int(journal["last_seq"]),
            previous_root=str(journal["previous_root"]),
            entries=int(journal["entries"]),
            closed_to=str(journal["closed_to"]),
        )


def _manifest(opened: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], checked: Checked) -> _Stated | None:
    """What the pack says of itself; None where nothing can be made of it."""
    member = members.get(MANIFEST)
    data = _read(opened, member) if member else b"{}"
    if data is None:
        checked.note("manifest", MANIFEST)
        return None
    try:
        whole = json.loads(data)
        body, number = whole["body"], whole["sha256"]
        if body["format"] != FORMAT:
            raise NotAPack("no_pack")
        stated = _Stated.of(body)
        is_itself = manifest_bytes(body) == data
    except WRONG_SHAPE as wrong:
        if member is None or not data.lstrip().startswith(b"{"):
            raise NotAPack("no_pack") from wrong
        checked.note("manifest", MANIFEST)
        return None
    checked.number = str(number)
    checked.about = {
        name: str(body.get(name, "")) for name in ("company", "site", "site_name", "year", "as_of", "sight")
    }
    if not is_itself:
        checked.note("manifest", MANIFEST)
    return stated


@dataclass(frozen=True)
class _Day:
    on: date
    first_seq: int
    last_seq: int
    previous_root: str
    root: str


class _Chain:
    """The journal of a pack: the hashes of all links, the entries about the site, the roots of the closed days."""

    def __init__(self, stated: _Stated, kept: Mapping[str, bytes], checked: Checked) -> None:
        self._stated, self._checked, self._kept = stated, checked, kept
        self._links: dict[int, str] = {}
        self._days: list[_Day] = []

    def walk(self, printed: Mapping[date, str], digests: Mapping[str, str]) -> None:
        if not self._taken():
            return
        self._check_roots()
        self._check_tail()
        sealed = self._check_entries()
        for name, digest in digests.items():
            known = (
                sealed.get(name.removeprefix(DOCUMENTS).removesuffix(".pdf")) if name.startswith(DOCUMENTS) else None
            )
            if known and known[0] != digest:
                self._checked.note("document", name, "", known[1])
        self._compare(printed)

    def _taken(self) -> bool:
        """Links and days taken from their files; False where they cannot be read (their files are named already)."""
        try:
            for line in self._kept[LINKS].decode("ascii").splitlines():
                seq, _space, digest = line.partition(" ")
                self._links[int(seq)] = digest
            for row in json.loads(self._kept[ROOTS]):
                on = date.fromisoformat(row["day"])
                self._days.append(
                    _Day(on, int(row["first_seq"]), int(row["last_seq"]), str(row["previous_root"]), str(row["root"]))
                )
        except WRONG_SHAPE:
            return False
        return True

    def _check_roots(self) -> None:
        root, seq, before = self._stated.previous_root, self._stated.first_seq, None
        for day in self._days:
            name = day.on.isoformat()
            if before and day.on - before != timedelta(days=1):
                self._checked.note("gap", ROOTS, "", (before + timedelta(days=1)).isoformat())
            elif (
                day.previous_root != root or day.first_seq != seq or not 0 <= day.last_seq - seq + 1 <= len(self._links)
            ):
                self._checked.note("root", ROOTS, "", name)
            else:
                self._check_day(day)
            root, seq, before = day.root, day.last_seq + 1, day.on
        self._checked.days = len(self._days)
        self._checked.loose = max(self._stated.last_seq - seq + 1, 0)

    def _check_day(self, day: _Day) -> None:
        wanted = range(day.first_seq, day.last_seq + 1)
        lost = next((seq for seq in wanted if seq not in self._links), None)
        if lost is not None:
            self._checked.note("link", LINKS, lost, day.on.isoformat())
        elif (
            rooted(day.previous_root, day.on, day.first_seq, day.last_seq, (self._links[seq] for seq in wanted))
            != day.root
        ):
            self._checked.note("root", ROOTS, "", day.on.isoformat())

    def _check_tail(self) -> None:
        closed_to = self._days[-1].on.isoformat() if self._days else ""
        if closed_to != self._stated.closed_to:
            self._checked.note("cut", ROOTS, "", self._next_day(closed_to))
        lost = next((seq for seq in self._wanted() if seq not in self._links), None)
        if lost is not None and not self._day_of(lost):
            self._checked.note("cut", LINKS, lost, self._next_day(closed_to))

    def _wanted(self) -> range:
        """The links there should be; never more than a pack could hold."""
        return range(self._stated.first_seq, min(self._stated.last_seq, self._stated.first_seq + 100_000_000) + 1)

    def _next_day(self, closed_to: str) -> str:
        return (date.fromisoformat(closed_to) + timedelta(days=1)).isoformat() if closed_to else self._stated.closed_to

    def _day_of(self, seq: int) -> str:
        return next((day.on.isoformat() for day in self._days if day.first_seq <= seq <= day.last_seq), "")

    def _check_entries(self) -> dict[str, tuple[str, str]]:
        """Each entry against its link. Returns the sealed documents: filing number -> (SHA-256, day of the entry)."""
        sealed, last = {}, 0
        for number, line in self._lines():
            try:
                row = json.loads(line)
                seq, act = int(row["seq"]), _act(row)
                is_sound = self._links.get(seq) == chained(self._links.get(seq - 1, ""), seq, act) and seq > last
            except WRONG_SHAPE:
                self._checked.note("entry", ENTRIES, f"#{number}")
                continue
            if not is_sound:
                self._checked.note("entry", ENTRIES, seq, self._day_of(seq) or _day(row))
            if act.verb == "records.sealed":
                sealed[str(act.facts.get("filing_number"))] = (str(act.facts.get("sha256")), self._day_of(seq))
            last, self._checked.entries = max(seq, last), self._checked.entries + 1
        if self._checked.entries < self._stated.entries:
            self._checked.note("cut", ENTRIES, last, self._day_of(last))
        return sealed

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        return enumerate(self._kept.get(ENTRIES, b"").splitlines(), start=1)

    def _compare(self, printed: Mapping[date, str]) -> None:
        """Beside the roots on paper."""
        kept = {day.on: day.root for day in self._days}
        for on in sorted(printed):
            if kept.get(on) != printed[on]:
                self._checked.note("paper", ROOTS, "", on.isoformat())


def _act(row: Mapping[str, Any]) -> Act:
    at = datetime.fromisoformat(row["at"])
    if at.tzinfo is None:
        raise ValueError(row["at"])
    return Act(row["entry"], at, row["verb"], row["reference"], row["actor"], dict(row["facts"]), dict(row["digests"]))


def _day(row: Mapping[str, Any]) -> str:
    return str(row.get("day", ""))
