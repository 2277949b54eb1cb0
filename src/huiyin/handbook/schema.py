"""The language of a handbook: what a TOML file may say, and nothing else. docs/handbooks.md explains it by example."""

from typing import Literal

import msgspec

CaseKind = Literal[
    "enquiry", "opinion", "complaint", "suggestion", "compliment", "assistance_request", "repair_request"
]
SiteKind = Literal["residential", "single_owner", "student_housing", "engineering"]
DutyStep = Literal["draft", "finance_section", "submit", "review", "approve", "ratify", "publish", "file", "hold", "close"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every table in the file: an unknown key is refused."""


class Words(Part):
    """The same words in both languages."""

    zh: str
    en: str


class Clause(Part):
    """One clause under the source's number, in our own short words. `ours` marks a value the source leaves open."""

    id: str
    zh: str
    en: str
    ours: str = ""


class Limit(Part):
    """Time allowed for something: `name` such as solution, acceptance, follow_up; for these kinds of case."""

    name: str
    kinds: tuple[CaseKind, ...]
    counting: Literal["calendar", "working", "hours"] = "calendar"
    number: int = 0
    roll: Literal["following", "preceding", "none"] = "following"
    clause: str = ""
    ours: bool = False


class StepRule(Part):
    """One step of a recurring duty and the day it is due in the month after the period."""

    step: DutyStep
    clause: str
    by_day: int
    inclusive: bool = True
    role: str = ""


class Recurring(Part):
    """A duty that comes back: about each month, its steps due in the month after."""

    kind: str
    every: Literal["month"]
    steps: tuple[StepRule, ...]


class ChainStep(Part):
    act: Literal["read_review", "review", "approve", "ratify"]
    role: str


class Chain(Part):
    """Who looks at a kind of report, in order; read_review has no veto."""

    kind: str
    steps: tuple[ChainStep, ...]


class Publication(Part):
    """What is made public, for whom, and for how many days."""

    kind: str
    audience: Literal["site", "client", "quality_department"]
    days: int
    deidentified: bool = True
    clause: str = ""


class Form(Part):
    """A controlled form: its printed number ("" = pending), version and effective day."""

    code: str
    title: str
    clause: str
    number: str = ""
    version: str = ""
    effective_on: str = ""


class Category(Part):
    code: str
    zh: str
    en: str


class Rung(Part):
    """One rung of the ladder of reminders: at `percent` of the time allowed, these posts are told beside the owner."""

    percent: int
    roles: tuple[str, ...] = ()


class Handbook(Part):
    """One procedure, or the product's own defaults."""

    id: str
    title: Words
    edition: str
    site_kinds: tuple[SiteKind, ...]
    clauses: tuple[Clause, ...] = ()
    limits: tuple[Limit, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    chains: tuple[Chain, ...] = ()
    publications: tuple[Publication, ...] = ()
    forms: tuple[Form, ...] = ()
    categories: tuple[Category, ...] = ()
    rungs: tuple[Rung, ...] = ()
