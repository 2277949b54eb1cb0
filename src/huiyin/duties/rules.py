"""How a duty stands at an instant, and how far its time has run. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huiyin.duties.states import Grade, Standing
from huiyin.kit.counting import Reason

SOON = timedelta(days=2)


@dataclass(frozen=True)
class Asked:
    """A duty that is to be opened."""

    kind: str
    opens_at: datetime
    due_at: datetime
    step: str = ""
    period: str = ""
    handbook: str = ""
    clause: str = ""
    why: tuple[Reason, ...] = ()
    provisional: bool = False
    owner_role: str = ""
    owner_id: int | None = None
    needed: int = 1
    is_history: bool = False
    scope: str = ""
    edition: str = ""
    papers: tuple[str, ...] = ()
    not_applicable: str = ""


@dataclass(frozen=True)
class Done:
    """An act that may discharge duties. `happened_at` fits every duty whose window contains it; `about` names a period.

    `clauses` narrows it to duties of these clauses, where one step serves some clauses and not yet others.
    """

    kinds: tuple[str, ...]
    happened_at: datetime
    step: str = ""
    about: str = ""
    amount: int = 1
    note: str = ""
    clauses: tuple[str, ...] = ()
    scope: str = ""
    papers: tuple[str, ...] = ()
    valid_until: date | None = None


def standing(due_at: datetime, done_at: datetime | None, now: datetime, *, not_applicable: bool = False) -> Standing:
    """Kept or late is decided against the first due time: an extension never makes a late act kept."""
    if not_applicable:
        return Standing.NOT_APPLICABLE
    if done_at is not None:
        return Standing.KEPT if done_at <= due_at else Standing.LATE
    if now > due_at:
        return Standing.MISSING
    return Standing.DUE_SOON if due_at - now <= SOON else Standing.RUNNING


def percent_run(opens_at: datetime, due_at: datetime, now: datetime) -> int:
    """How much of the time allowed has run, in whole percent; over 100 once it is over."""
    allowed = max((due_at - opens_at).total_seconds(), 1.0)
    return max(int((now - opens_at).total_seconds() * 100 / allowed), 0)


def grade(wanted: Collection[str], papers: Collection[str], valid_until: date | None, today: date) -> Grade:
    """What evidence is worth: expired once its last day is over, weak where none of the wanted papers came with it."""
    if valid_until is not None and valid_until < today:
        return Grade.EXPIRED
    return Grade.SOUND if not wanted or set(wanted) & set(papers) else Grade.WEAK
