"""The de-identification gate: what may not be made public (PIPL art. 25)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from huiyin.kit import chinese
from huiyin.kit.privacy import Finding, find_personal
from huiyin.kit.refusal import Refusal


class NamesSomebody(Refusal):
    """Something personal stands in a text that is to be made public."""


class NoReason(Refusal):
    """What was public goes only for a reason that stays on record."""


@dataclass(frozen=True)
class Block:
    """One piece of a notice: a heading, a paragraph, or a table given by its rows (first row = heads). Plain text only."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    def as_json(self) -> dict[str, object]:
        return {"kind": self.kind, "text": self.text, "rows": [list(row) for row in self.rows]}

    @property
    def words(self) -> str:
        return "\n".join([self.text, *(" ".join(row) for row in self.rows)])


def inspected(blocks: Sequence[Block], *, names: Sequence[str] = (), rooms: Sequence[str] = ()) -> list[Finding]:
    """What the gate finds: phones, rooms, plates, identity numbers, addresses and names that may not go out."""
    return [finding for block in blocks for finding in find_personal(block.words, names=names, rooms=rooms)]


def check(findings: Sequence[Finding]) -> None:
    """Refuse publication while anything is found."""
    if findings:
        found = "、".join(dict.fromkeys(finding.text for finding in findings))
        raise NamesSomebody(_("公示前请去掉个人信息：%(found)s") % {"found": found}, "summary")


FIELDS = ("name", "holds", "hours", "price", "who", "phone", "how")
MOST_SERVICES = 60
LONGEST_AHEAD = timedelta(days=366)


class StillWithApprover(Refusal):
    def __init__(self) -> None:
        super().__init__(_("这一版已经提交，等经理审批：批准或退回以后才能改。"))


class NotSubmitted(Refusal):
    def __init__(self) -> None:
        super().__init__(_("没有等着审批的服务目录。"))


class DecidedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(_("别人已经审过这一版了，现在没有等着审批的。您写的意见还在，这一次没有送出。"))


class WrongServices(Refusal):
    """The list of services is empty, too long, or one of them lacks something."""


class WrongStart(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请写今天起、一年以内的一天。"), "on")


def services_of(given: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The services, cleaned. Each has at least a name, its price (or that it is free) and how to ask for it."""
    services = [{field: chinese.clean(one.get(field, "")) for field in FIELDS} for one in given]
    if not services or len(services) > MOST_SERVICES:
        raise WrongServices(_("请写一项到 %(most)s 项服务。") % {"most": MOST_SERVICES})
    for place, one in enumerate(services, start=1):
        if any(chinese.is_blank(one[field]) for field in ("name", "price", "how")):
            raise WrongServices(_("第 %(n)s 项要写名称、价格（免费就写免费）和怎么申请。") % {"n": place})
    return services


def check_impersonal(services: Iterable[Mapping[str, str]]) -> None:
    """The gate of everything public. The office's telephone stands in a field of its own and may go out."""
    blocks = [Block("paragraph", "\n".join(one[field] for field in FIELDS if field != "phone")) for one in services]
    check(inspected(blocks))


def check_start(day: date, today: date) -> None:
    if not today <= day <= today + LONGEST_AHEAD:
        raise WrongStart


def matching(services: Sequence[Mapping[str, str]], words: str) -> list[Mapping[str, str]]:
    """The services in which every word stands somewhere; all of them for no words."""
    wanted = words.casefold().split()
    return [one for one in services if all(word in " ".join(one.values()).casefold() for word in wanted)]
