"""The dictionary's figures computed a second time: slow, case by case, in the plainest Python, from the words of the formulas."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.cases.models import Case, Event, FollowUp
from huiyin.duties.models import Duty
from huiyin.handbook.queries import rulebook
from huiyin.interactions.models import Receipt
from huiyin.organization.models import Site
from huiyin.organization.queries import working_calendar

WORDS = {"acknowledged", "updated", "solved", "answered", "finished", "praised", "referred", "arrived"}
WORDS |= {"paused", "extended", "verdict", "second_look", "written"}
FACE = {"desk", "phone", "duty_room", "visit", "meeting", "interview"}


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in times if one is not None), default=None)


class Life:
    """One case with everything that happened to it."""

    def __init__(self, case: Case, now: datetime) -> None:
        self.case, self.now = case, now
        self.events = list(Event.objects.filter(case=case).order_by("at", "id"))
        self.calls = list(FollowUp.objects.filter(case=case))
        self.reached = [call for call in self.calls if call.result != "unreached"]
        self.duties = list(Duty.objects.filter(reference=case.reference_id))

    def at(self, *kinds: str) -> datetime | None:
        return earliest(event.at for event in self.events if event.kind in kinds)

    @property
    def first_word(self) -> datetime | None:
        """By a person; at the counter and on the telephone the taking is one."""
        people = [one for one in self.events if one.signature.startswith(("staff:", "service:"))]
        return earliest(
            one.at
            for one in people
            if one.kind in WORDS
            or (one.kind == "taken" and one.signature[:6] == "staff:" and one.values.get("channel") in FACE)
        )

    @property
    def told(self) -> datetime | None:
        receipt = Receipt.objects.filter(reference=self.case.reference_id).first()
        return earliest([self.first_word, receipt.created_at if receipt else None])

    def limit(self, name: str) -> datetime:
        book = rulebook(self.case.site, timezone.localdate(self.case.received_at))
        return book.limit(name, self.case.kind).due(self.case.received_at, working_calendar())[0]

    @property
    def response_due(self) -> datetime:
        own = earliest(duty.due_at for duty in self.duties if duty.kind == "acknowledgement")
        return own or self.limit("acknowledgement")

    @property
    def arrival_due(self) -> datetime | None:
        return earliest(duty.due_at for duty in self.duties if duty.kind == "arrival")

    @property
    def extended(self) -> datetime:
        moved = next(duty.moved_to for duty in self.duties if duty.kind == "solution")
        return max(self.case.first_due_at, moved or self.case.first_due_at)

    @property
    def in_scope(self) -> bool | None:
        return next((event.values["in_scope"] for event in reversed(self.events) if "in_scope" in event.values), None)

    @property
    def hand_offs(self) -> int:
        before, count = self.case.first_contact_owner_id, 0
        for event in self.events:
            if event.kind in {"accepted", "taken_over"}:
                count += event.kind == "accepted" and event.by_id != before
                before = event.by_id
        return count

    def again(self, days: int, kind: str = "") -> bool:
        mine, last = self.case, self.case.closed_at + timedelta(days=days)
        for other in (
            Case.objects.filter(is_history=False, site=mine.site).exclude(pk=mine.pk).exclude(outcome="merged")
        ):
            same_place = other.building_id == mine.building_id and mine.room_id in (None, other.room_id)
            same_matter = other.category == mine.category and (not kind or other.kind == kind)
            if same_place and same_matter and mine.closed_at < other.received_at <= last:
                return True
        return False


class ByHand:
    """Counts lives into (part, whole) by the name of a line."""

    def __init__(self, site: Site, first: datetime, end: datetime, now: datetime) -> None:
        self.first, self.end, self.now = first, end, now
        self.shares: dict[str, list[int]] = {}
        self.spreads: dict[str, Counter[int]] = {"first_word": Counter(), "overdue": Counter(), "hand_offs": Counter()}
        self.lists: dict[tuple[str, bool], set[int]] = {}
        for case in Case.objects.filter(site=site, is_history=False).exclude(outcome="merged"):
            self._count(Life(case, now))

    def inside(self, at: datetime | None) -> bool:
        return at is not None and self.first <= at < self.end

    def note(self, life: Life, line: str, base: bool, hit: bool, base_n: int = 1, hit_n: int = 1) -> None:
        pair = self.shares.setdefault(line, [0, 0])
        pair[0] += hit_n if hit else 0
        pair[1] += base_n if base else 0
        for whole, counts in ((True, base), (False, hit)):
            there = self.lists.setdefault((line, whole), set())
            if counts:
                there.add(life.case.pk)

    def due(self, due: datetime | None, done: datetime | None) -> bool:
        return self.inside(due) and (due < self.now or done is not None)

    def timely(self, life: Life, line: str, due: datetime | None, done: datetime | None, also: bool = True) -> None:
        base = also and self.due(due, done)
        self.note(life, line, base, base and done is not None and done <= due)

    def _count(self, life: Life) -> None:
        case = life.case
        came, complaint = self.inside(case.received_at), case.kind == "complaint"
        self.timely(life, "responded", life.response_due, life.first_word)
        self._received(life, came, complaint)
        self.timely(life, "arrived", life.arrival_due, life.at("arrived"))
        self.timely(life, "on_time", case.first_due_at, case.first_solved_at)
        solved = case.first_solved_at
        base = self.inside(case.first_due_at) and (life.extended < self.now or solved is not None)
        self.note(life, "on_time_extended", base, base and solved is not None and solved <= life.extended)
        base = complaint and self.due(case.first_due_at, solved)
        self.note(life, "handled", base, base and case.answered_at is not None)
        self._after(life)
        self._closed(life)
        late = (solved or case.closed_at or self.now) - case.first_due_at
        if self.inside(case.first_due_at) and late > timedelta(0):
            self.spreads["overdue"][int(late.total_seconds() // 360)] += 1

    def _received(self, life: Life, came: bool, complaint: bool) -> None:
        case, told, due = life.case, life.told, life.response_due
        base = came and complaint and (due < self.now or told is not None)
        self.note(life, "acknowledged", base, base and told is not None and told <= due)
        sent, inform = life.at("informed", "handed_off", "accepted"), life.limit("inform")
        base = came and case.department_id is not None and (inform < self.now or sent is not None)
        self.note(life, "dispatched", base, base and sent is not None and sent <= inform)
        self.note(life, "closed", came, came and case.closed_at is not None)
        self.note(life, "closed_flow", came, self.inside(case.closed_at))
        self.note(life, "complaints", False, came and complaint)
        base, scope = came and complaint, life.in_scope
        self.note(life, "in_scope", base and scope is not None, base and scope is True)
        self.note(life, "scoped", base, base and scope is not None)
        causes = ["rung" in event.values for event in life.events if event.kind == "escalated"]
        self.note(life, "escalated", came, came and bool(causes))
        self.note(life, "escalated_by_time", came, came and True in causes)
        self.note(life, "escalated_by_weight", came, came and False in causes)
        if came:
            waited = (life.first_word or case.closed_at or self.now) - case.received_at
            self.spreads["first_word"][int(waited.total_seconds() // 360)] += 1
            self.spreads["hand_offs"][life.hand_offs] += 1

    def _after(self, life: Life) -> None:
        case = life.case
        newest = max((call.at for call in life.reached), default=None)
        base = self.inside(newest)
        unhappy = any(call.at == newest and call.result == "dissatisfied" for call in life.reached)
        self.note(life, "resolved", base, base and not unhappy)
        calls = [call for call in life.calls if self.inside(call.at)]
        answers = [call for call in calls if call.result != "unreached"]
        silent = len(calls) - len(answers)
        self.note(life, "unreached", bool(calls), silent > 0, len(calls), silent)
        base = self.inside(case.answered_at) and any(duty.kind == "follow_up" for duty in life.duties)
        self.note(life, "followed_up", base, base and any(call.at >= case.answered_at for call in life.reached))
        self.note(life, "called", base, base and any(call.at >= case.answered_at for call in life.calls))
        owed = [duty for duty in life.duties if duty.kind == "follow_up" and not duty.not_applicable]
        owed = [duty for duty in owed if self.due(duty.due_at, duty.done_at)]
        kept = [duty for duty in owed if duty.done_at and duty.done_at <= duty.due_at]
        self.note(life, "followed_up_in_time", bool(owed), bool(kept), len(owed), len(kept))
        scores = [call.score for call in answers if call.score is not None]
        self.note(life, "scored", bool(scores), bool(scores), len(scores), sum(scores))
        happy = [call for call in answers if (call.score >= 4 if call.score else call.result == "satisfied")]
        cross = [call for call in answers if (call.score <= 2 if call.score else call.result == "dissatisfied")]
        self.note(life, "satisfied", bool(answers), bool(happy), len(answers), len(happy))
        self.note(life, "dissatisfied", bool(answers), bool(cross), len(answers), len(cross))

    def _closed(self, life: Life) -> None:
        case = life.case
        for days in (30, 90):
            base = self._over(case, days)
            self.note(life, f"repeated_{days}", base, base and life.again(days))
        base = self._over(case, 30) and case.kind == "repair_request"
        rework = base and life.again(30, "repair_request")
        self.note(life, "reworked", base, rework)
        visits = [event for event in life.events if event.kind == "arrived"]
        reopened = [event.at for event in life.events if event.kind == "reopened"]
        base = base and bool(visits)
        self.note(life, "fixed_at_once", base, base and len(visits) == 1 and not rework and not reopened)
        first = life.at("closed")
        base = self.inside(first)
        self.note(life, "reopened", base, base and any(at >= first for at in reopened))

    def _over(self, case: Case, days: int) -> bool:
        """The days after the closing ended in the window, and before now."""
        if case.closed_at is None or case.building_id is None or not case.category:
            return False
        ended = case.closed_at + timedelta(days=days)
        return self.inside(ended) and ended < self.now
