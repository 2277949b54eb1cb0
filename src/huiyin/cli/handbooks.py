"""Handbooks from the command line: check files, plan dated duties. Needs no database."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock
from huiyin.handbook.linter import Finding, Source, ahead, findings, impossible, severity_word
from huiyin.handbook.queries import shipped, shipped_ids
from huiyin.handbook.rules import ImpossibleSpan, WrongSiteKind, load_file, planned
from huiyin.handbook.rules.planning import FIRST_YEAR, LAST_YEAR
from huiyin.handbook.states import SiteKind
from huiyin.kit.counting import explain
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import published_calendar

KNOWN_SINCE = 2019  # published schedules that an unpublished month is judged by


@click.group()
def handbook() -> None:
    """Procedures as data."""


DAY = click.DateTime(["%Y-%m-%d"])


@handbook.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site-kind", type=click.Choice(get_args(SiteKind)), help="for this kind of site; every kind otherwise")
@click.option("--year", type=click.IntRange(2001, 2099), help="judge the days of this year")
@click.option("--from", "first", type=DAY, help="judge the days from this one; today otherwise")
@click.option("--to", "last", type=DAY, help="to this one; twelve months on, and the first unpublished year, otherwise")
@click.option("--json", "as_json", is_flag=True)
def check(
    files: tuple[Path, ...],
    *,
    site_kind: str | None,
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    as_json: bool,
) -> None:
    """Read handbook files, then check them up together: what can not be kept, contradicts, or is left open.

    Exits 1 at the first fault of a file, named with its line, and where something can not be kept as written: adopting
    would ask for a decision. Everything else is told and exits 0.
    """
    sources = [_source(path) for path in files]
    misfits = [source.book for source in sources if site_kind and site_kind not in source.book.site_kinds]
    if len(misfits) == len(sources):
        raise WrongSiteKind(misfits[0])
    span = _span(year, first.date() if first else None, last.date() if last else None)
    calendar = published_calendar(min(KNOWN_SINCE, span[0].year), max(span[0].year, span[1].year) + 1)
    found = findings(sources, site_kind, calendar, *span)
    if as_json:
        click.echo(json.dumps([_as_json(finding) for finding in found], ensure_ascii=False))
    else:
        _tell(sources, span, found)
    stuck = impossible(found)
    if stuck:
        raise Refusal(_("有 %(n)s 处照原文做不到，采用以前要先作决定。") % {"n": len(stuck)}, "FILE")


def _source(path: Path) -> Source:
    book = load_file(path)
    return Source(book, path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"), path.name)


def _span(year: int | None, first: date | None, last: date | None) -> tuple[date, date]:
    """The days to judge, both included."""
    if year and (first or last):
        raise click.UsageError(_("--year 和 --from、--to 只用一种。"))
    if year:
        return date(year, 1, 1), date(year, 12, 31)
    begin = first or timezone.localdate(clock.now())
    end = last or ahead(published_calendar(begin.year, begin.year + 2), begin)
    if not FIRST_YEAR <= begin.year <= end.year <= LAST_YEAR or begin > end:
        raise ImpossibleSpan
    return begin, end


def _tell(sources: list[Source], span: tuple[date, date], found: list[Finding]) -> None:
    for source in sources:
        values = {"name": source.name, "clauses": len(source.book.clauses)}
        click.echo(_("%(name)s：%(clauses)s 条，可用") % values)
    click.echo(_("日期查 %(first)s 到 %(last)s；共 %(n)s 处") % {"first": span[0], "last": span[1], "n": len(found)})
    for one in found:
        place = _("%(name)s 第 %(line)s 行") % {"name": one.file, "line": one.line}
        click.echo(f"\n[{severity_word(one.severity)}] {place}  {' '.join(one.clauses)}")
        click.echo(f"  {one.message}")
        click.echo("  " + _("后果：%(words)s") % {"words": one.consequence})
        for way in one.ways_out:
            click.echo("  " + _("办法：%(words)s") % {"words": f"{way.words} ({way.id})"})


def _as_json(one: Finding) -> dict[str, object]:
    return {
        "code": one.code,
        "severity": one.severity,
        "handbook": one.handbook,
        "file": one.file,
        "line": one.line,
        "clauses": list(one.clauses),
        "lines": {concern.clause: concern.line for concern in one.concerns},
        "title": one.title,
        "message": one.message,
        "consequence": one.consequence,
        "ways_out": [{"id": way.id, "words": way.words} for way in one.ways_out],
    }


@handbook.command()
@click.option("--handbook", "ids", multiple=True, required=True)
@click.option("--site-kind", type=click.Choice(get_args(SiteKind)), required=True)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--json", "as_json", is_flag=True)
def plan(ids: tuple[str, ...], site_kind: str, first: datetime, last: datetime, as_json: bool) -> None:
    """The dated duties of shipped handbooks."""
    unknown = [name for name in ids if name not in shipped_ids()]
    if unknown:
        raise Refusal(_("没有这本制度：%(handbook)s") % {"handbook": "、".join(unknown)}, "--handbook")
    books = [shipped(name) for name in ids if site_kind in shipped(name).site_kinds]
    if not books:
        raise WrongSiteKind(shipped(ids[0]))
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
