"""Spreadsheets to take away: plain cells, no formulas, whatever somebody typed."""

import io
from collections.abc import Iterable, Sequence

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(name: str, head: Sequence[str], lines: Iterable[Sequence[str | int | float]]) -> bytes:
    """One sheet with a head that stays in view. Text is written as text: a leading = stays a sign."""
    import xlsxwriter  # noqa: PLC0415 - slow to load, only where a sheet is taken away

    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True})
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 36)
        sheet.write_row(0, 0, head, bold)
        for place, line in enumerate(lines, start=1):
            sheet.write_row(place, 0, line)
    return stream.getvalue()
