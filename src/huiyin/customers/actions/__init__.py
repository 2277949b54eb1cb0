"""Writes about the people served."""

from huiyin.customers.actions.directory import BATCH, Outcome, bring_in_list, not_listed
from huiyin.customers.actions.people import (
    NoReason,
    WrongMandate,
    add_ways,
    correct,
    end_mandate,
    enter,
    forget,
    give_consent,
    give_mandate,
    move_in,
    note_copy,
    recognize,
    reveal,
    withdraw_consent,
)

__all__ = [
    "BATCH",
    "NoReason",
    "Outcome",
    "WrongMandate",
    "add_ways",
    "bring_in_list",
    "correct",
    "end_mandate",
    "enter",
    "forget",
    "give_consent",
    "give_mandate",
    "move_in",
    "not_listed",
    "note_copy",
    "recognize",
    "reveal",
    "withdraw_consent",
]
