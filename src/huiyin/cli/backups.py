"""Backup and restore: one archive with the database, the files, and a manifest of hashes."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

import huiyin
from huiyin.kit.refusal import Refusal

SCHEMA = 1


class CannotRestore(Refusal):
    """The archive is damaged, of another database, or the place is not empty."""


@dataclass(frozen=True)
class Made:
    path: Path
    digest: str
    size: int


def write(target: Path) -> Made:
    """Write the archive (mode 0600) and read it back. The database part is a consistent snapshot taken while running."""
    if target.exists():
        raise Refusal(_("文件已经存在：%(path)s") % {"path": target}, "FILE")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        snapshot = _snapshot(Path(scratch))
        half = Path(scratch) / "archive"
        with (
            os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as stream,
            tarfile.open(fileobj=stream, mode="w:gz") as archive,
        ):
            files = {}
            for name, path in [("database", snapshot), *_media()]:
                files[name] = _digest(path)
                archive.add(path, arcname=name, recursive=False)
            manifest = {"schema": SCHEMA, "version": huiyin.__version__, "database": connection.vendor, "files": files}
            _add_text(archive, "manifest.json", json.dumps(manifest))
        _checked(half)
        half.rename(target)
    return Made(target, _digest(target), target.stat().st_size)


def _snapshot(scratch: Path) -> Path:
    path = scratch / "database"
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}", _address())
        return path
    with sqlite3.connect(str(settings.DATABASES["default"]["NAME"])) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Refusal(_("数据库快照没有通过完整性检查。"))
    copy.close()
    source.close()
    return path


def _media() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA)
    for path in sorted(root.rglob("*")) if root.exists() else ():
        if path.is_file() and path.parent != root / "held":  # what is held is gone in a day
            yield f"media/{path.relative_to(root)}", path


def bring_back(source: Path) -> None:
    """Check every hash, then fill the empty database and the empty file store. Refused where anything is there already."""
    manifest = _checked(source)
    if manifest["database"] != connection.vendor:
        raise CannotRestore(_("备份来自另一种数据库：%(vendor)s。") % {"vendor": manifest["database"]})
    if connection.introspection.table_names():
        raise CannotRestore(_("数据库不是空的，不能恢复。"))
    if any(_media()):
        raise CannotRestore(_("文件目录不是空的，不能恢复。"))
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(source) as archive:
        archive.extractall(scratch, filter="data")
        _fill(Path(scratch) / "database")
        laid = Path(scratch) / "media"
        if laid.exists():
            shutil.copytree(laid, settings.MEDIA, dirs_exist_ok=True)


def _fill(snapshot: Path) -> None:
    if connection.vendor == "postgresql":
        connection.close()
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_address()}", str(snapshot))
        return
    connection.close()
    name = Path(settings.DATABASES["default"]["NAME"])
    for ending in ("", "-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
    shutil.copyfile(snapshot, name)


def _checked(path: Path) -> dict[str, object]:
    """The manifest, once every file in the archive has the hash it states."""
    try:
        with tarfile.open(path) as archive:
            stream = archive.extractfile("manifest.json")
            manifest: dict[str, object] = json.load(stream) if stream else {}
            files = dict(manifest["files"])  # type: ignore[call-overload]
            if {"manifest.json", *files} != set(archive.getnames()) or not (files["database"] and manifest["database"]):
                raise CannotRestore(_("这不是完整的备份文件：%(path)s") % {"path": path}, "FILE")
            for name, expected in files.items():
                part = archive.extractfile(name)
                if part is None or _digest_of(part) != expected:
                    raise CannotRestore(_("备份已损坏：%(name)s") % {"name": name}, "FILE")
    except (tarfile.TarError, zlib.error, KeyError, TypeError, OSError, ValueError, EOFError) as wrong:
        raise CannotRestore(_("这不是完整的备份文件：%(path)s") % {"path": path}, "FILE") from wrong
    return manifest


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(text.encode())
    archive.addfile(info, io.BytesIO(text.encode()))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return _digest_of(stream)


def _digest_of(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _address() -> str:
    """The connection as libpq reads it, without the password, which goes by the environment."""
    parts = connection.get_connection_params()
    names = {"dbname": "dbname", "user": "user", "host": "host", "port": "port"}
    return " ".join(f"{name}='{parts[key]}'" for name, key in names.items() if parts.get(key))


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; refuses with its words when it fails."""
    found = shutil.which(
        program, path=os.environ.get("HUIYIN_PG_BIN", os.defpath) + os.pathsep + os.environ.get("PATH", "")
    )
    if found is None:
        raise Refusal(_("没有找到 %(program)s：请安装 PostgreSQL 客户端。") % {"program": program})
    password = connection.get_connection_params().get("password") or ""
    done = subprocess.run(
        [found, *arguments], capture_output=True, text=True, env={**os.environ, "PGPASSWORD": password}, check=False
    )
    if done.returncode:
        raise Refusal(f"{program}: {done.stderr.strip()[-300:]}")
