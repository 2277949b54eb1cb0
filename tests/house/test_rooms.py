"""A line that stands in the wrong room is found here."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.house.plan import DECLARED, FACES, ORDER, PURE, ROOT, SOURCE, imports, ladder, modules, rooms, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_PARAMETERS = 6
EXCEPTIONS: set[str] = set()


def where(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_every_room_has_its_place_on_the_ladder() -> None:
    assert sorted(ladder()) == [room.name for room in rooms()]


def test_foreign_keys_point_down() -> None:
    rank = {room: place for place, room in enumerate(ladder())}
    up = []
    for model in apps.get_models():
        if not model.__module__.startswith("huiyin."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and getattr(field, "concrete", False) else None
            if target is None or not target.__module__.startswith("huiyin."):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if rank[there] > rank[here]:
                up.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert up == []


def test_rooms_hold_declared_files_only() -> None:
    strays = [
        where(path)
        for room in rooms()
        if room.name not in PURE
        for path in room.iterdir()
        if path.name != "__pycache__" and path.stem not in {*DECLARED, *ORDER} and path.suffix in {".py", ""}
    ]
    assert strays == []


def part_of(dotted: str, room: str) -> str | None:
    """states, rules, … for `huiyin.cases.rules.x` seen from the room cases."""
    names = dotted.split(".")
    return names[2] if names[:2] == ["huiyin", room] and len(names) > 2 and names[2] in ORDER else None


def test_inside_a_room_imports_go_one_way() -> None:
    wrong = []
    for path in modules():
        room, _slash, rest = where(path).partition("/")
        part = rest.split("/")[0].removesuffix(".py")
        if part not in ORDER:
            continue
        for dotted in imports(path):
            used = part_of(dotted, room)
            if used and ORDER.index(used) > ORDER.index(part):
                wrong.append(f"{where(path)} imports {dotted}")
    assert wrong == []


def test_faces_write_through_actions_alone() -> None:
    """A face may name a model as a type; it never makes, changes, or queries rows."""
    wrong = []
    for path in modules():
        if path.relative_to(SOURCE).parts[0] in FACES and re.search(
            r"\b[A-Z]\w+\.objects\b|\.save\(|\.delete\(\)", path.read_text()
        ):
            wrong.append(where(path))
    assert wrong == []


def test_no_file_is_too_long() -> None:
    long = {where(path): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE and name not in EXCEPTIONS} == {}


def functions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{where(path)}:{node.name}", node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    ]


def test_no_function_is_too_long() -> None:
    assert [
        name
        for name, node in functions()
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION and name not in EXCEPTIONS
    ] == []


def test_public_functions_have_few_parameters() -> None:
    """by and now stand in every action and are not counted; a command's parameters are its options."""
    wrong = []
    for name, node in functions():
        counted = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        counted = [arg for arg in counted if arg not in {"self", "cls", "by", "now", "request"}]
        if not node.name.startswith("_") and len(counted) > MOST_PARAMETERS and name not in EXCEPTIONS:
            wrong.append(f"{name}{counted}")
    assert wrong == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "base", "managers", "signals", "misc"])
def test_no_drawer_for_everything(name: str) -> None:
    # A database backend must be called base: that name is Django's.
    assert [where(path) for path in modules() if path.stem == name and where(path) != "kit/sqlite/base.py"] == []


def test_no_hidden_doors() -> None:
    wrong = [
        where(path)
        for path in modules()
        if re.search(r"def save\(|@receiver|post_save|contrib\.admin", path.read_text())
    ]
    assert wrong == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImpl" + r"ementedError)\b")
    assert [where(path) for path in modules() if marks.search(path.read_text())] == []


def test_the_domain_does_not_know_the_web_or_the_clock() -> None:
    domain = set(ladder()[: ladder().index("reports") + 1])
    wrong = []
    for path in modules():
        if path.relative_to(SOURCE).parts[0] in domain:
            wrong += [
                f"{where(path)} imports {name}"
                for name in imports(path)
                if name.startswith(("django.http", "huiyin.access"))
            ]
            wrong += [
                f"{where(path)} reads the clock"
                for _hit in re.findall(r"timezone\.now\(|datetime\.now\(|date\.today\(", path.read_text())
            ]
    assert wrong == []


def test_the_means_never_name_the_work() -> None:
    means = {
        "approvals",
        "duties",
        "interactions",
        "records",
        "customers",
        "references",
        "organization",
        "journal",
        "kit",
    }
    work = re.compile(r"(?<![.\w])(Case|Report|Notice)\b(?!:)")
    wrong = [
        f"{where(path)}: {line.strip()}"
        for path in modules()
        if path.relative_to(SOURCE).parts[0] in means
        for line in path.read_text().splitlines()
        if work.search(line) and not line.strip().startswith(("#", '"""')) and '"""' not in line
    ]
    assert wrong == []


def test_public_functions_of_the_domain_say_what_they_do() -> None:
    wrong = []
    for path in modules():
        if path.stem in {"actions", "rules"} or path.parent.name in {"actions", "rules"}:
            for node in tree(path).body:
                if (
                    isinstance(node, ast.FunctionDef)
                    and not node.name.startswith("_")
                    and not ast.get_docstring(node)
                    and len(node.body) > 3
                ):
                    wrong.append(f"{where(path)}:{node.name}")
    assert wrong == []


def test_contracts_are_the_ones_we_think() -> None:
    assert (ROOT / ".ci" / "run").exists()
    assert ladder()[0] == "kit"
    assert ladder()[-1] == "cli"
