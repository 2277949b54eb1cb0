"""Thin charts as inline SVG, registered with the other tags of `ui`; each with its figures as a table beside it."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def bar(value: float, whole: float, goal: float | None = None) -> SafeString:
    """A thin bar; the figure belongs beside it as text. `goal`, in the unit of `whole`, draws a tick."""
    share = max(0.0, min(100.0, 100 * value / whole)) if whole else 0.0
    tick = ""
    if goal is not None and whole:
        at = max(0.0, min(99.4, 100 * goal / whole))
        tick = format_html('<rect class="goal" x="{}" width=".6" height="8"/>', f"{at:.1f}")
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" y="3" width="100" height="2"/><rect class="fill" y="1" width="{}" height="6"/>{}</svg>',
        f"{share:.1f}",
        tick,
    )


def columns(points: Iterable[tuple[str, int]], name: str, now: str = "") -> SafeString:
    """Columns over time, labels on the marks; `name` is read aloud, `now` is the label of the column in ink.

    Give the same figures as a table one click away.
    """
    rows = [(label, count) for label, count in points]
    top = max((count for _label, count in rows), default=0) or 1
    step, height = 29, 88

    def column(index: int, label: str, count: int) -> tuple[object, ...]:
        tall = round(height * count / top) if count else 0
        x, y = index * step, 18 + height - tall
        mark = "now" if label == now else "then"
        return (x + 8, y, tall, mark, x + 14.5, y - 6, mark, f"{count:,}", x + 14.5, mark, label)

    marks = format_html_join(
        "",
        '<rect x="{}" y="{}" width="13" height="{}" class="{}"/>'
        '<text x="{}" y="{}" class="{}" text-anchor="middle">{}</text>'
        '<text x="{}" y="124" class="{}" text-anchor="middle">{}</text>',
        (column(index, label, count) for index, (label, count) in enumerate(rows)),
    )
    wide = max(1, len(rows)) * step
    return format_html(
        '<svg class="chart" width="{}" height="130" viewBox="0 0 {} 130" role="img" aria-label="{}">{}'
        '<path class="axis" d="M0 106.5h{}"/></svg>',
        wide,
        wide,
        name,
        marks,
        wide,
    )


def line(points: Iterable[tuple[str, float | None]], name: str, top: float = 0) -> SafeString:
    """A thin line over time, the values on the marks, gaps where there is nothing; `name` is read aloud.

    `top` is the value of the upper edge (100 for percent), else the largest. Give the same figures as a table beside it.
    """
    rows = list(points)
    highest = top or max((value for _label, value in rows if value is not None), default=0) or 1
    step, height = 52, 80
    places = [
        (index * step + 26, None if value is None else 22 + round(height * (1 - min(value / highest, 1))))
        for index, (_label, value) in enumerate(rows)
    ]
    path, pen = [], "M"
    for x, y in places:
        path += [f"{pen}{x} {y}"] if y is not None else []
        pen = "M" if y is None else "L"
    marks = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="2"/><text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (x, y, x, y - 7, f"{value:.1f}")
            for (x, y), (_label, value) in zip(places, rows, strict=True)
            if y is not None and value is not None
        ),
    )
    labels = format_html_join(
        "",
        '<text x="{}" y="124" text-anchor="middle">{}</text>',
        ((x, label) for (x, _y), (label, _value) in zip(places, rows, strict=True)),
    )
    wide = max(1, len(rows)) * step
    return format_html(
        '<svg class="chart" width="{}" height="130" viewBox="0 0 {} 130" role="img" aria-label="{}">'
        '<path class="line" d="{}"/>{}{}<path class="axis" d="M0 106.5h{}"/></svg>',
        wide,
        wide,
        name,
        " ".join(path),
        marks,
        labels,
        wide,
    )
