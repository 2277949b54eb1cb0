"""What an audit pack tells of a site's year: its clauses, their duties, evidence, approvals and deviations. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation

from huiyin.approvals.models import Step
from huiyin.duties import queries as ledger
from huiyin.duties.models import Duty, Evidence
from huiyin.duties.queries import standing_of
from huiyin.duties.rules import grade
from huiyin.duties.states import Grade, Standing
from huiyin.duties.words import duty_words
from huiyin.handbook.models import Adoption, Decision, Edition
from huiyin.handbook.queries import adopted_by, edition
from huiyin.handbook.schema import Clause
from huiyin.kit.counting import Reason, explain
from huiyin.kit.privacy import find_personal, redacted
from huiyin.organization.models import Site, User
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.records.models import Seal, StoredFile
from huiyin.references.queries import sight
from huiyin.reports.models import Report

LANGUAGES = {"zh": "zh-hans", "en": "en"}
PORTION = 500  # keys in one question to the database
OWN = "defaults"  # where duties stand that no handbook asks for: the product's own
DEVIATING = (Standing.LATE, Standing.MISSING, Standing.NOT_APPLICABLE)


@dataclass(frozen=True)
class PackOrder:
    """Which pack: a site, a year, and through whose eyes."""

    site: Site
    year: int
    actor: Actor

    @property
    def window(self) -> tuple[datetime, datetime]:
        """First instant of the year and first instant after it."""
        zone = timezone.get_default_timezone()
        return datetime(self.year, 1, 1, tzinfo=zone), datetime(self.year + 1, 1, 1, tzinfo=zone)


@dataclass(frozen=True)
class Row:
    """One duty of the year as the pack shows it."""

    duty: Duty
    standing: Standing
    as_of: datetime
    evidence: tuple[Evidence, ...]
    documents: tuple[Seal, ...]
    papers: tuple[StoredFile, ...]

    @property
    def about(self) -> str:
        """What the matter is called; the words of an act that somebody registered are the staff's own."""
        return plain(self.duty.reference.title) if self.duty.reference else ""

    @property
    def title(self) -> str:
        return duty_words(self.duty.kind, self.duty.step, self.duty.period)

    @property
    def why(self) -> str:
        """How the day was counted, in the active language."""
        return explain(Reason.from_json(reason) for reason in self.duty.why)

    @property
    def role(self) -> str:
        return str(Role(self.duty.owner_role).label) if self.duty.owner_role in Role.values else self.duty.owner_role

    @property
    def reason(self) -> str:
        return plain(self.duty.not_applicable)

    @property
    def grade(self) -> Grade | None:
        """The worth of the best evidence; None while nothing was done."""
        today = timezone.localdate(self.as_of)
        found = {grade(self.duty.papers, one.papers, one.valid_until, today) for one in self.evidence}
        return next((one for one in (Grade.SOUND, Grade.WEAK, Grade.EXPIRED) if one in found), None)

    @property
    def is_weak(self) -> bool:
        return self.grade in {Grade.WEAK, Grade.EXPIRED}

    @property
    def deviates(self) -> bool:
        return self.standing in DEVIATING or self.is_weak

    @property
    def days_late(self) -> int:
        """Whole days between the due day and the day it was done, or the day of the pack."""
        until = timezone.localdate(self.duty.done_at or self.as_of)
        late = self.standing in {Standing.LATE, Standing.MISSING}
        return max((until - timezone.localdate(self.duty.due_at)).days, 0) if late else 0


@dataclass(frozen=True)
class Opinion:
    """One step of a review, and what was said without anybody's personal data."""

    step: Step

    @property
    def words(self) -> str:
        return plain(self.step.comment)


@dataclass
class Chapter:
    """One clause with everything about it."""

    handbook: str
    clause: Clause | None
    rows: list[Row] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.clause.id if self.clause else "own"

    @property
    def path(self) -> str:
        return f"clauses/{self.handbook}/{self.name}"

    @cached_property
    def counts(self) -> dict[str, int]:
        found = Counter(row.standing for row in self.rows)
        return {one.value: found[one] for one in Standing}

    @property
    def total(self) -> int:
        return len(self.rows)


