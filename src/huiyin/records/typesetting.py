"""Setting forms as PDF with typst: own fonts, no network, values as data and never as markup."""

import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst

_ONE_AT_A_TIME = threading.Lock()
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


@cache
def _fonts() -> typst.Fonts:
    """The two faces of the package (Noto Serif SC, Noto Sans SC), loaded once a process; no system fonts."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


@cache
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(str(template), root=str(template.parent), font_paths=_fonts())


def render(template: Path, values: Mapping[str, Any]) -> bytes:
    """The PDF of a template. It reads its values by `json(bytes(sys.inputs.values))`; nothing typed can become markup."""
    with _ONE_AT_A_TIME:
        return bytes(_compiler(template).compile(format="pdf", sys_inputs={"values": json.dumps(dict(values), ensure_ascii=False)}))


def qr_svg(text: str) -> str:
    """A QR code as inline SVG in the text color, without declaration, style or title."""
    return segno.make(text, error="m").svg_inline(scale=4, dark="currentColor", omitsize=True, border=2)


def qr_rows(text: str) -> list[str]:
    """A QR code as rows of 0 and 1, for templates that draw it themselves."""
    return ["".join("1" if dot else "0" for dot in row) for row in segno.make(text, error="m").matrix]
