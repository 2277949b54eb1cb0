"""Photos come out upright, small and bare; what is no photo is refused."""

import io
import os

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from huiyin.kit.uploads import LONGEST_EDGE, NoPhoto, NoRoomToDraw, TooManyPixels, reencoded


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


def test_large_ones_shrink_and_a_line_stays_a_line() -> None:
    sizes = [reencoded(picture("PNG", size)) for size in ((4000, 1000), (1, 3), (4001, 1), (1, 9000))]
    assert [(one.width, one.height) for one in sizes] == [(2000, 500), (1, 3), (2000, 1), (1, 2000)]


def detailed(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A picture with something to see everywhere: rings and a slope."""
    rings = Image.radial_gradient("L").resize((size[0] // 5, size[1] // 5)).resize(size)
    return Image.merge("RGB", (rings, Image.linear_gradient("L").resize(size), rings.rotate(180))).convert(mode)


@pytest.mark.parametrize("size", [(4500, 2701), (1999, 333), (2001, 1999), (333, 5000)])
@pytest.mark.parametrize(("form", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("HEIF", "RGB"), ("HEIF", "RGBA")])  # fmt: skip  # noqa: E501
def test_what_was_drawn_band_by_band_is_the_same_picture(size: tuple[int, int], form: str, mode: str) -> None:
    out = io.BytesIO()
    detailed(size, mode).save(out, form, quality=90)
    with Image.open(io.BytesIO(out.getvalue())) as opened:
        usual = opened.convert("RGB")
    usual.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    found = Image.open(io.BytesIO(reencoded(out.getvalue()).data)).convert("RGB")
    assert found.size == usual.size
    apart = ImageStat.Stat(ImageChops.difference(found, usual)).mean
    assert max(apart) < (20 if mode == "P" else 4), apart  # the dots of a palette are not kept dot by dot


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", range(1, 9))
def test_every_way_to_hold_a_telephone_comes_out_upright(form: str, turned: int) -> None:
    exif, way = Image.Exif(), ImageOps.exif_transpose
    exif[0x0112] = turned
    out = io.BytesIO()
    detailed((60, 40)).save(out, form, exif=exif)
    found = Image.open(io.BytesIO(reencoded(out.getvalue()).data))
    usual = way(Image.open(io.BytesIO(out.getvalue()))).convert("RGB")
    assert found.size == usual.size
    assert max(ImageStat.Stat(ImageChops.difference(found.convert("RGB"), usual)).mean) < 8


@pytest.mark.parametrize(("form", "size"), [("PNG", (5200, 5100)), ("WEBP", (4100, 3100)), ("HEIF", (5100, 5000))])
def test_one_that_is_too_large_says_how_large(form: str, size: tuple[int, int]) -> None:
    with pytest.raises(TooManyPixels) as refused:
        reencoded(picture(form, size))
    assert [f"{size[0]} × {size[1]}" in str(refused.value), refused.value.field] == [True, "photos"]


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


def test_a_machine_short_of_memory_does_not_blame_the_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise MemoryError

    monkeypatch.setattr("huiyin.kit.uploads._redrawn", full)
    with pytest.raises(NoRoomToDraw) as refused:
        reencoded(picture("JPEG"))
    assert (refused.value.field, "过一会儿" in str(refused.value.message)) == ("photos", True)
