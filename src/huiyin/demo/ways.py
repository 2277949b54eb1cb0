"""What becomes of suggestions in the demo town, and of one matter that is beyond its authority."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.cases import actions as cases
from huiyin.cases.actions import Analysis, Ask
from huiyin.cases.models import Case
from huiyin.cases.queries import suggestion_of
from huiyin.cases.states import Outcome, State
from huiyin.customers.models import Customer
from huiyin.duties.queries import open_about
from huiyin.interactions.rules import Contact
from huiyin.organization.models import Site
from huiyin.organization.queries import actor_of, crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role

ANALYSIS = Analysis("两千元以内，半天工", "住户方便，也少一类投诉", "yes", "责任部门")
ADOPTED = "谢谢您的建议，我们采纳了。"
DEFERRED = "要动用公共地方，得先征得同意，我们已经报上去争取。"
DECLINED = "您说的地方是消防通道，不能放东西，请您谅解。"
THANKS = "谢谢您！我们把您的话转给了大家，这是最好的鼓励。"
OBJECTED = "一、说好的没有做到。二、打电话没有人回。请换个人看看。"
LOOKED_AT = "我把经过重新看了一遍：上次只处理了表面，没有查到原因。请责任部门查清原因以后再给您方案。"
REALIZED = "已经办好了，欢迎您去看看。"


def decide(case: Case, by: Actor, dice: random.Random, now: datetime) -> str:
    """Weighed and decided: half adopted, some put off, some declined. Says which."""
    cases.weigh(case, analysis=ANALYSIS, by=by, now=now)
    manager = actor_of(crew_of(case.site).holders(Role.SITE_MANAGER)[0])
    cases.name(case, to=crew_of(case.site).holders(Role.SITE_MANAGER)[0], by=manager, now=now)
    verdict = dice.choice(("adopted", "adopted", "deferred", "declined"))
    if verdict == "adopted":
        due_on = timezone.localdate(now) + timedelta(days=45)
        cases.adopt(case, owner=case.accountable, due_on=due_on, words=ADOPTED, by=manager, now=now)
    elif verdict == "deferred":
        to = "后勤集团" if case.site.kind == "student_housing" else "业主委员会"
        cases.defer(case, words=DEFERRED, to=to, by=manager, now=now)
    else:
        cases.turn_down(case, words=DECLINED, by=manager, now=now)
    return verdict


def realize(case: Case, now: datetime) -> None:
    manager = actor_of(crew_of(case.site).holders(Role.SITE_MANAGER)[0])
    cases.realize(case, words=REALIZED, by=manager, now=now)


def call_and_close(case: Case, now: datetime) -> None:
    """Where the handbook asks for a call, a clerk makes it and the suggestion ends by its verdict."""
    suggestion = suggestion_of(case)
    if suggestion is None or not open_about(case.reference, "follow_up").exists():
        return
    clerk = actor_of(crew_of(case.site).holders(Role.SERVICE_ASSISTANT, Role.PROJECT_PLANNER)[0])
    waiver = "当天只有一人值班" if clerk.user_id == case.handler_id else ""
    cases.follow_up(case, result="satisfied", channel="phone", by=clerk, now=now, waiver=waiver)
    cases.close(case, outcome=suggestion.verdict, by=clerk, now=now)


def thank(case: Case, by: Actor, now: datetime) -> None:
    """A compliment goes to the department in charge, or to whoever handles it, and to their superior."""
    cases.thank(case, whom=case.department or case.accountable, words=THANKS, by=by, now=now)


def object_one(site: Site, now: datetime) -> None:
    """Somebody whose complaint was closed writes back by the link: the second look waits for the manager today."""
    closed = Case.objects.filter(site=site, kind="complaint", state=State.CLOSED, outcome=Outcome.ACCEPTED)
    case = closed.select_related("reference", "site", "accountable", "customer").order_by("-closed_at").first()
    if case is not None:
        cases.object_to(case, words=OBJECTED, by=Actor("link", case.reference.number), now=now)


def look_again(case: Case, now: datetime) -> None:
    """After somebody was dissatisfied, a superior looks again and lets it be done anew."""
    owed = open_about(case.reference, "second_look").select_related("owner").first()
    if owed is not None and owed.owner is not None:
        cases.second_look(case, verdict="changed", words=LOOKED_AT, by=actor_of(owed.owner), now=now)


def refer_one(site: Site, customer: Customer, now: datetime) -> None:
    """Something the site can not decide itself, a week before today: it still waits for its answer."""
    clerk = actor_of(crew_of(site).holders(Role.SERVICE_ASSISTANT)[0])
    words = "小区门口的公交站牌挡住了盲道，推轮椅过不去。"
    contact = Contact(site, "desk", "opinion", words, place="小区门口", customer=customer, occurred_at=now)
    case = cases.take(contact, by=clerk, now=now).case
    if case is not None:
        day = timezone.localdate(now) + timedelta(days=14)
        why = "站牌归市政管，我们移不动，已经报给街道，请他们协调。"
        ask = Ask("请协调公交公司把站牌移开盲道，并告知日期。", day)
        cases.refer(case, to="梧桐路街道办事处城市管理科", why=why, ask=ask, by=clerk, now=now + timedelta(hours=2))
