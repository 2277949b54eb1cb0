"""`huiyin …`: the command line. Exits 0 when done, 1 when refused with a reason, 2 for wrong usage."""

import os
import secrets
import sys
from importlib import import_module
from pathlib import Path

import click

# Which module holds which commands: `serve` does not load what writes backups or checks handbooks.
COMMANDS = {
    "running": ("serve", "worker", "migrate", "status", "journal"),
    "town": ("demo",),
    "directory": ("import",),
    "data": ("duties", "backup", "restore"),
    "handbooks": ("handbook",),
    "calendars": ("calendar",),
    "audits": ("verify", "audit-pack"),
    "accounts": ("account",),
}


class Commands(click.Group):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for names in COMMANDS.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((module for module, names in COMMANDS.items() if cmd_name in names), None)
        if module and cmd_name not in self.commands:
            import_module(f"huiyin.cli.{module}").add_to(self)
        return super().get_command(ctx, cmd_name)


def keep_a_secret() -> None:
    """Without HUIYIN_SECRET_KEY, keep a random key in var/secret-key (mode 0600): this machine's own."""
    if os.environ.get("HUIYIN_SECRET_KEY") or os.environ.get("HUIYIN_SECRET_KEY_FILE"):
        return
    kept = Path(os.environ.get("HUIYIN_HOME", Path.cwd())) / "var" / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """回音 Huiyin: 件件有着落，事事有回音."""


def checks_a_file(words: list[str]) -> bool:
    """Whether this is `verify FILE`, which an auditor runs anywhere: no settings, no secret, no database."""
    given = [word for place, word in enumerate(words) if place and words[place - 1] != "--root"]
    return words[:1] == ["verify"] and any(not word.startswith("-") for word in given)


def alone() -> None:
    """The texts of the check and nothing else: what the environment says of this machine's own program is not read."""
    import django
    from django.conf import settings

    if not settings.configured:
        rooms = Path(__file__).resolve().parent.parent
        settings.configure(
            LANGUAGE_CODE="zh-hans", LOCALE_PATHS=[rooms / name / "locale" for name in ("cli", "reports", "kit")]
        )
        django.setup()


def main() -> None:
    """Entry point: settings are checked first; a refusal is a sentence on standard error, never a traceback."""
    if checks_a_file(sys.argv[1:]):
        alone()
    else:
        prepare()
    run()


def prepare() -> None:
    """Settings and tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        keep_a_secret()
        django.setup()
    except ImproperlyConfigured as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)


def run() -> None:
    """The command; a refusal is a sentence on standard error."""
    from huiyin.kit.refusal import Refusal

    try:
        cli(standalone_mode=True)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
