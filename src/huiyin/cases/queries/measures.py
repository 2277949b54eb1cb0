"""What the dictionary's lines count, as conditions on the facts of a case (facts.py). domain 2.4: everything that fell due."""

from dataclasses import dataclass


def _in(column: str) -> str:
    return f"{column} >= %(first)s AND {column} < %(end)s"


def _due(due: str, done: str) -> str:
    """In the window, and over or kept already: an open case is in the base as soon as its time is up."""
    return f"{_in(due)} AND ({due} < %(now)s OR {done} IS NOT NULL)"


@dataclass(frozen=True)
class Measure:
    """A number of cases, or the sum of `base_n` and `hit_n` over them. `hit` is within `base` unless it is a flow."""

    base: str
    hit: str
    base_n: str = "1"
    hit_n: str = "1"
    flow: bool = False

    def numerator(self) -> str:
        return self.hit if self.flow else f"({self.base}) AND ({self.hit})"


RECEIVED = _in("received_at")
COMPLAINT = f"kind = 'complaint' AND {RECEIVED}"
TOLD = "COALESCE(CASE WHEN receipt_at < first_word THEN receipt_at END, first_word, receipt_at)"
DUE = _due("first_due_at", "first_solved_at")
EXTENDED = "COALESCE(CASE WHEN moved_to > first_due_at THEN moved_to END, first_due_at)"
SOLVED = "COALESCE(first_solved_at, closed_at, %(now)s)"
OVERDUE = f"{_in('first_due_at')} AND {SOLVED} > first_due_at"
PLACED = "building_id IS NOT NULL AND category <> ''"


def _over(days: int) -> str:
    """Closed, with a place and a category, and the days after the closing ended in the window."""
    return f"closed_at >= %(first_{days})s AND closed_at < %(end_{days})s AND {PLACED}"


REPAIR = f"kind = 'repair_request' AND {_over(30)}"
MEASURES: dict[str, Measure] = {
    "responded": Measure(_due("response_due", "first_word"), "first_word <= response_due"),
    "acknowledged": Measure(
        f"{COMPLAINT} AND response_due IS NOT NULL AND (response_due < %(now)s OR {TOLD} IS NOT NULL)",
        f"{TOLD} <= response_due",
    ),
    "dispatched": Measure(
        f"{RECEIVED} AND department_id IS NOT NULL AND (dispatch_due < %(now)s OR sent_at IS NOT NULL)",
        "sent_at <= dispatch_due",
    ),
    "arrived": Measure(_due("arrival_due", "arrived_at"), "arrived_at <= arrival_due"),
    "on_time": Measure(DUE, "first_solved_at <= first_due_at"),
    "on_time_extended": Measure(
        f"{_in('first_due_at')} AND ({EXTENDED} < %(now)s OR first_solved_at IS NOT NULL)",
        f"first_solved_at <= {EXTENDED}",
    ),
    "closed": Measure(RECEIVED, "closed_at IS NOT NULL"),
    "closed_flow": Measure(RECEIVED, _in("closed_at"), flow=True),
    "resolved": Measure(_in("reached_at"), "unhappy_at IS NULL OR unhappy_at < reached_at"),
    "unreached": Measure("calls > 0", "calls > answers", "calls", "calls - answers"),
    "followed_up": Measure(f"{_in('answered_at')} AND asked_after > 0", "reached_at >= answered_at"),
    "called": Measure(f"{_in('answered_at')} AND asked_after > 0", "tried_at >= answered_at"),
    "followed_up_in_time": Measure("calls_due > 0", "calls_kept > 0", "calls_due", "calls_kept"),
    "scored": Measure("scored > 0", "scored > 0", "scored", "score"),
    "satisfied": Measure("answers > 0", "pleased > 0", "answers", "pleased"),
    "dissatisfied": Measure("answers > 0", "displeased > 0", "answers", "displeased"),
    "complaints": Measure("1 = 0", COMPLAINT, flow=True),
    "handled": Measure(f"kind = 'complaint' AND {DUE}", "answered_at IS NOT NULL"),
    "in_scope": Measure(f"{COMPLAINT} AND in_scope IS NOT NULL", "in_scope = %(yes)s"),
    "scoped": Measure(COMPLAINT, "in_scope IS NOT NULL"),
    "repeated_30": Measure(_over(30), "again_30"),
    "repeated_90": Measure(_over(90), "again_90"),
    "reworked": Measure(REPAIR, "reworked"),
    "fixed_at_once": Measure(f"{REPAIR} AND arrivals > 0", "arrivals = 1 AND NOT reworked AND reopened_at IS NULL"),
    "reopened": Measure(_in("first_closed"), "reopened_at >= first_closed"),
    "escalated": Measure(RECEIVED, "by_time + by_weight > 0"),
    "escalated_by_time": Measure(RECEIVED, "by_time > 0"),
    "escalated_by_weight": Measure(RECEIVED, "by_weight > 0"),
}
# What a spread is over, and the cases that have one.
SPREADS = {"first_word": RECEIVED, "overdue": OVERDUE, "hand_offs": RECEIVED}
