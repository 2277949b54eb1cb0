"""Setting forms as PDF with typst: own fonts, no network, values as data and never as markup; and QR codes."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

import segno

from huiyin.records.glyphs import FACES, settable

if TYPE_CHECKING:
    import typst

# Templates may read what lies in the package (the shared `records/paper.typ`), and nothing outside it.
ROOT = Path(__file__).resolve().parents[1]
_ONE_AT_A_TIME = threading.Lock()


class Form(Protocol):
    """A printed form: a frozen dataclass of plain values that knows its template. `qr_url` is drawn as a QR code."""

    TEMPLATE: ClassVar[Path]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def qr_url(self) -> str: ...


def typeset(form: Form) -> bytes:
    """The PDF of a form, the same bytes for the same form. Some 10 to 30 ms, one at a time: outside transactions."""
    values = asdict(form)
    return render(form.TEMPLATE, {**values, "qr": qr_rows(values["qr_url"])})


def render(template: Path, values: Mapping[str, Any]) -> bytes:
    """The PDF of a template. It reads its values by `json(bytes(sys.inputs.values))`: nothing typed becomes markup.

    A character that no font has prints as its code (see `glyphs.settable`). Raises `RuntimeError` (`typst.TypstError`)
    for a broken template or one outside the package.
    """
    data = json.dumps(_settable(values), ensure_ascii=False)
    with _ONE_AT_A_TIME:
        pdf = _compiler().compile(str(template), format="pdf", sys_inputs={"values": data})
    return cast(bytes, pdf)


def qr_svg(text: str) -> str:
    """A QR code as inline SVG in the color of the text around it, without declaration or style; 4 px a dot."""
    # segno knows no `currentColor`
    svg = segno.make(text, error="m").svg_inline(scale=4, border=2, dark="#000", svgclass="qr", lineclass=None)
    return str(svg).replace('stroke="#000"', 'stroke="currentColor"')


def qr_rows(text: str) -> list[str]:
    """A QR code as rows of 0 and 1 without the quiet zone, drawn by `qr` of paper.typ. No rows for no text."""
    return ["".join("1" if dot else "0" for dot in row) for row in segno.make(text, error="m").matrix] if text else []


@cache
def _compiler() -> "typst.Compiler":
    """One a process, with the two faces of the package only. Not shared by two threads at once: see the lock."""
    import typst  # noqa: PLC0415 - a renderer, only where a form is set

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FACES[0].parent])
    return typst.Compiler(root=ROOT, font_paths=fonts, ignore_system_fonts=True)


def _settable(value: Any) -> Any:
    """A value with all its texts in characters that can be printed."""
    if isinstance(value, str):
        return settable(value)
    if isinstance(value, Mapping):
        return {key: _settable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(one) for one in value]
    return value
