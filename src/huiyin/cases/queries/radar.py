"""群诉雷达: many voices that may be one matter, offered to whoever answers for the site. Deterministic; it groups nothing itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.cases.models import OPEN, Case
from huiyin.cases.queries.lists import visible_to
from huiyin.handbook.queries import rulebook
from huiyin.handbook.schema import Grouping
from huiyin.interactions.states import ContactKind
from huiyin.kit.likeness import clusters, masks, percent_alike
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

MOST = 200  # newest open cases compared with one another; two hundred take some milliseconds


@dataclass(frozen=True)
class Cluster:
    """Open cases that look like one matter, oldest first."""

    numbers: tuple[str, ...]
    words: str
    households: int
    people: int


def radar(site: Site, actor: Actor, *, now: datetime) -> list[Cluster]:
    """What may be a group complaint at a site: alike in words, of one building or subject, of enough households or people in
    so many days; or enough reports of one building in fewer days. The values are the rulebook's. Two queries."""
    rule = rulebook(site, timezone.localdate(now)).grouping()
    since = now - timedelta(days=rule.days)
    heard = visible_to(actor).filter(OPEN, site=site, is_history=False, parent=None, received_at__gte=since)
    heard = heard.exclude(kind=ContactKind.COMPLIMENT).filter(children=None).select_related("reference")
    cases = sorted(heard.order_by("-received_at", "-id")[:MOST], key=lambda case: (case.received_at, case.pk))
    bits = masks([case.summary for case in cases])

    def belong(one: int, other: int) -> bool:
        near = _same(cases[one].building_id, cases[other].building_id) or _same(
            cases[one].category, cases[other].category
        )
        alike = cases[one].reference.sensitivity == cases[other].reference.sensitivity
        return near and alike and percent_alike(bits[one], bits[other]) >= rule.likeness

    found = [[cases[place] for place in places] for places in clusters(len(cases), belong)]
    told = [_cluster(gathered) for gathered in found if _is_enough(gathered, rule)]
    return sorted(told, key=lambda one: (-len(one.numbers), one.numbers))


def _same(one: object, other: object) -> bool:
    return bool(one) and one == other


def _is_enough(gathered: list[Case], rule: Grouping) -> bool:
    cluster = _cluster(gathered)
    if cluster.households >= rule.households or cluster.people >= rule.people:
        return True
    return any(_reports_at_once(gathered, case, rule) >= rule.alert_reports for case in gathered)


def _reports_at_once(gathered: list[Case], first: Case, rule: Grouping) -> int:
    """How many reports of one building came within the shorter span that begins with this one."""
    until = first.received_at + timedelta(days=rule.alert_days)
    same = (case for case in gathered if _same(case.building_id, first.building_id))
    return sum(1 for case in same if first.received_at <= case.received_at <= until)


def _cluster(gathered: list[Case]) -> Cluster:
    homes = {case.room_id or f"customer {case.customer_id}" for case in gathered if case.room_id or case.customer_id}
    people = {case.customer_id or f"case {case.pk}" for case in gathered}
    numbers = tuple(case.reference.number for case in gathered)
    return Cluster(numbers, gathered[0].summary, len(homes), len(people))
