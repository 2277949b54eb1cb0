"""Rules about days: what the calendar makes impossible or tight."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import product

import msgspec

from huiyin.handbook.linter.findings import Finding, Listed, Phrase
from huiyin.handbook.linter.sources import Asking, Source, Stated
from huiyin.handbook.rules.planning import Planned, planned
from huiyin.handbook.schema import Handbook, Step
from huiyin.kit.workdays import DAY

MANY = 6  # months; more are grouped by the month of the year


def submission_not_before_publication(asking: Asking) -> Iterator[Finding]:
    """X09: what is to be handed in, reviewed and published has two days of the source that leave no day between."""
    for source, first, last in _rounds(asking):
        days = _days(asking, source, first.clauses[0], last.clauses[0])
        late = {due: public for due, public in days.items() if due >= public}
        tight = {due: public for due, public in days.items() if due < public and not _left(asking, due, public)}
        path = next(path for stated in asking.duties(source) for path, step in stated.steps if step is first)
        for code, hits in (("submission_not_before_publication", late), ("no_time_before_publication", tight)):
            if hits:
                yield source.found(
                    code,
                    f"{path}.due",
                    (*first.clauses, *last.clauses),
                    submit=first.clauses[0],
                    publish=last.clauses[0],
                    days=Listed(
                        tuple(Phrase.of("round", due=due, public=public) for due, public in sorted(hits.items()))
                    ),
                    basis=_basis(asking, hits),
                )


def _rounds(asking: Asking) -> Iterator[tuple[Source, Step, Step]]:
    """A hand-in and the publication it leads to, each with a day of the source's own."""
    for source in asking.sources:
        for stated in asking.duties(source):
            own = [step for step in stated.duty.steps if step.clauses and step.due and not step.ours]
            handed_in = [step for step in own if step.step == "submit"]
            made_public = [step for step in own if step.step == "publish"]
            yield from ((source, one, other) for one, other in product(handed_in, made_public))


def _days(asking: Asking, source: Source, submit: str, publish: str) -> dict[date, date]:
    """For each period: the last day for handing in, and the one for publication."""
    mine = [row for row in _judged(asking) if row.handbook == source.book.id]
    public = {(row.kind, row.period): row.due for row in mine if row.clause == publish}
    return {
        row.due: public[row.kind, row.period]
        for row in mine
        if row.clause == submit and (row.kind, row.period) in public
    }


def _left(asking: Asking, due: date, public: date) -> int:
    """Working days after the one and up to the other."""
    return asking.calendar.working_days(due + DAY, public)


def no_working_day_before(asking: Asking) -> Iterator[Finding]:
    """X10: a fixed day early in the month, and not one working day from the first of the month to it."""
    for source in asking.sources:
        for stated in asking.duties(source):
            fixed = [step for step in stated.duty.steps if step.due and step.due.day and not step.ours]
            for day in dict.fromkeys(step.due.day for step in fixed if step.due and step.due.day):
                steps = [step for step in fixed if step.due and step.due.day == day]
                yield from _without_working_day(asking, stated, steps, day)


def _without_working_day(asking: Asking, stated: Stated, steps: list[Step], day: int) -> Iterator[Finding]:
    clauses = [clause for step in steps for clause in step.clauses]
    rows = [row for row in _judged(asking) if row.handbook == stated.source.book.id and row.clause in clauses]
    hits = {row.due for row in rows if not asking.calendar.working_days(row.due.replace(day=1), row.due)}
    if hits:
        path = next(path for path, step in stated.steps if step is steps[0])
        yield stated.source.found(
            "no_working_day_before",
            f"{path}.due",
            clauses,
            day=day,
            months=_months(hits),
            basis=_basis(asking, hits),
        )


@lru_cache(maxsize=8)
def _judged(asking: Asking) -> tuple[Planned, ...]:
    """Rows due in the days asked about in published years; for the other months, those of the same months before."""
    calendar = asking.calendar
    if not calendar.published:
        return ()
    earliest = date(min(calendar.published), 1, 1)
    rows: dict[tuple[str, ...], Planned] = {}
    for kind in asking.kinds:
        books = tuple(_dated_by_month(source) for source in asking.sources if kind in source.book.site_kinds)
        for row in planned(books, kind, calendar, min(earliest, asking.first), asking.last):
            known = row.due.year in calendar.published
            if known and (row.due >= asking.first or row.due.month in _unknown_months(asking)):
                rows[row.key] = row
    return tuple(rows.values())


@lru_cache(maxsize=64)
def _dated_by_month(source: Source) -> Handbook:
    """The handbook with those duties alone that have a day of the source's own in a month: the others take far longer."""
    duties = (
        duty
        for duty in source.book.recurring
        if any(step.due and (step.due.day or step.due.nth_working_day) and not step.ours for step in duty.steps)
    )
    return msgspec.structs.replace(source.book, recurring=tuple(duties))


def _unknown_months(asking: Asking) -> frozenset[int]:
    """Months of the year for which the days asked about have no published schedule."""
    years = range(asking.first.year, asking.last.year + 1)
    return frozenset(
        month
        for year in years
        if year not in asking.calendar.published
        for month in range(1, 13)
        if date(year, month, 1) <= asking.last and (year, month) >= (asking.first.year, asking.first.month)
    )


def _basis(asking: Asking, hits: Iterable[date]) -> object:
    """Which schedule a verdict rests on, where it is not that of the days asked about."""
    if all(day >= asking.first for day in hits):
        return ""
    years = range(asking.first.year, asking.last.year + 1)
    unknown = [str(year) for year in years if year not in asking.calendar.published]
    return Phrase.of("precedent", years="、".join(unknown))


def _months(days: Iterable[date]) -> Listed:
    """2026-05、2026-10; where there are many, the month of the year with its years: 10 月（2019–2026 年）."""
    months = sorted({(day.year, day.month) for day in days})
    if len(months) <= MANY:
        return Listed(tuple(f"{year}-{month:02}" for year, month in months), short=True)
    years = {month: [year for year, one in months if one == month] for month in sorted({one for _year, one in months})}
    return Listed(tuple(Phrase.of("of_years", month=month, years=_runs(found)) for month, found in years.items()))


def _runs(years: list[int]) -> str:
    """2019–2021、2024."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


IN_TIME = (submission_not_before_publication, no_working_day_before)
