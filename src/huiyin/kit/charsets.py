"""Bytes of letters as text: what Chinese mail programs label wrongly is read rightly, what is dangerous is not read."""

import re

# One name per family; GB 18030 holds all of GB 2312 and GBK, which is what letters labelled so really are.
_GB = {"gb2312", "gb-2312", "gb_2312-80", "gb_2312", "gbk", "x-gbk", "cp936", "ms936", "gb18030", "gb-18030", "euc-cn"}
_BIG5 = {"big5", "big-5", "x-big5", "cp950", "big5-hkscs", "big5hkscs", "csbig5"}
_UTF8 = {"utf-8", "utf8", "utf_8", "unicode-1-1-utf-8", "utf8mb4"}
_PLAIN = {"", "us-ascii", "ascii", "ansi", "default", "unknown-8bit", "x-unknown", "unknown", "7bit", "8bit", "binary"}
_LATIN = {"iso-8859-1", "latin1", "latin-1", "iso8859-1", "windows-1252", "cp1252"}
_KNOWN = re.compile(
    r"iso-?8859-(?:[2-9]|1[013456])|windows-125[0-8]|cp125[0-8]|koi8-[ru]|shift[_-]jis|sjis|euc-jp|euc-kr|ks_c_5601-1987"
    r"|iso-2022-jp|iso-2022-kr|hz(?:-gb-2312)?|utf-16(?:[lb]e)?|tis-620",
    re.ASCII,
)
_REFUSED = {"utf-7", "utf7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7", "utf-7-imap"}

UNKNOWN, REFUSED, DAMAGED = "charset_unknown", "charset_refused", "charset_damaged"


def text_of(data: bytes, label: str, notes: set[str]) -> str:
    """The text of labelled bytes; never raises. `notes` learns what was unknown, refused or damaged on the way."""
    name = label.strip().strip("\"'").lower()
    if name in _REFUSED:
        notes.add(REFUSED)
        return data.decode("ascii", "replace")
    codecs = _codecs(name)
    if not codecs:
        notes.add(UNKNOWN)
    return _first(data, codecs or ("utf-8", "gb18030"), notes)


def _codecs(name: str) -> tuple[str, ...]:
    """By what a label is read, the likeliest first; none for a label we do not know."""
    families = (
        (_GB, ("gb18030", "utf-8")),
        (_BIG5, ("big5hkscs", "cp950", "utf-8", "gb18030")),
        (_UTF8 | _PLAIN, ("utf-8", "gb18030")),
        (_LATIN, ("utf-8", "cp1252", "latin-1")),
    )
    found = next((codecs for names, codecs in families if name in names), ())
    if not found and _KNOWN.fullmatch(name):
        return ({"ks_c_5601-1987": "cp949", "hz-gb-2312": "hz", "sjis": "shift_jis"}.get(name, name), "utf-8")
    return found


def _first(data: bytes, codecs: tuple[str, ...], notes: set[str]) -> str:
    """By the first codec that reads all; else by the one named, with a mark where it failed."""
    for codec in codecs:
        try:
            return data.decode(codec)
        except (UnicodeError, LookupError):
            continue
    notes.add(DAMAGED)
    try:
        return data.decode(codecs[0], "replace")
    except (UnicodeError, LookupError):
        return data.decode("utf-8", "replace")
