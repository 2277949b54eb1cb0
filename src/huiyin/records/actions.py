"""Keeping files, numbering controlled forms, sealing records."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from huiyin.journal import actions as journal
from huiyin.kit.uploads import Photo, reencoded
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.records.models import Seal, Serial, StoredFile
from huiyin.records.rules import LARGEST_UPLOAD, MOST_PHOTOS, too_large, too_many
from huiyin.references.models import Reference


@dataclass(frozen=True)
class Laid:
    """Bytes already on disk under a random name, before any row points at them."""

    key: str
    size: int
    digest: str
    media_type: str


def lay_down(data: bytes, media_type: str) -> Laid:
    """Write bytes outside the web root, mode 0600, synced. Called before the transaction, which stays short."""
    key = secrets.token_hex(20)
    path = Path(settings.MEDIA) / key[:2] / key
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:  # a full disk: half a file is of use to nobody
        path.unlink(missing_ok=True)
        raise
    return Laid(key, len(data), hashlib.sha256(data).hexdigest(), media_type)


def destroy(keys: Iterable[str]) -> None:
    """Remove bytes for good, once the transaction around has been committed. Keys that are gone are no error."""
    for key in keys:
        transaction.on_commit(partial((Path(settings.MEDIA) / key[:2] / key).unlink, missing_ok=True))


def forget_pictures(references: Iterable[int]) -> None:
    """Remove the pictures attached to these references; what was sealed stays as it was filed."""
    pictures = StoredFile.objects.filter(reference__in=references, media_type__startswith="image/", seal=None)
    destroy(list(pictures.values_list("key", flat=True)))
    pictures.delete()


def lay_down_photos(uploads: Sequence[bytes]) -> list[Laid]:
    """Check, re-encode and lay down at most five photos. Refuses what is no photo; position and other metadata are gone."""
    if len(uploads) > MOST_PHOTOS:
        raise too_many()
    if any(len(data) > LARGEST_UPLOAD for data in uploads):
        raise too_large()
    photos: list[Photo] = [reencoded(data) for data in uploads]
    return [lay_down(photo.data, "image/webp") for photo in photos]


def lay_down_papers(uploads: Sequence[bytes]) -> list[Laid]:
    """At most five papers: PDFs as they are (served inert, as downloads), pictures re-encoded. Refuses anything else."""
    if len(uploads) > MOST_PHOTOS:
        raise too_many()
    if any(len(data) > LARGEST_UPLOAD for data in uploads):
        raise too_large()
    ready = [
        (data, "application/pdf") if data[:5] == b"%PDF-" else (reencoded(data).data, "image/webp") for data in uploads
    ]
    return [lay_down(data, media_type) for data, media_type in ready]


def attach(
    reference: Reference, laid: Sequence[Laid], *, label: str, by: Actor, now: datetime, is_public: bool = False
) -> list[StoredFile]:
    """Let a reference point at files laid down before."""
    rows = [
        StoredFile(
            reference=reference,
            key=one.key,
            label=f"{label} {place}" if len(laid) > 1 else label,
            media_type=one.media_type,
            size=one.size,
            digest=one.digest,
            is_public=is_public,
            added_by=by.signature,
            added_at=now,
        )
        for place, one in enumerate(laid, start=1)
    ]
    return StoredFile.objects.bulk_create(rows)


@transaction.atomic
def number_form(reference: Reference, form: str, *, site: Site, by: Actor, now: datetime) -> int:
    """The gapless 序号 of a controlled form, issued when the form is first made; the same number ever after."""
    Site.objects.select_for_update().get(pk=site.pk)
    before = Serial.objects.filter(form=form, reference=reference).first()
    if before:
        return before.number
    highest = Serial.objects.filter(site=site, form=form).aggregate(highest=Max("number"))["highest"] or 0
    serial = Serial.objects.create(site=site, form=form, number=highest + 1, reference=reference, issued_at=now)
    journal.record(
        "records.numbered", by=by, now=now, reference=reference.number, facts={"form": form, "serial": serial.number}
    )
    return serial.number


def seal(reference: Reference, laid: Laid, *, label: str, by: Actor, now: datetime) -> Seal:
    """Archive a record in its final form and file it: 归档 and 备案号. The bytes' hash goes into the journal."""
    file = attach(reference, [laid], label=label, by=by, now=now)[0]
    filing_number = f"BA-{timezone.localtime(now):%Y%m%d}-{reference.number}"
    made = Seal.objects.create(
        reference=reference,
        file=file,
        digest=laid.digest,
        filing_number=filing_number,
        sealed_at=now,
        sealed_by=by.signature,
    )
    facts = {"filing_number": filing_number, "sha256": laid.digest}
    journal.record("records.sealed", by=by, now=now, reference=reference.number, facts=facts)
    return made
