"""How a duty stands at an instant, and how far its time has run. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from huiyin.duties.states import Grade, Standing
from huiyin.kit.counting import Reason
from huiyin.kit.refusal import Refusal

SOON = timedelta(days=2)
HALF_A_YEAR = timedelta(days=183)  # ours (X47)


class StillToCome(Refusal):
    def __init__(self) -> None:
        super().__init__(_("还没有发生的事，办完了再登记。"), "happened_on")


class BeforeItsTime(Refusal):
    def __init__(self, opens_on: date) -> None:
        super().__init__(
            _("这一期从 %(day)s 开始，在那之前办的不算这一期的。") % {"day": opens_on.isoformat()}, "happened_on"
        )


class DoneAlready(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这一项已经办完了，或不再要求。"))


class NotYours(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这一项不由您的岗位办理，经理可以代为登记。"))


class WithoutReason(Refusal):
    def __init__(self) -> None:
        super().__init__(_("写明为什么不适用。"), "reason")


class WrongRecheck(Refusal):
    def __init__(self) -> None:
        super().__init__(_("复核的日子要在明天以后、一年以内。"), "recheck_on")


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
    what: str = ""
    note: str = ""
    clauses: tuple[str, ...] = ()
    scope: str = ""
    papers: tuple[str, ...] = ()
    valid_until: date | None = None


def standing(
    due_at: datetime,
    done_at: datetime | None,
    now: datetime,
    *,
    not_applicable: bool = False,
    moved_to: datetime | None = None,
    rests: bool = False,
) -> Standing:
    """Kept or late is decided against the first due time: an extension never makes a late act kept.

    While it is open the date that runs counts, and what stands still is not over.
    """
    if not_applicable:
        return Standing.NOT_APPLICABLE
    if done_at is not None:
        return Standing.KEPT if done_at <= due_at else Standing.LATE
    until = moved_to or due_at
    if now > until and not rests:
        return Standing.MISSING
    return Standing.DUE_SOON if until - now <= SOON and not rests else Standing.RUNNING


def percent_run(opens_at: datetime, due_at: datetime, now: datetime) -> int:
    """How much of the time allowed has run, in whole percent; over 100 once it is over."""
    allowed = max((due_at - opens_at).total_seconds(), 1.0)
    return max(int((now - opens_at).total_seconds() * 100 / allowed), 0)


def grade(wanted: Collection[str], papers: Collection[str], valid_until: date | None, today: date) -> Grade:
    """What evidence is worth: expired once its last day is over, weak where none of the wanted papers came with it."""
    if valid_until is not None and valid_until < today:
        return Grade.EXPIRED
    return Grade.SOUND if not wanted or set(wanted) & set(papers) else Grade.WEAK


@dataclass(frozen=True)
class Tally:
    """How many duties stand how. `due` of them fell due or were done before; `kept` of these is the rate's numerator."""

    kept: int = 0
    late: int = 0
    missing: int = 0
    due_soon: int = 0
    running: int = 0
    not_applicable: int = 0

    @property
    def due(self) -> int:
        return self.kept + self.late + self.missing

    @property
    def all(self) -> int:
        return self.due + self.due_soon + self.running + self.not_applicable

    @property
    def worst(self) -> Standing | None:
        """The standing that a reader must see first; None where there is no duty."""
        order = (Standing.MISSING, Standing.LATE, Standing.DUE_SOON, Standing.RUNNING, Standing.KEPT)
        return next((one for one in (*order, Standing.NOT_APPLICABLE) if getattr(self, one.value)), None)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one) + getattr(other, one) for one in Tally.__dataclass_fields__))
