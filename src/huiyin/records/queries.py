"""Reads of files, serials and seals."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from huiyin.organization.rules import Actor
from huiyin.records.models import Seal, Serial, StoredFile
from huiyin.references.models import Reference
from huiyin.references.queries import sight


def visible_to(actor: Actor) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(sight(actor, "reference__"))


def files_of(*references: Reference) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(reference__in=references).order_by("id")


def file_by_key(key: str, actor: Actor) -> StoredFile | None:
    return visible_to(actor).filter(key=key).first()


def public_file_of(references: Sequence[Reference], key: str) -> StoredFile | None:
    """A file the customer may see, of the matter whose link they hold."""
    return StoredFile.objects.filter(reference__in=references, key=key, is_public=True).first()


def path_of(file: StoredFile) -> Path:
    return Path(settings.MEDIA) / file.key[:2] / file.key


def kept_bytes(key: str) -> bytes:
    """Bytes laid down without a reference (letters). OSError where they are missing."""
    return (Path(settings.MEDIA) / key[:2] / key).read_bytes()


def bytes_of(file: StoredFile) -> bytes:
    return path_of(file).read_bytes()


def serial_of(reference: Reference, form: str) -> Serial | None:
    return Serial.objects.filter(reference=reference, form=form).first()


def seals_of(reference: Reference) -> QuerySet[Seal]:
    return Seal.objects.filter(reference=reference).select_related("file").order_by("id")
