"""Rules that look at two handbooks which one site follows together."""

from collections.abc import Callable, Iterator

from huiyin.handbook.linter.findings import Finding, Listed, Phrase
from huiyin.handbook.linter.sources import Asking, Source, Stated
from huiyin.handbook.schema import Chain, Publication, Step, When

WAYS = ("day", "nth_working_day", "days_after", "working_days_after", "day_of_period", "days_before_end")


def conflicting_frequency(asking: Asking) -> Iterator[Finding]:
    """X04, X05: the same duty, more often in one handbook than in the other."""
    for one, other in asking.pairs():
        for kind in _kinds_of_both(asking, one, other):
            mine, theirs = _duties(asking, one, kind), _duties(asking, other, kind)
            if {stated.duty.every for stated in mine} != {stated.duty.every for stated in theirs}:
                asked = Listed(
                    tuple(
                        Phrase.of("asks", clause=Listed(stated.clauses, short=True), what=Phrase.of(stated.duty.every))
                        for stated in (*mine, *theirs)
                    )
                )
                yield _found("conflicting_frequency", "every", mine, theirs, asked=asked)


def different_days(asking: Asking) -> Iterator[Finding]:
    """X08: the same step of the same duty, by different days, each the source's own."""
    for one, other in asking.pairs():
        for mine, theirs in _same_rhythm(asking, one, other):
            for step, also in _steps_of_both(mine, theirs):
                if step.due and also.due and step.due != also.due and not step.ours and not also.ours:
                    asked = Listed((_asks(step, step.due), _asks(also, also.due)))
                    path = next(path for path, here in mine.steps if here is step)
                    concerns = (*one.concerns(step.clauses), *other.concerns(also.clauses))
                    yield one.found_at("different_days", f"{path}.due", concerns, asked=asked)


def _asks(step: Step, due: When) -> Phrase:
    way = next(name for name in WAYS if getattr(due, name) is not None)
    return Phrase.of("asks", clause=Listed(step.clauses, short=True), what=Phrase.of(way, n=getattr(due, way)))


def different_reviewers(asking: Asking) -> Iterator[Finding]:
    """X06: the same paper goes past different people."""
    for one, other, kind in _papers_of_both(asking):
        mine, theirs = _chain(one, kind), _chain(other, kind)
        if mine and theirs and _deciders(one, mine[1]) != _deciders(other, theirs[1]):
            here, there = _reviewing(asking, one, mine[1]), _reviewing(asking, other, theirs[1])
            concerns = (*one.concerns(here), *other.concerns(there))
            asked = Listed((_who(one, mine[1]), _who(other, theirs[1])))
            yield one.found_at("different_reviewers", f"{mine[0]}.steps", concerns, asked=asked)


def _deciders(source: Source, chain: Chain) -> tuple[tuple[str, str], ...]:
    """(act, post) of everybody but the one who writes."""
    return tuple((step.act, source.book.post_of(step.role)) for step in chain.steps if step.act != "draft")


def _who(source: Source, chain: Chain) -> Phrase:
    """The chain's clause, and whoever decides, as the handbook calls them."""
    called = {role.id: role for role in source.book.roles}
    people = tuple(called[step.role] for step in chain.steps if step.act != "draft")
    return Phrase.of("asks", clause=chain.clause, what=Listed(people, short=True))


def _reviewing(asking: Asking, source: Source, chain: Chain) -> list[str]:
    """Clauses of the chain's duty that state a reading, a review or a decision; at least the chain's own."""
    steps = [step for stated in _duties(asking, source, chain.kind) for step in stated.duty.steps]
    stated = [clause for step in steps if step.step in {"review", "ratify"} for clause in step.clauses]
    return stated if chain.clause in stated else [chain.clause, *stated]


def approval_in_one_only(asking: Asking) -> Iterator[Finding]:
    """X08, X23, X24: one handbook wants a paper approved, the other says nothing."""
    for one, other, kind in _papers_of_both(asking):
        for here, there in ((one, other), (other, one)):
            chain = _chain(here, kind)
            if chain and not _chain(there, kind):
                yield _one_only(asking, "approval_in_one_only", here, there, chain)


def published_in_one_only(asking: Asking) -> Iterator[Finding]:
    """X04: one handbook wants a paper published, the other says nothing."""
    for one, other, kind in _papers_of_both(asking):
        for here, there in ((one, other), (other, one)):
            public = _publication(here, kind)
            if public and not _publication(there, kind):
                yield _one_only(asking, "published_in_one_only", here, there, public)


