"""What a well-formed handbook may still have wrong: the first of these stops it from being read. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol, get_args

from django.utils.translation import gettext

from huiyin.handbook.schema import Chain, Handbook, Limit, Recurring, Step, When
from huiyin.handbook.states import Act, CaseKind, Urgency
from huiyin.organization.states import Role as Post

PUBLIC = frozenset({"site", "owners"})
WAYS = ("day", "nth_working_day", "days_after", "working_days_after", "day_of_period", "days_before_end")
MONTHS = {"month": 1, "quarter": 3, "half": 6, "semester": 4, "year": 12}  # of a period, the shortest
DECIDING = frozenset({"approve", "ratify"})
ACTS: tuple[str, ...] = get_args(Act)
CASE_KINDS: tuple[str, ...] = get_args(CaseKind)
URGENCIES: tuple[str, ...] = get_args(Urgency)  # gravest first


@dataclass(frozen=True)
class Fault:
    """Something wrong at a path of the file, such as `limits[3].clause`."""

    path: str
    reason: str


class Sourced(Protocol):
    """An entry that either carries out a clause or is ours."""

    @property
    def clause(self) -> str: ...
    @property
    def ours(self) -> bool: ...


def faults(book: Handbook) -> Iterator[Fault]:
    """Everything wrong with a handbook, in the order of the language."""
    yield from _repeated("roles", "id", [role.id for role in book.roles])
    yield from _repeated("clauses", "id", [clause.id for clause in book.clauses])
    yield from _repeated("categories", "code", [category.code for category in book.categories])
    yield from _repeated("forms", "code", [form.code for form in book.forms])
    yield from _repeated("rungs", "percent", [rung.percent for rung in book.rungs])
    yield from _unknown_posts(book)
    yield from _unknown_roles(book)
    yield from _unstated_clauses(book)
    yield from _unsourced(book)
    yield from _limits(book)
    yield from _repeated("quotas", "name", [quota.name for quota in book.quotas])
    yield from _repeated("channels", "channel", [way.channel for way in book.channels])
    quotas = {quota.name for quota in book.quotas}
    for place, duty in enumerate(book.recurring):
        yield from _duty(f"recurring[{place}]", duty, quotas)
    for place, chain in enumerate(book.chains):
        yield from _chain(f"chains[{place}]", chain)
    for place, publication in enumerate(book.publications):
        if publication.audience in PUBLIC and not publication.deidentified:
            yield Fault(f"publications[{place}].deidentified", gettext("向公众公布的内容必须先隐去个人信息"))


def _repeated(table: str, key: str, values: Sequence[object]) -> Iterator[Fault]:
    for place, value in enumerate(values):
        if value in values[:place]:
            yield Fault(f"{table}[{place}].{key}", gettext("“%(value)s”写了两次") % {"value": value})


def _unknown_posts(book: Handbook) -> Iterator[Fault]:
    for place, role in enumerate(book.roles):
        if role.post and role.post not in Post.values:
            values = {"post": role.post, "known": ", ".join(Post.values)}
            yield Fault(f"roles[{place}].post", gettext("没有“%(post)s”这个岗位；可用：%(known)s") % values)


def _roles_named(book: Handbook) -> Iterator[tuple[str, str]]:
    """(path, role) wherever a file names a role."""
    yield from ((f"clauses[{place}].role", clause.role) for place, clause in enumerate(book.clauses))
    for place, duty in enumerate(book.recurring):
        for nth, step in enumerate(duty.steps):
            yield f"recurring[{place}].steps[{nth}].owner", step.owner
            yield f"recurring[{place}].steps[{nth}].to", step.to
    for place, chain in enumerate(book.chains):
        yield from ((f"chains[{place}].steps[{nth}].role", one.role or "?") for nth, one in enumerate(chain.steps))
    for place, rung in enumerate(book.rungs):
        yield from ((f"rungs[{place}].roles", role or "?") for role in rung.roles)


def _unknown_roles(book: Handbook) -> Iterator[Fault]:
    stated = {role.id for role in book.roles}
    for path, role in _roles_named(book):
        if role and role not in stated:
            yield Fault(path, gettext("角色“%(role)s”没有在 roles 里写明") % {"role": role})


def _clauses_named(book: Handbook) -> Iterator[tuple[str, str]]:
    """(path, clause) wherever a file refers to a clause."""
    tables: dict[str, Iterable[Sourced]] = _sourced(book)
    for table, entries in tables.items():
        yield from ((f"{table}[{place}].clause", entry.clause) for place, entry in enumerate(entries))
    yield from ((f"categories[{place}].clause", category.clause) for place, category in enumerate(book.categories))
    for place, duty in enumerate(book.recurring):
        for nth, step in enumerate(duty.steps):
            yield from ((f"recurring[{place}].steps[{nth}].clauses", clause) for clause in step.clauses)


def _unstated_clauses(book: Handbook) -> Iterator[Fault]:
    stated = {clause.id for clause in book.clauses}
    for path, clause in _clauses_named(book):
        if clause and clause not in stated:
            yield Fault(path, gettext("条款“%(clause)s”没有在 clauses 里写明") % {"clause": clause})


def _sourced(book: Handbook) -> dict[str, Iterable[Sourced]]:
    return {
        "limits": book.limits,
        "chains": book.chains,
        "publications": book.publications,
        "forms": book.forms,
        "quotas": book.quotas,
        "channels": book.channels,
        "retention": book.retention,
    }


def _unsourced(book: Handbook) -> Iterator[Fault]:
    """Nothing stands without a clause unless it says that it is ours."""
    for table, entries in _sourced(book).items():
        for place, entry in enumerate(entries):
            if not entry.clause and not entry.ours:
                yield Fault(
                    f"{table}[{place}]", gettext("要么写明出自哪一条（clause），要么写明是我们定的（ours = true）")
                )


def _limits(book: Handbook) -> Iterator[Fault]:
    for place, entry in enumerate(book.limits):
        counted = (entry.days, entry.hours, entry.minutes)
        if len([one for one in counted if one is not None]) != 1:
            yield Fault(f"limits[{place}]", gettext("days、hours 和 minutes 要写一个，只写一个"))
        elif entry.counting == "working" and not entry.days:
            yield Fault(f"limits[{place}].counting", gettext("按工作日数，至少要有一天"))
    for place, way in enumerate(book.channels):
        if way.days is not None and way.hours is not None:
            yield Fault(f"channels[{place}]", gettext("days 和 hours 要写一个，只写一个"))
        elif way.counting == "working" and not way.days and way.hours is None:
            yield Fault(f"channels[{place}].counting", gettext("按工作日数，至少要有一天"))
    yield from _limits_twice(book)
    yield from _slower_when_graver(book)


def _limits_twice(book: Handbook) -> Iterator[Fault]:
    seen: set[tuple[str, str, str]] = set()
    for place, limit in enumerate(book.limits):
        for one in product(limit.kinds or CASE_KINDS, limit.urgency or ("",)):
            if (limit.name, *one) in seen:
                values = {"name": limit.name, "kind": " ".join(filter(None, one))}
                yield Fault(f"limits[{place}].name", gettext("“%(name)s”对“%(kind)s”定了两次") % values)
            seen.add((limit.name, *one))


def _slower_when_graver(book: Handbook) -> Iterator[Fault]:
    """What is graver is never allowed more time than what is less so, of the same name and kind."""
    shortest: dict[tuple[str, str], float] = {}
    for rank in range(len(URGENCIES), -1, -1):
        urgency = URGENCIES[rank] if rank < len(URGENCIES) else ""
        fresh: dict[tuple[str, str], float] = {}
        for place, limit in enumerate(book.limits):
            if urgency not in (limit.urgency or ("",)):
                continue
            for kind in limit.kinds or CASE_KINDS:
                key, hours = (limit.name, kind), _hours(limit)
                if hours > shortest.get(key, hours):
                    values = {"name": limit.name, "kind": kind, "urgency": urgency}
                    words = gettext("“%(name)s”对“%(kind)s”：更急的（%(urgency)s）反而时限更长")
                    yield Fault(f"limits[{place}].urgency", words % values)
                fresh[key] = hours
        shortest |= fresh


def _hours(limit: Limit) -> float:
    """Calendar time a limit takes on average, to compare."""
    if limit.days is None:
        return float(limit.hours or 0) + (limit.minutes or 0) / 60
    return limit.days * (24 * 7 / 5 if limit.counting == "working" else 24) + 12


def _duty(path: str, duty: Recurring, quotas: Collection[str]) -> Iterator[Fault]:
    if (duty.every == "occasion") != (duty.on is not None):
        yield Fault(f"{path}.on", gettext('every = "occasion" 要写明 on（什么事发生时），别的周期不写'))
    if duty.quota and duty.quota not in quotas:
        yield Fault(f"{path}.quota", gettext("数量“%(quota)s”没有在 quotas 里写明") % {"quota": duty.quota})
    said: set[tuple[str, str]] = set()
    for nth, step in enumerate(duty.steps):
        yield from _step(f"{path}.steps[{nth}]", duty, step)
        for clause in step.clauses:
            if (step.step, clause) in said:
                values = {"step": step.step, "clause": clause}
                yield Fault(f"{path}.steps[{nth}].clauses", gettext("条款“%(clause)s”的“%(step)s”写了两次") % values)
            said.add((step.step, clause))


def _step(path: str, duty: Recurring, step: Step) -> Iterator[Fault]:
    if step.opens is not None:
        yield from _when(f"{path}.opens", duty, step.opens)
    if step.due is None:
        if step.clauses:
            yield Fault(path, gettext("有条款的步骤要写明到期日（due）"))
        return
    yield from _when(f"{path}.due", duty, step.due)
    opens, due = _rough(step.opens), _rough(step.due)
    if opens and due and opens > due:
        yield Fault(f"{path}.due", gettext("到期日早于开始日"))


def _when(path: str, duty: Recurring, when: When) -> Iterator[Fault]:
    ways = (
        when.day,
        when.nth_working_day,
        when.days_after,
        when.working_days_after,
        when.day_of_period,
        when.days_before_end,
    )
    if len([way for way in ways if way is not None]) != 1:
        yield Fault(path, gettext("定一个日子只用一种写法：%(ways)s") % {"ways": ", ".join(WAYS)})
    elif duty.every in {"week", "occasion"} and (when.day is not None or when.nth_working_day is not None):
        yield Fault(path, gettext("每周的和随事发生的事项不能用月份里的日子（day、nth_working_day）"))
    elif duty.every == "occasion" and (when.day_of_period is not None or when.days_before_end is not None):
        yield Fault(path, gettext("随事发生的事项从当天往后数：days_after 或 working_days_after"))
    elif when.month <= -MONTHS.get(duty.every, 1):
        yield Fault(f"{path}.month", gettext("month 不能早于期间的第一个月"))
    elif not when.inclusive and when.day in {None, 1}:
        yield Fault(path, gettext("“不含当日”只能用于 2 日以后的固定日期"))
    elif when.no_later_than is not None and when.nth_working_day is None:
        yield Fault(f"{path}.no_later_than", gettext("no_later_than 只用于第几个工作日（nth_working_day）"))


def _rough(when: When | None) -> tuple[int, int] | None:
    """A position that can be compared without a calendar; None where it takes one."""
    if when is not None and when.day is not None:
        return when.month, when.day
    if when is not None and when.days_after is not None and 1 <= when.days_after <= 28:
        return 1, when.days_after
    return None


def _chain(path: str, chain: Chain) -> Iterator[Fault]:
    order = [ACTS.index(step.act) for step in chain.steps]
    roles = [step.role for step in chain.steps]
    for nth in range(1, len(order)):
        if order[nth] < order[nth - 1]:
            yield Fault(f"{path}.steps", gettext("次序不对：先拟定，再审阅、审核，然后审批、批准"))
        if roles[nth] in roles[:nth]:
            yield Fault(f"{path}.steps", gettext("“%(role)s”在同一条审批链里出现两次") % {"role": roles[nth]})
    if chain.steps[-1].act not in DECIDING:
        yield Fault(f"{path}.steps", gettext("审批链要以审批（approve）或批准（ratify）结束"))
