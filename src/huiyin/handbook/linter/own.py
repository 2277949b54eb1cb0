"""Rules that look at one handbook at a time."""

import re
from collections.abc import Callable, Iterable, Iterator

from huiyin.handbook.linter.findings import Finding, Listed, Phrase
from huiyin.handbook.linter.sources import Asking, Source
from huiyin.handbook.schema import Role
from huiyin.organization.states import Role as Post

_PART = re.compile(r"\.[a-z]+$")  # the letter of one sentence among several: S3.2.6b.ii
_SERIES = re.compile(r"(?P<clause>.*?)(?P<series>[A-Z]\d[\w-]*)-F(?P<number>\d+)$")  # 7.2.3-G01-F1
RECORDS = "ISO 9001 7.5.3"
WEAK = 50  # percent of the forms handed out


def duplicate_number(asking: Asking) -> Iterator[Finding]:
    """X01: two clauses under one printed number."""
    for source in asking.sources:
        printed: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for place, clause in enumerate(source.book.clauses):
            whole = _PART.sub("", clause.id)
            section, _dot, number = whole.rpartition(".")
            printed.setdefault((section, clause.printed or number), []).append((place, clause.id))
        for (_section, number), clauses in printed.items():
            wholes = list(dict.fromkeys(_PART.sub("", one) for _place, one in clauses))
            if len(wholes) > 1:
                second = next(place for place, one in clauses if _PART.sub("", one) == wholes[1])
                yield source.found(
                    "duplicate_number",
                    f"clauses[{second}].id",
                    [one for _place, one in clauses],
                    number=number,
                    count=len(wholes),
                    stems=Listed(tuple(wholes), short=True),
                )


def form_number_twice(asking: Asking) -> Iterator[Finding]:
    """X02: one number printed on two forms."""
    for source in asking.sources:
        forms = list(enumerate(source.book.forms))
        for number in dict.fromkeys(form.number for _place, form in forms if form.number):
            same = [(place, form) for place, form in forms if form.number == number]
            if len(same) > 1:
                yield source.found(
                    "form_number_twice",
                    f"forms[{same[1][0]}].number",
                    [form.clause for _place, form in same],
                    number=number,
                    titles=Listed(tuple(Phrase.of("form", title=form.title) for _place, form in same), short=True),
                    next=_next_free(number, source),
                )


def _next_free(number: str, source: Source) -> str:
    """The next free number of a form's series: after 7.2.3-G01-F1 and 7.5.1-G01-F2 comes 7.2.3-G01-F3."""
    mine = _SERIES.match(number)
    if mine is None:
        return f"{number}-2"
    all_of_them = (_SERIES.match(form.number) for form in source.book.forms)
    used = [int(one["number"]) for one in all_of_them if one and one["series"] == mine["series"]]
    return f"{mine['clause']}{mine['series']}-F{max(used) + 1}"


def form_without_number(asking: Asking) -> Iterator[Finding]:
    """X03: a form without a number in a handbook that numbers its forms."""
    for source in asking.sources:
        first = next((form.number for form in source.book.forms if form.number), "")
        for place, form in enumerate(source.book.forms):
            if first and not form.number:
                title, free = Phrase.of("form", title=form.title), _next_free(first, source)
                path = f"forms[{place}].number"
                yield source.found("form_without_number", path, [form.clause], title=title, next=free)


def record_list_omits(asking: Asking) -> Iterator[Finding]:
    """X21: a form that clauses use and the procedure's own list of records leaves out."""
    for source in asking.sources:
        for place, form in enumerate(source.book.forms):
            if not form.listed:
                title = Phrase.of("form", title=form.title)
                yield source.found("record_list_omits", f"forms[{place}].listed", [form.clause], title=title)


def undefined_role(asking: Asking) -> Iterator[Finding]:
    """X17, X24: somebody acts whom the source does not define; who that is, we read into it."""
    for source in asking.sources:
        for place, role in enumerate(source.book.roles):
            clauses = _acting(source, role)
            if role.ours and clauses and (role.post or role.customer):
                yield source.found(
                    "undefined_role",
                    f"roles[{place}].id",
                    clauses,
                    role=role,
                    post=PostName(role.post or role.customer or ""),
                )


def role_without_post(asking: Asking) -> Iterator[Finding]:
    """X17: a role that acts and that nobody fills."""
    for source in asking.sources:
        for place, role in enumerate(source.book.roles):
            clauses = _acting(source, role)
            if clauses and not role.post and not role.customer:
                yield source.found("role_without_post", f"roles[{place}].id", clauses, role=role)


class PostName(str):
    """A post that says its name in the reader's language."""

    def __str__(self) -> str:
        code = str.__str__(self)
        return str(Post(code).label) if code in Post.values else code


def _acting(source: Source, role: Role) -> list[str]:
    """Clauses in which a role acts or is named, in the order of the handbook."""
    longer = [one.zh for one in source.book.roles if role.zh in one.zh and one.zh != role.zh]
    named = {clause.id for clause in source.book.clauses if role.zh in _without(clause.zh, longer)}
    named |= {clause.id for clause in source.book.clauses if clause.role == role.id}
    for duty in source.book.recurring:
        named |= {clause for step in duty.steps if role.id in {step.owner, step.to} for clause in step.clauses}
    named |= {chain.clause for chain in source.book.chains if role.id in {step.role for step in chain.steps}}
    return [clause.id for clause in source.book.clauses if clause.id in named]


