"""Hostile pictures and papers: what is no picture is refused, what is one is drawn anew and tells nothing else (H2, H7).

Times and memory are measured by `python -m tests.hostile_files`.
"""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from huiyin.kit.uploads import NoPhoto, reencoded
from tests.hostile_files import NO_PICTURES, PICTURES, SCRIPT, TELLTALES

SAID = (b"CANARY", b"GPS", b"Exif", b"EXIF", b"XMP", b"xmpmeta", b"31.23", b"Photoshop", b"ICCP", b"<script", b"<?php")
LIES = {"heic cut in the middle", "heic whose head lies"}  # its reader makes a picture of what is there


@pytest.mark.parametrize("make", [make for name, make in NO_PICTURES.items() if name not in LIES])
def test_what_is_no_picture_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(NoPhoto):
        reencoded(make())


@pytest.mark.parametrize("name", [*PICTURES, *TELLTALES, *LIES])
def test_a_picture_is_drawn_anew_and_nothing_of_the_old_bytes_is_in_it(name: str) -> None:
    make = {**PICTURES, **TELLTALES, **NO_PICTURES}[name]
    try:
        photo = reencoded(make())
    except NoPhoto:
        assert "7,700" in name or "6,000 x 5,000" in name  # larger than what is taken
        return
    with Image.open(io.BytesIO(photo.data)) as again:
        assert (again.format, dict(again.getexif()), getattr(again, "n_frames", 1)) == ("WEBP", {}, 1)
        assert [key for key in ("exif", "xmp", "icc_profile", "comment") if again.info.get(key)] == []
    assert [word for word in (*SAID, SCRIPT) if word in photo.data] == []


def test_the_samples_do_tell_before() -> None:
    """Else the test above would prove nothing."""
    assert [name for name, make in TELLTALES.items() if b"CANARY" not in make()] == []
