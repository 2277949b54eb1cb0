"""What goes up to the company and comes back in the demo town: the remit matrix, the week's digests, the analysis."""

import random
from datetime import datetime

from django.utils import timezone

from huiyin.demo.cast import Cast
from huiyin.duties.queries import begun
from huiyin.handbook.actions import put_remits_in_force
from huiyin.handbook.queries import rulebook
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.actions import draft_remits
from huiyin.organization.models import Department, Site
from huiyin.organization.queries import actor_of, crew_of, picture_of
from huiyin.organization.rules import SYSTEM, Holding
from huiyin.organization.states import Role
from huiyin.reports import actions as reports

CONCLUSIONS = (
    "各站点的数字都看过了。图上圈出的点请相关站点在周三前说明原因，其余属于波动，不必解释。",
    "投诉集中在维修和秩序两类。请按期给出方案，圈出的点写明原因。",
    "与上周相比的起落在控制限之内的，不作评价；越出的已请站点经理复核。",
)
HANDS_ON = {"repair", "water_power"}


def share_out(cast: Cast, now: datetime) -> None:
    """The student housing says who answers: repairs go to the maintenance, everything else to the cluster's supervisor."""
    site, manager = cast.sites["xueyuan"], cast.actor("gao")
    unit = f"unit:{Department.objects.get(site=site, code='maintenance').pk}"
    heads = {"east": f"person:{cast.users['luo'].pk}", "west": f"person:{cast.users['song'].pk}"}
    clusters = [*(group.code for group in picture_of(site).clusters), ""]
    held = [
        Holding(code, cluster, unit if code in HANDS_ON else heads.get(cluster, unit))
        for code, _name in rulebook(site, timezone.localdate(now)).categories()
        for cluster in clusters
    ]
    matrix = draft_remits(site, held, by=manager, now=now)
    put_remits_in_force(matrix, on=timezone.localdate(now), by=manager, now=now)


def hand_in_weeks(cast: Cast, site: Site, dice: random.Random, now: datetime) -> None:
    """On a Monday: last week's digest is drafted, handed in and received; one in ten is forgotten until the week after."""
    asked = begun(reports.DIGEST, now=now).filter(site=site, step="submit").values_list("period", flat=True).distinct()
    for week in sorted(one for one in map(Period.parse, asked) if one.kind == "week"):
        clerk = actor_of(crew_of(site).holders(Role.SERVICE_ASSISTANT)[0])
        report = reports.draft(site, week, by=SYSTEM, now=now)
        if report.state == "draft" and dice.random() < 0.9:
            reports.submit(report, by=clerk, now=now)
            reports.acknowledge(report, by=cast.actor("fang"), now=now)


def analyze_week(cast: Cast, dice: random.Random, now: datetime) -> None:
    """On a Tuesday the quality department writes what it makes of the week before."""
    week = Period.week_of(timezone.localdate(now)).previous()
    if dice.random() < 0.95:
        try:
            reports.conclude(cast.company, week, conclusion=dice.choice(CONCLUSIONS), by=cast.actor("fang"), now=now)
        except Refusal:
            return
