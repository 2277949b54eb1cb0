"""What a site must follow: its adopted handbooks over the product's defaults. Answers questions, looks at nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from huiyin.duties.rules import Asked
from huiyin.handbook import schema
from huiyin.handbook.rules.facts import NOTHING_KNOWN, Facts
from huiyin.handbook.rules.faults import ACTS
from huiyin.handbook.rules.planning import Planned, planned, upon
from huiyin.handbook.schema import Category, ChainStep, Form, Handbook, Publication, Retention, Rung, Way
from huiyin.handbook.states import Counting, Roll
from huiyin.kit.counting import Reason, within_days, within_hours, within_minutes, within_working_days
from huiyin.kit.workdays import Calendar

WORKING_DAY = 24 * 7 / 5  # hours of calendar time that a working day takes on average; only to compare limits
HALF_A_DAY = 12  # hours from a contact to the end of its day, on average


@dataclass(frozen=True)
class Matter:
    """What limits look at of a case: its kind, the urgency it was assessed at ("" = not yet) and how it came."""

    kind: str
    urgency: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Limit:
    """Time allowed for one thing. `handbook` and `clause` say who asks for it; empty = a default of the product."""

    name: str
    days: int | None
    hours: int | None
    counting: Counting
    roll: Roll
    handbook: str
    clause: str
    ours: bool
    minutes: int | None = None

    @classmethod
    def of(cls, book: Handbook, stated: schema.Limit) -> "Limit":
        source = book.id if stated.clause else ""
        counted = (stated.name, stated.days, stated.hours, stated.counting, stated.roll)
        return cls(*counted, source, stated.clause, stated.ours, stated.minutes)

    @classmethod
    def of_way(cls, book: Handbook, way: Way) -> "Limit":
        """What a channel promises as a first answer."""
        source = book.id if way.clause else ""
        return cls("first_answer", way.days, way.hours, way.counting, "following", source, way.clause, way.ours)

    @property
    def allowance(self) -> float:
        """Hours of calendar time on average: the measure by which the strictest limit is chosen."""
        if self.minutes is not None:
            return self.minutes / 60
        if self.hours is not None:
            return float(self.hours)
        return (self.days or 0) * (WORKING_DAY if self.counting == "working" else 24) + HALF_A_DAY

    def due(self, start: datetime, calendar: Calendar) -> tuple[datetime, tuple[Reason, ...], bool]:
        """The last second allowed after an aware `start`, why, and whether an unpublished year makes it provisional."""
        zone = timezone.get_default_timezone()
        local = start.astimezone(zone)
        if self.hours is not None or self.minutes is not None:
            minutes = self.minutes or 0
            due_at, why = within_hours(local, self.hours) if self.hours else within_minutes(local, minutes)
            return due_at, self._marked(why), False
        if self.counting == "working":
            counted = within_working_days(local.date(), self.days or 1, calendar)
        else:
            counted = within_days(local.date(), self.days or 0, calendar, roll=self.roll)
        return max(counted.at(zone), local), self._marked(counted.reasons), counted.provisional

    def _marked(self, why: tuple[Reason, ...]) -> tuple[Reason, ...]:
        return (*why, Reason.of("ours")) if self.ours else why

    def asked(self, kind: str, start: datetime, calendar: Calendar, owner: int | None, *, period: str = "") -> Asked:
        """The duty this limit gives, counted from an aware `start`, owed by the user `owner`."""
        due_at, why, provisional = self.due(start, calendar)
        return Asked(
            kind=kind,
            opens_at=start,
            due_at=due_at,
            period=period,
            handbook=self.handbook,
            clause=self.clause,
            why=why,
            provisional=provisional,
            owner_id=owner,
        )


@dataclass(frozen=True)
class Quota:
    """How many of a base are asked for. `handbook` and `clause` say by whom."""

    name: str
    share: int
    of: str
    least: int
    handbook: str
    clause: str

    @classmethod
    def of_book(cls, book: Handbook, stated: schema.Quota) -> "Quota":
        return cls(stated.name, stated.share, stated.of, stated.least, book.id, stated.clause)

    def needed(self, base: int) -> int:
        """A fraction counts as one more; nothing is needed of nothing (X13). 81 services at 10 percent: 9."""
        return max(-(-base * self.share // 100), min(self.least, base))


@dataclass(frozen=True)
class Rulebook:
    """The rules of one site on one day. Same handbooks, same object: it is kept per process and never changes."""

    adopted: tuple[Handbook, ...]
    defaults: Handbook
    site_kind: str

    @property
    def _books(self) -> tuple[Handbook, ...]:
        return (*self.adopted, self.defaults)

    def limits(self, name: str, kind: str, urgency: str = "") -> tuple[Limit, ...]:
        """Every limit in force, strictest first: the general ones, and beside them those of an urgency.

        Of each sort those of the adopted handbooks, else the product's default.
        """
        found = self._stated(name, kind, "") + (self._stated(name, kind, urgency) if urgency else [])
        return tuple(sorted(found, key=lambda limit: limit.allowance))

    def _stated(self, name: str, kind: str, urgency: str) -> list[Limit]:
        """The limits that hold for every urgency (""), or for this one alone."""
        for books in (self.adopted, (self.defaults,)):
            found = [
                Limit.of(book, stated)
                for book in books
                for stated in book.limits
                if stated.name == name
                and (not stated.kinds or kind in stated.kinds)
                and (urgency in stated.urgency if urgency else not stated.urgency)
            ]
            if found:
                return found
        return []

    def strands(self, name: str, matter: Matter, start: datetime, calendar: Calendar) -> list[Asked]:
        """The dated obligations of one name for a case, the earliest first, owed by nobody yet; none where nobody asks.

        The general limit that leads keeps its date where a clause states it; what is ours stands only where it is the
        earliest: an urgency adds a shorter date beside the clause's.
        """
        general = self._promised(matter) if name == "first_answer" else self._stated(name, matter.kind, "")
        leading = sorted(general, key=lambda limit: limit.allowance)[:1]
        found = leading + (self._stated(name, matter.kind, matter.urgency) if matter.urgency else [])
        asked = sorted((one.asked(name, start, calendar, None) for one in found), key=lambda one: one.due_at)
        by_clause = {(one.handbook, one.clause): one for one in reversed(asked)}
        return [one for one in asked if by_clause[one.handbook, one.clause] is one and (one.clause or one is asked[0])]

    def hastened(self, name: str, matter: Matter, start: datetime, calendar: Calendar) -> Asked | None:
        """The earliest date that the urgency alone asks for, counted from `start`; None where it asks for none."""
        stated = self._stated(name, matter.kind, matter.urgency) if matter.urgency else []
        return min((one.asked(name, start, calendar, None) for one in stated), key=lambda one: one.due_at, default=None)

    def promised(self, channel: str, start: datetime, calendar: Calendar) -> list[Asked]:
        """The reply that a channel promises to a further message; none where it promises nothing."""
        way = next((found for found in self._ways(channel)), None)
        return [way.asked("reply", start, calendar, None)] if way else []

    def _ways(self, channel: str) -> list[Limit]:
        """What is promised of a channel: by the adopted handbooks, else by the product."""
        for books in (self.adopted, (self.defaults,)):
            ways = [(book, one) for book in books for one in book.channels if one.channel == channel]
            kept = [Limit.of_way(book, one) for book, one in ways if one.days is not None or one.hours is not None]
            if kept:
                return sorted(kept, key=lambda limit: limit.allowance)
        return []

    def _promised(self, matter: Matter) -> list[Limit]:
        """A first answer: what an adopted handbook promises of the channel, else the limit beside the product's promise."""
        ways = self._ways(matter.channel)
        return ways if any(one.clause for one in ways) else ways + self._stated("first_answer", matter.kind, "")

    def limit_or_none(self, name: str, kind: str, urgency: str = "") -> Limit | None:
        """The strictest limit of that name for a kind of case, or None where nobody asks for any."""
        return next(iter(self.limits(name, kind, urgency)), None)

    def limit(self, name: str, kind: str, urgency: str = "") -> Limit:
        """As limit_or_none, for names the defaults hold for every kind: all but follow_up, update, case_feedback, measure_wanted."""
        found = self.limit_or_none(name, kind, urgency)
        if found is None:
            raise LookupError(f"no limit {name} for {kind}")
        return found

    def quota(self, name: str) -> Quota | None:
        """How many of what: of several handbooks the one that asks for most."""
        stated = [Quota.of_book(book, one) for book in self.adopted for one in book.quotas if one.name == name]
        return max(stated, key=lambda one: (one.share, one.least), default=None)

    def subjects(self) -> tuple[Category, ...]:
        """The subjects offered: those of the adopted handbooks where they have any, else the product's."""
        stated = [one for book in self.adopted for one in book.categories] or list(self.defaults.categories)
        return tuple({one.code: one for one in reversed(stated)}.values())[::-1]

    def grouping(self) -> schema.Grouping:
        """When many voices may be one matter; the adopted handbooks first."""
        found = next((book.grouping for book in self._books if book.grouping), None)
        if found is None:
            raise LookupError("no grouping")
        return found

    def asks_for_subject(self) -> bool:
        """Whether an adopted handbook lays down that every case has a subject: its own, each under a clause."""
        return any(one.clause for book in self.adopted for one in book.categories)

    def words_for(self, category: str) -> tuple[str, ...]:
        """What people say when they mean a subject: its name, and the words that any book lists for it."""
        stated = (
            word for book in self._books for one in book.keywords if one.category == category for word in one.words
        )
        named = next((one.zh for one in self.subjects() if one.code == category), "")
        return (named, *stated)

    def categories(self) -> list[tuple[str, str]]:
        """(code, name in the active language) of the subjects offered, for forms."""
        return [(one.code, str(one)) for one in self.subjects()]

    def category_name(self, code: str) -> str:
        """A subject's name in the active language; the code itself where no handbook knows it."""
        return next((str(one) for book in self._books for one in book.categories if one.code == code), code)

    def sections(self) -> list[tuple[str, str]]:
        """(code, name) of sections that the adopted handbooks let act and never define: the post in them is our reading (X17)."""
        roles = (role for book in self.adopted for role in book.roles if role.ours and role.id.endswith("_section"))
        return list({role.id: str(role) for role in roles}.items())

    def actor_of(self, limit: Limit) -> str:
        """The handbook's own code of whoever acts by the clause of a limit; empty for a default of the product."""
        clauses = (one for book in self.adopted if book.id == limit.handbook for one in book.clauses)
        return next((one.role for one in clauses if one.id == limit.clause), "")

    def form(self, code: str) -> tuple[Form, str] | None:
        """A controlled form and the id of the handbook that controls it."""
        return next(((form, book.id) for book in self._books for form in book.forms if form.code == code), None)

    def chain(self, kind: str) -> tuple[ChainStep, ...]:
        """Who decides on a paper, in order and each once, as posts of the organization: read, review, approve, ratify.

        Several handbooks add up; the product's chain holds only where none has one. Drafting is no verdict: left out.
        """
        steps = list(dict.fromkeys(self._deciding(self.adopted, kind) or self._deciding((self.defaults,), kind)))
        return tuple(sorted(steps, key=lambda step: ACTS.index(step.act)))

    @staticmethod
    def _deciding(books: tuple[Handbook, ...], kind: str) -> list[ChainStep]:
        chains = [(book, chain) for book in books for chain in book.chains if chain.kind == kind]
        return [
            ChainStep(step.act, book.post_of(step.role))
            for book, chain in chains
            for step in chain.steps
            if step.act != "draft"
        ]

    def publication(self, kind: str) -> Publication | None:
        """Where and for whom a paper is made public; the adopted handbooks first."""
        return next((one for book in self._books for one in book.publications if one.kind == kind), None)

    def display_days(self, kind: str) -> int:
        """Days a publication stays up: the longest an adopted handbook asks for, else the product's default (X37)."""
        for books in (self.adopted, (self.defaults,)):
            days = [one.days for book in books for one in book.publications if one.kind == kind and one.days]
            if days:
                return max(days)
        raise LookupError(f"no publication {kind}")

    def rungs(self) -> tuple[Rung, ...]:
        """The ladder of reminders, lowest rung first, its roles as posts of the organization."""
        book = next(book for book in self._books if book.rungs)
        rungs = [Rung(rung.percent, tuple(book.post_of(role) for role in rung.roles)) for rung in book.rungs]
        return tuple(sorted(rungs, key=lambda rung: rung.percent))

    def retention(self, record: str) -> Retention | None:
        """How long a class of records is kept; the longest any handbook asks for."""
        stated = [one for book in self._books for one in book.retention if one.record == record]
        return max(stated, key=lambda one: one.years, default=None)

    def clauses_of(self, kind: str, step: str, *, every: str, after: str = "") -> tuple[str, ...]:
        """Adopted clauses that state a step of a duty of this frequency and wait for this act of the chain ("" = none)."""
        duties = (duty for book in self.adopted for duty in book.recurring if (duty.kind, duty.every) == (kind, every))
        steps = (one for duty in duties for one in duty.steps if one.step == step and (one.after or "") == after)
        return tuple(clause for one in steps for clause in one.clauses)

    def recurring(self, calendar: Calendar, first: date, last: date, facts: Facts = NOTHING_KNOWN) -> list[Planned]:
        """The dated steps of the adopted handbooks due from `first` to `last`, both included."""
        return planned(self.adopted, self.site_kind, calendar, first, last, facts=facts)

    def upon(self, occasion: str, day: date, calendar: Calendar, facts: Facts = NOTHING_KNOWN) -> list[Planned]:
        """The dated steps that an occasion of `day` sets off."""
        return upon(self.adopted, self.site_kind, occasion, day, calendar=calendar, facts=facts)
