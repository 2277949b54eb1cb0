"""Reading an .xlsx or .xls into lines of JSON, in a process of its own: `python -m huiyin.kit.workbooks FILE`.

A workbook may ask for any amount of memory: two cells in far corners are a table of gigabytes, a small file unpacks to a
large one. Here it gets a bounded amount and bounded time; what dies, dies alone. `kit.tables` reads what is printed.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MOST_MEMORY = 1024 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 60  # of processor time
MOST_UNPACKED = 400 * 1024 * 1024  # bytes
MOST_TOLD = 100 * 1024 * 1024  # signs printed
MOST_SHEETS = 60
TOO_WIDE, TOO_LONG, NO_TABLE = 3, 4, 5  # exit codes


def unpacked_size(path: str) -> int:
    """Bytes of all members as they really come out, counted up to the limit and not believed from the directory."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            member.file_size = MOST_UNPACKED + 1
            with archive.open(member) as stream:
                while total <= MOST_UNPACKED and (piece := stream.read(1 << 20)):
                    total += len(piece)
    return total


def lines(path: str, widest: int, longest: int) -> Iterator[Any]:
    """For each sheet its name and merged ranges, then its rows. Exits where a sheet is too wide or too long."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - after the limits are set

    book, count = CalamineWorkbook.from_path(path), 0
    for name in book.sheet_names[:MOST_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_width > widest:
            sys.exit(TOO_WIDE)
        count += sheet.total_height
        if count > longest:
            sys.exit(TOO_LONG)
        yield {"sheet": name, "merged": sheet.merged_cell_ranges or []}
        for row in sheet.to_python(skip_empty_area=False):
            yield [_plain(cell) for cell in row]


def _plain(cell: Any) -> Any:
    """A cell as JSON holds it; days and times marked as such."""
    if isinstance(cell, datetime | date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def main(path: str, widest: int, longest: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        if zipfile.is_zipfile(path) and unpacked_size(path) > MOST_UNPACKED:
            sys.exit(TOO_LONG)
        told = 0
        for line in lines(path, widest, longest):
            text = json.dumps(line, ensure_ascii=False) + "\n"
            told += len(text)
            if told > MOST_TOLD:
                sys.exit(TOO_LONG)
            sys.stdout.write(text)
    except Exception:
        sys.exit(NO_TABLE)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
