"""Loading a handbook with good messages, counting by its rules, and putting several adopted ones together. Pure."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.duties.rules import Asked
from huiyin.handbook.schema import Chain, ChainStep, Form, Handbook, Limit, Recurring, Rung, StepRule
from huiyin.kit.counting import Due, Reason, by_day_of_month, within_days, within_hours, within_working_days
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import Calendar
from huiyin.organization.states import Role


class HandbookRefused(Refusal):
    """A file that is no handbook: names the file, the line and the reason."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(_("%(name)s 第 %(line)s 行：%(reason)s") % {"name": name, "line": line, "reason": reason})
        self.name, self.line, self.reason = name, line, reason


def load(text: str, name: str) -> Handbook:
    """Read a handbook. Refuses broken TOML, unknown keys, unknown roles, clauses referred to but not stated, impossible values."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        line = re.search(r"line (\d+)", str(wrong))
        raise HandbookRefused(name, int(line.group(1)) if line else text.count("\n") + 1, str(wrong)) from wrong
    try:
        book = msgspec.convert(data, Handbook)
    except msgspec.ValidationError as wrong:
        raise HandbookRefused(name, _line_of(text, str(wrong)), str(wrong)) from wrong
    for needle, reason in _faults(book):
        raise HandbookRefused(name, _line_with(text, needle), reason)
    return book


def _line_of(text: str, reason: str) -> int:
    """The line a schema error speaks of: the n-th table of the path it ends with, then the key it names."""
    path = re.search(r"`\$\.?(\w+)?(?:\[(\d+|\.\.\.)\])?", reason)
    table, place = (path.group(1), path.group(2)) if path else (None, None)
    key = re.search(r"(?:field|key) `(\w+)`", reason)
    last = re.search(r"\.(\w+)`$", reason)
    wanted = key.group(1) if key else (last.group(1) if last else table)
    lines = text.splitlines()
    start = 0
    if table and place and place.isdecimal():
        heads = [at for at, line in enumerate(lines) if line.strip() == f"[[{table}]]"]
        start = heads[int(place)] if int(place) < len(heads) else 0
    found = (at for at, line in enumerate(lines[start:], start=start + 1) if wanted and re.match(rf"\s*{wanted}\b", line))
    return next(found, start + 1)


def _line_with(text: str, needle: str) -> int:
    return next((at for at, line in enumerate(text.splitlines(), start=1) if needle in line), 1)


def _faults(book: Handbook) -> Iterable[tuple[str, str]]:
    """(what to look for in the file, what is wrong with it)."""
    stated = [clause.id for clause in book.clauses]
    for clause in stated:
        if stated.count(clause) > 1:
            yield f'"{clause}"', f"clause {clause} is stated twice"
    spoken = [limit.clause for limit in book.limits] + [form.clause for form in book.forms]
    spoken += [step.clause for duty in book.recurring for step in duty.steps] + [one.clause for one in book.publications]
    for clause in spoken:
        if clause and clause not in stated:
            yield f'"{clause}"', f"clause {clause} is not stated"
    roles = [step.role for chain in book.chains for step in chain.steps] + [role for rung in book.rungs for role in rung.roles]
    roles += [step.role for duty in book.recurring for step in duty.steps if step.role]
    for role in roles:
        if role not in Role.values:
            yield f'"{role}"', f"role {role} is unknown; known: {', '.join(Role.values)}"
    for limit in book.limits:
        if not 1 <= limit.number <= 366:
            yield f'name = "{limit.name}"', f"limit {limit.name}: number must be 1 to 366"
    for step in (step for duty in book.recurring for step in duty.steps):
        if not 1 <= step.by_day <= 31:
            yield f"by_day = {step.by_day}", "by_day must be 1 to 31"


def count(limit: Limit, start: datetime, calendar: Calendar) -> tuple[datetime, tuple[Reason, ...], bool]:
    """When the time a limit allows runs out: the last second, the reasons, and whether it is provisional."""
    if limit.counting == "hours":
        due, why = within_hours(timezone.localtime(start), limit.number)
        return due, why, False
    day = timezone.localdate(start)
    if limit.counting == "working":
        counted: Due = within_working_days(day, limit.number, calendar)
    else:
        counted = within_days(day, limit.number, calendar, roll=limit.roll)
    return counted.at(timezone.get_default_timezone()), counted.reasons, counted.provisional


@dataclass(frozen=True)
class Ruling:
    """A limit with the handbook it comes from ("" = the product's default)."""

    limit: Limit
    handbook: str

    def asked(self, kind: str, start: datetime, calendar: Calendar, owner: int, *, period: str = "") -> Asked:
        """The duty this limit gives, counted from `start`."""
        due_at, why, provisional = count(self.limit, start, calendar)
        return Asked(
            kind=kind,
            opens_at=start,
            due_at=due_at,
            period=period,
            handbook=self.handbook,
            clause=self.limit.clause if self.handbook else "",
            why=why,
            provisional=provisional,
            owner_id=owner,
        )


@dataclass(frozen=True)
class Planned:
    """One dated step of a recurring duty. Days; `why` explains how `due` was counted."""

    handbook: str
    clause: str
    kind: str
    step: str
    period: str
    opens: date
    due: date
    provisional: bool
    why: tuple[Reason, ...]
    role: str

    def asked(self) -> Asked:
        zone = timezone.get_default_timezone()
        return Asked(
            kind=self.kind,
            step=self.step,
            period=self.period,
            opens_at=datetime.combine(self.opens, time.min, tzinfo=zone),
            due_at=datetime.combine(self.due, time(23, 59, 59), tzinfo=zone),
            handbook=self.handbook,
            clause=self.clause,
            why=self.why,
            provisional=self.provisional,
            owner_role=self.role,
        )


@dataclass(frozen=True)
class Rulebook:
    """The handbooks a site has adopted, with the product's defaults beneath. Answers questions, looks at nothing."""

    adopted: tuple[Handbook, ...]
    defaults: Handbook

    def limit_or_none(self, name: str, kind: str) -> Ruling | None:
        """The strictest limit of the adopted handbooks, else the product's default, else none."""
        for books in (self.adopted, (self.defaults,)):
            rulings = [
                Ruling(limit, "" if book is self.defaults else book.id)
                for book in books
                for limit in book.limits
                if limit.name == name and kind in limit.kinds
            ]
            if rulings:
                return min(rulings, key=lambda ruling: _hours(ruling.limit))
        return None

    def limit(self, name: str, kind: str) -> Ruling:
        """As limit_or_none, where the defaults are known to have one (a test walks all kinds)."""
        ruling = self.limit_or_none(name, kind)
        if ruling is None:
            raise LookupError(f"no limit {name} for {kind}")
        return ruling

    def categories(self) -> list[tuple[str, str]]:
        """(code, name in the active language), those of the adopted handbooks first."""
        english = (get_language() or "").startswith("en")
        rows = [(row.code, row.en if english else row.zh) for book in (*self.adopted, self.defaults) for row in book.categories]
        return list(dict(reversed(rows)).items())[::-1]

    def category_name(self, code: str) -> str:
        return dict(self.categories()).get(code, "")

    def chain(self, kind: str) -> tuple[ChainStep, ...]:
        chains: list[Chain] = [chain for book in (*self.adopted, self.defaults) for chain in book.chains if chain.kind == kind]
        return chains[0].steps if chains else ()

    def display_days(self, kind: str) -> int:
        """How long a publication stays on the page."""
        days = [one.days for book in (*self.adopted, self.defaults) for one in book.publications if one.kind == kind]
        return max(days)

    def form(self, code: str) -> tuple[Form, str] | None:
        """A controlled form and the handbook that controls it."""
        forms = [(form, book.id) for book in (*self.adopted, self.defaults) for form in book.forms if form.code == code]
        return forms[0] if forms else None

    def rungs(self) -> tuple[Rung, ...]:
        return next(book.rungs for book in (*self.adopted, self.defaults) if book.rungs)

    def planned(self, first: date, last: date) -> list[Planned]:
        """The dated steps that are due from `first` to `last`, both included."""
        return planned(self.adopted, first, last)


def _hours(limit: Limit) -> int:
    return limit.number if limit.counting == "hours" else limit.number * 24


def planned(books: Sequence[Handbook], first: date, last: date) -> list[Planned]:
    """Expand the recurring duties of handbooks: one row per clause and period, carrying the step the clause states."""
    rows = []
    month = Period.month_of(first - timedelta(days=62))
    while month.first <= last:
        rows += [
            _dated(book, duty, step, month) for book in books for duty in book.recurring for step in duty.steps
        ]
        month = month.next()
    return sorted((row for row in rows if first <= row.due <= last), key=lambda row: (row.due, row.handbook, row.clause, row.step))


def _dated(book: Handbook, duty: Recurring, step: StepRule, about: Period) -> Planned:
    due = by_day_of_month(about.next(), step.by_day, inclusive=step.inclusive)
    return Planned(
        book.id, step.clause, duty.kind, step.step, str(about), about.next().first, due.day, due.provisional, due.reasons, step.role
    )
