"""Checking a pack without a database: whatever was changed, taken out, put in or cut off is found and named."""

import hashlib
import io
import json
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.journal.rules import GENESIS, Act, chained, rooted
from huiyin.reports.pack import Archive
from huiyin.reports.proof import ENTRIES, FORMAT, LINKS, MANIFEST, ROOTS, Finding, NotAPack, check, manifest_bytes
from tests.house.plan import SOURCE

DAY = date(2026, 11, 20)
PAPER = b"%PDF the digest of October"
Files = dict[str, bytes]


def act(seq: int) -> Act:
    """Every second entry is about our site; the third link seals a paper."""
    at = datetime(2026, 11, 20, 2, tzinfo=UTC) + timedelta(hours=20 * seq)
    facts: dict[str, Any] = {"place": seq}
    if seq == 3:
        facts = {"filing_number": "BA-1", "sha256": hashlib.sha256(PAPER).hexdigest()}
    return Act(100 + seq, at, "records.sealed" if seq == 3 else "tests.wrote", "SX26-1", "staff:1", facts, {"x": "ab"})


def journal() -> tuple[list[str], list[dict[str, Any]]]:
    """Hashes of seven links behind the beginning, and the roots of three days with 2, 2 and 2 of them."""
    hashes, roots, before = [GENESIS], [], GENESIS
    for seq in range(1, 8):
        hashes.append(chained(hashes[-1], seq, act(seq)))
    for place in range(3):
        first, last, on = 2 * place + 1, 2 * place + 2, DAY + timedelta(days=place)
        root = rooted(before, on, first, last, hashes[first : last + 1])
        named = {"day": on.isoformat(), "first_seq": first, "last_seq": last, "count": 2}
        roots.append({**named, "previous_root": before, "root": root})
        before = root
    return hashes, roots


