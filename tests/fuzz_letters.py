"""Mutated letters into the reader, in this process, under its limits: python -m tests.fuzz_letters 100000 [seed].

Each letter must be read or refused by name, within its time, and come out as what every database takes. Whatever does
otherwise is written to var/fuzzed-letters/ and the run fails.
"""

# ruff: noqa: E402, E501

import json
import os
import random
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
django.setup()

from huiyin.interactions.gateways.reader import _sound
from huiyin.kit.letters import MEMORY, SECONDS, Unreadable, read
from tests.interactions.test_reading_letters import BEYOND, BODIES, QUOTED, SENDERS, SUBJECTS, made

SMALL = 100_000
SPLICES = [
    b"\r\n", b"\n", b"\r\n\r\n", b"--b\r\n", b"--b--\r\n", b"=?utf-8?B?", b"=?gb2312?Q?=B5", b"?=", b"\x00", b"\xff\xfe", b"\xed\xa0\x80",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: text/plain; charset*0*=utf-8''x; charset*1=y\r\n", b"Content-Disposition: attachment; filename*0=a; filename*1*=b''c\r\n",
    b"Date: 99 Foo 99999 99:99:99 +9999\r\n", b"From: <<<>>>@@\r\n", b"Content-Type: text/html\r\n\r\n", b"<![CDATA[", b"<!--", b"<a b='", b"&#x110000;",
    b"begin 644 x\r\n", b"Content-Transfer-Encoding: uuencode\r\n", b"MIME-Version: 9\r\n", b";" * 500, b"=" * 500, b'"' * 101, b"(" * 2000, b"<div>" * 500,
]  # fmt: skip


def corpus() -> list[bytes]:
    letters = [raw for raw, _text, _notes in BODIES.values()]
    letters += [made(b"x", subject=raw) for raw, _text in SUBJECTS.values()]
    letters += [made(b"x", head=b"From: " + raw + b"\r\n") for raw, _who in SENDERS.values()]
    letters += [made(text.encode(), "Content-Type: text/plain; charset=utf-8") for text in QUOTED.values()]
    return [*letters, *(raw for build, _reason in BEYOND.values() if len(raw := build()) < SMALL)]


def mutated(chance: random.Random, letters: list[bytes]) -> bytes:
    raw = bytearray(chance.choice(letters))
    for _turn in range(chance.randint(1, 12)):
        at, length = chance.randint(0, len(raw)), chance.randint(0, 60)
        what = chance.randrange(6)
        if what == 0 and raw:
            raw[at % len(raw)] ^= 1 << chance.randrange(8)
        elif what == 1:
            raw[at:at] = chance.choice(SPLICES)
        elif what == 2:
            del raw[at : at + length]
        elif what == 3:
            raw[at:at] = bytes(chance.randrange(256) for _byte in range(length))
        elif what == 4:
            other = chance.choice(letters)
            start = chance.randint(0, len(other))
            raw[at:at] = other[start : start + chance.randint(0, 2000)]
        else:
            raw[at:at] = bytes(raw[at : at + length]) * chance.randint(1, 30)
    return bytes(raw[: chance.randint(0, len(raw))] if chance.random() < 0.1 else raw)


def outcome(raw: bytes) -> str:
    """How a letter ended. Any other exception is a finding."""
    try:
        letter = read(raw)
    except Unreadable as beyond:
        return str(beyond)
    text = json.dumps(_sound(json.loads(json.dumps(asdict(letter)))), ensure_ascii=False)
    text.encode("utf-8")
    assert "\x00" not in text
    return "automatic" if letter.automatic else "read"


def too_slow(*_signal: Any) -> None:
    raise TimeoutError


def main(count: int, seed: int) -> int:
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, too_slow)
    chance, letters, ended, slowest = random.Random(seed), corpus(), Counter[str](), 0.0
    for number in range(count):
        raw, begun = mutated(chance, letters), time.perf_counter()
        signal.alarm(SECONDS)
        try:
            ended[outcome(raw)] += 1
        except Exception as finding:
            kept = Path("var/fuzzed-letters")
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{seed}-{number}.eml").write_bytes(raw)
            ended[f"FINDING {type(finding).__name__}: {finding}"[:200]] += 1
        signal.alarm(0)
        slowest = max(slowest, time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} letters, seed {seed}, slowest {slowest:.3f} s, at most {peak} MB")
    for name, times in ended.most_common():
        print(f"{times:8} {name}")
    return 1 if any(name.startswith("FINDING") for name in ended) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
