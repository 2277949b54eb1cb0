"""The directory comes in from a spreadsheet: buildings, rooms and the people served. The group of all imports."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from django.db import close_old_connections
from django.utils.translation import gettext as _

from huiyin.access.clock import now
from huiyin.cli.data import imports, site_called
from huiyin.customers.actions import bring_in_list, not_listed
from huiyin.customers.rules.columns import HEADINGS, WrongList
from huiyin.customers.rules.listing import Listing, read_list
from huiyin.kit.cells import inert
from huiyin.kit.tables import sheets
from huiyin.organization.rules import SYSTEM

SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--site", "code", default=None, help="site code")
@click.option("--map", "mapping", multiple=True, help="OUR_NAME=HEADING, repeatable")
@click.option("--report", type=click.Path(path_type=Path), default=None, help="write the rejected rows to this .csv")
@click.option("--dry-run", is_flag=True, help="say what would happen; write nothing")
@click.option("--json", "as_json", is_flag=True, help="the result as JSON")
def directory(**given: Any) -> None:
    """Import buildings, rooms and people (.xlsx, .xls, .csv). Every row enters whole or is named; a second run adds nothing."""
    site, own = site_called(given["code"]), _own(given["mapping"])
    listing = read_list(sheets(given["file"]), own)
    if not listing.lines:
        raise WrongList(_("表格里没有数据行。"), "FILE")
    with click.progressbar(length=len(listing.lines), label=_("导入"), file=sys.stderr) as bar:

        def keep_up(done: int) -> None:
            close_old_connections()
            bar.update(done - bar.pos)

        outcome = bring_in_list(
            listing.lines, site=site, by=SYSTEM, now=now(), dry_run=given["dry_run"], before_each=keep_up
        )
    told = outcome.told() | {"skipped": listing.skipped, "columns_left_out": listing.left_out}
    told["not_in_file"] = [] if given["dry_run"] else not_listed(outcome, site)
    if given["report"]:
        write_report(given["report"], outcome.rejected)
    if given["as_json"]:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _say(told, listing, dry_run=given["dry_run"])


def _own(pairs: tuple[str, ...]) -> Mapping[str, str]:
    for pair in pairs:
        if pair.partition("=")[0] not in HEADINGS or not pair.partition("=")[2]:
            raise click.BadParameter(f"{pair}: NAME=HEADING, {', '.join(HEADINGS)}", param_hint="--map")
    return dict(pair.split("=", 1) for pair in pairs)


def _say(told: Mapping[str, Any], listing: Listing, *, dry_run: bool) -> None:
    words = (
        _("试读，没有写入。共 %(rows)s 行：会新增 %(imported)s，已有 %(already_there)s，不收 %(n)s")
        if dry_run
        else _("共 %(rows)s 行：新增 %(imported)s，已有 %(already_there)s，未收 %(n)s")
    )
    click.echo(words % {**told, "n": len(told["rejected"])})
    for row in told["rejected"][:SHOWN]:
        click.echo(_("第 %(line)s 行：%(reason)s") % row)
    if listing.left_out:
        click.echo(_("没有收的列：%(columns)s") % {"columns": "、".join(listing.left_out)})
    if told["not_in_file"]:
        words = _("名录里有 %(n)s 人不在这份表里；导入不替人搬离，请核对。")
        click.echo(words % {"n": len(told["not_in_file"])})


def write_report(path: Path, rejected: Iterable[Mapping[str, Any]]) -> None:
    """The rejected rows as a .csv that a spreadsheet program opens without running anything."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "field", "reason", "sheet"])
        writer.writerows(
            [row["line"], row["field"], inert(row["reason"]), inert(row.get("sheet", ""))] for row in rejected
        )


def add_to(cli: click.Group) -> None:
    imports.add_command(directory)
    cli.add_command(imports)