def row(seq: int, digest: str) -> dict[str, Any]:
    one = act(seq)
    named = {"seq": seq, "hash": digest, "day": (DAY + timedelta(days=(seq - 1) // 2)).isoformat(), "entry": one.entry}
    said = {"at": one.at.isoformat(), "verb": one.verb, "reference": one.reference, "actor": one.actor}
    return {**named, **said, "facts": one.facts, "digests": one.digests}


def files() -> Files:
    hashes, roots = journal()
    return {
        "index.html": b"<h1>x</h1>",
        "documents/BA-1.pdf": PAPER,
        "clauses/book/S1.json": b"{}",
        ENTRIES: b"".join(json.dumps(row(seq, hashes[seq])).encode() + b"\n" for seq in (1, 3, 5, 7)),
        LINKS: "".join(f"{seq} {digest}\n" for seq, digest in enumerate(hashes)).encode(),
        ROOTS: json.dumps(roots).encode(),
    }


STATED = {"first_seq": 1, "last_seq": 7, "entries": 4, "closed_to": "2026-11-22", "previous_root": GENESIS}


def made(path: Path, content: Files, journal: dict[str, Any] = STATED) -> Path:
    """A pack with a manifest that fits these files, as its maker (or a forger) writes it."""
    with path.open("wb") as stream:
        archive = Archive(stream)
        for name, data in content.items():
            archive.add(name, data)
        archive.close({"format": FORMAT, "site": "yulan", "site_name": "x", "year": 2026, "journal": journal})
    return path


def rewritten(path: Path, change: Callable[[Files], None]) -> Path:
    """The pack with its files changed by hand; the manifest stays as it was."""
    with zipfile.ZipFile(path) as opened:
        content = {one.filename: opened.read(one) for one in opened.infolist()}
    change(content)
    with zipfile.ZipFile(path, "w") as opened:
        for name, data in content.items():
            opened.writestr(name, data)
    return path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return made(tmp_path / "pack.zip", files())


def test_a_pack_as_it_was_made_is_whole(pack: Path) -> None:
    checked = check(pack)
    assert (checked.findings, checked.whole) == ([], True)
    assert (checked.files, checked.entries, checked.days, checked.loose) == (7, 4, 3, 1)
    with zipfile.ZipFile(pack) as opened:
        assert checked.number == json.loads(opened.read(MANIFEST))["sha256"]


def test_packing_it_anew_without_a_change_does_not_matter(pack: Path) -> None:
    assert check(rewritten(pack, lambda content: None)).whole


@pytest.mark.parametrize("name", sorted({*files(), "SHA256SUMS"} - {ENTRIES, LINKS, ROOTS}))
def test_one_changed_byte_names_the_file(pack: Path, name: str) -> None:
    def change(content: Files) -> None:
        content[name] = bytes([content[name][0] ^ 1]) + content[name][1:]

    found = [Finding("changed", name)]
    if name.startswith("documents/"):
        found.append(Finding("document", name, "", "2026-11-21"))
    assert check(rewritten(pack, change)).findings == found


@pytest.mark.parametrize("name", sorted(files()))
def test_a_missing_file_is_named(pack: Path, name: str) -> None:
    findings = check(rewritten(pack, lambda content: content.pop(name))).findings
    assert findings[0] == Finding("missing", name)


def test_a_file_too_many_is_named(pack: Path) -> None:
    found = check(rewritten(pack, lambda content: content.update({"documents/BA-2.pdf": b"x"}))).findings
    assert found == [Finding("extra", "documents/BA-2.pdf")]


def test_a_changed_manifest_is_named(pack: Path) -> None:
    def change(content: Files) -> None:
        content[MANIFEST] = content[MANIFEST].replace(b'"yulan"', b'"yulam"')

    assert check(rewritten(pack, change)).findings == [Finding("manifest", MANIFEST)]


def test_a_manifest_of_another_shape_is_named(pack: Path) -> None:
    def change(content: Files) -> None:
        content[MANIFEST] = manifest_bytes({"format": FORMAT, "files": 3, "journal": []})

    assert check(rewritten(pack, change)).findings == [Finding("manifest", MANIFEST)]


def forged(tmp_path: Path, change: Callable[[Files], None], **journal: Any) -> list[Finding]:
    """What is found after somebody changed files and wrote a manifest that fits them."""
    content = files()
    change(content)
    return check(made(tmp_path / "forged.zip", content, STATED | journal)).findings


def test_a_changed_entry_is_named_with_its_number_and_day(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[ENTRIES] = content[ENTRIES].replace(b'"place": 5', b'"place": 6')

    assert forged(tmp_path, change) == [Finding("entry", ENTRIES, "5", "2026-11-22")]


def test_a_changed_entry_of_today_is_named_too(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[ENTRIES] = content[ENTRIES].replace(b'"place": 7', b'"place": 8')

    assert forged(tmp_path, change) == [Finding("entry", ENTRIES, "7", "2026-11-23")]


def test_an_entry_that_cannot_be_read_is_named_by_its_line(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[ENTRIES] = b"[" * 100_000 + b"\n" + content[ENTRIES]

    assert forged(tmp_path, change) == [Finding("entry", ENTRIES, "#1")]


def test_a_changed_hash_breaks_its_day(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        lines = content[LINKS].decode().splitlines()
        lines[4] = "4 " + "0" * 64
        content[LINKS] = "\n".join(lines).encode()

    assert forged(tmp_path, change) == [
        Finding("root", ROOTS, "", "2026-11-21"),
        Finding("entry", ENTRIES, "5", "2026-11-22"),
    ]


def test_a_link_taken_out_is_named_with_its_day(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[LINKS] = b"\n".join(line for line in content[LINKS].splitlines() if not line.startswith(b"4 "))

    assert forged(tmp_path, change)[0] == Finding("link", LINKS, "4", "2026-11-21")


def test_a_cut_tail_of_links(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[LINKS] = b"\n".join(content[LINKS].splitlines()[:7]) + b"\n"
        content[ENTRIES] = b"\n".join(content[ENTRIES].splitlines()[:3]) + b"\n"

    assert forged(tmp_path, change) == [
        Finding("cut", LINKS, "7", "2026-11-23"),
        Finding("cut", ENTRIES, "5", "2026-11-22"),
    ]


def test_a_cut_tail_of_days(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[ROOTS] = json.dumps(json.loads(content[ROOTS])[:2]).encode()

    assert forged(tmp_path, change) == [Finding("cut", ROOTS, "", "2026-11-22")]


def test_a_day_taken_out_of_the_middle(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        roots = json.loads(content[ROOTS])
        content[ROOTS] = json.dumps([roots[0], roots[2]]).encode()

    assert forged(tmp_path, change) == [Finding("gap", ROOTS, "", "2026-11-21")]


def test_another_paper_under_a_filed_number(tmp_path: Path) -> None:
    found = forged(tmp_path, lambda content: content.update({"documents/BA-1.pdf": b"%PDF another"}))
    assert found == [Finding("document", "documents/BA-1.pdf", "", "2026-11-21")]


def test_a_forger_who_cuts_everywhere_is_found_by_the_paper_on_the_board(tmp_path: Path) -> None:
    def change(content: Files) -> None:
        content[LINKS] = b"\n".join(content[LINKS].splitlines()[:5]) + b"\n"
        content[ENTRIES] = b"\n".join(content[ENTRIES].splitlines()[:2]) + b"\n"
        content[ROOTS] = json.dumps(json.loads(content[ROOTS])[:2]).encode()

    stated = {"last_seq": 4, "entries": 2, "closed_to": "2026-11-21"}
    assert forged(tmp_path, change, **stated) == []
    _hashes, roots = journal()
    on = {DAY + timedelta(days=place): roots[place]["root"] for place in range(3)}
    found = check(tmp_path / "forged.zip", on).findings
    assert found == [Finding("paper", ROOTS, "", "2026-11-22")]


def test_a_root_on_paper_that_is_another(pack: Path) -> None:
    assert check(pack, {DAY: "0" * 64}).findings == [Finding("paper", ROOTS, "", "2026-11-20")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../evil", "path"),
        ("/etc/passwd", "path"),
        ("a/../../b", "path"),
        ("a\\b", "path"),
        ("C:x", "path"),
        ("a//b", "path"),
        ("./a", "path"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(pack: Path, name: str, code: str) -> None:
    with zipfile.ZipFile(pack, "a") as opened:
        opened.writestr(name, b"x")
    with pytest.raises(NotAPack) as refused:
        check(pack)
    assert refused.value.code == code


def test_links_to_elsewhere_are_refused(pack: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(pack, "a") as opened:
        opened.writestr(info, b"/etc/passwd")
    with pytest.raises(NotAPack) as refused:
        check(pack)
    assert (refused.value.code, refused.value.name) == ("odd", "link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(pack: Path) -> None:
    with zipfile.ZipFile(pack, "a") as opened:
        opened.writestr("index.html", b"another")
    with pytest.raises(NotAPack) as refused:
        check(pack)
    assert refused.value.code == "twice"


def test_a_bomb_is_refused_before_it_is_read(pack: Path) -> None:
    with zipfile.ZipFile(pack, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        opened.writestr("big.txt", b"0" * 50_000_000)
    with pytest.raises(NotAPack) as refused:
        check(pack)
    assert (refused.value.code, refused.value.name) == ("bomb", "big.txt")


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_it_says(pack: Path) -> None:
    """The directory says 10 bytes where a megabyte comes out."""
    data = pack.read_bytes()
    with zipfile.ZipFile(pack) as opened:
        info = opened.getinfo(LINKS)
    size = struct.pack("<L", info.file_size)
    pack.write_bytes(data.replace(size, struct.pack("<L", 10)))
    assert Finding("changed", LINKS) in check(pack).findings


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a zip at all", b"PK\x03\x04" + b"\0" * 40, b"PK\x05\x06" + b"\0" * 18]
)
def test_what_is_no_pack_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(NotAPack) as refused:
        check(path)
    assert refused.value.code in {"no_zip", "no_pack"}


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        opened.writestr(MANIFEST, b'{"body": {"format": "other"}, "sha256": ""}')
    path = tmp_path / "x.zip"
    path.write_bytes(held.getvalue())
    with pytest.raises(NotAPack) as refused:
        check(path)
    assert refused.value.code == "no_pack"


def test_no_damage_ends_in_anything_but_a_finding_or_a_refusal(pack: Path) -> None:
    """Three hundred times a few bytes of the file are turned: whole only where no file's content was touched."""
    dice, data = random.Random(26), pack.read_bytes()
    with zipfile.ZipFile(pack) as opened:
        before = {one.filename: opened.read(one) for one in opened.infolist()}
    for _turn in range(300):
        worn = bytearray(data)
        for _byte in range(dice.choice((1, 1, 1, 5))):
            worn[dice.randrange(len(worn))] ^= 1 << dice.randrange(8)
        pack.write_bytes(worn)
        try:
            whole = check(pack).whole
        except NotAPack:
            continue
        if whole:
            with zipfile.ZipFile(pack) as opened:
                assert {one.filename: opened.read(one) for one in opened.infolist()} == before


def test_checking_imports_no_settings_and_no_tables() -> None:
    code = (
        "import sys; from pathlib import Path; from huiyin.reports.proof import check; "
        "print(sorted(name for name in sys.modules if name.endswith(('.settings', '.models')) or name == 'django.db'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SOURCE.parent)}
    )
    assert done.stdout.strip() == "[]"
