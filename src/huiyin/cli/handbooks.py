"""Handbooks from the command line: check files, plan dated duties. Needs no database."""

import json
from datetime import date, datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from huiyin.handbook.queries import shipped, shipped_ids
from huiyin.handbook.rules import load_file, planned
from huiyin.kit.counting import explain
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import published_calendar


@click.group()
def handbook() -> None:
    """Procedures as data."""


@handbook.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Read handbook files; name file, line and reason of the first fault."""
    for path in files:
        book = load_file(path)
        click.echo(_("%(name)s：%(clauses)s 条，可用") % {"name": path.name, "clauses": len(book.clauses)})


@handbook.command()
@click.option("--handbook", "ids", multiple=True, required=True)
@click.option("--site-kind", required=True)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--json", "as_json", is_flag=True)
def plan(ids: tuple[str, ...], site_kind: str, first: datetime, last: datetime, as_json: bool) -> None:
    """The dated duties of shipped handbooks."""
    unknown = [name for name in ids if name not in shipped_ids()]
    if unknown:
        raise Refusal(_("没有这本制度：%(handbook)s") % {"handbook": "、".join(unknown)}, "--handbook")
    books = [shipped(name) for name in ids if site_kind in shipped(name).site_kinds]
    calendar = published_calendar(max(first.year - 1, 2001), min(last.year + 1, 2099))
    rows = [
        {
            "clause": row.clause,
            "kind": row.kind,
            "step": row.step,
            "period": row.period,
            "opens": _day(row.opens),
            "due": _day(row.due),
            "provisional": row.provisional,
            "why": explain(row.why),
        }
        for row in planned(books, site_kind, calendar, first.date(), last.date())
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['due']}  {row['clause']:14} {row['kind']} {row['step']} {row['period']}  {row['why']}")


def _day(day: date) -> str:
    return day.isoformat()


def add_to(cli: click.Group) -> None:
    cli.add_command(handbook)
