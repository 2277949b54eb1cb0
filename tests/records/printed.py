"""Reading a PDF as a reader of paper would: its text, its sheets, its fonts. By poppler's tools."""

import re
import subprocess


def text_of(pdf: bytes) -> str:
    """The text in reading order without any white space."""
    return re.sub(r"[\s\u200b]", "", laid_out(pdf))


def laid_out(pdf: bytes) -> str:
    """The text in reading order, line by line."""
    return _said_by("pdftotext", pdf, "-layout", "-", "-")


def pages_of(pdf: bytes) -> int:
    return int(re.findall(r"Pages:\s+(\d+)", _said_by("pdfinfo", pdf, "-"))[0])


def fonts_of(pdf: bytes) -> set[str]:
    """Names of the embedded fonts without the prefix of the subset."""
    return {line.split()[0].partition("+")[2] for line in _said_by("pdffonts", pdf, "-").splitlines()[2:]}


def in_order(text: str, *parts: str) -> list[str]:
    """Those of the parts that do not stand in the text after one another."""
    place, missing = 0, []
    for part in parts:
        bare = re.sub(r"\s", "", part)
        found = text.find(bare, place)
        if found < 0:
            missing.append(part)
        else:
            place = found + len(bare)
    return missing


def _said_by(tool: str, pdf: bytes, *arguments: str) -> str:
    return subprocess.run([tool, *arguments], input=pdf, capture_output=True, check=True).stdout.decode()
