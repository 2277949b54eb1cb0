"""`huiyin audit-pack` and `huiyin verify`, as a person calls them."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from huiyin.demo.cast import Cast
from huiyin.journal.actions import close_days, seal
from huiyin.journal.models import DailyRoot
from tests import acts
from tests.cli.conftest import Said
from tests.house.plan import SOURCE
from tests.journal.test_journal import without_triggers

Huiyin = Callable[..., Said]


@pytest.fixture
def lived(cast: Cast, now: datetime, media: Path) -> Cast:
    for days in (3, 2):
        acts.take(cast, now - timedelta(days=days), by=cast.clerk)
        seal(now=now - timedelta(days=days))
    close_days(now=now)
    return cast


@pytest.fixture
def pack(lived: Cast, huiyin: Huiyin, tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    said = huiyin("audit-pack", "--site", "yulan", "--year", 2026, "--out", path, "--json")
    assert (said.code, said.json["file"], said.json["size"]) == (0, str(path), path.stat().st_size)
    return path


def damaged(pack: Path, name: str) -> Path:
    with zipfile.ZipFile(pack) as opened:
        files = {one.filename: opened.read(one) for one in opened.infolist()}
    files[name] = files[name].replace(b"cases.taken", b"cases.takem", 1)
    with zipfile.ZipFile(pack, "w") as opened:
        for one, data in files.items():
            opened.writestr(one, data)
    return pack


def test_a_pack_is_made_and_verified(pack: Path, huiyin: Huiyin) -> None:
    said = huiyin("verify", pack, "--json")
    assert (said.code, said.json["whole"], said.json["findings"], said.json["days"]) == (
        0,
        True,
        [],
        DailyRoot.objects.count(),
    )
    assert (pack.stat().st_mode & 0o777, [one.name for one in pack.parent.iterdir() if one.name != "media"]) == (
        0o600,
        ["pack.zip"],
    )


def test_damage_ends_with_one_and_names_file_record_and_day(pack: Path, huiyin: Huiyin) -> None:
    with zipfile.ZipFile(pack) as opened:
        verbs = [json.loads(line)["verb"] for line in opened.read("journal/entries.jsonl").splitlines()]
    assert "cases.taken" in verbs
    said = huiyin("verify", damaged(pack, "journal/entries.jsonl"), "--json")
    assert (said.code, said.json["whole"]) == (1, False)
    assert [(one["kind"], one["file"], one["day"]) for one in said.json["findings"]] == [
        ("changed", "journal/entries.jsonl", ""),
        ("entry", "journal/entries.jsonl", "2026-11-20"),
    ]
    assert "日志记录与它的链对不上 · journal/entries.jsonl · 第 " in said.err


def test_what_is_no_pack_is_refused_with_a_reason(huiyin: Huiyin, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"nothing")
    said = huiyin("verify", path)
    assert (said.code, said.out, said.err) == (1, "", "这不是 ZIP 文件，或者已经损坏。\n")


@pytest.mark.parametrize(
    "words",
    [("verify", "missing.zip"), ("verify", "--root", "x"), ("verify", "--root", "2026-11-20=zz"), ("audit-pack",)],
)
def test_wrong_usage_ends_with_two(words: tuple[str, ...], huiyin: Huiyin, db: None) -> None:
    assert huiyin(*words).code == 2


def test_the_root_on_the_board_is_typed_with_its_gaps(pack: Path, huiyin: Huiyin) -> None:
    root = DailyRoot.objects.order_by("day")[0]
    assert huiyin("verify", pack, "--root", f"{root.day}={root.grouped}").code == 0
    wrong = "0" + root.root[1:] if root.root[0] != "0" else "1" + root.root[1:]
    said = huiyin("verify", pack, "--root", f"{root.day}={wrong}")
    assert (said.code, said.err.splitlines()[-1].strip()) == (
        1,
        f"与纸上的根不同，或没有这一天 · journal/roots.json · {root.day}",
    )


def test_the_journal_of_this_database(lived: Cast, huiyin: Huiyin) -> None:
    root = DailyRoot.objects.order_by("day")[0]
    said = huiyin("verify", "--json", "--root", f"{root.day}={root.grouped}")
    assert (said.code, said.json["whole"], said.json["days"]) == (0, True, 3)
    without_triggers("DELETE FROM journal_link WHERE seq >= %s", root.last_seq)
    said = huiyin("verify")
    assert (said.code, said.out) == (1, "")
    assert said.err.strip() == f"日志不完整：{root.day}，第 {root.last_seq} 条，尾部被截去"


def test_a_site_that_is_not_there_and_a_place_that_cannot_be_written(
    lived: Cast, huiyin: Huiyin, tmp_path: Path
) -> None:
    assert huiyin("audit-pack", "--site", "nowhere", "--year", 2026, "--out", tmp_path / "x.zip").code == 1
    assert huiyin("audit-pack", "--site", "yulan", "--year", 2026, "--out", tmp_path / "no" / "x.zip").code == 1
    assert huiyin("audit-pack", "--site", "yulan", "--year", 1999, "--out", tmp_path / "x.zip").code == 2


def test_a_pack_is_checked_where_there_is_no_database_no_settings_and_no_secret(pack: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    told = {
        "PYTHONPATH": str(SOURCE.parent),
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "nonsense://",
        "HUIYIN_PORT": "x",
    }
    run = [sys.executable, "-m", "huiyin", "verify", str(pack), "--json"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=away, env=told, check=False)
    assert (done.returncode, json.loads(done.stdout)["whole"], list(away.iterdir())) == (0, True, [])
