"""Reads a letter in a process of its own, with limits of memory and time: whatever it holds, the worker lives on."""

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from huiyin.kit.letters import SECONDS, Enclosed, Read, Unreadable

PACKAGES = Path(__file__).resolve().parents[3]


def read(raw: bytes) -> Read:
    """What a letter says. Unreadable beyond the limits, and when its reading ended the process."""
    given = {"PYTHONPATH": str(PACKAGES), "PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "huiyin.kit.letters"]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, env=given, timeout=SECONDS + 2, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unreadable("too_slow") from None
    try:
        answer = _sound(json.loads(done.stdout))
    except ValueError:
        raise Unreadable("broke_the_reader") from None
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    answer["enclosed"] = [Enclosed(**one) for one in answer["enclosed"]]
    return Read(**{field.name: answer[field.name] for field in fields(Read)})


def _sound(value: Any) -> Any:
    """Without halves of characters and zero bytes, which no database takes."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "")
    if isinstance(value, list):
        return [_sound(one) for one in value]
    if isinstance(value, dict):
        return {key: _sound(one) for key, one in value.items()}
    return value
