"""What the demo town tells everybody: of closed matters that many ask about, in general words, written by one and approved by another."""

from datetime import datetime

from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.demo.cast import Cast
from huiyin.organization.models import Site
from huiyin.organization.queries import actor_of, crew_of
from huiyin.organization.states import Role
from huiyin.references.states import Sensitivity
from huiyin.reports import public_answers as answers

# site, category, title, what was raised, what was done
TOLD = (
    (
        "yulan",
        "elevator",
        "电梯停运和异响",
        "多位住户反映电梯停运、运行有响声，上下楼不便。",
        "维保单位检修了门机和曳引机，换了磨损的部件。\n从本月起每半月加检一次，检查表贴在轿厢里。",
    ),
    (
        "xueyuan",
        "water_power",
        "热水供应时间",
        "有同学反映晚自习回来洗不上热水。",
        "与锅炉房商定，热水供应延长到晚自习以后。\n下学期起写进作息表。",
    ),
)
MOST = 3  # matters told of together


def tell_everybody(cast: Cast, now: datetime) -> None:
    """One public answer for each of these sites that has closed something of the kind; the manager publishes it."""
    for code, category, *words in TOLD:
        _tell(cast.sites[code], category, dict(zip(("title", "raised", "done"), words, strict=True)), now)


def _tell(site: Site, category: str, words: dict[str, str], now: datetime) -> None:
    closed = Case.objects.filter(
        site=site, category=category, state=State.CLOSED, reference__sensitivity=Sensitivity.SITE
    )
    chosen = list(closed.select_related("reference", "building").order_by("-closed_at", "-id")[:MOST])
    if not chosen:
        return
    crew = crew_of(site)
    clerk, manager = (actor_of(crew.holders(role)[0]) for role in (Role.SERVICE_ASSISTANT, Role.SITE_MANAGER))
    answer = answers.prepare(site, chosen, **words, by=clerk, now=now)
    answers.publish(answers.submit(answer, by=clerk, now=now), by=manager, now=now)