def _without(words: str, names: Iterable[str]) -> str:
    for name in names:
        words = words.replace(name, "")
    return words


def step_without_owner(asking: Asking) -> Iterator[Finding]:
    """A dated step that nobody owes."""
    for source in asking.sources:
        for stated in asking.duties(source):
            for path, step in stated.steps:
                if step.clauses and not step.owner:
                    first = step.clauses[0]
                    yield source.found("step_without_owner", path, step.clauses, clause=first)


def same_post_approves(asking: Asking) -> Iterator[Finding]:
    """X18: whoever writes a paper also approves it."""
    for source in asking.sources:
        for place, chain in enumerate(source.book.chains):
            writes = {source.book.post_of(step.role) for step in chain.steps if step.act == "draft"}
            decides = {source.book.post_of(step.role) for step in chain.steps if step.act in {"approve", "ratify"}}
            for post in sorted(writes & decides):
                path = f"chains[{place}]"
                yield source.found("same_post_approves", path, [chain.clause], post=PostName(post))


def unmeasurable_words(asking: Asking) -> Iterator[Finding]:
    """X28, X39: a word of the source that nobody can measure."""
    for source in asking.sources:
        for path, clause in asking.clauses(source):
            if clause.vague:
                ours = clause.ours or Phrase.of("no_value")
                yield source.found("unmeasurable_words", f"{path}.vague", [clause.id], word=clause.vague, ours=ours)


def values_are_ours(asking: Asking) -> Iterator[Finding]:
    """X28, X42, X45: where the source gives no day and no number at all."""
    for source in asking.sources:
        open_ones = [(path, one.id) for path, one in asking.clauses(source) if one.ours and not one.vague]
        if open_ones:
            path, clauses = open_ones[0][0], [one for _path, one in open_ones]
            yield source.found("values_are_ours", f"{path}.ours", clauses, count=len(clauses))


def unclear_base(asking: Asking) -> Iterator[Finding]:
    """X13, X14: a share, and the source does not say of what."""
    for source in asking.sources:
        ours = {clause.id for _path, clause in asking.clauses(source) if clause.ours}
        unclear = [(at, one) for at, one in enumerate(source.book.quotas) if not one.ours and one.clause in ours]
        if unclear:
            shares = Listed(tuple(Phrase.of("share", clause=one.clause, n=one.share) for _at, one in unclear))
            clauses = [one.clause for _at, one in unclear]
            yield source.found("unclear_base", f"quotas[{unclear[0][0]}].of", clauses, shares=shares)


def weak_floor(asking: Asking) -> Iterator[Finding]:
    """X16: a floor for returns that a sound estimate can not stand on."""
    for source in asking.sources:
        for place, quota in enumerate(source.book.quotas):
            if quota.of == "issued" and quota.share < WEAK:
                yield source.found("weak_floor", f"quotas[{place}].share", [quota.clause], share=quota.share)


def designs_not_comparable(asking: Asking) -> Iterator[Finding]:
    """X40: a sample of those who complain, and a census: their scores are not one series."""
    for source in asking.sources:
        surveys = {stated.duty.kind: stated for stated in asking.duties(source)}
        sample, census = surveys.get("mid_year_survey"), surveys.get("year_end_survey")
        if sample and census:
            clauses = (*sample.clauses, *census.clauses)
            yield source.found("designs_not_comparable", f"{sample.path}.kind", clauses)


def no_retention(asking: Asking) -> Iterator[Finding]:
    """X36: records are kept, and nobody says how long."""
    for source in asking.sources:
        book = source.book
        kept = {form.clause for form in book.forms} | {one.id for one in book.clauses if RECORDS in one.tags}
        clauses = [clause.id for clause in book.clauses if clause.id in kept]
        if clauses and not book.retention:
            place = next(at for at, clause in enumerate(book.clauses) if clause.id == clauses[0])
            yield source.found("no_retention", f"clauses[{place}].id", clauses)


def no_display_days(asking: Asking) -> Iterator[Finding]:
    """X37: something is published, and nobody says for how long."""
    for source in asking.sources:
        public = [(at, one) for at, one in enumerate(source.book.publications) if not one.days and one.clause]
        lasting = [(at, one) for at, one in public if one.audience not in {"client", "quality_department", "staff"}]
        if lasting:
            clauses = [one.clause for _at, one in lasting]
            yield source.found("no_display_days", f"publications[{lasting[0][0]}].kind", clauses)


OF_ONE_BOOK: tuple[Callable[[Asking], Iterator[Finding]], ...] = (
    role_without_post,
    step_without_owner,
    same_post_approves,
    undefined_role,
    unclear_base,
    duplicate_number,
    form_number_twice,
    unmeasurable_words,
    form_without_number,
    record_list_omits,
    no_retention,
    no_display_days,
    weak_floor,
    designs_not_comparable,
    values_are_ours,
)
