"""S3: what each post is told by the API, key by key. HUIYIN_WRITE_KEYS=1 writes keys.txt anew, and the difference is to be read."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from huiyin.demo.cast import Cast
from tests.api.conftest import Api
from tests.house.access_world import ACTORS

GOLDEN = Path(__file__).with_name("keys.txt")


def paths(value: Any, before: str = "") -> Iterator[str]:
    """Every key of an answer with the keys above it; of a list, those of all its things."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield f"{before}{key}"
            yield from paths(inside, f"{before}{key}.")
    elif isinstance(value, list):
        for inside in value:
            yield from paths(inside, before)


def test_nobody_is_told_a_key_that_was_not_reviewed(api_of: Callable[[str], Api], cast: Cast, case: str) -> None:
    asked = {
        "cases": "cases",
        "case": f"cases/{case}",
        "search": "search?q=电梯",
        "duties": "duties?site=yulan&from=2026-01-01&to=2026-12-31",
    }
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for who in sorted(ACTORS):
        caller = api_of(who)
        for name, address in asked.items():
            answer = caller.get(address)
            keys = " ".join(sorted(set(paths(answer.json())))) if answer.status_code == 200 else "-"
            told[name, f"{answer.status_code} {keys}"].append(who)
    lines = [f"{name} {','.join(who)}: {keys}" for (name, keys), who in sorted(told.items())]
    if os.environ.get("HUIYIN_WRITE_KEYS"):
        GOLDEN.write_text("\n".join(lines) + "\n")
    assert lines == GOLDEN.read_text().splitlines()
