"""The dictionary of figures: what each is called, how it is counted, over which base. Nothing is shown that is not in it.

ISO 9001:2015 9.1.1: a figure without its formula in words is no figure. The values stand in indicators.toml, both languages
beside each other; docs/figures.md is made from it and checked against it.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from huiyin.handbook.schema import Words, in_language

Unit = Literal["rate", "hours", "times", "score"]
Frequency = Literal["day", "week", "month", "quarter"]
Reads = Literal[
    "arrivals", "cases", "directory", "duties", "events", "follow_ups", "handbooks", "places", "receipts", "scopes"
]
Text = Annotated[str, msgspec.Meta(min_length=1)]
FILE = Path(__file__).parent.parent / "indicators.toml"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number of an indicator: `name` is what counts it; `flow` = the numerator is no part of the base, over 100 % is possible."""

    name: Text
    zh: Text
    en: Text
    unit: Unit = "rate"
    flow: bool = False

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure of the dictionary. `clauses` are the source's numbers it answers; none = the house asks for it itself.

    `without` says why there is no number where nothing was recorded that could be counted.
    """

    id: Text
    code: Text
    zh: Text
    en: Text
    formula: Words
    base: Words
    exclusions: Words
    without: Words
    owner: Text
    every: Frequency
    reads: Annotated[tuple[Reads, ...], msgspec.Meta(min_length=1)]
    lines: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1)]
    clauses: tuple[str, ...] = ()
    minimum: bool = False

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class _Dictionary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    indicators: tuple[Indicator, ...]


@cache
def indicators() -> dict[str, Indicator]:
    """Every figure by its number, in the dictionary's order. Read once a process; a wrong file fails here."""
    read = msgspec.toml.decode(FILE.read_bytes(), type=_Dictionary)
    return {one.id: one for one in read.indicators}
