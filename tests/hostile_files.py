"""Files that people who mean harm send as photos or papers, each made here: python -m tests.hostile_files measures them (H2).

Each goes through the upload's own function in a process of its own: at most ten seconds and 150 MB more than before. What is
kept is a picture drawn anew, a PDF that is only ever handed out as a download, or nothing.
"""

import io
import multiprocessing
import os
import re
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

SECONDS, GROWTH = 10, 150  # a file at most; MB
SCRIPT = b"<script>alert(document.domain)</script>"
GPS = {1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><exif:GPSLatitude>31,13.8N CANARY</exif:GPSLatitude></rdf:RDF></x:xmpmeta>'


def drawn(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"", *, before: bytes = b"", bits: int = 1, colors: int = 0) -> bytes:
    """A PNG whose head says so many pixels, all of them in as few bytes as zlib can."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colors, 0, 0, 0))
    line = (width * bits * {2: 3, 6: 4}.get(colors, 1) + 7) // 8 + 1
    if not data:
        packer = zlib.compressobj(9)
        data = b"".join(packer.compress(bytes(line)) for _row in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def animated(form: str, frames: int, size: tuple[int, int] = (40, 40)) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("L", size, n % 256) for n in range(frames)]
    pictures[0].save(out, form, save_all=True, append_images=pictures[1:], duration=10)
    return out.getvalue()


def heic(size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return drawn("HEIF", size, mode, quality=30, **options)


def placed() -> Image.Exif:
    """EXIF that tells where, by what and with which words."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(GPS)
    exif[0x010F], exif[0x9286], exif[0x013B] = "CANARY", "CANARY", "CANARY"
    return exif


def zip_of(name: str, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(name, b"0" * size)
    return out.getvalue()


def pdf(words: bytes) -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS("
        + words
        + b")>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def gif_of(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0" + struct.pack("<HH", width, height) + b"\0\x02\x02D\x01\0;"  # fmt: skip  # noqa: E501


def patched(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose head says another size than its data."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


NO_PICTURES: dict[str, Callable[[], bytes]] = {
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + SCRIPT + b"</svg>",
    "svg with a head": lambda: (
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>"
    ),
    "html": lambda: b"<!DOCTYPE html>" + SCRIPT,
    "html behind a GIF's head": lambda: b"GIF89a/*" + SCRIPT + b"*/=1;",
    "html behind a PNG's head": lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "html behind a JPEG's head": lambda: b"\xff\xd8\xff\xe0" + SCRIPT * 20,
    "script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "php": lambda: b"<?php system($_GET['x']); ?>",
    "program": lambda: b"MZ" + os.urandom(4000),
    "elf": lambda: b"\x7fELF" + os.urandom(4000),
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(/etc/passwd) run\n",
    "mvg": lambda: (
        b"push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'https://evil.example/x'\npop graphic-context"
    ),
    "gif": lambda: drawn("GIF"),
    "gif of ten thousand frames": lambda: animated("GIF", 10_000, (4, 4)),
    "gif bomb": lambda: gif_of(65_500, 65_500),
    "tiff": lambda: drawn("TIFF"),
    "bmp": lambda: drawn("BMP"),
    "psd": lambda: b"8BPS\0\x01" + bytes(6) + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3) + bytes(40),
    "ico": lambda: drawn("ICO"),
    "zip bomb as xlsx": lambda: zip_of("xl/worksheets/sheet1.xml", 200_000_000),
    "zip": lambda: zip_of("../../etc/passwd", 100),
    "gzip bomb": lambda: zlib.compress(bytes(100_000_000), 9),
    "empty": lambda: b"",
    "noise": lambda: os.urandom(200_000),
    "png of 20,000 x 20,000": lambda: png(20_000, 20_000),
    "png of 60,000 x 60,000": lambda: png(60_000, 60_000, zlib.compress(bytes(1000))),
    "png of nothing": lambda: png(0, 0, zlib.compress(b"")),
    "png whose words are a bomb": lambda: png(
        10, 10, before=chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(90_000_000), 9))
    ),
    "png whose profile is a bomb": lambda: png(
        10, 10, before=chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(90_000_000), 9))
    ),
    "png cut in the middle": lambda: drawn("PNG", (900, 900))[:900],
    "jpeg of 65,000 x 65,000": lambda: patched(drawn("JPEG"), 65_000, 65_000),
    "jpeg cut in the middle": lambda: drawn("JPEG", (900, 900), quality=95)[:3000],
    "webp cut in the middle": lambda: drawn("WEBP", (900, 900))[:500],
    "heic cut in the middle": lambda: heic((400, 400))[:700],
    "jpeg of 20,000 x 20,000": lambda: patched(drawn("JPEG", (2000, 2000)), 20_000, 20_000),
    "heic whose head lies": lambda: heic().replace(struct.pack(">II", 60, 40), struct.pack(">II", 60_000, 60_000)),
}
PICTURES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: drawn("JPEG"),
    "jpeg with html behind it": lambda: drawn("JPEG") + SCRIPT,
    "jpeg with html in its comment": lambda: drawn("JPEG", comment=SCRIPT),
    "png with php in its words": lambda: png(10, 10, before=chunk(b"tEXt", b"Comment\0<?php system('x') ?>" + SCRIPT)),
    "png with a zip behind it": lambda: drawn("PNG") + zip_of("x", 10),
    "webp of a thousand frames": lambda: animated("WEBP", 1000, (40, 40)),
    "png of three hundred frames": lambda: animated("PNG", 300, (40, 40)),
    "png of 7,700 x 7,700": lambda: png(7_700, 7_700),
    "png of 7,700 x 7,700 in color": lambda: png(7_700, 7_700, bits=8, colors=2),
    "png of one line": lambda: png(50_000, 1),
    "jpeg of 7,700 x 7,700": lambda: drawn("JPEG", (7_700, 7_700), quality=10),
    "progressive jpeg of 7,700 x 7,700": lambda: drawn("JPEG", (7_700, 7_700), quality=10, progressive=True),
    "webp of 7,700 x 7,700": lambda: drawn("WEBP", (7_700, 7_700), quality=1, method=0),
    "heic of 4,000 x 3,000": lambda: heic((4_000, 3_000)),
    "heic of 6,000 x 4,000": lambda: heic((6_000, 4_000)),
    "png of 6,000 x 5,000 in color": lambda: png(6_000, 5_000, bits=8, colors=2),
    "webp of 4,000 x 3,000": lambda: drawn("WEBP", (4_000, 3_000), quality=1, method=0),
    "progressive jpeg of 6,000 x 4,000": lambda: drawn("JPEG", (6_000, 4_000), progressive=True),
    "webp, the largest": lambda: drawn("WEBP", (4_300, 2_900), quality=1, method=0),
    "webp, the largest, some frames": lambda: animated("WEBP", 3, (3_530, 3_530)),
    "webp, the largest with transparency": lambda: drawn("WEBP", (3_300, 3_300), "RGBA", lossless=True, method=0),
    "webp without loss, the largest": lambda: drawn("WEBP", (3_310, 3_310), lossless=True, method=0),
    "heic, the largest": lambda: heic((5_000, 5_000)),
    "heic, the largest that is not halved": lambda: heic((3_990, 3_990)),
    "heic, the largest with transparency": lambda: heic((3_990, 3_990), "RGBA"),
    "png, the largest": lambda: png(5_200, 4_990, bits=8, colors=2),
    "png, the largest with transparency": lambda: png(5_200, 4_990, bits=16, colors=6),
    "png, the largest with a palette": lambda: drawn("PNG", (5_000, 4_900), "P", transparency=0),
    "jpeg, the largest": lambda: drawn("JPEG", (7_740, 7_740), quality=10),
    "jpeg, the largest of four inks": lambda: drawn("JPEG", (7_740, 7_740), "CMYK", quality=10),
    "jpeg in passes, the largest": lambda: drawn("JPEG", (6_000, 6_000), quality=10, progressive=True),
    "jpeg in passes of four inks, the largest": lambda: drawn(
        "JPEG", (4_000, 4_000), "CMYK", quality=10, progressive=True
    ),
    "cmyk": lambda: drawn("JPEG", mode="CMYK"),
    "palette with transparency": lambda: drawn("PNG", mode="P", transparency=0),
    "sixteen bits": lambda: drawn("PNG", mode="I;16"),
}
TELLTALES: dict[str, Callable[[], bytes]] = {
    "jpeg, EXIF": lambda: drawn("JPEG", exif=placed()),
    "jpeg, XMP": lambda: drawn("JPEG", xmp=XMP),
    "jpeg, IPTC": lambda: _with_iptc(drawn("JPEG")),
    "jpeg, comment": lambda: drawn("JPEG", comment=b"31.2304,121.4737 CANARY"),
    "png, EXIF": lambda: drawn("PNG", exif=placed()),
    "png, words": lambda: png(
        10, 10, before=chunk(b"tEXt", b"GPS\x0031.2304 CANARY") + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
    ),
    "webp, EXIF and XMP": lambda: drawn("WEBP", exif=placed(), xmp=XMP),
    "heic, EXIF": lambda: heic(exif=placed().tobytes()),
    "heic, XMP": lambda: heic(xmp=XMP),
    "jpeg, profile": lambda: drawn("JPEG", icc_profile=b"CANARY" * 40),
}
PAPERS: dict[str, Callable[[], bytes]] = {
    "pdf with a script": lambda: pdf(b"app.alert('x');app.launchURL('http://evil.example')"),
    "pdf that is html": lambda: b"%PDF-" + SCRIPT,
    "pdf of nothing": lambda: b"%PDF-",
    "pdf with a file inside": lambda: pdf(b"x") + zip_of("x.exe", 10),
}


