"""Photos from outside: checked, re-encoded, position and every other hidden word removed."""

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from huiyin.kit.refusal import Refusal

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# Pixels at most, so that no picture takes more than 150 MB while it is drawn anew (WebP and HEIC 190: what telephones make is
# taken). JPEG is read smaller at once, unless it comes in passes.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 26_000_000, "HEIF": 25_000_000, "WEBP": 12_500_000}
MOST_IN_PASSES = 36_000_000
AT_ONCE = threading.BoundedSemaphore(2)  # pictures that one process draws at the same time
LONGEST_EDGE = 2000

register_heif_opener()


class NoPhoto(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _("这个文件不是能看的照片（支持 JPG、PNG、WebP、HEIC）。您写的内容还在，请换一张或不带照片提交。"), "photos"
        )


@dataclass(frozen=True)
class Photo:
    """A harmless picture: WebP, upright, at most 2,000 pixels on its longer edge. `digest` is SHA-256 (hex) of the data."""

    data: bytes
    width: int
    height: int
    digest: str


def reencoded(data: bytes) -> Photo:
    """A new picture made of the old one's pixels alone. Refuses what is no photo, what is too large, and bombs."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with AT_ONCE, Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                return _redrawn(opened)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Warning,
        Image.DecompressionBombError,
        EOFError,
        MemoryError,
    ) as wrong:
        raise NoPhoto from wrong


def _redrawn(opened: Image.Image) -> Photo:
    most = MOST_IN_PASSES if opened.info.get("progressive") else MOST_PIXELS[opened.format or ""]
    if opened.width * opened.height > most or min(opened.size) < 1:
        raise NoPhoto
    opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    # Small first, then the rest: each step on the whole picture would be one more copy of it in memory.
    opened.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82)
    return Photo(out.getvalue(), bare.width, bare.height, hashlib.sha256(out.getvalue()).hexdigest())
