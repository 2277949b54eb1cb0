"""Photos from outside: checked, re-encoded, position and every other hidden word removed."""

import hashlib
import io
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from PIL.Image import Resampling
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile, register_heif_opener

from huiyin.kit.refusal import Refusal

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# Pixels at most, read from the head before anything is decoded, so that no picture takes more than 150 MB while it is drawn
# anew. JPEG is read smaller at once, unless it comes in passes; each plane of those is held whole.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 26_000_000, "HEIF": 25_000_000, "WEBP": 12_500_000}
MOST_IN_PASSES = {3: 36_000_000, 4: 16_000_000}
MOST_HEAVY = {"WEBP": 11_000_000, "HEIF": 16_000_000}  # with transparency, and WebP without loss: one more copy
BAND = 240  # lines drawn smaller at a time, a multiple of how many become one
AT_ONCE = threading.BoundedSemaphore(2)  # pictures that one process draws at the same time
LONGEST_EDGE = 2000

register_heif_opener()


class NoPhoto(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _("这个文件不是能看的照片（支持 JPG、PNG、WebP、HEIC）。您写的内容还在，请换一张或不带照片提交。"), "photos"
        )


class NoRoomToDraw(NoPhoto):
    """It may well be a photo; the machine is short of memory."""

    def __init__(self) -> None:
        Refusal.__init__(self, _("现在处理不了这张照片。您写的内容还在，请过一会儿再试，或不带照片提交。"), "photos")


class TooManyPixels(NoPhoto):
    """A photo that is one, and larger than what is drawn here."""

    def __init__(self, width: int, height: int) -> None:
        told = {"width": width, "height": height}
        Refusal.__init__(
            self,
            _("这张照片太大了（%(width)s × %(height)s 像素）：请换一张小一些的，或者给它截个屏再传。") % told,
            "photos",
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
                return _redrawn(opened, b"VP8L" in data)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Warning,
        Image.DecompressionBombError,
        EOFError,
    ) as wrong:
        raise NoPhoto from wrong
    except MemoryError as wrong:
        raise NoRoomToDraw from wrong


def _redrawn(opened: Image.Image, is_lossless: bool) -> Photo:
    if min(opened.size) < 1:
        raise NoPhoto
    if opened.width * opened.height > _most(opened, is_lossless):
        raise TooManyPixels(*opened.size)
    upright = _upright(*_slim(opened))
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    del upright
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82)
    return Photo(out.getvalue(), bare.width, bare.height, hashlib.sha256(out.getvalue()).hexdigest())


def _most(opened: Image.Image, is_lossless: bool) -> int:
    """How many pixels of this kind are taken. `is_lossless` counts for WebP alone."""
    bands = len(opened.getbands())
    if opened.info.get("progressive"):
        return MOST_IN_PASSES[max(bands, 3)]
    kind = opened.format or ""
    heavy = bands == 4 or (kind == "WEBP" and is_lossless)
    return MOST_HEAVY[kind] if heavy and kind in MOST_HEAVY else MOST_PIXELS[kind]


def _slim(opened: Image.Image) -> tuple[Image.Image, float, int]:
    """The picture in RGB, its width as it is to be; by how much its height is still too large; and how it has to be turned.

    Drawn band by band, and what was decoded is let go of: on the whole, each step would be one more copy of it.
    """
    if opened.format == "JPEG":
        opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    lines = _lines(opened)
    width, height = opened.size  # decoding may have told another size than the head
    times = max(1.0, max(width, height) / LONGEST_EDGE)
    whole = int(times)
    slim = Image.new("RGB", (max(1, round(width / times)), -(-height // whole)))
    for top in range(0, height, BAND):
        band = lines(top, min(top + BAND, height)).convert("RGB").reduce(whole)
        slim.paste(band.resize((slim.width, band.height), Resampling.BICUBIC), (0, top // whole))
    turned = opened.getexif().get(ExifTags.Base.Orientation, 1)  # HEIC was turned by its reader, which says 1
    opened.close()
    return slim, slim.height / max(1, round(height / times)), turned


def _upright(slim: Image.Image, times: float, turned: int) -> Image.Image:
    small = slim.resize((slim.width, max(1, round(slim.height / times))), Resampling.BICUBIC)
    small.getexif()[ExifTags.Base.Orientation] = turned
    return ImageOps.exif_transpose(small)


def _lines(opened: Image.Image) -> Callable[[int, int], Image.Image]:
    """Decode, and give some lines of it at a time. WebP and HEIC from what their decoder made, without one more copy."""
    if isinstance(opened, WebPImageFile):
        data, _from, _length = opened._get_next()
        del opened._decoder  # its canvases are as large as the picture
        return _out_of(data, "RGBX", opened.width, opened.width * 4)
    if isinstance(opened, HeifImageFile) and opened.mode in {"RGB", "RGBA"}:
        decoded = cast(Any, opened)._heif_file[opened.tell()]
        data, opened._size = decoded.data, decoded.size
        cast(Any, opened)._heif_file = None
        return _out_of(data, decoded.mode, decoded.size[0], decoded.stride)
    opened.load()
    return lambda top, below: opened.crop((0, top, opened.width, below))


def _out_of(data: bytes, mode: str, width: int, stride: int) -> Callable[[int, int], Image.Image]:
    """Lines of a picture that stands in memory as its decoder left it; `stride` bytes a line."""
    whole = memoryview(data)

    def lines(top: int, below: int) -> Image.Image:
        part = cast(Any, whole[top * stride : below * stride])
        return Image.frombuffer(mode, (width, below - top), part, "raw", mode, stride, 1)

    return lines
