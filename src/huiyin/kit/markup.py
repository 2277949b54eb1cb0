"""Markup of long lists, set by patterns: by nodes of templates it took most of a page, by format_html a fifth of it."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString


def filled(pattern: str, values: Mapping[str, Any]) -> SafeString:
    """A pattern with its named places filled: what is markup already stays as it is, everything else is escaped."""
    return SafeString(pattern.format_map({name: _set(value) for name, value in values.items()}))


def _set(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


def rows_of(pattern: str, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """The pattern filled for each row, one after the other."""
    return SafeString("".join(filled(pattern, row) for row in rows))
