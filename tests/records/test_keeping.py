"""Files, serials and seals."""

import hashlib
import io
import stat
from datetime import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.kit.refusal import Refusal
from huiyin.records.actions import attach, lay_down, lay_down_photos, number_form, seal
from huiyin.records.models import Seal, Serial, StoredFile
from huiyin.records.queries import bytes_of, file_by_key, files_of, path_of, public_file_of, seals_of, serial_of
from huiyin.references.actions import Wanted, issue, restrict
from huiyin.references.models import Reference
from huiyin.references.states import Kind

FORM = "complaint_handling_form"


@pytest.fixture
def papers(cast: Cast, now: datetime, media: Path) -> list[Reference]:
    return issue(cast.site, *(Wanted(Kind.CASE, f"第{count}件") for count in range(4)), now=now)


def test_bytes_lie_under_a_random_name_for_the_owner_alone(media: Path) -> None:
    one, other = lay_down(b"abc", "application/pdf"), lay_down(b"abc", "application/pdf")
    assert [one.digest, one.size] == [hashlib.sha256(b"abc").hexdigest(), 3]
    assert [one.key == other.key, len(one.key)] == [False, 40]
    path = media / one.key[:2] / one.key
    assert [path.read_bytes(), stat.S_IMODE(path.stat().st_mode)] == [b"abc", 0o600]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_is_seen_with_its_reference(papers: list[Reference], cast: Cast, now: datetime) -> None:
    file = attach(papers[0], [lay_down(b"abc", "text/plain")], label="照片", by=cast.clerk, now=now)[0]
    assert [file_by_key(file.key, cast.clerk), file_by_key(file.key, cast.stranger)] == [file, None]
    assert [bytes_of(file), path_of(file).name, list(files_of(papers[0]))] == [b"abc", file.key, [file]]
    restrict(papers[0], 2)
    assert file_by_key(file.key, cast.clerk) is None


def test_a_customer_sees_public_files_of_the_own_matter(papers: list[Reference], cast: Cast, now: datetime) -> None:
    laid = [lay_down(b"a", "image/webp"), lay_down(b"b", "image/webp")]
    shown = attach(papers[0], laid[:1], label="照片", by=cast.clerk, now=now, is_public=True)[0]
    hidden = attach(papers[0], laid[1:], label="底单", by=cast.clerk, now=now)[0]
    assert [public_file_of([papers[0]], shown.key), public_file_of([papers[0]], hidden.key)] == [shown, None]
    assert public_file_of([papers[1]], shown.key) is None


def test_several_photos_are_numbered(papers: list[Reference], cast: Cast, now: datetime) -> None:
    laid = [lay_down(bytes([count]), "image/webp") for count in range(3)]
    assert [file.label for file in attach(papers[0], laid, label="照片", by=cast.clerk, now=now)] == [
        "照片 1",
        "照片 2",
        "照片 3",
    ]


def test_photos_are_made_anew(media: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#123456").save(out, "JPEG")
    laid = lay_down_photos([out.getvalue()])[0]
    kept = (media / laid.key[:2] / laid.key).read_bytes()
    assert [laid.media_type, kept[:4], kept[8:12], laid.digest] == [
        "image/webp",
        b"RIFF",
        b"WEBP",
        hashlib.sha256(kept).hexdigest(),
    ]


@pytest.mark.parametrize("uploads", [[b"x"] * 6, [b"\0" * (12 * 1024 * 1024 + 1)], [b"not a photo"], [b""]])
def test_what_is_no_photo_is_refused_and_leaves_no_file(uploads: list[bytes], media: Path) -> None:
    with pytest.raises(Refusal) as refused:
        lay_down_photos(uploads)
    assert [refused.value.field, list(media.rglob("*"))] == ["photos", []]


@pytest.mark.clause("S4.F.1")
def test_serials_have_no_gaps_and_a_form_keeps_its_own(papers: list[Reference], cast: Cast, now: datetime) -> None:
    def number(paper: Reference, form: str = FORM) -> int:
        return number_form(paper, form, site=cast.site, by=cast.clerk, now=now)

    assert [number(paper) for paper in papers] == [1, 2, 3, 4]
    assert [number(paper) for paper in reversed(papers)] == [4, 3, 2, 1]
    assert [number(papers[2], "duty_log"), Serial.objects.count()] == [1, 5]
    assert str(serial_of(papers[2], FORM)) == f"{FORM} 3"


def test_a_number_that_was_not_used_leaves_no_gap(papers: list[Reference], cast: Cast, now: datetime) -> None:
    with transaction.atomic():
        number_form(papers[0], FORM, site=cast.site, by=cast.clerk, now=now)
        transaction.set_rollback(True)
    assert number_form(papers[1], FORM, site=cast.site, by=cast.clerk, now=now) == 1


def test_a_voided_number_is_not_given_again(papers: list[Reference], cast: Cast, now: datetime) -> None:
    number_form(papers[0], FORM, site=cast.site, by=cast.clerk, now=now)
    Serial.objects.update(voided_at=now)
    assert number_form(papers[1], FORM, site=cast.site, by=cast.clerk, now=now) == 2


def test_each_site_counts_for_itself(papers: list[Reference], cast: Cast, now: datetime) -> None:
    there = cast.sites["hengtai"]
    paper = issue(there, Wanted(Kind.CASE, "那边"), now=now)[0]
    assert number_form(papers[0], FORM, site=cast.site, by=cast.clerk, now=now) == 1
    assert number_form(paper, FORM, site=there, by=cast.stranger, now=now) == 1


@pytest.mark.clause("S3.2.3.e")
def test_a_sealed_record_has_its_hash_in_the_journal(papers: list[Reference], cast: Cast, now: datetime) -> None:
    laid = lay_down(b"%PDF", "application/pdf")
    made = seal(papers[0], laid, label="汇总", by=cast.manager, now=now)
    assert made.filing_number == f"BA-20261123-{papers[0].number}"
    assert [made.digest, bytes_of(made.file), list(seals_of(papers[0]))] == [laid.digest, b"%PDF", [made]]
    entry = Entry.objects.get(verb="records.sealed")
    assert entry.facts == {"filing_number": made.filing_number, "sha256": laid.digest}


def test_a_filing_number_is_given_once(papers: list[Reference], cast: Cast, now: datetime) -> None:
    seal(papers[0], lay_down(b"a", "application/pdf"), label="x", by=cast.manager, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        seal(papers[0], lay_down(b"b", "application/pdf"), label="x", by=cast.manager, now=now)
    assert [Seal.objects.count(), StoredFile.objects.count()] == [1, 1]
