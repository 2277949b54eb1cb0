"""The demo town from the command line."""

import json
import os
import sys
from pathlib import Path

import click
from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from huiyin.access.clock import now
from huiyin.cli.running import migrate, serve
from huiyin.demo import town
from huiyin.demo.cast import PASSWORD, STAFF
from huiyin.organization.models import Company
from huiyin.organization.states import Role


@click.group(invoke_without_command=True)
@click.option("--serve", "then_serve", is_flag=True, help="build it where it is missing, then serve web and worker")
@click.pass_context
def demo(context: click.Context, then_serve: bool) -> None:
    """Build the demo town into an empty database."""
    if context.invoked_subcommand:
        return
    context.invoke(migrate)
    if not (then_serve and town.stands()):
        click.echo(_("正在建造演示小镇…"), err=True)
        _note(town.build(now=now()))
        if then_serve:
            _begin_anew()
    if then_serve:
        _show()
        context.invoke(serve, embedded=True)


def _begin_anew() -> None:
    """Serve from a process that has set no paper: the typesetter's threads do not survive the fork of the web process."""
    connections.close_all()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "huiyin", "demo", "--serve"])  # noqa: S606 - ourselves


@demo.command()
def remove() -> None:
    """Empty the demo's database again; refused once another company is in it."""
    town.remove()
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return settings.VAR / "demo.json"


def _note(token: str) -> None:
    """Keep in var/demo.json what is printed (mode 0600: it holds the token)."""
    company = Company.objects.get(is_demo=True)
    content = {
        "base_url": settings.BASE_URL,
        "token": token,
        "sites": [{"code": site.code, "kind": site.kind, "name": site.name} for site in company.sites.all()],
        "logins": [{"role": person.role, "username": person.username, "password": PASSWORD} for person in STAFF],
    }
    with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(content, stream, ensure_ascii=False, indent=2)


def _show() -> None:
    content = json.loads(_file().read_text())
    if content["base_url"] != settings.BASE_URL:
        content["base_url"] = settings.BASE_URL
        _file().write_text(json.dumps(content, ensure_ascii=False, indent=2))
    click.echo(f"\n  回音 Huiyin  {settings.BASE_URL}\n")
    for site in content["sites"]:
        click.echo(f"  {site['name']:8} {settings.BASE_URL}/s/{site['code']}/")
    click.echo()
    for login in content["logins"]:
        click.echo(f"  {Role(login['role']).label:12} {login['username']:8} {login['password']}")
    click.echo(f"\n  {_('停止：Ctrl-C')}\n")


def add_to(cli: click.Group) -> None:
    cli.add_command(demo)
