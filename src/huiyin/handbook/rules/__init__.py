"""The rules of handbooks: reading a file, dating what recurs, and putting several together. Pure."""

from huiyin.handbook.rules.comparing import Altered, Moved, altered, moved
from huiyin.handbook.rules.facts import NOTHING_KNOWN, Facts, Span
from huiyin.handbook.rules.faults import Fault, faults
from huiyin.handbook.rules.loading import (
    HandbookRefused,
    UnknownHandbook,
    defaults,
    load,
    load_file,
    shipped,
    shipped_ids,
    shipped_text,
)
from huiyin.handbook.rules.planning import ImpossibleSpan, Planned, WrongSiteKind, due_of, planned, upon
from huiyin.handbook.rules.rulebook import Limit, Matter, Quota, Rulebook

__all__ = [
    "NOTHING_KNOWN",
    "Altered",
    "Facts",
    "Fault",
    "HandbookRefused",
    "ImpossibleSpan",
    "Limit",
    "Matter",
    "Moved",
    "Planned",
    "Quota",
    "Rulebook",
    "Span",
    "UnknownHandbook",
    "WrongSiteKind",
    "altered",
    "defaults",
    "due_of",
    "faults",
    "load",
    "load_file",
    "moved",
    "planned",
    "shipped",
    "shipped_ids",
    "shipped_text",
    "upon",
]
