"""Published years of days off and make-up days from the command line."""

import json
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access.clock import now
from huiyin.clockwork.actions import recount
from huiyin.kit.refusal import Refusal
from huiyin.organization.actions import load_year
from huiyin.organization.calendars import checked, read
from huiyin.organization.models import CalendarYear
from huiyin.organization.queries import calendar_years, versions_of
from huiyin.organization.rules import SYSTEM


@click.group()
def calendar() -> None:
    """The State Council's years: days off and make-up days."""


@calendar.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="the result as JSON")
def load(file: Path, as_json: bool) -> None:
    """Load a published year (.toml, .json, .csv). A year that is there already becomes a new version; the old is kept."""
    schedule = checked(read(file.name, file.read_bytes()), file.name)
    made = load_year(schedule, by=SYSTEM, now=now())
    if made:
        recount(now=now())
    row = made or calendar_years()[schedule.year]
    if as_json:
        click.echo(json.dumps(_told(row) | {"loaded": made is not None}, ensure_ascii=False))
    elif made is None:
        click.echo(_("%(year)s 年已经是这样了（第 %(version)s 版），没有改动。") % vars(row))
    else:
        click.echo(_sentence(row))


@calendar.command()
@click.argument("year", type=click.IntRange(2001, 2099))
@click.option("--json", "as_json", is_flag=True)
def show(year: int, as_json: bool) -> None:
    """A loaded year with its versions. Exits 1 where it is not loaded: dates of that year are provisional."""
    versions = list(versions_of(year))
    if not versions:
        known = "、".join(str(one) for one in calendar_years())
        words = _("%(year)s 年的放假安排还没有载入，先按周末推算。已载入：%(known)s")
        raise Refusal(words % {"year": year, "known": known}, "YEAR")
    if as_json:
        days = versions[0].days() | {"versions": [_told(row) for row in versions]}
        click.echo(json.dumps(_told(versions[0]) | days, ensure_ascii=False))
        return
    for row in versions:
        click.echo(_sentence(row))
    click.echo(_("放假：%(days)s") % {"days": " ".join(versions[0].days_off)})
    click.echo(_("调休上班：%(days)s") % {"days": " ".join(versions[0].make_up)})


def _told(row: CalendarYear) -> dict[str, Any]:
    return {
        "year": row.year,
        "version": row.version,
        "source": row.source,
        "loaded_at": timezone.localtime(row.loaded_at).isoformat(),
        "days_off": len(row.days_off),
        "make_up": len(row.make_up),
    }


def _sentence(row: CalendarYear) -> str:
    values = {"year": row.year, "version": row.version, "source": row.source}
    values |= {"off": len(row.days_off), "worked": len(row.make_up)}
    return _("%(year)s 年第 %(version)s 版：放假 %(off)s 天，调休上班 %(worked)s 天；来源：%(source)s") % values


def add_to(cli: click.Group) -> None:
    cli.add_command(calendar)
