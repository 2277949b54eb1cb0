"""The command line, called as a person would call it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from huiyin.cli.main import main


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def huiyin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """huiyin("import", "contacts", …) in this process and this database."""
    monkeypatch.setenv("HUIYIN_SECRET_KEY", "x" * 40)  # no key file is made; the settings are read already
    # As Django's own test client does: the connection that holds the test's transaction is kept.
    monkeypatch.setattr("huiyin.cli.data.close_old_connections", lambda: None)

    def run(*words: object) -> Said:
        monkeypatch.setattr("sys.argv", ["huiyin", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Said(int(end.value.code or 0), said.out, said.err)

    return run
