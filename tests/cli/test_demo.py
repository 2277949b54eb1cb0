"""The demo as its reader starts it: from an empty folder to the first page on paper."""

import json
import os
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.servers import Program, free_port

BUILT_WITHIN = 400  # seconds; a busy machine takes its time


def ready(port: int, program: Program) -> None:
    ends = time.monotonic() + BUILT_WITHIN
    while time.monotonic() < ends and program.is_alive():
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.5)
    raise AssertionError(program.log.read_text()[-2000:])


def receipt(base: str, token: str) -> str:
    """The address of the receipt of a contact that a program hands in."""
    body = {"site": "yulan", "channel": "phone", "kind": "complaint", "situation": "电梯坏了"}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{base}/api/v1/contacts", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return str(json.load(answer)["receipt_url"])


def test_a_demo_just_built_prints(tmp_path: Path) -> None:
    """The web process is forked: it sets no paper where the town's own papers were set before the fork."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DATABASE_"))}
    environment = kept | {"HUIYIN_HOME": str(tmp_path), "HUIYIN_PORT": str(port)}
    program = Program("demo", [sys.executable, "-m", "huiyin", "demo", "--serve"], environment, tmp_path / "demo.log")
    program.start()
    try:
        ready(port, program)
        noted = json.loads((tmp_path / "var" / "demo.json").read_text())
        address = receipt(noted["base_url"], noted["token"])
        with urllib.request.urlopen(f"{address}/slip.pdf", timeout=30) as answer:
            assert answer.read(5) == b"%PDF-"
    finally:
        program.end()
