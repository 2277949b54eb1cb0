"""Data in and out: imports, lists for scripts, backup and restore."""

import csv
import json
import sys
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click
from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access.clock import now
from huiyin.cases import actions as cases
from huiyin.cli import backups
from huiyin.cli.spreadsheets import HEADINGS, Row, WrongSheet, read
from huiyin.clockwork.actions import note_backup
from huiyin.customers.actions import enter
from huiyin.customers.models import Customer
from huiyin.duties.queries import of_site, standing_of
from huiyin.interactions.states import Channel, ContactKind
from huiyin.kit.cells import inert
from huiyin.kit.counting import Reason, explain
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.queries import sites_of
from huiyin.organization.rules import SYSTEM

BATCH = 50  # rows a transaction: the site goes on serving in between


def site_called(code: str | None) -> Site:
    """The site of that code; without one the only or first site, which is said."""
    if code:
        found = sites_of(SYSTEM).filter(code=code).first()
        if found is None:
            codes = "、".join(sites_of(SYSTEM).values_list("code", flat=True))
            raise Refusal(_("没有站点 %(code)s；有：%(codes)s") % {"code": code, "codes": codes}, "--site")
        return found
    first = sites_of(SYSTEM).order_by("id").first()
    if first is None:
        raise Refusal(_("还没有站点。"), "--site")
    click.echo(_("没有写 --site，放入 %(name)s（%(code)s）") % {"name": first.name, "code": first.code}, err=True)
    return first


@click.group(name="import")
def imports() -> None:
    """Bring data in from files."""


@imports.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--site", "code", default=None, help="site code")
@click.option("--kind", default="opinion", show_default=True, type=click.Choice(ContactKind.values))
@click.option("--channel", default="web", show_default=True, type=click.Choice(Channel.values))
@click.option("--map", "mapping", multiple=True, help="OUR_NAME=HEADING, repeatable")
@click.option("--report", type=click.Path(path_type=Path), default=None, help="write the rejected rows to this .csv")
@click.option("--json", "as_json", is_flag=True, help="the result as JSON")
def contacts(**given: Any) -> None:
    """Import past messages (.xlsx, .csv) with their answers. A second run adds nothing; nothing is sent."""
    site = site_called(given["code"])
    columns = _columns(given["mapping"])
    rows = read(given["file"], kind=given["kind"], columns=columns)
    if not rows:
        raise WrongSheet(_("表格里没有数据行。"), "FILE")
    imported, already, rejected = _bring_in(rows, site, given["channel"])
    if given["report"]:
        _write_report(given["report"], rejected)
    result = {"rows": len(rows), "imported": imported, "already_there": already, "rejected": rejected}
    if given["as_json"]:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(
        _("共 %(rows)s 行：新增 %(imported)s，已有 %(already)s，未收 %(rejected)s")
        % {"rows": len(rows), "imported": imported, "already": already, "rejected": len(rejected)}
    )
    for row in rejected[:20]:
        click.echo(_("第 %(line)s 行：%(reason)s") % row)


def _columns(pairs: tuple[str, ...]) -> dict[str, str]:
    """Our names and the file's headings, from NAME=HEADING."""
    for pair in pairs:
        if pair.partition("=")[0] not in HEADINGS or not pair.partition("=")[2]:
            raise click.BadParameter(f"{pair}: NAME=HEADING, {', '.join(HEADINGS)}", param_hint="--map")
    return dict(pair.split("=", 1) for pair in pairs)


def _bring_in(rows: list[Row], site: Site, channel: str) -> tuple[int, int, list[dict[str, Any]]]:
    imported, already, rejected = 0, 0, list[dict[str, Any]]()
    people: dict[str, Customer] = {}
    with click.progressbar(range(len(rows)), label=_("导入"), file=sys.stderr) as bar:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            close_old_connections()
            with transaction.atomic():
                for row in batch:
                    made, reason = _one(row, site, channel, people)
                    imported += made is True
                    already += made is False
                    if made is None:
                        rejected.append({"line": row.line, "reason": reason})
            bar.update(len(batch))
    return imported, already, rejected


def _one(row: Row, site: Site, channel: str, people: dict[str, Customer]) -> tuple[bool | None, str]:
    """True: made; False: there already; None with a reason: refused."""
    if row.past is None:
        return None, row.reason
    try:
        with transaction.atomic():
            customer = _person(row.past.name, site, people) if row.past.name else None
            case = cases.bring_in(row.past, site=site, channel=channel, customer=customer, by=SYSTEM, now=now())
    except Refusal as refusal:
        return None, str(refusal)
    return case is not None, ""


def _person(name: str, site: Site, people: dict[str, Customer]) -> Customer:
    """One unverified customer a user name of the old system."""
    if name not in people:
        known = Customer.objects.filter(site=site, name=name, is_verified=False).first()
        people[name] = known or enter(site, name=name, by=SYSTEM, now=now(), is_verified=False)
    return people[name]


def _write_report(path: Path, rejected: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "reason"])
        writer.writerows([row["line"], inert(row["reason"])] for row in rejected)


@click.group()
def duties() -> None:
    """The ledger of duties."""


@duties.command(name="list")
@click.option("--site", "code", default=None)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--json", "as_json", is_flag=True)
def list_duties(code: str | None, first: datetime, last: datetime, as_json: bool) -> None:
    """Duties due from a day to a day, both included, with status and evidence."""
    zone = timezone.get_default_timezone()
    window = {"first": first.replace(tzinfo=zone), "last": datetime.combine(last, time.max, tzinfo=zone)}
    at = now()
    rows: list[dict[str, Any]] = [
        {
            "clause": duty.clause,
            "kind": duty.kind,
            "step": duty.step,
            "period": duty.period,
            "reference": duty.reference.number if duty.reference else None,
            "due": timezone.localtime(duty.due_at).isoformat(),
            "done": duty.done_at and timezone.localtime(duty.done_at).isoformat(),
            "status": standing_of(duty, at).value,
            "why": explain(Reason.from_json(reason) for reason in duty.why),
            "evidence": [evidence.reference.number for evidence in duty.evidence.all()],
        }
        for duty in of_site(site_called(code), SYSTEM, **window)
    ]
    _show(rows, as_json)


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"{row['due'][:10]}  {row['status']:14} {row['clause']:14} {row['kind']} {row['step']} {row['period']}"
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything (database and files) to FILE, consistent while running, and read it back."""
    made = backups.write(file)
    note_backup(str(made.path), made.digest, made.size, now=now())
    click.echo(f"{made.path} {made.size} sha256:{made.digest}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup back into an empty database; refused otherwise."""
    backups.bring_back(file)


def add_to(cli: click.Group) -> None:
    for command in (duties, backup, restore):
        cli.add_command(command)
