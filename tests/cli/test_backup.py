"""What was backed up comes back: rows, files, journal. Into an empty place only, from a whole archive only."""

import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from huiyin.cli import backups
from huiyin.cli.backups import CannotRestore
from huiyin.demo.cast import Cast

ROOT = Path(__file__).parents[2]
LIVE = """
import django; django.setup()
from datetime import datetime
from zoneinfo import ZoneInfo
from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.demo.cast import settle
from huiyin.interactions.rules import Contact
from huiyin.journal.actions import seal
from huiyin.records.actions import lay_down
now = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
cast = settle(now=now, households=4)
photo = lay_down(b"a photo", "image/webp")
said = Contact(cast.site, "web", "complaint", "电梯又坏了", name="张三丰", phone="13800001111")
cases.take(said, by=NOBODY, now=now, photos=[photo])
seal(now=now)
cases.take(said, by=NOBODY, now=now)
"""
SEEN = """
import django; django.setup()
import json
from django.apps import apps
from django.db import connection
from huiyin.customers.models import ContactPoint
from huiyin.customers.queries import clear_value
from huiyin.interactions.models import Receipt
from huiyin.interactions.queries import receipt_token, reference_behind
from huiyin.journal.queries import verify
from huiyin.organization.rules import SYSTEM
from huiyin.records.models import StoredFile
from huiyin.records.queries import bytes_of
from huiyin.references.queries import search
rows = {m._meta.db_table: list(m.objects.order_by("pk").values()) for m in apps.get_models() if m._meta.db_table != "clockwork_backup"}
found = verify()
print(json.dumps({
    "rows": rows,
    "journal": [found.links, found.unlinked, found.whole, found.root],
    "files": [bytes_of(file).decode() for file in StoredFile.objects.all()],
    "phones": sorted(clear_value(point) for point in ContactPoint.objects.all()),
    "found": [one.number for one in search("电梯", SYSTEM)],
    "links": [reference_behind(receipt_token(one.reference)).number for one in Receipt.objects.select_related("reference")],
}, default=str, sort_keys=True))
"""


