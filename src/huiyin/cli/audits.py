"""Making an audit pack, and checking one, or this database's own journal. Checking a file needs no database at all."""

import json
import os
import re
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.journal.rules import Verdict
from huiyin.kit.refusal import Refusal
from huiyin.reports.proof import Checked, Finding, NotAPack, check

# Why a file is not even opened.
REASONS = {
    "no_zip": N_("这不是 ZIP 文件，或者已经损坏。"),
    "no_pack": N_("这个 ZIP 里没有稽核包的清单（manifest.json）。"),
    "bomb": N_("解开之后会大得离谱，没有打开：%(name)s"),
    "path": N_("里面的文件名会写到别处去，没有打开：%(name)s"),
    "odd": N_("里面有链接或加密的文件，没有打开：%(name)s"),
    "twice": N_("里面有两个同名的文件，没有打开：%(name)s"),
}
FINDINGS = {
    "manifest": N_("清单被改动"),
    "missing": N_("少了文件"),
    "changed": N_("文件被改动"),
    "extra": N_("多了文件"),
    "entry": N_("日志记录与它的链对不上"),
    "link": N_("少了一环"),
    "root": N_("这一天的根对不上"),
    "gap": N_("少了这一天的日封"),
    "cut": N_("尾部被截去"),
    "document": N_("归档文件与日志里的摘要对不上"),
    "paper": N_("与纸上的根不同，或没有这一天"),
}
FAULTS = {
    "changed": N_("记录被改动"),
    "missing": N_("记录被删除"),
    "moved": N_("封存的时间被改动"),
    "cut": N_("尾部被截去"),
    "root": N_("日封被改动或删除"),
    "paper": N_("与纸上的根不同，或没有这一天"),
}


class Root(click.ParamType[tuple[date, str]]):
    """DAY=HEX as on the sheet on the notice board; the gaps between the groups may be typed or left out."""

    name = "DAY=HEX"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[date, str]:
        day, _equals, root = str(value).partition("=")
        digest = re.sub(r"[\s-]", "", root).lower()
        try:
            on = date.fromisoformat(day.strip())
        except ValueError:
            self.fail(_("日期要写成 2026-11-22 这样：%(value)s") % {"value": value}, param, ctx)
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            self.fail(_("根是 64 位十六进制数字：%(value)s") % {"value": value}, param, ctx)
        return on, digest


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", "roots", multiple=True, type=Root(), help="a day's root as printed; may be given again")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def verify(file: Path | None, roots: tuple[tuple[date, str], ...], as_json: bool) -> None:
    """Check an audit pack without a database; without FILE the journal of this database."""
    if file is None:
        _own_journal(dict(roots), as_json)
    else:
        _pack(file, dict(roots), as_json)


def _own_journal(printed: dict[date, str], as_json: bool) -> None:
    from huiyin.journal.queries import verify as walk

    verdict = walk(printed)
    if as_json:
        click.echo(json.dumps(asdict(verdict) | {"whole": verdict.whole}))
    elif verdict.whole:
        words = _("日志完整：%(links)s 条已封，%(unlinked)s 条待封，%(days)s 天有日封，根 %(root)s")
        click.echo(words % asdict(verdict))
    if not verdict.whole:
        raise Refusal(broken(verdict))


def broken(verdict: Verdict) -> str:
    """What is wrong with a chain, in a sentence: the fault, the first wrong number where there is one, the day."""
    values = {"fault": _(FAULTS[verdict.fault]), "day": verdict.broken_on, "seq": verdict.broken_at}
    if verdict.broken_at is None:
        return _("日志不完整：%(day)s，%(fault)s") % values
    return _("日志不完整：%(day)s，第 %(seq)s 条，%(fault)s") % values


def _pack(file: Path, printed: dict[date, str], as_json: bool) -> None:
    try:
        checked = check(file, printed)
    except NotAPack as wrong:
        reason = _(REASONS[wrong.code]) % {"name": wrong.name or file.name}
        if as_json:
            click.echo(json.dumps({"file": str(file), "whole": False, "refused": wrong.code}, ensure_ascii=False))
        raise Refusal(reason) from wrong
    if as_json:
        click.echo(json.dumps({"file": str(file), "whole": checked.whole} | asdict(checked), ensure_ascii=False))
    elif checked.whole:
        click.echo(_whole(checked))
    if not checked.whole:
        raise Refusal("\n".join([_("这个稽核包不完整："), *(f"  {worded(one)}" for one in checked.findings)]))


def _whole(checked: Checked) -> str:
    values = asdict(checked) | {"name": checked.about["site_name"], "year": checked.about["year"]}
    whole = _("完整：%(name)s %(year)s 年，%(files)s 个文件，%(entries)s 条日志，%(days)s 天的日封") % values
    loose = _("其后 %(loose)s 条还没有日封") % values if checked.loose else ""
    return "\n".join(line for line in (whole, loose, _("编号 %(number)s") % values) if line)


def worded(finding: Finding) -> str:
    """One finding in a line: what, which file, which record, which day."""
    parts = [_(FINDINGS[finding.kind]), finding.file]
    if finding.record:
        parts.append(_("第 %(record)s 条") % {"record": finding.record.removeprefix("#")})
    return " · ".join([*parts, *([finding.day] if finding.day else [])])


@click.command(name="audit-pack")
@click.option("--site", "code", required=True, help="the site's code")
@click.option("--year", type=click.IntRange(2001, 2099), required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def audit_pack(code: str, year: int, out: Path, as_json: bool) -> None:
    """Everything an auditor asks for about a site's year, in one ZIP with a manifest of hashes."""
    from huiyin.access.clock import now
    from huiyin.cli.data import site_called
    from huiyin.organization.rules import SYSTEM
    from huiyin.reports.actions import pack
    from huiyin.reports.evidence import PackOrder

    site = site_called(code)
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".huiyin-", delete=False) as stream:
            os.chmod(stream.name, 0o600)
            try:
                made = pack(PackOrder(site, year, SYSTEM), stream, by=SYSTEM, now=now())
            except BaseException:
                os.unlink(stream.name)
                raise
        os.replace(stream.name, out)
    except OSError as wrong:
        raise Refusal(_("写不进去：%(file)s（%(reason)s）") % {"file": out, "reason": wrong.strerror}) from wrong
    told = {"file": str(out), "site": code, "year": year, "number": made.number, "size": out.stat().st_size}
    words = _("做好了：%(file)s，%(size)s 字节，编号 %(number)s") % told
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else words)


def add_to(cli: click.Group) -> None:
    cli.add_command(verify)
    cli.add_command(audit_pack)