def _with_iptc(data: bytes) -> bytes:
    """A photo whose caption tells the place."""
    said = b"\x1c\x02\x78" + struct.pack(">H", 15) + b"CANARY Shanghai"
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(said)) + said + b"\0" * (len(said) % 2)
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + data[2:]


def _highest() -> int:
    """KB that this process held at most (Linux)."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def _measured(data: bytes, out: "multiprocessing.Queue[tuple[float, float, str]]") -> None:
    from django.conf import settings

    from huiyin.kit.uploads import NoPhoto, reencoded

    settings.configure(USE_I18N=False)
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is now
    before, began = _highest(), time.process_time()
    try:
        found = reencoded(data)
        what = f"{found.width} x {found.height}"
    except NoPhoto:
        what = "refused"
    except Exception as bug:
        what = f"FAULT {type(bug).__name__}"
    out.put((time.process_time() - began, (_highest() - before) / 1024, what))


def measured(data: bytes) -> tuple[float, float, str]:
    """Seconds of the processor, MB of growth at the highest, and what became of it; in a process of its own."""
    ways = multiprocessing.get_context("spawn")
    out: multiprocessing.Queue[tuple[float, float, str]] = ways.Queue()
    child = ways.Process(target=_measured, args=(data, out))
    child.start()
    try:
        return out.get(timeout=120)
    except Exception:
        return 0.0, 0.0, "FAULT the process died"
    finally:
        child.kill()
        child.join()


def main() -> int:
    bad = []
    for name, make in {**NO_PICTURES, **PICTURES, **TELLTALES, **PAPERS}.items():
        if not name.startswith(tuple(sys.argv[1:] or [""])):
            continue
        data = make()
        seconds, grown, what = measured(data)
        print(f"{name:36} {len(data):>10,} bytes {seconds:6.2f} s {grown:7.0f} MB  {what}")
        if seconds > SECONDS or grown > GROWTH or what.startswith("FAULT"):
            bad.append(name)
    print("FINDINGS: " + ", ".join(bad) if bad else "sound")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
