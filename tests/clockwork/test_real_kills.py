"""Real processes killed, for some seconds; the whole promises are `python -m tests.kills` and `python -m tests.repeats` (R1, R2)."""

import random
import subprocess
import sys

import pytest
from django.conf import settings

from tests.servers import ROOT


@pytest.mark.parametrize("words", ["tests.kills 8 100", "tests.repeats 20"])
def test_processes_may_die(words: str) -> None:
    database = "sqlite" if settings.ON_SQLITE else "postgres"
    program, *numbers = words.split()
    seed = str(random.randrange(10**6))
    command = [sys.executable, "-W", "ignore", "-m", program, database, *numbers, seed]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert [done.returncode, done.stderr] == [0, ""], f"seed {seed}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
