"""A year of plausible history, lived through by the real actions in the order of time."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.approvals.states import Verdict
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo import ways
from huiyin.demo.cast import PASSWORD, Cast, settle
from huiyin.demo.catalogs import offer
from huiyin.demo.deeds import by_the_book
from huiyin.demo.measures import finish, look, order, take_on
from huiyin.demo.public_answers import tell_everybody
from huiyin.demo.upward import analyze_week, hand_in_weeks, share_out
from huiyin.demo.voices import ANSWERS, MEASURES, PLANS, SUMMARIES, VOICES, WORDS_BETWEEN, Voice
from huiyin.duties.queries import begun, open_about
from huiyin.engineering.queries import duty_facts
from huiyin.handbook import actions as handbook
from huiyin.interactions.actions import read_all
from huiyin.interactions.rules import Contact
from huiyin.journal import actions as journal
from huiyin.journal.schema import add_triggers, drop_triggers
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.actions import appoint, issue_token
from huiyin.organization.models import Company, Site, User
from huiyin.organization.queries import actor_of, crew_of
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.organization.states import Role
from huiyin.records.actions import lay_down
from huiyin.reports import actions as reports
from huiyin.reports.models import Report
from huiyin.reports.queries import printed

CASES = {"yulan": 150, "hengtai": 48, "xueyuan": 66, "binjiang": 24}
DAYS = 365
AT_THE_COUNTER = (Role.SERVICE_ASSISTANT, Role.PROJECT_PLANNER)


class NotEmpty(Refusal):
    """The demo is built into an empty database only."""


def stands() -> bool:
    return Company.objects.filter(is_demo=True).exists()


def build(*, now: datetime, cases_per_site: dict[str, int] | None = None) -> str:
    """Make the town and its year. Returns the API key of its service account. About half a minute."""
    if Company.objects.exists():
        raise NotEmpty(_("数据库里已经有公司了：演示小镇只建在空的数据库里。"))
    started = now - timedelta(days=DAYS)
    with transaction.atomic():
        cast = settle(now=started, password=PASSWORD, households=24)
        token = _service(cast, now)
        Year(cast, started, now, random.Random(26)).live(cases_per_site or CASES)  # noqa: S311 - a story, not a secret
    return token


def remove() -> None:
    """Empty the database again. Refused once a company other than the demo's is in it."""
    if Company.objects.filter(is_demo=False).exists():
        raise NotEmpty(_("数据库里有演示以外的公司，不能清空。"))
    with connection.schema_editor() as editor:
        drop_triggers(None, editor)
    call_command("flush", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        add_triggers(None, editor)


def _service(cast: Cast, now: datetime) -> str:
    """The account that other systems speak through, with company scope."""
    user = User.objects.create(username="api", name="系统接口", kind="service")
    appoint(user, role=Role.SYSTEM_SERVICE, by=SYSTEM, now=now, company=cast.company.pk)
    return issue_token(user, label="demo", by=SYSTEM, now=now)


Step = Callable[[datetime], object]


@dataclass
class Year:
    """A queue of what happens when. Everything that happens may put more into it; what lies after `end` never happens."""

    cast: Cast
    start: datetime
    end: datetime
    dice: random.Random
    queue: list[tuple[datetime, int, Step]] = field(default_factory=list)
    turn: "count[int]" = field(default_factory=count)

    def later(self, at: datetime, step: Step) -> None:
        if at < self.end:
            heapq.heappush(self.queue, (at, next(self.turn), step))

    def live(self, cases_per_site: dict[str, int]) -> None:
        for code, site in self.cast.sites.items():
            for _one in range(cases_per_site.get(code, 0)):
                self.later(self._moment(0), self._voice(site))
            for _one in range(
                cases_per_site.get(code, 0) // 12
            ):  # the last days are busy, so that today has something to do
                self.later(self._moment(DAYS - 6), self._voice(site))
            self._months(site)
            self._working_days(site)
        self.later(self.end - timedelta(days=2), self._everybody_reads)
        resident = self.cast.residents["yulan"][0]
        self.later(self.end - timedelta(days=7), lambda at: ways.refer_one(self.cast.site, resident, at))
        self.later(self.end - timedelta(hours=20), partial(ways.object_one, self.cast.site))
        self.later(self.end - timedelta(days=9), partial(tell_everybody, self.cast))
        self.later(self.start + timedelta(days=4), partial(share_out, self.cast))
        self.later(self.start + timedelta(days=5), partial(offer, self.cast))
        self._tuesdays()
        self._nights()
        while self.queue:
            at, _turn, step = heapq.heappop(self.queue)
            step(at)

    def _tuesdays(self) -> None:
        day = timezone.localtime(self.start).replace(hour=15, minute=10, second=0, microsecond=0)
        while day < self.end:
            if day.weekday() == 1:
                self.later(day, partial(analyze_week, self.cast, self.dice))
            day += timedelta(days=1)

    def _nights(self) -> None:
        """Every night the journal is sealed and the day that ended is closed."""
        day = timezone.localtime(self.start).replace(hour=23, minute=59, second=50)
        while day < self.end:
            self.later(day, lambda at: journal.seal(now=at))
            self.later(day + timedelta(minutes=1), lambda at: journal.close_days(now=at))
            day += timedelta(days=1)

    def _everybody_reads(self, now: datetime) -> None:
        for username in self.cast.users:
            read_all(self.cast.actor(username), now=now)

    def _moment(self, first_day: int) -> datetime:
        day = self.start + timedelta(days=self.dice.uniform(first_day, DAYS))
        return timezone.localtime(day).replace(hour=self.dice.randint(7, 21), minute=self.dice.randint(0, 59))

    def _in(self, now: datetime, low: float, high: float) -> datetime:
        """Some days from now, within office hours."""
        at = timezone.localtime(now + timedelta(days=self.dice.uniform(low, high)))
        if low < 1:
            return at
        return at.replace(hour=self.dice.randint(9, 17), minute=self.dice.randint(0, 59))

    def _voice(self, site: Site) -> Step:
        voice = self.dice.choice([one for one in VOICES if site.kind in one.site_kinds])
        return lambda now: self._arrives(site, voice, now)

    def _arrives(self, site: Site, voice: Voice, now: datetime) -> None:
        customer = self.dice.choice(self.cast.residents[site.code])
        home = customer.occupancies.select_related("room__building").get()
        by_clerk = self.dice.random() < 0.6
        clerk = actor_of(crew_of(site).holders(*AT_THE_COUNTER)[0])
        contact = Contact(
            site,
            self.dice.choice(("phone", "desk", "duty_room")) if by_clerk else "web",
            voice.kind,
            voice.words.format(building=home.room.building.name),
            remedy_sought=voice.wish,
            category=voice.category,
            room=home.room,
            customer=customer,
            occurred_at=now,
            answered_at_once=voice.at_once if by_clerk else "",
        )
        taken = cases.take(contact, by=clerk if by_clerk else Actor("link", "portal"), now=now)
        if taken.case is not None:
            self._handled(taken.case, now)

    def _handled(self, case: Case, now: datetime) -> None:
        handler = case.handed_to or case.accountable
        clerk = actor_of(case.accountable)
        self.later(now + timedelta(minutes=self.dice.randint(2, 14)), lambda at: self._acknowledge(case, clerk, at))
        self.later(self._in(now, 0.011, 0.09), lambda at: self._accept(case, actor_of(handler), at))

    def _acknowledge(self, case: Case, by: Actor, now: datetime) -> None:
        """Whoever wrote on the page gets a call; who stood at the counter was answered there."""
        case = _fresh(case)
        if self.dice.random() < 0.95 and open_about(case.reference, "acknowledgement").exists():
            cases.acknowledge(case, way="phone", by=by, now=now)

    def _keep_told(self, case: Case, by: Actor, now: datetime) -> None:
        """Until it is answered the customer hears how it stands; now and then somebody forgets."""
        case = _fresh(case)
        if case.state in {"answered", "closed"} or not open_about(case.reference, "update").exists():
            return
        if self.dice.random() < 0.95:
            cases.update(case, text=self.dice.choice(WORDS_BETWEEN), by=by, now=now)
        self.later(now + timedelta(days=1.5), lambda at: self._keep_told(case, by, at))

    def _accept(self, case: Case, by: Actor, now: datetime) -> None:
        case = _fresh(case)
        cases.accept(case, by=by, now=now)
        chance = self.dice.random()
        self.later(now + timedelta(days=1.5), lambda at: self._keep_told(case, by, at))
        if chance < 0.06 and case.kind in {"complaint", "repair_request", "opinion"}:
            self.later(self._in(now, 0.1, 0.6), lambda at: self._wait(case, by, at, is_extended=chance < 0.03))
            return
        slow = chance > 0.9
        self.later(self._in(now, 7.5 if slow else 0.2, 12 if slow else 1.4), lambda at: self._solve(case, by, at))

    def _wait(self, case: Case, by: Actor, now: datetime, *, is_extended: bool) -> None:
        """The part is not there: it waits, or the manager agrees to a later date."""
        case = _fresh(case)
        until = timezone.localdate(case.solution_due_at or now)
        day = max(timezone.localdate(now), until) + timedelta(days=10)
        if is_extended and case.solution_due_at and now <= case.solution_due_at:
            cases.ask_extension(case, until=day, why="整台更换，厂家下周才能来。", by=by, now=now)
            manager = actor_of(crew_of(case.site).holders(Role.SITE_MANAGER)[0])
            told = "要整台更换，厂家下周到，十天内办好。"
            if manager.user_id != by.user_id:
                cases.decide_extension(case, agreed=True, words=told, by=manager, now=now)
        else:
            cases.pause(case, reason="parts", told="配件缺货，到货就来装。", until=day, by=by, now=now)
        self.later(self._in(now, 5, 8), lambda at: self._solve(case, by, at))

    def _solve(self, case: Case, by: Actor, now: datetime) -> None:
        case = _fresh(case)
        if case.kind == "suggestion":
            self._weigh(case, by, now)
            return
        if case.kind == "compliment":
            ways.thank(case, by, now)
            return
        if case.kind != "enquiry":
            cases.solve(case, plan=self.dice.choice(PLANS.get(case.category, PLANS[""])), by=by, now=now)
        if case.kind == "complaint" and self.dice.random() < 0.5:
            self._order(case, by, now)
        self.later(self._in(now, 0.5, 4), lambda at: self._answer(case, by, at))

    def _order(self, case: Case, by: Actor, now: datetime) -> None:
        """A measure, taken on and done some days later; most are looked at by somebody else after a month."""
        measure = order(case, self.dice.choice(MEASURES.get(case.category, MEASURES[""])), by, self.dice, now)
        self.later(self._in(now, 1, 2), lambda at: take_on(measure, at))
        self.later(self._in(now, 4, 24), lambda at: finish(measure, at))
        self.later(self._in(now, 56, 62), lambda at: look(measure, self.dice, at))
        self.later(self._in(now, 72, 80), lambda at: finish(measure, at))
        self.later(self._in(now, 112, 116), lambda at: look(measure, self.dice, at))

    def _weigh(self, case: Case, by: Actor, now: datetime) -> None:
        verdict = ways.decide(case, by, self.dice, now)
        if verdict == "adopted":
            self.later(self._in(now, 10, 40), lambda at: self._realize(case, at))
        elif verdict == "declined":
            self.later(self._in(now, 1, 4), lambda at: ways.call_and_close(_fresh(case), at))

    def _realize(self, case: Case, now: datetime) -> None:
        ways.realize(_fresh(case), now)
        self.later(self._in(now, 1, 4), lambda at: ways.call_and_close(_fresh(case), at))

    def _answer(self, case: Case, by: Actor, now: datetime) -> None:
        cases.answer(_fresh(case), text=self.dice.choice(ANSWERS.get(case.kind, ANSWERS[""])), by=by, now=now)
        self.later(self._in(now, 1, 4), lambda at: self._follow_up(case, at))

    def _follow_up(self, case: Case, now: datetime) -> None:
        case = _fresh(case)
        crew = crew_of(case.site)
        others = [one for one in crew.holders(*AT_THE_COUNTER, Role.SITE_MANAGER) if one.pk != case.handler_id]
        caller = actor_of(others[0])
        chance = self.dice.random()
        result = "unreached" if chance < 0.1 else "dissatisfied" if chance < 0.2 else "satisfied"
        words = "" if result != "dissatisfied" else "问题又出现了，希望彻底解决。"
        cases.follow_up(case, result=result, channel="phone", by=caller, now=now, words=words)
        if result == "dissatisfied":
            ways.look_again(_fresh(case), now + timedelta(hours=2))
            again = actor_of(case.accountable)
            self.later(now + timedelta(days=1.5), lambda at: self._keep_told(case, again, at))
            self.later(self._in(now, 1, 4), lambda at: self._solve(case, actor_of(case.accountable), at))
        elif result == "unreached":
            self.later(self._in(now, 1, 2), lambda at: self._follow_up(case, at))
        else:
            self.later(
                now + timedelta(minutes=3), lambda at: cases.close(_fresh(case), outcome="accepted", by=caller, now=at)
            )

    def _months(self, site: Site) -> None:
        month = Period.month_of(timezone.localdate(self.start)).next()
        while month.first <= timezone.localdate(self.end):
            first = datetime.combine(month.first, time(0, 5), tzinfo=timezone.get_default_timezone())
            self.later(first, partial(self._digest, site, month.previous()))
            month = month.next()

    def _working_days(self, site: Site) -> None:
        """Mondays, and the days around which the handbooks gather: people do what they owe."""
        day = timezone.localtime(self.start).replace(hour=10, minute=30, second=0, microsecond=0)
        while day < self.end:
            if day.weekday() == 0 or day.day in {2, 15, 27}:
                self.later(day, partial(by_the_book, site, self.dice))
            if day.weekday() == 0:
                self.later(day + timedelta(minutes=20), partial(hand_in_weeks, self.cast, site, self.dice))
            day += timedelta(days=1)

    def _digest(self, site: Site, about: Period, now: datetime) -> None:
        handbook.settle(site, duty_facts(site, timezone.localdate(now)), now=now)
        if begun(reports.DIGEST, now=now).filter(site=site, period=str(about)).exists():
            report = reports.draft(site, about, by=SYSTEM, now=now)
            late = about.number in {1, 9}  # around New Year and National Day it took longer
            self.later(self._in(now, 5.3 if late else 2, 6 if late else 3.2), lambda at: self._submit(report, at))

    def _submit(self, report: Report, now: datetime) -> None:
        clerk = actor_of(crew_of(report.site).holders(*AT_THE_COUNTER)[0])
        reports.write(report, summary=self.dice.choice(SUMMARIES), measures=report.measures, by=clerk, now=now)
        reports.submit(report, by=clerk, now=now)
        self.later(now + timedelta(hours=3), lambda at: self._decide(report, at))

    def _decide(self, report: Report, now: datetime) -> None:
        manager = actor_of(crew_of(report.site).holders(Role.SITE_MANAGER)[0])
        if report.version == 1 and self.dice.random() < 0.1:
            reports.decide(report, Verdict.RETURNED, by=manager, now=now, comment="请补充已采取的整改措施。")
            self.later(now + timedelta(hours=4), lambda at: self._submit(report, at))
            return
        reports.decide(report, Verdict.AGREED, by=manager, now=now)
        report.approved_by = self.cast.users[
            next(name for name, user in self.cast.users.items() if user.pk == manager.user_id)
        ]
        reports.publish(report, lay_down(printed(report), "application/pdf"), by=manager, now=now)


def _fresh(case: Case) -> Case:
    """The case as it stands now, with what the actions look at."""
    related = ("reference", "site", "accountable", "handed_to", "customer")
    return Case.objects.select_related(*related).get(pk=case.pk)
