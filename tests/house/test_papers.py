"""What is written down is true: settings, rights, commands, glossary, clauses."""

import re
import subprocess

import pytest
from django.apps import apps

from huiyin.handbook.rules import shipped, shipped_ids
from huiyin.organization.rules import RIGHTS
from huiyin.organization.states import Role
from tests.house.plan import ROOT, SOURCE

DOCS = ROOT / "docs"


def test_every_setting_is_documented() -> None:
    read = set(re.findall(r'"(HUIYIN_[A-Z_]+|DATABASE_URL)"', (SOURCE / "settings.py").read_text()))
    told = set(re.findall(r"`(HUIYIN_[A-Z_]+|DATABASE_URL)`", (DOCS / "settings.md").read_text()))
    assert read - told == set()


def test_every_right_and_role_is_documented() -> None:
    text = (DOCS / "rights.md").read_text()
    wanted = {right for rights in RIGHTS.values() for right in rights} | set(Role.values)
    assert {word for word in wanted if f"`{word}`" not in text} == set()


def test_every_command_is_documented() -> None:
    from huiyin.cli import accounts, audits, calendars, data, handbooks, running, town
    from huiyin.cli.main import cli

    for group in (running, town, data, handbooks, calendars, audits, accounts):
        group.add_to(cli)
    text = (DOCS / "commands.md").read_text()
    assert {name for name in cli.commands if f"huiyin {name}" not in text} == set()


def test_every_noun_is_in_the_glossary() -> None:
    text = (DOCS / "glossary.md").read_text()
    nouns = {model.__name__ for model in apps.get_models() if model.__module__.startswith("huiyin.")}
    assert {noun for noun in nouns if f"`{noun}`" not in text} == set()


def marked() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for mark in re.findall(r"mark\.clause\(([^)]*)\)", path.read_text()):
            found |= set(re.findall(r'"([^"]+)"', mark))
    return found


def test_every_shipped_clause_has_a_test_or_is_owed() -> None:
    """owed.txt may only shrink: a clause that a test proves is taken out of it."""
    stated = {clause.id for name in shipped_ids() for clause in shipped(name).clauses}
    owed = set((ROOT / "tests" / "house" / "owed.txt").read_text().split())
    assert stated - marked() == owed


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.split()


@pytest.mark.parametrize(
    "host", ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "registry." + "yarnpkg"]
)
def test_no_registry_is_named(host: str) -> None:
    assert [name for name in tracked() if host.encode() in (ROOT / name).read_bytes()] == []


def test_no_foreign_asset_is_kept() -> None:
    kept = {
        name
        for name in tracked()
        if name.endswith((".woff", ".woff2", ".ttf", ".otf", ".min.js", ".jpg", ".ico", ".pdf", ".xlsx"))
    }
    assert kept == set()


def test_links_in_the_papers_lead_somewhere() -> None:
    dead = []
    for paper in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)\)", paper.read_text()):
            if not target.startswith("http") and not (paper.parent / target).exists():
                dead.append(f"{paper.name}: {target}")
    assert dead == []


def test_every_promise_names_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    named = set(re.findall(r"tests/[\w/]+(?:\.\w+)?", text))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert len(named) > 20
