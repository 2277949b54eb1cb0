"""Reading a handbook file: what is wrong with it is said with file, line and reason."""

import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from huiyin.handbook.rules.faults import faults
from huiyin.handbook.schema import Handbook
from huiyin.kit.refusal import Refusal

SHIPPED = Path(__file__).parent.parent / "shipped"
DEFAULTS = "defaults"
LONGEST = 400_000  # characters; the longest shipped file has some ten thousand

_WORDS = (
    (r"Object missing required field `(?P<key>[^`]*)`", N_("缺少“%(key)s”")),
    (r"Object contains unknown field `(?P<key>[^`]*)`", N_("这里没有“%(key)s”这一项")),
    (r"Invalid enum value (?P<got>.*)", N_("不允许的值 %(got)s")),
    (r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`", N_("这里应为 %(wanted)s，读到的是 %(got)s")),
    (r"Expected `(?P<wanted>[^`]*)` matching regex (?P<form>.*)", N_("写法不对，应符合 %(form)s")),
    (r"Expected `(?P<wanted>[^`]*)` of length (?P<limit>.*)", N_("长度应 %(limit)s")),
    (r"Expected `(?P<wanted>[^`]*)` (?P<limit>[<>]=? .*)", N_("数值应 %(limit)s")),
)
_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+)\s*=")


class HandbookRefused(Refusal):
    """A file that is no handbook. `name` is the file, `line` counts from 1, `reason` says what is wrong there."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(
            _("%(name)s 第 %(line)s 行：%(reason)s") % {"name": name, "line": line, "reason": reason}, "file"
        )
        self.name, self.line, self.reason = name, line, reason


class UnknownHandbook(Refusal):
    def __init__(self, handbook: str) -> None:
        values = {"handbook": handbook[:60], "known": ", ".join(shipped_ids())}
        super().__init__(_("没有名为“%(handbook)s”的制度；现有：%(known)s") % values, "handbook")


def load(text: str, name: str) -> Handbook:
    """Read a handbook; `name` is the file's, for the refusal.

    Raises HandbookRefused for broken TOML, unknown keys, wrong types, unknown roles, clauses not stated and impossible
    values.
    """
    data = _parsed(text, name)
    try:
        book = msgspec.convert(data, Handbook)
    except msgspec.ValidationError as wrong:
        reason, _at, path = str(wrong).partition(" - at ")
        raise HandbookRefused(name, _line_of(text, path.strip("`"), reason), _worded(reason)) from wrong
    for fault in faults(book):
        raise HandbookRefused(name, _line_of(text, fault.path), fault.reason)
    return book


def load_file(path: Path) -> Handbook:
    """Read a handbook from a file. Raises HandbookRefused as `load` does, and for what is no UTF-8 text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = wrong.object[: wrong.start].count(b"\n") + 1
        raise HandbookRefused(path.name, line, gettext("不是 UTF-8 文字")) from wrong
    return load(text.replace("\r\n", "\n"), path.name)


def _parsed(text: str, name: str) -> dict[str, object]:
    if len(text) > LONGEST:
        raise HandbookRefused(name, 1, gettext("文件太长，不像一本制度"))
    try:
        return tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as wrong:  # besides its own error: numbers of thousands of digits, thousands of brackets
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(wrong))
        if found:
            reason = gettext("不是正确的 TOML，第 %(column)s 列") % {"column": found[2]}
            raise HandbookRefused(name, int(found[1]), reason) from wrong
        last = max(text.count("\n") + (not text.endswith("\n")), 1)
        line = last if "end of document" in str(wrong) else 1
        raise HandbookRefused(name, line, gettext("不是正确的 TOML")) from wrong


def _worded(reason: str) -> str:
    """A schema error in the active language."""
    for form, words in _WORDS:
        match = re.fullmatch(form, reason)
        if match:
            return gettext(words) % match.groupdict()
    return gettext("这里写得不对：%(reason)s") % {"reason": reason}


def _line_of(text: str, path: str, reason: str = "") -> int:
    """The line a path such as `$.recurring[0].steps[1].due.day` stands on, or the nearest table or key above it."""
    lines = _lines(text)
    unknown = re.search(r"unknown field `([^`]*)`", reason)
    steps = [*re.findall(r"[\w\-]+|\[\d+\]", path.removeprefix("$")), *([unknown[1]] if unknown else [])]
    while steps:
        line = lines.get(".".join(steps))
        if line:
            return line
        steps.pop()
    return 1


def _lines(text: str) -> dict[str, int]:
    """Where each table and key of a TOML text stands: `clauses.[0].id` -> line, counted from 1."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    here: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        table, key = _TABLE.match(line), _KEY.match(line)
        if table:
            here = _entered(table[2].split("."), is_array=table[1] == "[[", counts=counts)
            found.setdefault(".".join(here), number)
            found.setdefault(
                ".".join(here).rsplit(".[", 1)[0], number
            )  # an array as a whole begins with its first entry
        elif key:
            found.setdefault(".".join([*here, key[1]]), number)
    return found


def _entered(names: list[str], *, is_array: bool, counts: dict[str, int]) -> list[str]:
    """The full place of a table header: the newest entry of each array on the way, a new one for its own array."""
    place: list[str] = []
    for depth, name in enumerate(names, start=1):
        place.append(name)
        whole = ".".join(place)
        if is_array and depth == len(names):
            counts[whole] = counts.get(whole, -1) + 1
        if whole in counts:
            place.append(f"[{counts[whole]}]")
    return place


def shipped_ids() -> list[str]:
    """Handbooks that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml") if path.stem != DEFAULTS)


def shipped_text(handbook: str) -> str:
    """The file of a shipped handbook as it stands. Refuses an id that is none of them."""
    if handbook not in shipped_ids():
        raise UnknownHandbook(handbook)
    return (SHIPPED / f"{handbook}.toml").read_text(encoding="utf-8")


@cache
def shipped(handbook: str) -> Handbook:
    """A shipped handbook; read once per process. Refuses an id that is none of them."""
    return load(shipped_text(handbook), f"{handbook}.toml")


@cache
def defaults() -> Handbook:
    """The product's defaults: what holds where an adopted handbook is silent. All of it is ours."""
    return load((SHIPPED / f"{DEFAULTS}.toml").read_text(encoding="utf-8"), f"{DEFAULTS}.toml")
