"""Writes of cases: intake, handling, and the way to the end. Each one verb, one transaction, one journal line."""

from huiyin.cases.actions.closing import close, follow_up, object_to, reopen
from huiyin.cases.actions.groups import group, merge, merge_all, separate
from huiyin.cases.actions.handling import accept, answer, decline, escalate, hand_off, note, refer, solve, take_measure
from huiyin.cases.actions.history import Past, bring_in
from huiyin.cases.actions.intake import Taken, take
from huiyin.cases.actions.letters import LETTERBOX, situation_of, sort, take_letter
from huiyin.cases.actions.people import erase_person, erase_what_is_over

__all__ = [
    "LETTERBOX",
    "Past",
    "Taken",
    "accept",
    "answer",
    "bring_in",
    "close",
    "decline",
    "erase_person",
    "erase_what_is_over",
    "escalate",
    "follow_up",
    "group",
    "hand_off",
    "merge",
    "merge_all",
    "note",
    "object_to",
    "refer",
    "reopen",
    "separate",
    "situation_of",
    "solve",
    "sort",
    "take",
    "take_letter",
    "take_measure",
]