def _one_only(
    asking: Asking, code: str, here: Source, there: Source, stands: tuple[str, Chain | Publication]
) -> Finding:
    path, entry = stands
    rhythms = {stated.duty.every for stated in _duties(asking, here, entry.kind)}
    silent = [one for one in _duties(asking, there, entry.kind) if one.duty.every in rhythms]
    without = [clause for stated in silent for clause in stated.clauses]
    concerns = (*here.concerns([entry.clause]), *there.concerns(without))
    values = {"with_it": entry.clause, "without": Listed(tuple(dict.fromkeys(without)), short=True)}
    return here.found_at(code, f"{path}.kind", concerns, **values)


def each_and_sample(asking: Asking) -> Iterator[Finding]:
    """X12: every service followed up, and a sample of them."""
    yield from _two_kinds(asking, "each_and_sample", "service_follow_up", "follow_up_sample", ("each", "sample"))


def two_yearly_surveys(asking: Asking) -> Iterator[Finding]:
    """X15: a survey at the year's end, and another in October and November."""
    yield from _two_kinds(asking, "two_yearly_surveys", "year_end_survey", "annual_survey", ("first", "second"))


def _two_kinds(asking: Asking, code: str, kind: str, also: str, names: tuple[str, str]) -> Iterator[Finding]:
    for one, other in asking.pairs():
        for here, there in ((one, other), (other, one)):
            mine, theirs = _duties(asking, here, kind), _duties(asking, there, also)
            if mine and theirs and asking.meet(mine[0], theirs[0]):
                clauses = (Listed(mine[0].clauses, short=True), Listed(theirs[0].clauses, short=True))
                yield _found(code, "kind", mine, theirs, **dict(zip(names, clauses, strict=True)))


def _found(code: str, key: str, mine: list[Stated], theirs: list[Stated], **values: object) -> Finding:
    """A finding about all clauses of two handbooks' duties, placed at the first."""
    here, there = mine[0].source, theirs[0].source
    concerns = here.concerns(clause for stated in mine for clause in stated.clauses)
    concerns += there.concerns(clause for stated in theirs for clause in stated.clauses)
    return here.found_at(code, f"{mine[0].path}.{key}", concerns, **values)


def _duties(asking: Asking, source: Source, kind: str) -> list[Stated]:
    return [stated for stated in asking.duties(source) if stated.duty.kind == kind]


def _kinds_of_both(asking: Asking, one: Source, other: Source) -> list[str]:
    """Kinds of duty that both handbooks ask of the same kind of site, with clauses."""
    theirs = [stated for stated in asking.duties(other) if stated.clauses]
    mine = [stated for stated in asking.duties(one) if stated.clauses]
    return list(
        dict.fromkeys(
            stated.duty.kind
            for stated in mine
            for also in theirs
            if stated.duty.kind == also.duty.kind and asking.meet(stated, also)
        )
    )


def _papers_of_both(asking: Asking) -> Iterator[tuple[Source, Source, str]]:
    for one, other in asking.pairs():
        yield from ((one, other, kind) for kind in _kinds_of_both(asking, one, other))


def _same_rhythm(asking: Asking, one: Source, other: Source) -> Iterator[tuple[Stated, Stated]]:
    for mine in asking.duties(one):
        for theirs in asking.duties(other):
            alike = (mine.duty.kind, mine.duty.every) == (theirs.duty.kind, theirs.duty.every)
            if alike and asking.meet(mine, theirs):
                yield mine, theirs


def _steps_of_both(mine: Stated, theirs: Stated) -> Iterator[tuple[Step, Step]]:
    for step in mine.duty.steps:
        also = next((one for one in theirs.duty.steps if one.step == step.step and one.clauses), None)
        if step.clauses and also:
            yield step, also


def _chain(source: Source, kind: str) -> tuple[str, Chain] | None:
    chains = enumerate(source.book.chains)
    return next(((f"chains[{at}]", chain) for at, chain in chains if chain.kind == kind and chain.clause), None)


def _publication(source: Source, kind: str) -> tuple[str, Publication] | None:
    public = enumerate(source.book.publications)
    return next(((f"publications[{at}]", one) for at, one in public if one.kind == kind and one.clause), None)


BETWEEN_BOOKS: tuple[Callable[[Asking], Iterator[Finding]], ...] = (
    conflicting_frequency,
    different_days,
    different_reviewers,
    approval_in_one_only,
    each_and_sample,
    two_yearly_surveys,
    published_in_one_only,
)
