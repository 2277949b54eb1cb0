"""Random histories of cases, made by rows: everything that may happen, in any order a careless world brings it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from huiyin.cases.models import Case, Event, FollowUp
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Receipt
from huiyin.organization.models import Building, Department, Room
from huiyin.references.actions import Wanted, issue
from huiyin.references.states import Kind

KINDS = ("complaint", "complaint", "opinion", "repair_request", "repair_request", "enquiry")
TOLD = ("acknowledged", "updated", "solved", "answered", "referred", "arrived", "informed", "handed_off", "noted")
ALSO = ("finished", "paused", "extended", "verdict", "second_look", "written", "praised")


def hours(random: Random, most: int) -> timedelta:
    """Whole minutes, some of them exactly none."""
    return timedelta(minutes=random.choice([0, random.randrange(1, most * 60)]))


class Histories:
    """Cases of one site with whatever may have happened to them until `now`."""

    def __init__(self, cast: Cast, random: Random, now: datetime) -> None:
        self.random, self.now, self.site = random, now, cast.site
        self.people = [cast.clerk.user_id, cast.engineer.user_id, cast.colleague.user_id]
        self.buildings = list(Building.objects.filter(site=self.site))[:2]
        self.rooms = list(Room.objects.filter(site=self.site))[:3]
        self.departments = list(Department.objects.filter(site=self.site))

    def make(self, count: int) -> None:
        for _one in range(count):
            self._case()

    def _maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def _past(self, first: datetime, most: int) -> datetime | None:
        """Some time later, if that is not in the future."""
        at = first + hours(self.random, most)
        return at if at <= self.now else None

    def _case(self) -> None:
        random, received = self.random, self.now - hours(self.random, 24 * 130) - timedelta(minutes=1)
        matter = issue(self.site, Wanted(Kind.CASE, "x"), now=self.now)[0]
        solved = self._past(received, 300) if self._maybe(0.8) else None
        answered = self._past(solved, 100) if solved and self._maybe(0.8) else None
        closed = self._past(answered, 100) if answered and self._maybe(0.7) else None
        room = random.choice([None, *self.rooms])
        ended: dict[str, Any] = {"state": "closed", "closed_at": closed, "outcome": "accepted"} if closed else {}
        parent = Case.objects.filter(site=self.site).first()
        if closed and parent and self._maybe(0.1):
            ended |= {"outcome": "merged", "merged_into": parent}
        due = received + random.choice([timedelta(days=3), timedelta(days=7, hours=5), hours(random, 200)])
        case = Case.objects.create(
            reference=matter,
            site=self.site,
            kind=random.choice(KINDS),
            category=random.choice(["", "leak", "leak", "elevator"]),
            summary="x",
            building=room.building if room else random.choice([None, *self.buildings]),
            room=room,
            department=random.choice([None, *self.departments]),
            first_contact_owner_id=self.people[0],
            accountable_id=self.people[0],
            received_at=received,
            first_due_at=due,
            solution_due_at=due,
            first_solved_at=solved,
            solved_at=solved,
            answered_at=answered,
            is_history=self._maybe(0.05),
            **ended,
        )
        if self._maybe(0.8):
            Receipt.objects.create(
                reference=matter, token_hash=matter.number, created_at=received + hours(self.random, 30)
            )
        self._events(case)
        self._calls(case)
        self._duties(case)

    def _events(self, case: Case) -> None:
        told = [(kind, case.received_at + hours(self.random, 60), {}) for kind in self.random.sample(TOLD, 3)]
        told += [
            ("accepted", case.received_at + hours(self.random, 90), {}) for _one in range(self.random.randrange(4))
        ]
        told += [("taken_over", case.received_at + hours(self.random, 90), {})] * self._maybe(0.2)
        told += [("arrived", case.received_at + hours(self.random, 90), {})] * self._maybe(0.4)
        told += [(self.random.choice(ALSO), case.received_at + hours(self.random, 60), {})] * self._maybe(0.4)
        if self._maybe(0.6):
            told.append(("taken", case.received_at, {"channel": self.random.choice(["phone", "web", "desk", "email"])}))
        told += list(self._odd(case))
        for kind, at, values in sorted(told, key=lambda one: one[1]):
            if at <= self.now:
                by = self.random.choice(self.people)
                Event.objects.create(case=case, kind=kind, at=at, by_id=by, signature=self._signed(by), values=values)

    def _signed(self, by: int | None) -> str:
        return f"{self.random.choice(['staff', 'staff', 'staff', 'service', 'link', 'system'])}:{by}"

    def _odd(self, case: Case) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
        at = case.received_at
        for _one in range(self.random.randrange(3)):
            values = self.random.choice([{"rung": 100, "to": "x"}, {"cause": "severity"}])
            yield "escalated", at + hours(self.random, 90), values
        for _one in range(self.random.randrange(3)):
            yield "scoped", at + hours(self.random, 90), {"in_scope": self._maybe(0.6)}
        if self._maybe(0.2):
            yield "scoped", at + hours(self.random, 90), {"proposed": "out"}
        if case.closed_at:
            yield "closed", case.closed_at, {"outcome": case.outcome}
        if self._maybe(0.3):
            yield "closed", at + hours(self.random, 400), {}
            yield "reopened", at + hours(self.random, 500), {}

    def _calls(self, case: Case) -> None:
        start = case.answered_at or case.received_at
        for _one in range(self.random.randrange(4)):
            at = self._past(start - timedelta(hours=20), 500)
            result = self.random.choice(["satisfied", "dissatisfied", "unreached"])
            scores = {"satisfied": [None, 3, 4, 5], "dissatisfied": [None, 1, 2, 3], "unreached": [None]}
            if at:
                FollowUp.objects.create(
                    case=case,
                    at=at,
                    by_id=self.people[1],
                    channel="phone",
                    result=result,
                    score=self.random.choice(scores[result]),
                )

    def _duties(self, case: Case) -> None:
        self._duty(case, "solution", case.first_due_at, case.first_solved_at)
        for kind, most in (("acknowledgement", 40), ("arrival", 50), ("follow_up", 300)):
            for number in range(self.random.randrange(3)):
                due = case.received_at + hours(self.random, most)
                done = self._past(case.received_at, most) if self._maybe(0.6) else None
                self._duty(case, kind, due, done, period=str(number))

    def _duty(self, case: Case, kind: str, due: datetime, done: datetime | None, *, period: str = "") -> None:
        moved = due + hours(self.random, 100) if kind == "solution" and self._maybe(0.3) else None
        lifted = "closed" if done is None and self._maybe(0.2) else ""
        Duty.objects.create(
            site=self.site,
            reference=case.reference,
            kind=kind,
            period=period,
            opens_at=case.received_at,
            due_at=due,
            moved_to=moved,
            done_at=done,
            not_applicable=lifted,
        )
