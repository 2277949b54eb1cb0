"""Writes of cases: intake, handling, and the way to the end. Each one verb, one transaction, one journal line."""

from huiyin.cases.actions.answering import answer_checked
from huiyin.cases.actions.batch import RowRefused, take_page
from huiyin.cases.actions.categories import categorize
from huiyin.cases.actions.closing import close, follow_up, object_to, reopen
from huiyin.cases.actions.compliments import thank
from huiyin.cases.actions.conversation import answer_letter, say_more, write, write_to
from huiyin.cases.actions.corrective import (
    Effect,
    Plan,
    accept_measure,
    check_measure,
    decline_measure,
    finish_measure,
    take_measure,
    withdraw_measure,
)
from huiyin.cases.actions.extending import ask_extension, decide_extension
from huiyin.cases.actions.finishing import finish
from huiyin.cases.actions.groups import group, merge, merge_all, separate
from huiyin.cases.actions.handling import accept, answer, decline, escalate, hand_off, note, solve
from huiyin.cases.actions.hardship import flag, unflag
from huiyin.cases.actions.history import Past, bring_in
from huiyin.cases.actions.intake import Taken, take
from huiyin.cases.actions.letters import LETTERBOX, situation_of, sort, take_letter
from huiyin.cases.actions.mending import agree_spare, spare
from huiyin.cases.actions.oversight import comment, send_back, take_over
from huiyin.cases.actions.pausing import pause, resume
from huiyin.cases.actions.people import erase_person, erase_what_is_over
from huiyin.cases.actions.referrals import Ask, chase, hear_back, refer
from huiyin.cases.actions.scoping import countersign, scope
from huiyin.cases.actions.second_look import second_look
from huiyin.cases.actions.suggestions import Analysis, adopt, defer, name, realize, turn_down, weigh
from huiyin.cases.actions.telling import acknowledge, arrive, update
from huiyin.cases.actions.triage import triage
from huiyin.cases.actions.unsettled import explain

__all__ = [
    "LETTERBOX",
    "Analysis",
    "Ask",
    "Effect",
    "Past",
    "Plan",
    "RowRefused",
    "Taken",
    "accept",
    "accept_measure",
    "acknowledge",
    "adopt",
    "agree_spare",
    "answer",
    "answer_checked",
    "answer_letter",
    "arrive",
    "ask_extension",
    "bring_in",
    "categorize",
    "chase",
    "check_measure",
    "close",
    "comment",
    "countersign",
    "decide_extension",
    "decline",
    "decline_measure",
    "defer",
    "erase_person",
    "erase_what_is_over",
    "escalate",
    "explain",
    "finish",
    "finish_measure",
    "flag",
    "follow_up",
    "group",
    "hand_off",
    "hear_back",
    "merge",
    "merge_all",
    "name",
    "note",
    "object_to",
    "pause",
    "realize",
    "refer",
    "reopen",
    "resume",
    "say_more",
    "scope",
    "second_look",
    "send_back",
    "separate",
    "situation_of",
    "solve",
    "sort",
    "spare",
    "take",
    "take_letter",
    "take_measure",
    "take_over",
    "take_page",
    "thank",
    "triage",
    "turn_down",
    "unflag",
    "update",
    "weigh",
    "withdraw_measure",
    "write",
    "write_to",
]
