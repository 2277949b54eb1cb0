"""What the rules of the linter look at: handbooks with the text they were read from, for one kind of site or all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from huiyin.handbook.linter.findings import Concern, Finding
from huiyin.handbook.rules.loading import _lines
from huiyin.handbook.schema import Clause, Handbook, Recurring, Step
from huiyin.kit.workdays import Calendar

_keys = lru_cache(maxsize=64)(_lines)


@dataclass(frozen=True)
class Source:
    """A handbook and its file, so that a finding can name the line."""

    book: Handbook = field(compare=False)  # its text says it all
    text: str
    name: str

    def line(self, path: str) -> int:
        """The line of a path such as `forms[2].number`, counted from 1, or of the table above it."""
        known, place = _keys(self.text), path.replace("[", ".[")
        return known.get(place) or known.get(place.rpartition(".")[0]) or 1

    def concerns(self, clauses: Iterable[str]) -> tuple[Concern, ...]:
        """The clauses, each once, in the order given."""
        return tuple(self._concern(number) for number in dict.fromkeys(clauses) if number)

    def _concern(self, number: str) -> Concern:
        place = next((at for at, clause in enumerate(self.book.clauses) if clause.id == number), None)
        line = 1 if place is None else self.line(f"clauses[{place}].id")
        return Concern(self.book.id, number, line, self.book.clause(number), self.book.title)

    def found(self, code: str, path: str, clauses: Iterable[str], **values: object) -> Finding:
        """A finding of this handbook alone."""
        return self.found_at(code, path, self.concerns(clauses), **values)

    def found_at(self, code: str, path: str, concerns: tuple[Concern, ...], **values: object) -> Finding:
        """A finding at a path of this file, about clauses of other handbooks as well."""
        line = self.line(path)
        return Finding(code, self.book.id, self.name, line, concerns, tuple(values.items()), self.text)


class Stated(NamedTuple):
    """A recurring duty where it stands."""

    source: Source
    path: str
    duty: Recurring

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(clause for step in self.duty.steps for clause in step.clauses))

    @property
    def steps(self) -> Iterator[tuple[str, Step]]:
        """Each step with its path."""
        return ((f"{self.path}.steps[{nth}]", step) for nth, step in enumerate(self.duty.steps))


@dataclass(frozen=True)
class Asking:
    """What is to be checked: handbooks that hold for these kinds of site, over days both included."""

    sources: tuple[Source, ...]
    kinds: tuple[str, ...]
    calendar: Calendar
    first: date
    last: date

    def holds(self, book: Handbook, site_kinds: tuple[str, ...]) -> frozenset[str]:
        """For which of the kinds asked about an entry of a handbook holds."""
        return frozenset(self.kinds) & frozenset(site_kinds or book.site_kinds) & frozenset(book.site_kinds)

    def clauses(self, source: Source) -> Iterator[tuple[str, Clause]]:
        """Clauses that hold, with their paths."""
        for place, clause in enumerate(source.book.clauses):
            if self.holds(source.book, clause.site_kinds):
                yield f"clauses[{place}]", clause

    def duties(self, source: Source) -> Iterator[Stated]:
        """Recurring duties that hold."""
        for place, duty in enumerate(source.book.recurring):
            if self.holds(source.book, duty.site_kinds):
                yield Stated(source, f"recurring[{place}]", duty)

    def pairs(self) -> Iterator[tuple[Source, Source]]:
        """Two different handbooks that hold for one kind of site."""
        for place, one in enumerate(self.sources):
            for other in self.sources[place + 1 :]:
                if one.book.id != other.book.id and self.holds(one.book, ()) & self.holds(other.book, ()):
                    yield one, other

    def meet(self, one: Stated, other: Stated) -> bool:
        """Whether two duties can fall to the same site."""
        return bool(
            self.holds(one.source.book, one.duty.site_kinds) & self.holds(other.source.book, other.duty.site_kinds)
        )
