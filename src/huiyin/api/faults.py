"""What is wrong with a request, field by field, in words a person may read."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec
from django.utils.translation import gettext as _

from huiyin.kit.chinese import BrokenText

Fault = dict[str, str]

_AT = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")
_LENGTH = re.compile(r"of length (?P<sign><=|>=) (?P<n>\d+)")
_FORMS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Object missing required field", lambda: _("缺少这一项。")),
    ("Invalid enum value", lambda: _("没有这个选项。")),
    ("Invalid RFC3339 encoded datetime", lambda: _("时间请写成 2026-10-23T10:00:00+08:00 的样子。")),
    ("Invalid RFC3339 encoded date", lambda: _("日期请写成 2026-10-23 的样子。")),
    ("Expected `str` matching regex", lambda: _("只能用英文字母、数字和符号。")),
)
_TYPES: dict[str, Callable[[], str]] = {
    "str": lambda: _("类型不对：这里要写文本。"),
    "object": lambda: _("类型不对：这里要写一个对象。"),
    "array": lambda: _("类型不对：这里要写一个列表。"),
    "datetime": lambda: _("类型不对：这里要写时间。"),
    "date": lambda: _("类型不对：这里要写日期。"),
}


class WrongFields(Exception):  # noqa: N818
    """The request can be read but does not fit; names every field that has to be corrected."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


def wrong_field(field: str, message: str) -> WrongFields:
    return WrongFields([{"field": field, "message": message}])


def faults_of(model: Any, raw: Any, path: str = "") -> Iterator[Fault]:
    """Every fault of a value against its structure, not the first one alone."""
    model = next((one for one in get_args(model) if _is_struct(one)), model) if isinstance(raw, Mapping) else model
    if _is_struct(model) and isinstance(raw, Mapping):
        for part in msgspec.structs.fields(model):
            inner = f"{path}.{part.encode_name}".lstrip(".")
            if part.encode_name in raw:
                yield from faults_of(part.type, raw[part.encode_name], inner)
            elif part.required:
                yield {"field": inner, "message": _("缺少这一项。")}
        return
    try:
        msgspec.convert(raw, model, strict=True)
    except msgspec.ValidationError as error:
        message = str(error)
        found = _AT.search(message)
        inner = found["path"] if found else ""
        missing = re.search(r"missing required field `([^`]+)`", message)
        inner += f".{missing[1]}" if missing else ""
        yield {"field": f"{path}{inner}".lstrip("."), "message": _worded(message, model)}


def _is_struct(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, msgspec.Struct)


def _worded(message: str, model: Any) -> str:
    length = _LENGTH.search(message)
    if length:
        words = _("最多 %(n)s 字。") if length["sign"] == "<=" else _("至少 %(n)s 字。")
        return words % {"n": length["n"]}
    for start, words_of in _FORMS:
        if message.startswith(start):
            options = _options(model) if start == "Invalid enum value" else []
            return words_of() + (_("可选：%(options)s") % {"options": ", ".join(options)} if options else "")
    wanted = re.match(r"Expected `([a-z]+)", message)
    if wanted and wanted[1] in _TYPES:
        return _TYPES[wanted[1]]()
    return _("这一项看不明白。")


def _options(model: Any) -> list[str]:
    """What may stand in a field of a closed list."""
    if get_origin(model) is Literal:
        return [str(one) for one in get_args(model)]
    return [option for part in get_args(model) for option in _options(part)]


def unsavable(raw: Any) -> Iterator[Fault]:
    """Texts with NUL or half a character: no database keeps them."""
    waiting: list[tuple[str, Any]] = [("", raw)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{path}.{key}".lstrip("."), one) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{at}]", one) for at, one in enumerate(value)]
        elif isinstance(value, str) and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
            yield {"field": path, "message": str(BrokenText())}
