"""The rules of handbooks: reading a file, dating what recurs, and putting several together. Pure."""

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
from huiyin.handbook.rules.planning import ImpossibleSpan, Planned, WrongSiteKind, due_of, planned
from huiyin.handbook.rules.rulebook import Limit, Rulebook

__all__ = [
    "Fault",
    "HandbookRefused",
    "ImpossibleSpan",
    "Limit",
    "Planned",
    "Rulebook",
    "UnknownHandbook",
    "WrongSiteKind",
    "defaults",
    "due_of",
    "faults",
    "load",
    "load_file",
    "planned",
    "shipped",
    "shipped_ids",
    "shipped_text",
]