def plain(words: str) -> str:
    """Words of the staff without anybody's phone, room, plate, identity number, mail address or name with a title."""
    return redacted(words, find_personal(words)) if words else ""


def both(say: Callable[[], str]) -> dict[str, str]:
    """The same words in both languages."""
    told = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            told[short] = say()
    return told


@dataclass
class Account:
    """Everything of one pack that comes from the tables of the work."""

    order: PackOrder
    as_of: datetime

    @cached_property
    def duties(self) -> list[Duty]:
        first, end = self.order.window
        last = end - timedelta(microseconds=1)
        return list(ledger.of_site(self.order.site, self.order.actor, first=first, last=last))

    @cached_property
    def adoptions(self) -> list[Adoption]:
        """What the site followed at any time of the year up to the day of the pack, in the order of beginning."""
        first, end = (timezone.localdate(at) for at in self.order.window)
        last = min(end - timedelta(days=1), timezone.localdate(self.as_of))
        days = {first, last, *(day for day in _turns(self.order.site) if first < day <= last)}
        found = {one.pk: one for day in sorted(days) for one in adopted_by(self.order.site, day)}
        return sorted(found.values(), key=lambda one: (one.effective_on, one.edition.handbook, one.pk))

    @cached_property
    def editions(self) -> list[Edition]:
        """The texts the site followed, and those its duties were judged by."""
        followed = {one.edition.digest: one.edition for one in self.adoptions}
        judged = {duty.edition for duty in self.duties if duty.edition} - followed.keys()
        followed |= {one.digest: one for one in Edition.objects.filter(digest__in=judged)}
        return sorted(followed.values(), key=lambda one: (one.handbook, one.edition, one.digest))

    @cached_property
    def seals(self) -> dict[int, list[Seal]]:
        """Sealed documents by the reference they are about, where the viewer may see it."""
        ids = {one.reference_id for duty in self.duties for one in duty.evidence.all()}
        seen = Seal.objects.filter(sight(self.order.actor, "reference__"))
        found: dict[int, list[Seal]] = defaultdict(list)
        for portion in _portions(ids):
            for seal in seen.filter(reference__in=portion).select_related("file", "reference").order_by("id"):
                found[seal.reference_id].append(seal)
        return found

    @cached_property
    def papers(self) -> dict[int, list[StoredFile]]:
        """Files that came with an act and were not sealed: named by their hash, not taken along."""
        ids = {one.reference_id for duty in self.duties for one in duty.evidence.all() if one.papers}
        seen = StoredFile.objects.filter(sight(self.order.actor, "reference__"), seal__isnull=True)
        found: dict[int, list[StoredFile]] = defaultdict(list)
        for portion in _portions(ids):
            for file in seen.filter(reference__in=portion).order_by("id"):
                found[file.reference_id].append(file)
        return found

    @cached_property
    def decisions(self) -> dict[tuple[str, str], list[Decision]]:
        """What was decided about findings of the check-up, by the clauses concerned."""
        here = Decision.objects.filter(Q(site=self.order.site) | Q(site__isnull=True), replaced_by__isnull=True)
        found: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        for decision in here.select_related("decided_by").order_by("decided_at", "id"):
            for handbook, clause in decision.concerns:
                found[handbook, clause].append(decision)
        return found

    @cached_property
    def reports(self) -> dict[tuple[str, str], int]:
        rows = Report.objects.filter(site=self.order.site).values_list("kind", "period", "reference_id")
        return {(kind, period): reference for kind, period, reference in rows}

    @cached_property
    def steps(self) -> dict[int, list[Step]]:
        """Steps of reviews by the reference reviewed."""
        ids = {one.reference_id for duty in self.duties for one in duty.evidence.all()} | set(self.reports.values())
        seen = Step.objects.filter(sight(self.order.actor, "reference__"))
        found: dict[int, list[Step]] = defaultdict(list)
        for portion in _portions(ids):
            steps = seen.filter(reference__in=portion).select_related("by", "reference")
            for step in steps.order_by("reference__number", "version", "order"):
                found[step.reference_id].append(step)
        return found

    @cached_property
    def people(self) -> dict[str, str]:
        """Names of the staff behind signatures. Customers stand as their number alone."""
        users = User.objects.order_by("id").values_list("kind", "pk", "name")
        return {f"{kind}:{key}": name for kind, key, name in users}

    @cached_property
    def chapters(self) -> list[Chapter]:
        """Every clause of the editions followed, in the order of the handbooks, then what no handbook asks for."""
        made: dict[tuple[str, str], Chapter] = {}
        for adoption in self.adoptions:
            book = edition(adoption.edition.digest)
            for clause in book.clauses:
                if self.order.site.kind in (clause.site_kinds or book.site_kinds):
                    decided = self.decisions.get((book.id, clause.id), [])
                    made[book.id, clause.id] = Chapter(book.id, clause, decisions=decided)
        for duty in self.duties:
            book_id = duty.handbook or OWN
            key = (book_id, duty.clause)
            chapter = made.get(key) or made.setdefault((book_id, ""), Chapter(book_id, None))
            chapter.rows.append(self._row(duty))
        for chapter in made.values():
            chapter.opinions = [Opinion(step) for step in self._steps_of(chapter.rows)]
        return sorted(made.values(), key=lambda one: (one.handbook == OWN, one.handbook, one.clause is None))

    def _row(self, duty: Duty) -> Row:
        evidence = tuple(sorted(duty.evidence.all(), key=lambda one: (one.happened_at, one.pk)))
        documents = {seal.pk: seal for one in evidence for seal in self.seals.get(one.reference_id, ())}
        papers = {file.pk: file for one in evidence for file in self.papers.get(one.reference_id, ())}
        stands = standing_of(duty, self.as_of)
        return Row(duty, stands, self.as_of, evidence, tuple(documents.values()), tuple(papers.values()))

    def _steps_of(self, rows: Iterable[Row]) -> list[Step]:
        about: dict[int, None] = {}
        for row in rows:
            report = self.reports.get((row.duty.kind, row.duty.period))
            about |= dict.fromkeys([*(one.reference_id for one in row.evidence), *([report] if report else [])])
        return [step for reference in about for step in self.steps.get(reference, ())]

    @property
    def deviations(self) -> list[Row]:
        """What was late, is missing, did not apply, or rests on weak evidence; by due day."""
        rows = (row for chapter in self.chapters for row in chapter.rows if row.deviates)
        return sorted(rows, key=lambda row: (row.duty.due_at, row.duty.pk))

    @property
    def counts(self) -> dict[str, int]:
        return {one.value: sum(chapter.counts[one.value] for chapter in self.chapters) for one in Standing}


def _turns(site: Site) -> Iterator[date]:
    """Days on which what a site follows may have changed."""
    for began, ended in Adoption.objects.filter(site__in=[site]).values_list("effective_on", "ended_on"):
        yield from (day for day in (began, ended) if day)
    for began, ended in Adoption.objects.filter(site__isnull=True).values_list("effective_on", "ended_on"):
        yield from (day for day in (began, ended) if day)


def _portions(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(ids)
    for place in range(0, len(ordered), PORTION):
        yield ordered[place : place + PORTION]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def evidence_json(one: Evidence, people: dict[str, str]) -> dict[str, Any]:
    return {
        "reference": one.reference.number,
        "title": plain(one.reference.title),
        "kinds": one.kinds,
        "step": one.step,
        "about": one.about,
        "scope": one.scope,
        "amount": one.amount,
        "papers": one.papers,
        "happened_at": stamp(one.happened_at),
        "entered_at": stamp(one.entered_at),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "by": one.by,
        "name": people.get(one.by, ""),
        "note": plain(one.note),
    }


def stamp(at: datetime | None) -> str | None:
    """An instant as ISO 8601 with the house's own offset."""
    return timezone.localtime(at).isoformat() if at else None
