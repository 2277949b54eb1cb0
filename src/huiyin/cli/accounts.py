"""A person's log-in, put right by an administrator on the machine."""

import secrets

import click
from django.utils.translation import gettext as _

from huiyin.access import factors, sessions
from huiyin.access.clock import now
from huiyin.kit.refusal import Refusal
from huiyin.organization import actions
from huiyin.organization.models import User
from huiyin.organization.rules import SYSTEM


@click.group()
def account() -> None:
    """Unlock a log-in, give a new password, forget a lost second factor, close it."""


def _person(username: str) -> User:
    found = User.objects.filter(username=username, kind="staff").first()
    if found is None:
        raise Refusal(_("没有用户名 %(name)s。") % {"name": username})
    return found


@account.command()
@click.argument("username")
def unlock(username: str) -> None:
    """Let a name be tried again at once after too many wrong passwords."""
    sessions.unlock(_person(username).username, by=SYSTEM, now=now())
    click.echo(_("已经解锁，现在就可以登录。"))


@account.command()
@click.argument("username")
def password(username: str) -> None:
    """Print a new password; every session of the person ends."""
    made = secrets.token_urlsafe(12)
    actions.change_password(_person(username), made, by=SYSTEM, now=now())
    click.echo(_("新密码（只显示这一次，请当面交给本人，登录后自己换掉）：%(password)s") % {"password": made})


@account.command(name="forget-second-factor")
@click.argument("username")
def forget_second_factor(username: str) -> None:
    """For somebody who lost phone and codes: make sure it is them first."""
    factors.forget_all(_person(username), by=SYSTEM, now=now())
    click.echo(_("二次验证已清掉，本人下次登录要重新设。"))


@account.command()
@click.argument("username")
def close(username: str) -> None:
    """Close a log-in: its sessions end with their next click."""
    actions.deactivate(_person(username), by=SYSTEM, now=now())
    click.echo(_("这个账号已停用。"))


def add_to(cli: click.Group) -> None:
    cli.add_command(account)
