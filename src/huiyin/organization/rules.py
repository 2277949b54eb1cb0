"""Who may do what where: rights per role, and the actor every action is signed by."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal
from huiyin.organization.states import Role

# Rights are strings `room.verb`; a role is a set of them. A new right is documented in docs/rights.md.
_READ = frozenset({"cases.read", "duties.read", "directory.read", "reports.read", "search.use"})
_CLERK = _READ | {"contacts.take", "cases.note", "cases.hand_off", "cases.answer", "cases.follow_up", "cases.close"}
_CLERK |= {"customers.reveal", "customers.write", "reports.draft", "cases.accept", "cases.solve", "cases.refer"}
_MANAGER = _CLERK | {"reports.approve", "cases.reopen", "cases.take_over", "cases.read_restricted", "notices.publish"}
_MANAGER |= {"contacts.import", "organization.write", "handbook.adopt"}

RIGHTS: dict[str, frozenset[str]] = {
    Role.SERVICE_ASSISTANT: _CLERK,
    Role.DUTY_OFFICER: _READ | {"contacts.take", "cases.note"},
    Role.DEPARTMENT_STAFF: _READ | {"cases.accept", "cases.decline", "cases.solve", "cases.answer", "cases.note"},
    Role.CLUSTER_SUPERVISOR: _CLERK,
    Role.SITE_MANAGER: _MANAGER,
    Role.QUALITY_OFFICER: _READ | {"cases.note", "cases.reopen", "cases.read_restricted", "journal.read"},
    Role.DIRECTOR: _MANAGER | {"journal.read"},
    Role.GENERAL_MANAGER: _READ | {"reports.approve", "cases.read_restricted"},
    Role.ASSISTANT_GENERAL_MANAGER: _READ | {"reports.approve"},
    Role.OPERATIONS_OFFICER: _READ | {"reports.approve"},
    Role.FINANCE_OFFICER: _READ | {"reports.draft"},
    Role.PROJECT_PLANNER: _CLERK,
    Role.QUALITY_ENGINEER: _CLERK,
    Role.QUALITY_INSPECTOR: _READ | {"contacts.take", "cases.note", "cases.accept", "cases.solve"},
    Role.AUDITOR: _READ | {"journal.read", "cases.read_restricted"},
    Role.SYSTEM_SERVICE: _MANAGER,
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

    def check_company(self, right: str) -> None:
        """As check, for what holds at every site: only a post over the company will do."""
        if self.kind != "system" and not any(one.site is None and right in one.rights for one in self.scopes):
            raise NotAllowed(_("这件事管到全公司，要公司一级的岗位才能办理。"))

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