@dataclass(frozen=True)
class House:
    """One installation: its own database, files and home, the same key."""

    home: Path
    database: str

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        given = {
            "HUIYIN_HOME": str(self.home),
            "HUIYIN_MEDIA": str(self.home / "media"),
            "HUIYIN_SECRET_KEY": "k" * 50,
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "huiyin.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        kept = {name: os.environ[name] for name in ("PATH", "HUIYIN_PG_BIN", "HOME", "LANG") if name in os.environ}
        return subprocess.run([sys.executable, *words], env=kept | given, capture_output=True, text=True, check=False)

    def huiyin(self, *words: str | Path) -> tuple[int, str]:
        done = self.run("-m", "huiyin", *map(str, words))
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stderr.strip()

    def look(self) -> Any:
        done = self.run("-c", SEEN)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def new_house(tmp_path: Path, django_db_blocker: Any) -> Iterator[Callable[[str], House]]:
    """Makes installations beside each other; on PostgreSQL each in a database of its own on the tests' server."""
    made: list[str] = []
    on_postgres = connection.vendor == "postgresql"
    if on_postgres and not shutil.which("pg_dump", path=f"{os.environ.get('HUIYIN_PG_BIN', '')}:{os.environ['PATH']}"):
        pytest.skip("pg_dump is not installed")

    def house(name: str) -> House:
        home = tmp_path / name
        home.mkdir()
        if not on_postgres:
            return House(home, f"sqlite:///{home / 'huiyin.sqlite3'}")
        database = f"huiyin_{name}_{os.getpid()}"
        _on_server(f'CREATE DATABASE "{database}"')
        made.append(database)
        return House(home, urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}")))

    yield house
    for database in made:
        _on_server(f'DROP DATABASE "{database}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]


def test_a_round_trip_brings_back_rows_files_and_the_journal(new_house: Callable[[str], House], tmp_path: Path) -> None:
    here, there, archive = new_house("here"), new_house("there"), tmp_path / "backups" / "one.tar.gz"
    assert here.huiyin("migrate") == (0, "")
    assert here.run("-c", LIVE).stderr == ""
    assert here.huiyin("backup", archive)[0] == 0
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    before = here.look()
    assert before["journal"][1:3] == [1, True]
    assert [before["files"], len(before["phones"]), len(before["found"]), len(before["links"])] == [
        ["a photo"],
        20,
        2,
        2,
    ]
    assert there.huiyin("restore", archive) == (0, "")
    assert there.look() == before
    # It goes on living: new numbers follow the old ones, and the journal is still closed to changes.
    assert there.run("-c", LIVE.replace("cast = settle(now=now, households=4)", GO_ON)).stderr == ""
    assert there.look()["journal"][2] is True
    # The place is no longer empty, nor is the first one.
    for house in (here, there):
        code, sentence = house.huiyin("restore", archive)
        assert [code, sentence] == [1, "数据库不是空的，不能恢复。"]


GO_ON = """
from types import SimpleNamespace
from huiyin.organization.models import Site
cast = SimpleNamespace(site=Site.objects.get(code="yulan"))
"""


def test_a_backup_does_not_overwrite(new_house: Callable[[str], House], tmp_path: Path) -> None:
    here, archive = new_house("here"), tmp_path / "one.tar.gz"
    here.huiyin("migrate")
    archive.write_bytes(b"an older backup")
    code, sentence = here.huiyin("backup", archive)
    assert [code, sentence, archive.read_bytes()] == [1, f"文件已经存在：{archive}", b"an older backup"]


def test_files_in_the_way_are_not_mixed_with_others(new_house: Callable[[str], House], tmp_path: Path) -> None:
    here, there, archive = new_house("here"), new_house("there"), tmp_path / "one.tar.gz"
    here.huiyin("migrate")
    here.huiyin("backup", archive)
    (there.home / "media").mkdir()
    (there.home / "media" / "something").write_bytes(b"x")
    assert there.huiyin("restore", archive) == (1, "文件目录不是空的，不能恢复。")
    (there.home / "media" / "something").unlink()
    assert there.huiyin("restore", archive) == (0, "")


def archived(path: Path, files: dict[str, bytes], manifest: dict[str, Any] | bytes | None) -> Path:
    """An archive as somebody might forge or damage it."""
    with tarfile.open(path, "w:gz") as archive:
        parts = dict(files)
        if manifest is not None:
            parts["manifest.json"] = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def manifest_of(files: dict[str, bytes], **changes: Any) -> dict[str, Any]:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return {"schema": 1, "version": "0", "database": connection.vendor, "files": digests} | changes


FILES = {"database": os.urandom(5000), "media/ab/abc": b"x" * 100}


def damaged(folder: Path) -> dict[str, Path]:
    whole = archived(folder / "whole", FILES, manifest_of(FILES)).read_bytes()
    (folder / "cut").write_bytes(whole[: len(whole) // 2])
    (folder / "flipped").write_bytes(whole[:2500] + bytes([whole[2500] ^ 0xFF]) + whole[2501:])
    (folder / "empty").write_bytes(b"")
    (folder / "text").write_text("这不是备份")
    archived(folder / "changed", FILES | {"media/ab/abc": b"y" * 100}, manifest_of(FILES))
    archived(folder / "lacking", {"database": FILES["database"]}, manifest_of(FILES))
    archived(folder / "no manifest", FILES, None)
    archived(folder / "no json", FILES, b"{")
    archived(folder / "a list", FILES, b"[]")
    archived(folder / "no vendor", FILES, {"files": manifest_of(FILES)["files"]})
    archived(folder / "no database", {}, manifest_of({}))
    archived(folder / "stowaway", FILES | {"media/zz": b"z"}, manifest_of(FILES))
    return {path.name: path for path in folder.iterdir()}


@pytest.mark.parametrize(
    "name",
    [
        "cut",
        "flipped",
        "empty",
        "text",
        "changed",
        "lacking",
        "no manifest",
        "no json",
        "a list",
        "no vendor",
        "no database",
        "stowaway",
        "missing",
    ],
)
def test_a_damaged_archive_is_refused_before_anything_is_touched(name: str, db: None, tmp_path: Path) -> None:
    path = damaged(tmp_path).get(name, tmp_path / "missing")
    with pytest.raises(CannotRestore) as refused:
        backups.bring_back(path)
    assert "不是空的" not in str(refused.value)


def test_a_backup_of_the_other_kind_of_database_is_refused(db: None, tmp_path: Path) -> None:
    path = archived(tmp_path / "other", FILES, manifest_of(FILES, database="oracle"))
    with pytest.raises(CannotRestore, match="oracle"):
        backups.bring_back(path)


def test_a_whole_archive_is_refused_where_something_is_already(cast: Cast, tmp_path: Path) -> None:
    path = archived(tmp_path / "whole", FILES, manifest_of(FILES))
    with pytest.raises(CannotRestore, match="数据库不是空的"):
        backups.bring_back(path)
