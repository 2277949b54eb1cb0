"""Photos come out upright, small and bare; what is no photo is refused."""

import io
import os

import pytest
from PIL import Image

from huiyin.kit.uploads import LONGEST_EDGE, NoPhoto, reencoded


def picture(form: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#88aa99").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photos_become_webp(form: str) -> None:
    photo = reencoded(picture(form))
    assert (Image.open(io.BytesIO(photo.data)).format, photo.width, photo.height) == ("WEBP", 40, 20)


def test_position_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    exif[0x010F] = "secret-maker"
    photo = reencoded(picture("JPEG", exif=exif))
    assert (photo.width, photo.height) == (20, 40)
    assert dict(Image.open(io.BytesIO(photo.data)).getexif()) == {}
    assert b"secret-maker" not in photo.data


def test_large_ones_shrink() -> None:
    assert max(reencoded(picture("JPEG", (4000, 1000))).width, 0) == LONGEST_EDGE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        os.urandom(5000),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 40,
        picture("JPEG")[:200],
        b"%PDF-1.4",
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(NoPhoto):
        reencoded(data)
