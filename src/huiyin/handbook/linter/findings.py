"""A finding: what is wrong, where, what follows from it, and the ways out; worded in the reader's language."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext

from huiyin.handbook.linter.words import PHRASES, SAID, SEVERE, Severity
from huiyin.handbook.schema import Clause, Words


@dataclass(frozen=True)
class Phrase:
    """Words that wait for the reader's language: a code and its values, which may be phrases again."""

    code: str
    values: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, code: str, **values: object) -> "Phrase":
        return cls(code, tuple(values.items()))

    def __str__(self) -> str:
        return gettext(PHRASES[self.code]) % {name: str(value) for name, value in self.values}


@dataclass(frozen=True)
class Listed:
    """Several things, joined as the reader's language joins them: what each says, or (`short`) mere names."""

    things: tuple[object, ...]
    short: bool = False

    def __str__(self) -> str:
        return (gettext("、") if self.short else gettext("；")).join(str(thing) for thing in self.things)


class Concern(NamedTuple):
    """A clause that a finding is about, the line on which its handbook states it, its words, and the handbook's title."""

    handbook: str
    clause: str
    line: int
    words: Clause | None
    titled: Words


class Way(NamedTuple):
    """A way out of a finding."""

    id: str
    words: str


@dataclass(frozen=True)
class Finding:
    """Something the linter found. `line` counts from 1 in `file`, whose text is `text`; `concerns` are the clauses."""

    code: str
    handbook: str
    file: str
    line: int
    concerns: tuple[Concern, ...]
    values: tuple[tuple[str, object], ...] = ()
    text: str = field(default="", compare=False, repr=False)

    @property
    def severity(self) -> Severity:
        return SAID[self.code].severity

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(concern.clause for concern in self.concerns)

    @property
    def titled(self) -> str:
        """The title of the handbook it stands in."""
        return next((str(one.titled) for one in self.concerns if one.handbook == self.handbook), self.handbook)

    @property
    def key(self) -> str:
        """The same for the same finding about the same clauses, in whatever edition: decisions hold on to it."""
        about = sorted(f"{concern.handbook} {concern.clause}" for concern in self.concerns)
        return hashlib.sha256("\n".join([self.code, self.handbook, *about]).encode()).hexdigest()

    @property
    def is_precedent(self) -> bool:
        """Whether it rests on earlier years, those asked about not being published."""
        return isinstance(dict(self.values).get("basis"), Phrase)

    @property
    def title(self) -> str:
        return title_of(self.code)

    @property
    def message(self) -> str:
        return self._worded(SAID[self.code].message)

    @property
    def consequence(self) -> str:
        return self._worded(SAID[self.code].consequence)

    @property
    def ways_out(self) -> tuple[Way, ...]:
        return tuple(Way(code, gettext(words)) for code, words in SAID[self.code].ways)

    def around(self, before: int = 2, after: int = 4) -> list[tuple[int, str]]:
        """The line it stands on among its neighbors, each with its number."""
        lines = self.text.split("\n")
        first, last = max(self.line - before, 1), min(self.line + after, len(lines))
        return [(number, lines[number - 1]) for number in range(first, last + 1)]

    def _worded(self, words: str) -> str:
        return gettext(words) % {name: str(value) for name, value in self.values}


def title_of(code: str) -> str:
    """What kind of trouble a code names; the code itself where this version does not know it."""
    return gettext(SAID[code].title) if code in SAID else code


def way_words(code: str, way: str) -> str:
    """A way out in the active language; its id where this version does not know it."""
    words = dict(SAID[code].ways) if code in SAID else {}
    return gettext(words[way]) if way in words else way


def severity_word(severity: str) -> str:
    """How bad it is, in the active language."""
    return gettext(SEVERE[severity])
