"""The way of a suggestion: who answers, whether it can be done, adopted, deferred or declined, and what came of it.

Clauses S1.4.1.a-b, S3.2.4.a-b, S4.4.2.1.3.a-b.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from huiyin.cases.actions.categories import check_categorized
from huiyin.cases.actions.ending import end
from huiyin.cases.actions.moves import (
    check_named,
    discharge,
    move,
    solved,
    superiors_of,
    tell,
    tell_customer,
    tell_staff,
)
from huiyin.cases.actions.referrals import Ask, carry_on, check_nothing_referred
from huiyin.cases.models import Case, Suggestion
from huiyin.cases.rules import (
    NotWeighed,
    NotYetRealized,
    NoVerdict,
    OnlyForSuggestions,
    OtherVerdict,
    WrongAddressee,
    coming,
    required,
)
from huiyin.cases.states import Allowed, EventKind, Outcome, Verdict
from huiyin.duties import actions as duties
from huiyin.duties.rules import Asked
from huiyin.handbook.queries import facts_of, rulebook, set_off
from huiyin.interactions.states import ContactKind
from huiyin.kit import chinese
from huiyin.organization.models import User
from huiyin.organization.queries import crew_of, working_calendar
from huiyin.organization.rules import Actor
from huiyin.references import actions as references

OUTCOMES = {Verdict.ADOPTED: Outcome.ADOPTED, Verdict.DECLINED: Outcome.DECLINED}


@dataclass(frozen=True)
class Analysis:
    """Whether a suggestion can be done: cost, benefit, whether it is allowed (and what it takes), who would do it."""

    costs: str
    brings: str
    allowed: str
    would_own: str
    hurdles: str = ""

    def checked(self) -> "Analysis":
        """Cleaned. Refuses an empty field, and a hurdle that is not named."""
        hurdles = chinese.clean(self.hurdles)
        if Allowed(self.allowed) != Allowed.YES:
            hurdles = required(hurdles, "hurdles")
        words = {name: required(getattr(self, name), name) for name in ("costs", "brings", "would_own")}
        return replace(self, **words, hurdles=hurdles)


@transaction.atomic
def name(case: Case, *, to: User, by: Actor, now: datetime) -> Suggestion:
    """The manager says who answers a suggestion (S4.4.2.1.3.b). That person and the proposer are told."""
    if to.pk not in {post.user_id for post in crew_of(case.site).posts}:
        raise WrongAddressee
    move(case, "name", by=by)
    suggestion = _change(case, named=to)
    tell(case, EventKind.NAMED, by=by, now=now, values={"to": to.name})
    tell_staff(case, "named", (to,), now)
    return suggestion


@transaction.atomic
def weigh(case: Case, *, analysis: Analysis, by: Actor, now: datetime) -> Suggestion:
    """Write down whether it can be done. Internal; where the manager must name who answers and has not, he is told."""
    found = analysis.checked()
    move(case, "weigh", by=by)
    words = {one: getattr(found, one) for one in ("costs", "brings", "allowed", "would_own", "hurdles")}
    suggestion = _change(case, **words, weighed_at=now)
    text = "\n".join(filter(None, (found.costs, found.brings, found.hurdles, found.would_own)))
    tell(case, EventKind.VERDICT, by=by, now=now, text=text, values={"verdict": "weighed"}, is_public=False)
    references.index(case.reference, "weighed", text)
    must_name = rulebook(case.site, timezone.localdate(now)).chain("suggestion_answer")
    if must_name and suggestion.named_id is None:
        tell_staff(case, "name_wanted", superiors_of(case), now)
    return suggestion


@transaction.atomic
def adopt(case: Case, *, owner: User, due_on: date, words: str, by: Actor, now: datetime) -> Suggestion:
    """It is going to be done: by whom and until when. The proposer is told; the owner owes it on that day (S1.4.1.a)."""
    words = required(words, "words")
    if owner.pk not in {post.user_id for post in crew_of(case.site).posts}:
        raise WrongAddressee("owner")
    due_on = coming(due_on, timezone.localdate(now), "due_on")
    _decide(case, "adopt", by, now)
    suggestion = _settled(case, Verdict.ADOPTED, now, reason=words, owner=owner, due_on=due_on)
    told = {"verdict": Verdict.ADOPTED.value, "owner": owner.name, "due_on": due_on.isoformat()}
    _say(case, words, told, by, now)
    ends = datetime.combine(due_on, time(23, 59, 59), timezone.get_default_timezone())
    asked = Asked("suggestion", now, ends, period=f"{case.version}", owner_id=owner.pk)
    duties.open_duties(case.site, [asked], reference=case.reference)
    tell_staff(case, "owns_suggestion", (owner,), now, due=due_on.isoformat())
    return suggestion


@transaction.atomic
def defer(case: Case, *, words: str, to: str, by: Actor, now: datetime, review_on: date | None = None) -> Suggestion:
    """Not yet: why, to whom we carry it upward, and when we look again: by the handbook's time unless sooner (S1.4.1.b)."""
    words, to = required(words, "words"), required(to, "to")[:120]
    latest = _review(case, now)
    last = timezone.localdate(latest[0].due_at)
    review_on = coming(review_on, timezone.localdate(now), "review_on", latest=last) if review_on else last
    _decide(case, "defer", by, now, referred_to=to)
    suggestion = _settled(case, Verdict.DEFERRED, now, reason=words, review_on=review_on)
    carry_on(case, to, Ask(expected_on=review_on), words, now)
    ends = datetime.combine(review_on, time(23, 59, 59), timezone.get_default_timezone())
    asked = [replace(one, due_at=min(one.due_at, ends), period=f"{case.version}") for one in latest]
    duties.open_duties(case.site, asked, reference=case.reference)
    told = {"verdict": Verdict.DEFERRED.value, "addressee": to, "review_on": review_on.isoformat()}
    _say(case, words, told, by, now)
    return suggestion


