"""Every pair of ink and ground that the sheet uses reaches WCAG 2.2 AA in light and dark, computed from the tokens."""

import math
import re
from pathlib import Path

import pytest

from huiyin import ui

SHEET = (Path(ui.__file__).parent / "static/ui/huiyin.css").read_text()
NUMBERS = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
TOKEN = re.compile(rf"--([\w-]+): light-dark\({NUMBERS}, {NUMBERS}\);")
GROUNDS = ["paper", "sheet", "well", "act-tint", "kept-tint", "soon-tint", "late-tint", "open-tint"]
TEXTS = ["ink", "ink-2", "ink-3", "act", "act-2", "kept", "soon", "late", "open"]


def tokens(scheme: str) -> dict[str, tuple[float, float, float]]:
    start = {"light": 1, "dark": 4}[scheme]
    return {
        found[1]: (float(found[start + 1]), float(found[start + 2]), float(found[start + 3]))
        for found in TOKEN.finditer(SHEET)
    }


def luminance(color: tuple[float, float, float]) -> float:
    """Relative luminance of an OKLCH color, clipped to sRGB (Björn Ottosson's matrices)."""
    lightness, chroma, hue = color
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return sum(weight * min(1.0, max(0.0, part)) for weight, part in ((0.2126, red), (0.7152, green), (0.0722, blue)))


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_on_every_ground_tinted_rows_included(scheme: str) -> None:
    colors = tokens(scheme)
    weak = {(text, ground): contrast(colors[text], colors[ground]) for text in TEXTS for ground in GROUNDS}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_filled_button_is_readable(scheme: str) -> None:
    colors = tokens(scheme)
    assert min(contrast(colors["on-act"], colors[fill]) for fill in ("act", "act-2")) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_a_field_and_the_focus_ring_are_seen(scheme: str) -> None:
    colors = tokens(scheme)
    grounds = [colors[name] for name in ("paper", "sheet", "well")]
    assert min(contrast(colors["line-2"], ground) for ground in grounds) >= 3
    assert min(contrast(colors["act"], ground) for ground in grounds) >= 3


def test_both_schemes_are_read_from_the_sheet() -> None:
    assert contrast(tokens("light")["ink"], tokens("light")["paper"]) > 12
    assert luminance(tokens("dark")["paper"]) < luminance(tokens("light")["paper"])
