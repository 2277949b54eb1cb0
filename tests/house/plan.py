"""The house as the tests of its architecture see it: the ladder, the rooms, their files."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "huiyin"

# What may stand in a room beside actions, queries, models, rules, states; one reason each.
DECLARED = {
    "__init__": "what the room is for",
    "linter": "what can not be kept in a handbook, or is left open",
    "apps": "Django's own",
    "schema": "the database's own words (triggers, full-text) or the language of a file",
    "gateways": "one file per channel, in and out",
    "letters": "letters that come in: kept, read, set aside, taken",
    "forms": "shapes of input, or controlled forms and their templates",
    "migrations": "Django's own",
    "templates": "what a person sees",
    "templatetags": "words for templates",
    "locale": "English",
    "static": "style and script",
    "shipped": "handbooks that come with the product",
    "urls": "addresses",
    "views": "pages",
    "frame": "what every page or answer of a face stands in",
    "ways": "the own ways of suggestions, referrals and the like, at a face or in the demo",
    "log_book": "the duty log on paper",
    "acts": "what may be done to a thing: its form, its button, its call",
    "measures": "what is done so that a thing does not happen again: its steps at the desk, in the demo town",
    "rows": "what a list shows of a thing",
    "wordsetting": "forms as Word documents",
    "numbers": "figures as rows of a page or a sheet",
    "sheets": "spreadsheets to take away",
    "analyses": "what a week says over all sites",
    "narrowing": "lists narrowed to what stands behind a number",
    "stories": "a case in plain words for its customer",
    "description": "the API's description of itself",
    "faults": "the API's words for wrong input",
    "repeats": "safe repeats of API acts",
    "cursors": "where the next page of an API list begins",
    "papers": "a case on paper",
    "catalogs": "what the demo town's sites offer",
    "services": "a job at a customer's home on paper",
    "typesetting": "setting forms as PDF",
    "glyphs": "which signs the fonts have",
    "feeds": "what others fetch in a format of theirs",
    "posters": "posters for the notice board",
    "holding": "files held between two steps of one person",
    "evidence": "what an audit pack tells of a site's year",
    "pack": "the audit pack as a file",
    "full": "how a disk without room is told",
    "verbs": "what acts of the journal are called",
    "words": "what kinds and steps of duties are called",
    "dossier": "everything kept about one person",
    "public_answers": "what became of closed cases, told to everybody",
    "lots": "what an audit draws its samples from",
    "proof": "checking an audit pack without a database",
    "audits": "commands",
    "samples": "made-up content of the living page",
    "middleware": "what every request passes",
    "answers": "refusals as answers",
    "certificate": "what browsers meet at our own address",
    "clock": "the one place that reads the clock",
    "addresses": "where a request comes from",
    "bodies": "a request whose body was cut off",
    "limits": "how often a caller may come",
    "factors": "the second factor of a log-in",
    "sessions": "coming in",
    "entrance": "forms of the log-in and the account",
    "accounts": "commands",
    "doors": "the guarded doors",
    "logs": "what may not stand in a log line",
    "worker": "the loop of timed work",
    "cast": "the people of the demo town",
    "town": "its year",
    "upward": "what goes up to the company and comes back in the demo town",
    "voices": "what they say",
    "deeds": "what they do by the handbooks",
    "main": "entry point of the command line",
    "running": "commands",
    "data": "commands",
    "directory": "commands",
    "handbooks": "commands",
    "calendars": "published years: reading them, and their commands",
    "backups": "backup and restore",
    "spreadsheets": "reading spreadsheets",
}
ORDER = ("states", "rules", "models", "queries", "actions")
PURE = {"kit"}  # its modules are named for what they know
FACES = {"desk", "portal", "api"}


def ladder() -> list[str]:
    """Rooms from the ground up; siblings of one rung follow one another."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [room.strip() for layer in reversed(layers) for room in layer.split("|")]


def rooms() -> list[Path]:
    return sorted(path for path in SOURCE.iterdir() if (path / "__init__.py").exists())


def modules() -> Iterator[Path]:
    """Our Python files, migrations apart."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names a module imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*") if path.suffix in {".html", ".txt"} and "templates" in path.parts)
