"""The check-up of handbooks (制度体检): what can not be kept, contradicts, or is left open, before anybody runs into it. Pure."""

from huiyin.handbook.linter.asking import Source, ahead, findings, impossible, worst_first
from huiyin.handbook.linter.findings import Chosen, Concern, Finding, Way, severity_word, title_of, way_words
from huiyin.handbook.linter.words import SEVERITIES, Severity

__all__ = [
    "SEVERITIES",
    "Chosen",
    "Concern",
    "Finding",
    "Severity",
    "Source",
    "Way",
    "ahead",
    "findings",
    "impossible",
    "severity_word",
    "title_of",
    "way_words",
    "worst_first",
]
