"""表扬: passed on to whom it praises and to their superior, and the customer thanked."""

from datetime import datetime

from django.db import transaction

from huiyin.cases.actions.categories import check_categorized
from huiyin.cases.actions.ending import end
from huiyin.cases.actions.moves import discharge, move, solved, superiors_of, tell, tell_customer, tell_staff
from huiyin.cases.actions.referrals import check_nothing_referred
from huiyin.cases.actions.together import stop_clocks
from huiyin.cases.models import Case
from huiyin.cases.rules import WrongAddressee, required
from huiyin.cases.rules.outcomes import NotPassedOn
from huiyin.cases.states import EventKind, Outcome
from huiyin.duties import actions as duties
from huiyin.organization.models import Department, User
from huiyin.organization.queries import crew_of
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.references import actions as references


@transaction.atomic
def thank(case: Case, *, whom: User | Department, words: str, by: Actor, now: datetime) -> Case:
    """Pass a compliment on to whom it praises and to their superior, thank the customer in these words, and end it so.

    `whom` is a colleague or a department of the site. Waits with the end where a handbook asks somebody to call first.
    """
    words = required(words, "words")
    praised, above = _praised(case, whom), _above(case, whom)
    check_nothing_referred(case)
    check_categorized(case)
    handler = case.handler_id or by.user_id
    move(case, "thank", by=by, answered_at=now, **solved(case, now), handler_id=handler, handed_to=None)
    told = {"to": whom.name, "passed_to": "、".join(person.name for person in above)}
    tell(case, EventKind.PRAISED, by=by, now=now, text=words, values=told)
    references.index(case.reference, "thanks", words)
    discharge(case, "solution", by, now)
    duties.lift(case.reference, ["acceptance"], reason="thanked", by=by, now=now)
    tell_customer(case, "thanked", now, words)
    people = tuple({person.pk: person for person in (*praised, *above)}.values())
    tell_staff(case, "praised", people, now, name=whom.name)
    stop_clocks(case, answered=True, now=now)
    end(case, Outcome.PASSED_ON, by, now)
    return case


def _praised(case: Case, whom: User | Department) -> list[User]:
    crew = crew_of(case.site)
    if isinstance(whom, Department):
        if whom.site_id not in {None, case.site_id}:
            raise WrongAddressee("whom")
        return crew.people_of(whom)
    if whom.pk not in {post.user_id for post in crew.posts}:
        raise WrongAddressee("whom")
    return [whom]


def _above(case: Case, whom: User | Department) -> list[User]:
    """The superior of a person or a department: the site's manager; of the manager the director."""
    above = [person for person in superiors_of(case) if person != whom]
    return above or [person for person in crew_of(case.site).holders(Role.DIRECTOR) if person != whom]


def check_passed_on(case: Case, outcome: str) -> None:
    """A compliment ends as passed on only once it was."""
    if outcome == Outcome.PASSED_ON and not case.events.filter(kind=EventKind.PRAISED).exists():
        raise NotPassedOn