def _review(case: Case, now: datetime) -> list[Asked]:
    """The duties to look again that deferring sets off: the handbooks', else the product's own."""
    today = timezone.localdate(now)
    asked = set_off(case.site, "suggestion_deferred", today, facts_of(case.site, today))
    if asked:
        return [replace(one, opens_at=now) for one in asked]
    limit = rulebook(case.site, today).limit("suggestion_review", case.kind)
    own = limit.asked("suggestion_review", now, working_calendar(), case.accountable_id)
    return [replace(own, step="review")]


@transaction.atomic
def turn_down(case: Case, *, words: str, by: Actor, now: datetime) -> Suggestion:
    """It is not going to be done, with the reason the proposer is told. Ends it, unless a handbook asks how they took it."""
    words = required(words, "words")
    check_nothing_referred(case)
    check_categorized(case)
    _decide(case, "turn_down", by, now, answered_at=now)
    suggestion = _settled(case, Verdict.DECLINED, now, reason=words)
    _say(case, words, {"verdict": Verdict.DECLINED.value}, by, now)
    end(case, Outcome.DECLINED, by, now)
    return suggestion


@transaction.atomic
def realize(case: Case, *, words: str, by: Actor, now: datetime) -> Suggestion:
    """What came of an adopted suggestion. Keeps its owner's duty, tells the proposer, and ends it as adopted."""
    words = required(words, "words")
    suggestion = Suggestion.objects.filter(case=case, verdict=Verdict.ADOPTED).first()
    if suggestion is None:
        raise NoVerdict
    check_nothing_referred(case)
    check_categorized(case)
    move(case, "realize", by=by, answered_at=now)
    suggestion = _change(case, realized_at=now)
    tell(case, EventKind.ANSWERED, by=by, now=now, text=words, values={"verdict": "realized"})
    references.index(case.reference, "result", words)
    discharge(case, "suggestion", by, now)
    tell_customer(case, "answered", now, words)
    end(case, Outcome.ADOPTED, by, now)
    return suggestion


def _decide(case: Case, act: str, by: Actor, now: datetime, **changes: Any) -> None:
    """What every verdict shares: weighed before, by whom the manager named, the earlier verdict's duties gone."""
    if not Suggestion.objects.filter(case=case, weighed_at__isnull=False).exists():
        raise NotWeighed
    check_named(case, by, now)
    handler = case.handler_id or by.user_id
    move(case, act, by=by, **solved(case, now), handler_id=handler, handed_to=None, **changes)
    discharge(case, "solution", by, now)
    discharge(case, "suggestion_review", by, now, step="review")
    duties.lift(case.reference, ["acceptance", "suggestion"], reason=act, by=by, now=now)


def _settled(case: Case, verdict: Verdict, now: datetime, **changes: Any) -> Suggestion:
    first = Suggestion.objects.get(case=case).first_decided_at or now
    blank: dict[str, Any] = dict.fromkeys(("owner", "due_on", "review_on", "realized_at"))
    settled = blank | changes | {"verdict": verdict.value, "decided_at": now, "first_decided_at": first}
    return _change(case, **settled)


def _change(case: Case, **changes: Any) -> Suggestion:
    suggestion, _made = Suggestion.objects.update_or_create(case=case, defaults=changes)
    return suggestion


def _say(case: Case, words: str, told: dict[str, str], by: Actor, now: datetime) -> None:
    tell(case, EventKind.VERDICT, by=by, now=now, text=words, values=told)
    references.index(case.reference, f"verdict{case.version}"[:20], words)
    tell_customer(case, "verdict", now, words)


def check_outcome(case: Case, outcome: Outcome) -> None:
    """A suggestion ends by its verdict: none without one, adopted only once it is done. Other kinds end otherwise."""
    if case.kind != ContactKind.SUGGESTION:
        if outcome in OUTCOMES.values():
            raise OnlyForSuggestions
        return
    if outcome == Outcome.REFERRED:
        return
    suggestion = Suggestion.objects.filter(case=case).first()
    if suggestion is None or suggestion.verdict not in OUTCOMES:
        raise NoVerdict
    if suggestion.verdict == Verdict.ADOPTED and suggestion.realized_at is None:
        raise NotYetRealized
    if outcome not in {OUTCOMES[Verdict(suggestion.verdict)], Outcome.EXHAUSTED}:
        raise OtherVerdict(OUTCOMES[Verdict(suggestion.verdict)])
