"""A thousand faulty rows: each ends in the register as it was meant, or in the report with line, reason and field (H6)."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from huiyin.customers.actions import bring_in_list
from huiyin.customers.models import ContactPoint, Customer, Occupancy
from huiyin.customers.queries import clear_value
from huiyin.customers.rules.listing import read_list
from huiyin.demo.cast import Cast
from huiyin.kit.tables import sheets
from huiyin.organization.rules import SYSTEM
from tests.faulty_lists import Made, as_text, as_workbook, faulty

FILES = {
    "apart.xlsx": (3, "apart", ""),
    "joined.xlsx": (5, "joined", ""),
    "apart.csv": (7, "apart", "utf-8-sig"),
    "joined.csv": (8, "joined", "gb18030"),
}
COUNT = 270


def made(name: str, folder: Path) -> Made:
    seed, layout, encoding = FILES[name]
    rows = faulty(seed, COUNT, layout)
    return as_text(folder / name, rows, layout, encoding) if encoding else as_workbook(folder / name, rows, layout)


def register(site) -> dict[tuple, tuple]:
    """(building, unit, room, name) -> (role, numbers) as it stands, of people who came with a list."""
    found = {}
    homes = Occupancy.objects.filter(site=site).select_related("customer", "room__building")
    for home in homes:
        points = ContactPoint.objects.filter(customer=home.customer)
        numbers = tuple(sorted(clear_value(point).removeprefix("+86") for point in points))
        key = (home.room.building.code, home.room.entrance, home.room.number, home.customer.name)
        found[key] = (home.role, numbers)
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_row_ends_in_the_register_or_in_the_report(name: str, cast: Cast, now: datetime, tmp_path: Path) -> None:
    site, file = cast.sites["yulan"], made(name, tmp_path)
    Customer.objects.filter(site=site).update(name="")  # nobody of the town stands in the way
    before = set(register(site))
    listing = read_list(sheets(file.path), {})
    seen = bring_in_list(listing.lines, site=site, by=SYSTEM, now=now, dry_run=True)
    assert set(register(site)) == before
    done = bring_in_list(listing.lines, site=site, by=SYSTEM, now=now)
    again = bring_in_list(listing.lines, site=site, by=SYSTEM, now=now)

    wanted = Counter("in" if one.truth.becomes in {"in", "there"} else "refused" for one in file.rows)
    refused = {row["line"]: row["field"] for row in done.rejected}
    assert refused == {
        row.truth.line: row.truth.becomes for row in file.rows if row.truth.becomes not in {"in", "there"}
    }
    there = sum(row.truth.becomes == "there" for row in file.rows)
    assert (done.rows, done.already_there, len(listing.skipped)) == (len(file.rows), there, file.skipped)
    assert done.imported + there == wanted["in"]
    assert seen.told() == done.told()
    assert (again.imported, again.already_there, again.rejected) == (0, wanted["in"], done.rejected)
    entered = {key: told for key, told in register(site).items() if key not in before}
    meant = {
        (*row.truth.spot, row.truth.name): (row.truth.role, tuple(sorted(row.truth.phones)))
        for row in file.rows
        if row.truth.becomes == "in"
    }
    assert entered == meant
    assert all(row["reason"] for row in done.rejected)
