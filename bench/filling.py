"""Fills the database with made-up cases: straight bulk inserts, for the measuring only (the product itself never does so).

`python -m bench.filling town` settles the demo's cast; `… cases N` fills up to N cases; `… sheet FILE N` writes a spreadsheet;
`… explain` prints the plans of the search. Each prints JSON.
"""

import hashlib
import json
import sys
from datetime import datetime, timedelta
from random import Random
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench import words  # noqa: E402
from huiyin.access.clock import now as read_clock  # noqa: E402
from huiyin.cases.models import Case, Event, FollowUp  # noqa: E402
from huiyin.customers.models import Customer  # noqa: E402
from huiyin.demo.cast import PASSWORD, settle  # noqa: E402
from huiyin.duties.models import Duty, Evidence, Nudge  # noqa: E402
from huiyin.interactions.models import Delivery, Interaction, Receipt  # noqa: E402
from huiyin.kit.chinese import index_text  # noqa: E402
from huiyin.organization.models import Building, Department, Site, User  # noqa: E402
from huiyin.references.actions import Wanted, issue  # noqa: E402
from huiyin.references.models import Reference, SearchPart  # noqa: E402
from huiyin.references.states import Kind  # noqa: E402

CHUNK = 500
KINDS = ("opinion", "complaint", "repair_request", "suggestion", "enquiry")
RUNGS = (50, 80, 100, 150)  # given already, so that the worker does not start with a year's reminders at once
ANSWER = "已经安排师傅上门处理，换了零件并试过两天，恢复正常；如果再有同样的情况，请随时告诉我们。"


class Filler:
    """One town's residents talking for a year."""

    def __init__(self, total: int) -> None:
        self.random = Random(total)
        self.total = total
        self.site = Site.objects.get(code="yulan")
        self.buildings = {building.code: building for building in Building.objects.filter(site=self.site)}
        self.departments = list(Department.objects.filter(site=self.site))
        self.users = {user.username: user for user in User.objects.all()}
        self.now = read_clock()

    def fill(self) -> int:
        there = Case.objects.count()
        customers = self._customers()
        for start in range(there, self.total, CHUNK):
            with transaction.atomic():
                self._chunk(range(start, min(start + CHUNK, self.total)), customers)
        if connection.vendor == "postgresql":  # as its own housekeeping does; SQLite is never analyzed by the product
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        return self.total - there

    def _customers(self) -> list[Customer]:
        made = [Customer(site=self.site, name=words.name(self.random), created_at=self.now) for _ in range(2000)]
        return Customer.objects.bulk_create(made)

    def _at(self, serial: int) -> datetime:
        """Spread evenly over the year that ends now, in the order of the serials."""
        return self.now - timedelta(days=365) * (1 - serial / self.total) - timedelta(minutes=1)

    def _chunk(self, serials: range, customers: list[Customer]) -> None:
        rows = [self._said(serial) for serial in serials]
        wanted = [
            Wanted(kind, "意见 · 事项", row["building"], row["department"])
            for row in rows
            for kind in (Kind.CONTACT, Kind.CASE)
        ]
        issued = issue(self.site, *wanted, now=rows[0]["at"])
        for row, kept, matter in zip(rows, issued[::2], issued[1::2], strict=True):
            row |= {
                "kept": kept,
                "matter": matter,
                "customer": self.random.choice(customers) if self.random.random() < 0.7 else None,
            }
        Interaction.objects.bulk_create(self._interaction(row) for row in rows)
        for row, case in zip(rows, Case.objects.bulk_create([self._case(row) for row in rows]), strict=True):
            row["case"] = case
        self._around(rows)

    def _said(self, serial: int) -> dict[str, Any]:
        building, place = words.room(self.random)
        category = self.random.choice(words.CATEGORIES)
        at = self._at(serial)
        old = self.now - at > timedelta(days=14)
        return {
            "at": at,
            "place": place,
            "category": category,
            "kind": self.random.choice(KINDS),
            "text": words.message(self.random, place, category, serial),
            "building": self.buildings[str(building)],
            "department": self.random.choice(self.departments),
            "closed": old and self.random.random() < 0.97,
        }

    def _interaction(self, row: dict[str, Any]) -> Interaction:
        return Interaction(
            reference=row["kept"],
            site=self.site,
            subject=row["matter"],
            channel="web",
            kind=row["kind"],
            customer=row["customer"],
            building=row["building"],
            place=row["place"],
            situation=row["text"],
            occurred_at=row["at"],
            recorded_at=row["at"],
        )

    def _case(self, row: dict[str, Any]) -> Case:
        solved = row["at"] + timedelta(hours=self.random.randint(3, 240)) if row["closed"] else None
        return Case(
            reference=row["matter"],
            site=self.site,
            kind=row["kind"],
            category=row["category"],
            state="closed" if row["closed"] else self.random.choice(("received", "in_progress")),
            summary=row["text"][:60],
            customer=row["customer"],
            building=row["building"],
            department=row["department"],
            first_contact_owner=self.users["chen"],
            accountable=self.users["chen"] if self.random.random() < 0.5 else self.users["wang"],
            received_at=row["at"],
            solution_due_at=row["at"] + timedelta(days=7),
            first_due_at=row["at"] + timedelta(days=7),
            first_solved_at=solved,
            solved_at=solved,
            answered_at=solved,
            closed_at=solved,
            outcome="accepted" if row["closed"] else "",
        )

    def _around(self, rows: list[dict[str, Any]]) -> None:
        """Timeline, duties with evidence, follow-ups, receipts, messages and search words of a chunk."""
        Event.objects.bulk_create(event for row in rows for event in _events(row))
        duties = Duty.objects.bulk_create([self._duty(row) for row in rows])
        Nudge.objects.bulk_create(
            Nudge(duty=duty, rung=rung, to=self.users["zhou"], at=self.now)
            for row, duty in zip(rows, duties, strict=True)
            if not row["closed"]
            for rung in RUNGS
        )
        done = [(row, duty) for row, duty in zip(rows, duties, strict=True) if row["closed"]]
        evidence = Evidence.objects.bulk_create([self._evidence(row) for row, _duty in done])
        through = Evidence.duties.through
        through.objects.bulk_create(
            through(evidence=one, duty=duty) for one, (_row, duty) in zip(evidence, done, strict=True)
        )
        FollowUp.objects.bulk_create(
            FollowUp(
                case=row["case"], at=row["case"].closed_at, by=self.users["lin"], channel="phone", result="satisfied"
            )
            for row, _duty in done
        )
        Receipt.objects.bulk_create(
            Receipt(
                reference=row["matter"],
                token_hash=hashlib.sha256(row["matter"].number.encode()).hexdigest(),
                created_at=row["at"],
            )
            for row in rows
        )
        Delivery.objects.bulk_create(
            self._delivery(row, user) for row in rows for user in (self.users["wang"], self.users["zhou"])
        )
        parts = [
            SearchPart(reference=row["matter"], part="contact", tokens=index_text(f"{row['text']}\n{row['place']}"))
            for row in rows
        ]
        parts += [SearchPart(reference=row["matter"], part="answer", tokens=index_text(ANSWER)) for row, _duty in done]
        SearchPart.objects.bulk_create(parts)

    def _duty(self, row: dict[str, Any]) -> Duty:
        case = row["case"]
        return Duty(
            site=self.site,
            reference=row["matter"],
            kind="solution",
            opens_at=row["at"],
            due_at=case.solution_due_at,
            owner=case.accountable,
            done_at=case.solved_at,
        )

    def _evidence(self, row: dict[str, Any]) -> Evidence:
        at = row["case"].solved_at
        return Evidence(
            site=self.site, reference=row["matter"], kinds=["solution"], happened_at=at, entered_at=at, by="staff:1"
        )

    def _delivery(self, row: dict[str, Any], user: User) -> Delivery:
        key = f"{row['matter'].number}.informed.desk.u{user.pk}"
        times = {"next_at": row["at"], "created_at": row["at"], "sent_at": row["at"], "read_at": row["at"]}
        return Delivery(
            key=key,
            reference=row["matter"],
            gateway="desk",
            to_user=user,
            template="cases/messages/informed",
            state="sent",
            **times,
        )


