"""Who may do what where: rights per role, and the actor every action is signed by."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

from django.utils.translation import gettext_lazy as _

from huiyin.kit import chinese
from huiyin.kit.counting import months_after
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.states import Role

# Rights are strings `room.verb`; a role is a set of them. A new right is documented in docs/rights.md.
_READ = frozenset({"cases.read", "duties.read", "directory.read", "reports.read", "search.use"})
_CLERK = _READ | {"contacts.take", "cases.note", "cases.hand_off", "cases.answer", "cases.follow_up", "cases.close"}
_CLERK |= {
    "duties.attest",
    "customers.reveal",
    "customers.write",
    "reports.draft",
    "cases.accept",
    "cases.solve",
    "cases.refer",
    "cases.pause",
    "cases.tell",
    "cases.triage",
    "cases.group",
}
_MANAGER = _CLERK | {"reports.approve", "cases.reopen", "cases.take_over", "cases.read_restricted", "notices.publish"}
_MANAGER |= {
    "cases.extend",
    "cases.name",
    "customers.privacy",
    "duties.waive",
    "contacts.import",
    "organization.write",
    "handbook.adopt",
    "engineering.write",
    "audit.read",
}
_MANAGER |= {"cases.supervise", "cases.countersign", "cases.read_hardship", "cases.verify"}
_AUDIT = frozenset({"audit.read", "journal.read", "cases.read_restricted"})
_QUALITY = _AUDIT | {"handbook.adopt", "duties.attest", "cases.note", "cases.reopen", "calendar.load"}
# S4.3.a: it watches every site, and what it has taken over it also brings to an end.
_QUALITY |= {"cases.supervise", "cases.oversee", "cases.take_over", "cases.hand_off"}
_QUALITY |= {"cases.solve", "cases.answer", "cases.refer", "cases.countersign", "cases.verify"}

# Whoever holds one of these over anything decides for others: a second factor proves it is them.
APPROVING = frozenset({"reports.approve", "notices.publish", "handbook.adopt", "organization.write", "calendar.load"})

RIGHTS: dict[str, frozenset[str]] = {
    Role.SERVICE_ASSISTANT: _CLERK,
    Role.DUTY_OFFICER: _READ | {"duties.attest", "contacts.take", "cases.note", "cases.tell", "cases.triage"},
    Role.DEPARTMENT_STAFF: _READ
    | {
        "duties.attest",
        "cases.accept",
        "cases.decline",
        "cases.solve",
        "cases.answer",
        "cases.note",
        "cases.pause",
        "cases.tell",
        "cases.triage",
    },
    Role.CLUSTER_SUPERVISOR: _CLERK | {"cases.supervise", "cases.countersign", "cases.verify"},
    Role.SITE_MANAGER: _MANAGER,
    Role.QUALITY_OFFICER: _READ | _QUALITY,
    Role.DIRECTOR: _MANAGER | {"journal.read", "calendar.load"},
    Role.GENERAL_MANAGER: _READ
    | {
        "duties.attest",
        "reports.approve",
        "cases.read_restricted",
        "cases.supervise",
        "calendar.load",
        "audit.read",
    },
    Role.ASSISTANT_GENERAL_MANAGER: _READ | {"duties.attest", "reports.approve"},
    Role.OPERATIONS_OFFICER: _READ | {"duties.attest", "reports.approve"},
    Role.FINANCE_OFFICER: _READ | {"duties.attest", "reports.draft"},
    Role.PROJECT_PLANNER: _CLERK | {"engineering.write"},
    Role.QUALITY_ENGINEER: _CLERK | {"engineering.write", "cases.verify"},
    Role.QUALITY_INSPECTOR: _READ
    | {
        "duties.attest",
        "contacts.take",
        "cases.note",
        "cases.accept",
        "cases.solve",
        "cases.pause",
        "cases.tell",
        "cases.triage",
    },
    Role.AUDITOR: _READ | _AUDIT,
    Role.SYSTEM_SERVICE: _MANAGER | {"calendar.load"},
}


class NotAllowed(Refusal):
    """The actor lacks the right. Faces answer 403 where the object may be seen, 404 where not."""


class Place(Protocol):
    """Anything with a primary key and, for clusters, nothing else: rights are asked for sites."""

    @property
    def pk(self) -> int: ...


@dataclass(frozen=True)
class Scope:
    """One post of an actor. `site` empty = the whole company; `cluster` empty = the whole site."""

    role: str
    site: int | None
    cluster: int | None = None
    department: int | None = None

    @property
    def rights(self) -> frozenset[str]:
        return RIGHTS[self.role]


@dataclass(frozen=True)
class Actor:
    """Whoever acts: staff, customer, holder of a link, service or the system itself."""

    kind: Literal["staff", "customer", "link", "service", "system"]
    id: str = ""
    name: str = ""
    user_id: int | None = None
    scopes: tuple[Scope, ...] = field(default=())

    @property
    def signature(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @property
    def is_company_wide(self) -> bool:
        return self.kind == "system" or any(scope.site is None for scope in self.scopes)

    def may(self, right: str, site: Place | None = None) -> bool:
        """Whether a post of the actor carries the right over this site (any site when none is named)."""
        if self.kind == "system":
            return True
        return any(
            right in scope.rights and (site is None or scope.site is None or scope.site == site.pk)
            for scope in self.scopes
        )

    def check(self, right: str, site: Place | None = None) -> None:
        if not self.may(right, site):
            raise NotAllowed(_("您的岗位没有这项权限（%(right)s）。请找管理处经理办理。") % {"right": right})

    def check_everywhere(self, right: str) -> None:
        """For what concerns the whole company: only a post over the company carries it."""
        if not self.may_everywhere(right):
            raise NotAllowed(_("这件事关系到全公司，要公司一级的岗位才能办（%(right)s）。") % {"right": right})

    def may_everywhere(self, right: str) -> bool:
        return self.kind == "system" or any(right in scope.rights and scope.site is None for scope in self.scopes)

    @property
    def approves(self) -> bool:
        """Whether a post of the actor decides for others, so that a password alone is too little."""
        return any(scope.rights & APPROVING for scope in self.scopes)

    @property
    def sites(self) -> frozenset[int]:
        """Sites seen whole."""
        return frozenset(scope.site for scope in self.scopes if scope.site is not None and scope.cluster is None)

    @property
    def clusters(self) -> frozenset[int]:
        return frozenset(scope.cluster for scope in self.scopes if scope.cluster is not None)

    @property
    def departments(self) -> frozenset[int]:
        return frozenset(scope.department for scope in self.scopes if scope.department is not None)


SYSTEM = Actor(kind="system", name="系统")


LONGEST_TERM = timedelta(days=250)
RECHECK_MONTHS = 6  # ours: where a duty does not apply, somebody looks again after half a year (X47)
LONGEST_RECHECK = timedelta(days=366)
LONGEST_REASON = 1000


class WrongTerm(Refusal):
    """Days that make no semester."""


class WrongCircumstance(Refusal):
    """A fact stated without reason or with impossible days."""


class Dated(Protocol):
    """A semester with its days, both included."""

    @property
    def period(self) -> str: ...
    @property
    def first_on(self) -> date: ...
    @property
    def last_on(self) -> date: ...


def check_term(period: str, first_on: date, last_on: date, others: Iterable[Dated]) -> Period:
    """The semester's period. Refuses other periods, days outside its school year, and overlap or a wrong order with `others`.

    `others` are the same site's semesters; one of the same period is what is being replaced.
    """
    term = Period.parse(period)
    if term.kind != "semester":
        raise WrongTerm(_("学期写成 2026-2027-1（第一学期）或 2026-2027-2（第二学期）。"), "period")
    if last_on < first_on:
        raise WrongTerm(_("最后一天不能早于第一天。"), "last_on")
    for day, field_name in ((first_on, "first_on"), (last_on, "last_on")):
        if day.year not in {term.year, term.year + 1}:
            raise WrongTerm(_("%(day)s 不在 %(term)s 里。") % {"day": day, "term": term.label()}, field_name)
    if last_on - first_on > LONGEST_TERM:
        raise WrongTerm(_("一个学期不会超过 %(days)s 天。") % {"days": LONGEST_TERM.days}, "last_on")
    for other in others:
        _check_beside(term, first_on, last_on, other)
    return term


def _check_beside(term: Period, first_on: date, last_on: date, other: Dated) -> None:
    beside = Period.parse(other.period)
    values = {"term": beside.label(), "first": other.first_on, "last": other.last_on}
    if term < beside and last_on >= other.first_on:
        raise WrongTerm(_("要在 %(term)s 开始（%(first)s）以前结束。") % values, "last_on")
    if term > beside and first_on <= other.last_on:
        raise WrongTerm(_("要在 %(term)s 结束（%(last)s）以后开始。") % values, "first_on")


def recheck_default(today: date) -> date:
    """When to look again at a fact that lets duties rest: half a year on."""
    return months_after(today, RECHECK_MONTHS)


def check_circumstance(reason: str, *, since_on: date, recheck_on: date | None, today: date) -> None:
    """Refuses an empty reason, a beginning in the future, and a re-check that is past or more than a year away."""
    if chinese.is_blank(reason):
        raise WrongCircumstance(_("请写明依据，例如街道没有备案、成立大会的日期。"), "reason")
    if len(reason) > LONGEST_REASON:
        raise WrongCircumstance(_("依据最多 %(n)s 字。") % {"n": LONGEST_REASON}, "reason")
    if since_on > today:
        raise WrongCircumstance(_("从哪天起不能是以后的日子。"), "since_on")
    if recheck_on and not today < recheck_on <= today + LONGEST_RECHECK:
        raise WrongCircumstance(_("复核的日子要在今天以后、一年以内。"), "recheck_on")


Field = tuple[str, str]  # (category, cluster code; "" = elsewhere on the site)


@dataclass(frozen=True)
class Holding:
    """One line of a remit matrix as it is written: who (unit:3, person:7) answers for a category in a cluster."""

    category: str
    cluster: str
    holder: str

    @property
    def field(self) -> Field:
        return self.category, self.cluster


class RemitOverlap(Refusal):
    """A field of the matrix with two answers."""

    def __init__(self, fields: str) -> None:
        super().__init__(_("有的格子写了两个：%(fields)s。每一格只有一个部门或一个人负责。") % {"fields": fields})


class RemitGap(Refusal):
    """A field of the matrix without an answer."""

    def __init__(self, fields: str) -> None:
        super().__init__(_("还有空着的格子：%(fields)s。可以先存草稿，填满了才能生效。") % {"fields": fields})


class WrongRemit(Refusal):
    """Somebody or something that is not of the site, or an impossible day."""


class NotMapped(Refusal):
    """X17: a section that acts by the procedure and is no unit of the site."""

    def __init__(self, names: str) -> None:
        super().__init__(_("制度里的“%(names)s”还没有对应到本站点的部门，请先选好。") % {"names": names})


def overlaps(holdings: Iterable[Holding]) -> list[Field]:
    """Fields held more than once, in the order they are first met."""
    counted: dict[Field, set[str]] = {}
    for one in holdings:
        counted.setdefault(one.field, set()).add(one.holder)
    return [place for place, holders in counted.items() if len(holders) > 1]


def gaps(holdings: Iterable[Holding], categories: Iterable[str], clusters: Iterable[str]) -> list[Field]:
    """Fields of category x cluster that nobody holds, row by row."""
    held, columns = {one.field for one in holdings}, list(clusters)
    return [(category, cluster) for category in categories for cluster in columns if (category, cluster) not in held]
