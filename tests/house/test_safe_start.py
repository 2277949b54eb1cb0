"""The program stops where starting would be unsafe, and says why (O7)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.plan import ROOT

GOOD = "Jd83-k7Qz_Pw5TqRe1HsX2-k7Qz-3xWv_9LmNpR2sTuYbC4dEfGhJ6aVwXyZ8B0qA1"


def start(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    kept |= {"PYTHONPATH": str(ROOT / "src"), "HUIYIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "huiyin.settings"}
    return subprocess.run(
        [sys.executable, *words], env=kept | environment, capture_output=True, text=True, check=False, timeout=60
    )


PUBLIC = {"HUIYIN_BASE_URL": "https://huiyin.example.cn"}
REFUSED = [
    ({**PUBLIC}, "HUIYIN_SECRET_KEY", ">= 32"),
    ({**PUBLIC, "HUIYIN_SECRET_KEY": "short"}, "HUIYIN_SECRET_KEY", "5 characters"),
    ({**PUBLIC, "HUIYIN_SECRET_KEY": "a" * 50}, "HUIYIN_SECRET_KEY", "1 different"),
    ({**PUBLIC, "HUIYIN_SECRET_KEY": "django-insecure-" + GOOD}, "HUIYIN_SECRET_KEY", "an example"),
    ({**PUBLIC, "HUIYIN_SECRET_KEY": "tools-only-" + "0" * 32}, "HUIYIN_SECRET_KEY", "different"),
    ({"HUIYIN_BASE_URL": "huiyin.example.cn"}, "HUIYIN_BASE_URL", "https://host"),
    ({"HUIYIN_SECOND_FACTOR": "off"}, "HUIYIN_SECOND_FACTOR", "required, offered"),
    ({"HUIYIN_PROXIES": "-1"}, "HUIYIN_PROXIES", "0..1000000"),
    ({"HUIYIN_PORT": "0"}, "HUIYIN_PORT", "1..65535"),
    ({"HUIYIN_TIME_ZONE": "Mars"}, "HUIYIN_TIME_ZONE", "IANA"),
    ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL", "postgres://"),
]


@pytest.mark.parametrize(("environment", "name", "allowed"), REFUSED)
def test_it_stops_with_the_name_and_what_is_allowed(
    tmp_path: Path, environment: dict[str, str], name: str, allowed: str
) -> None:
    ended = start("-m", "huiyin", "status", home=tmp_path, **environment)
    told = ended.stderr
    assert (ended.returncode, ended.stdout, name in told, allowed in told, "Traceback" in told) == (
        1,
        "",
        True,
        True,
        False,
    )
    assert GOOD not in told


def test_check_deploy_is_clean(tmp_path: Path) -> None:
    environment = {**PUBLIC, "HUIYIN_SECRET_KEY": GOOD, "DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}"}
    ended = start("-m", "django", "check", "--deploy", "--fail-level", "DEBUG", home=tmp_path, **environment)
    assert (ended.returncode, ended.stdout.strip()) == (0, "System check identified no issues (2 silenced).")


def test_production_values(tmp_path: Path) -> None:
    asked = (
        "from huiyin import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.PROXIES, s.SECOND_FACTOR)"
    )
    ended = start("-c", asked, home=tmp_path, **PUBLIC, HUIYIN_SECRET_KEY=GOOD)
    assert ended.stdout.split("\n")[0] == (
        "False ['huiyin.example.cn'] True True __Host-huiyin_session True 31536000 1 required"
    )


def test_the_demo_is_not_served_to_others(db: None, cast: object, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.cli import running
    from huiyin.kit.refusal import Refusal

    monkeypatch.setattr(running, "call_command", lambda *_args, **_more: None)
    settings.IS_LOCAL = False
    with pytest.raises(Refusal, match="演示小镇"):
        running.prepare()


def test_there_is_no_debug() -> None:
    assert (settings.DEBUG, "DEBUG = False" in (ROOT / "src/huiyin/settings.py").read_text()) == (False, True)