def _events(row: dict[str, Any]) -> list[Event]:
    case, at = row["case"], row["at"]
    events = [Event(case=case, kind="taken", at=at, signature="link:portal", is_public=True)]
    if row["closed"]:
        for kind, text in (
            ("accepted", ""),
            ("solved", ANSWER),
            ("answered", ANSWER),
            ("followed_up", ""),
            ("closed", ""),
        ):
            events.append(
                Event(case=case, kind=kind, at=case.solved_at, signature="staff:1", text=text, is_public=True)
            )
    return events


def expected() -> dict[str, int]:
    """How many references a clerk must find for each word, counted by looking at every text."""
    found: dict[str, set[int]] = {word: set() for word in words.SEARCHED}
    seen = Interaction.objects.filter(subject__sensitivity=1, subject__site__code="yulan")
    for subject, text, place in seen.values_list("subject_id", "situation", "place").iterator(5000):
        for word in words.SEARCHED:
            if word in text.lower() or word in place:
                found[word].add(subject)
    return {word: len(subjects) for word, subjects in found.items()}


def sheet(path: str, count: int) -> None:
    """A spreadsheet of past messages with answers, in the usual columns."""
    import xlsxwriter

    random, book = Random(count), xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"])
    first = datetime(2024, 1, 1, 8)  # noqa: DTZ001 - as spreadsheets have it
    for row in range(1, count + 1):
        at = first + timedelta(hours=5 * row)
        _building, place = words.room(random)
        text = words.message(random, place, random.choice(words.CATEGORIES), row)
        answered = at + timedelta(days=random.randint(1, 40))
        page.write_row(
            row,
            0,
            [
                f"M{row:06d}",
                f"用户{row % 900}",
                text[:18],
                f"{at:%Y/%m/%d %H:%M:%S}",
                text,
                ANSWER * 3,
                f"{answered:%Y/%m/%d %H:%M:%S}",
            ],
        )
    book.close()


def main(act: str, *given: str) -> object:
    if act == "town":
        settle(now=read_clock(), password=PASSWORD, households=40)
        return {"username": "chen", "password": PASSWORD}
    if act == "cases":
        return {"filled": Filler(int(given[0])).fill(), "references": Reference.objects.count()}
    if act == "expected":
        return expected()
    sheet(given[0], int(given[1]))
    return {"rows": int(given[1])}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:]), ensure_ascii=False))
